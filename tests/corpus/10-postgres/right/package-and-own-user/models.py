from crew.tables import Person, db  # noqa: F401
