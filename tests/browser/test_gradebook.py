"""The pages of a gradebook in a browser: accessible, narrow and dark, and whole without their script."""

from pathlib import Path

import msgspec
import pytest
from playwright.sync_api import Browser, Page, expect

from grader.render.gradebook import FORMATS, Options
from tests.browser.test_accessibility import serious
from tests.render import gradebooks as books

pytestmark = pytest.mark.browser

# What their pages have is on the two others as well, but for a few sentences: `make verify` looks at them.
SLOW = [pytest.param(f"feedback/{key}.html", marks=pytest.mark.slow) for key in ("ada", "cy", "eve", "fay")]
PAGES = ["report.html", "feedback/bo.html", *SLOW]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("gradebook")
    for form in ("html", "feedback"):
        FORMATS[form](books.CLASS, folder, Options(book="https://book.example"))
    return folder


def opened(browser: Browser, path: Path, anchor: str = "", **options: object) -> Page:
    """A page of its own; what its policy forbids, or its script throws, is told in the console."""
    page = browser.new_page(**options)
    page.told = []
    page.on("console", lambda message: page.told.append(message.text))
    page.on("pageerror", lambda error: page.told.append(str(error)))
    page.on("dialog", lambda dialog: page.told.append("a dialog"))
    page.on("request", lambda request: page.told.append(request.url) if not request.url.startswith("file:") else None)
    page.goto(path.as_uri() + anchor)
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_nothing_serious_is_wrong(browser: Browser, folder: Path, name: str, scheme: str) -> None:
    page = browser.new_page(color_scheme=scheme, viewport={"width": 360, "height": 740})
    page.goto((folder / name).as_uri())
    assert serious(page) == []
    page.close()


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("name", PAGES)
def test_no_page_scrolls_sideways(browser: Browser, folder: Path, name: str, width: int) -> None:
    page = opened(browser, folder / name, viewport={"width": width, "height": 740})
    page.evaluate("document.querySelectorAll('details').forEach((box) => box.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.told == []
    page.close()


def test_a_name_leads_to_the_whole_result(browser: Browser, folder: Path) -> None:
    page = opened(browser, folder / "report.html")
    result = page.locator("#bo").get_by_text("the newline at the end is missing")
    expect(result).to_be_hidden()
    page.locator("table.sorted").get_by_role("link", name="Bo Diaz").click()
    expect(result).to_be_in_viewport()
    page.close()


def test_an_address_with_a_name_opens_the_result(browser: Browser, folder: Path) -> None:
    page = opened(browser, folder / "report.html", "#ida")
    expect(page.locator("#ida")).to_be_in_viewport()
    expect(page.locator("#bo")).to_be_hidden()
    page.close()


def names(page: Page) -> list[str]:
    return page.locator("table.sorted tbody th a:visible").all_inner_texts()


def test_students_are_sorted_and_who_has_nothing_stands_below(browser: Browser, folder: Path) -> None:
    page = opened(browser, folder / "report.html")
    points = page.get_by_role("button", name="Points")
    points.click()
    assert names(page)[:5] == ["Bo Diaz", "Ida Rhodes", "Dee Müller-Øst", "Cy Twombly", "Ada Lovelace"]
    points.focus()
    page.keyboard.press("Enter")
    assert names(page)[0] == "Ada Lovelace"
    assert names(page)[5:] == ["Eve Ning", "Fay Zhang", "Gus Ho", "Hal Niner"]
    expect(page.locator("table.sorted").get_by_role("columnheader", name="Points")).to_have_attribute(
        "aria-sort", "descending"
    )
    page.close()


def test_a_student_is_found_by_name(browser: Browser, folder: Path) -> None:
    page = opened(browser, folder / "report.html")
    page.get_by_label("Find a student").fill("lovelace")
    assert names(page) == ["Ada Lovelace"]
    expect(page.get_by_role("status")).to_have_text("1 of 9")
    expect(page.locator("details.student:visible")).to_have_count(1)
    page.close()


def test_without_a_script_nothing_is_missing_but_that(browser: Browser, folder: Path) -> None:
    page = opened(browser, folder / "report.html", java_script_enabled=False)
    expect(page.locator(".find")).to_be_hidden()
    page.locator("details.student", has_text="Bo Diaz").locator("summary").click()
    expect(page.locator("#bo")).to_be_visible()
    page.close()


def attacked(folder: Path) -> list[Path]:
    """The page of a class in which each student tries something else, and the page of each of them."""
    entries = []
    for number, attack in enumerate(books.ATTACKS):
        entry = books.attacked(attack)
        student = msgspec.structs.replace(entry.student, key=f"m{number}")
        entries.append(msgspec.structs.replace(entry, student=student))
    gradebook = books.gradebook(*entries, notes=books.ATTACKS)
    return [path for form in ("html", "feedback") for path in FORMATS[form](gradebook, folder, Options()).files]


def test_nothing_from_outside_runs_or_asks_for_anything(browser: Browser, tmp_path: Path) -> None:
    page = opened(browser, attacked(tmp_path)[0], viewport={"width": 360, "height": 740})
    for path in attacked(tmp_path):
        if path.suffix == ".html":
            page.goto(path.as_uri())
            page.evaluate("document.querySelectorAll('details').forEach((box) => box.open = true)")
            assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert page.told == []
    page.close()
