"""The real course in a browser: every page, on a phone and in the dark, and its questions by keyboard alone."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_pages import FAINT
from tests.conftest import ROOT

pytestmark = pytest.mark.browser

PAGES = sorted(
    path.relative_to(ROOT / "docs").with_suffix(".html").as_posix() for path in (ROOT / "docs").rglob("*.rst")
)


@pytest.fixture
def visit(browser: Browser, course: Path) -> Iterator[Callable[..., Page]]:
    """Open a page of the real course; whatever is asked of another place fails the test."""
    contexts = []
    asked: list[str] = []

    def opened(name: str, **options: object) -> Page:
        context = browser.new_context(**options)
        contexts.append(context)
        context.on("request", lambda request: asked.append(request.url))
        page = context.new_page()
        page.goto(f"{course.as_uri()}/{name}")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert [url for url in asked if not url.startswith(("file://", "data:"))] == []


@pytest.mark.parametrize("colors", ["light", pytest.param("dark", marks=pytest.mark.slow)])
@pytest.mark.parametrize("name", PAGES)
def test_a_phone_shows_every_text(visit: Callable[..., Page], name: str, colors: str) -> None:
    page = visit(name, color_scheme=colors, viewport={"width": 360, "height": 740})
    page.evaluate("document.querySelectorAll('details').forEach((box) => box.open = true)")
    seen, faint = page.evaluate(FAINT)
    assert seen > 5
    assert faint == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_quiz_by_keyboard_alone(visit: Callable[..., Page]) -> None:
    page = visit("01-hello/index.html")
    form = page.locator("form[data-kind=quiz]:has(input[type=radio])").first
    form.locator("input").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(form.get_by_role("status")).not_to_be_empty()


def test_without_javascript_every_answer_can_be_read(visit: Callable[..., Page]) -> None:
    page = visit("01-hello/index.html", java_script_enabled=False)
    boxes = page.locator("form details.answers")
    assert boxes.count() >= 5
    for number in range(boxes.count()):
        boxes.nth(number).locator("> summary").click()
        expect(boxes.nth(number).locator("li, pre").first).to_be_visible()
