from crew.cli import create_db, seed_db  # noqa: F401
