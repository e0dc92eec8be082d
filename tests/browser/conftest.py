"""The small course, built once and opened from disk, in a browser of this machine."""

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.conftest import BROWSERS
from tests.sphinx.building import REPOSITORY, build_as_the_course

# A headless browser that asks nobody for anything.
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
# Sphinx's own scripts may throw where there is no storage; ours may not.
OURS = re.compile("|".join(rf"/{file.name}\b" for file in (REPOSITORY / "grader/sphinx/static").glob("*.js")))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = next(filter(None, map(shutil.which, BROWSERS)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_as_the_course(tmp_path_factory.mktemp("site")).out


@pytest.fixture
def visit(browser: Browser, site: Path) -> Iterator[Callable[..., Page]]:
    """Open a page of the course in a window of its own; what our scripts throw fails the test."""
    contexts = []
    thrown: list[str] = []

    def opened(name: str = "01-demo/index.html", *, before: str = "", **options: object) -> Page:
        context = browser.new_context(**options)
        contexts.append(context)
        if before:
            context.add_init_script(before)
        page = context.new_page()
        page.on("pageerror", lambda error: thrown.append(error.stack) if OURS.search(error.stack) else None)
        page.goto(f"{site.as_uri()}/{name}")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert thrown == []
