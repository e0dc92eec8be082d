"""axe-core looks at every page of the real course, and of the small one: nothing serious is wrong, light or dark."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.browser.test_course import PAGES
from tests.sphinx.building import PROJECT

pytestmark = pytest.mark.browser

SMALL = sorted(
    path.relative_to(PROJECT / "docs").with_suffix(".html").as_posix() for path in (PROJECT / "docs").rglob("*.rst")
)
SERIOUS = {"serious", "critical"}
# A page takes some seconds: `make test` looks at two, `make verify` at the others.
QUICK = {"index.html", "01-hello/index.html"}
LOOKED_AT = [
    pytest.param(name, marks=[] if name in QUICK else [pytest.mark.slow])
    for name in [*PAGES, "search.html", "404.html"]
]
# Everything that can be opened is, and every question is answered, so that what a click brings is looked at as well.
OPEN = """async () => {
  document.querySelectorAll("details").forEach((box) => box.open = true);
  document.querySelectorAll("form.question").forEach((form) => {
    const answer = form.querySelector("input");
    if (answer?.type === "text") {
      answer.value = "x";
    } else {
      answer?.click();
    }
    form.querySelector(".check")?.click();
  });
  // What reacts to a new size does so with the next frame.
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
}"""


def serious(page: Page) -> list[str]:
    """What axe finds that keeps people out: the rule, what it asks, and the first places."""
    page.evaluate(OPEN)
    found = Axe().run(page).response["violations"]
    return [
        f"{rule['id']} ({rule['impact']}): {rule['help']}: "
        + "; ".join(f"{node['target']} {node['html'][:120]}" for node in rule["nodes"][:3])
        for rule in found
        if rule["impact"] in SERIOUS
    ]


@pytest.mark.parametrize("name", LOOKED_AT)
def test_nothing_serious_is_wrong_with_a_page(browser: Browser, course: Path, name: str) -> None:
    page = browser.new_page(color_scheme="light")
    page.goto(f"{course.as_uri()}/{name}")
    assert serious(page) == []
    page.close()


# The colors of the dark are the same on all pages.
@pytest.mark.parametrize("name", sorted(QUICK))
def test_nothing_serious_is_wrong_in_the_dark(browser: Browser, course: Path, name: str) -> None:
    page = browser.new_page(color_scheme="dark")
    page.goto(f"{course.as_uri()}/{name}")
    assert serious(page) == []
    page.close()


@pytest.mark.parametrize("width", [360, pytest.param(1280, marks=pytest.mark.slow)])
@pytest.mark.parametrize("name", SMALL)
def test_nothing_serious_is_wrong_with_any_directive(browser: Browser, site: Path, name: str, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 740})
    page.goto(f"{site.as_uri()}/{name}")
    assert serious(page) == []
    page.close()


def test_what_scrolls_can_be_reached_with_the_keyboard_and_what_does_not_is_no_stop(
    browser: Browser, site: Path
) -> None:
    page = browser.new_page(viewport={"width": 360, "height": 740})
    page.goto(f"{site.as_uri()}/01-demo/index.html")
    page.evaluate(OPEN)

    boxes = page.evaluate(
        "[...document.querySelectorAll('.rst-content pre')]"
        ".map((box) => [box.scrollWidth > box.clientWidth, box.tabIndex])"
    )

    assert {tuple(box) for box in boxes} == {(True, 0), (False, -1)}
    page.close()
