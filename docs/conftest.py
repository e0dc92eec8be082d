"""Every console block of every page here is a test; tests/docs/ runs them."""

from pathlib import Path

from tests.docs.pages import console_pages, pytest_itemcollected, pytest_terminal_summary

pytest_collect_file = console_pages(Path(__file__).resolve().parent).pytest()

__all__ = ["pytest_collect_file", "pytest_itemcollected", "pytest_terminal_summary"]
