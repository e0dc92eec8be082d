from crew.settings import Production as Config  # noqa: F401
