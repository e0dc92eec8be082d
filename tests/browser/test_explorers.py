"""Explorers: chosen by mouse and by keyboard, told to a screen reader; without a script, on a phone, in the dark."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from grader.sphinx.explorer_facts import KINDS, load
from grader.sphinx.explorer_tell import TELL
from tests.browser.test_pages import FAINT
from tests.conftest import ROOT

pytestmark = pytest.mark.browser

PAGE = "explore.html"


def explorer(page: Page, name: str) -> Locator:
    return page.locator(f"#explorer-{name}")


def choose(box: Locator, **values: str) -> None:
    name = box.get_attribute("id").removeprefix("explorer-")
    for choice, value in values.items():
        box.locator(f'input[name="{name}-{choice.replace("_", "-")}"][value="{value}"]').check()


def plain(text: str) -> str:
    """The words as a page shows them."""
    return " ".join(text.replace("`", "").split())


@pytest.mark.parametrize("name", KINDS)
def test_every_choice_shows_the_run_that_was_recorded_for_it(visit, name):
    box = explorer(visit(PAGE), name)
    _, record = load(ROOT, name)
    runs = [[[f"{name}-{choice}", value] for choice, value in run.choose.items()] for run in record.runs]

    shown = box.evaluate(
        """(box, runs) => runs.map((choices) => {
          for (const [field, value] of choices) {
            box.querySelector(`input[name="${field}"][value="${value}"]`).click();
          }
          const words = (node) => node.textContent.replace(/\\s+/g, " ").trim();
          return [words(box.querySelector(".explorer-answer")),
                  [...box.querySelectorAll(".explorer-picture li")].map(words)];
        })""",
        runs,
    )

    told = [TELL[name](run) for run in record.runs]
    assert shown == [[plain(each.short), [plain(step.says) for step in each.steps]] for each in told]


def test_a_changed_file_costs_what_the_order_makes_it_cost(visit):
    box = explorer(visit(PAGE), "layer-cache")

    choose(box, order="copy-all-first", changed="app")
    expect(box.locator(".explorer-picture")).to_contain_text(
        "pip install --no-cache-dir -r requirements.txt runs again"
    )
    choose(box, order="requirements-first")
    expect(box.locator(".explorer-picture")).to_contain_text("pip install --no-cache-dir -r requirements.txt is kept")
    choose(box, order="ignored", changed="notes")
    expect(box.get_by_role("status")).to_contain_text("Nothing runs again")


def test_a_choice_is_made_with_the_keyboard_alone(visit):
    page = visit(PAGE)
    box = explorer(page, "port-mapping")
    first = box.get_by_role("radio", name="127.0.0.1: -p")
    first.focus()
    assert page.evaluate("getComputedStyle(document.activeElement.closest('label')).outlineStyle") == "solid"

    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(box.get_by_role("radio", name="Not published")).to_be_checked()
    expect(box.get_by_role("status")).to_contain_text("curl: (7)")

    page.keyboard.press("Tab")
    expect(box.get_by_role("radio", name="8080", exact=True)).to_be_focused()
    page.keyboard.press("Enter")  # sends no form
    assert page.url.endswith(PAGE)


def test_each_group_of_choices_has_its_name(visit):
    box = explorer(visit(PAGE), "pid-1")

    group = box.get_by_role("group", name="Which signal?")

    expect(group.get_by_role("radio")).to_have_count(3)
    expect(group.get_by_role("radio", name="SIGTERM")).to_be_checked()


def test_a_choice_is_announced_and_a_page_that_loads_is_not(visit):
    box = explorer(visit(PAGE), "start-order")
    expect(box.get_by_role("status")).to_have_attribute("aria-live", "off")

    choose(box, order="healthy")

    expect(box.get_by_role("status")).to_have_attribute("aria-live", "polite")
    expect(box.get_by_role("status")).to_contain_text("They meet after")


def test_the_row_of_the_table_is_marked(visit):
    box = explorer(visit(PAGE), "start-order")
    choose(box, order="healthy", app="waits", volume="empty")
    box.get_by_text("All recorded runs").click()

    row = box.locator("tr.is-shown")

    expect(row).to_have_count(1)
    expect(row).to_contain_text("service_healthy")
    expect(row).to_be_visible()


@pytest.mark.parametrize("name", KINDS)
def test_without_a_script_the_table_says_it_all(visit, name):
    box = explorer(visit(PAGE, java_script_enabled=False), name)
    _, record = load(ROOT, name)
    told = {plain(TELL[name](run).short) for run in record.runs}

    expect(box.get_by_role("radio")).to_have_count(0)
    shown = {plain(text) for text in box.locator(".explorer-short").all_text_contents()}
    expect(box.locator(".explorer-table")).to_be_visible()
    assert shown == told


@pytest.mark.parametrize("colors", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_a_phone_and_the_dark_show_every_text(visit, colors, width):
    page = visit(PAGE, color_scheme=colors, viewport={"width": width, "height": 740})
    page.evaluate("document.querySelectorAll('details').forEach((box) => box.open = true)")
    for name, value in (("copy-all-first", "app"), ("ignored", "base")):
        choose(explorer(page, "layer-cache"), order=name, changed=value)

        seen, faint = page.evaluate(FAINT)

        assert seen > 100
        assert faint == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_bar_is_as_long_as_it_took(visit):
    box = explorer(visit(PAGE), "layer-cache")
    choose(box, order="copy-all-first", changed="requirements")

    bars = box.locator(".explorer-bar").evaluate_all(
        "bars => bars.map((bar) => [parseFloat(getComputedStyle(bar, '::before').width), bar.clientWidth])"
    )

    assert len(bars) >= 2
    assert 0.3 < max(width / whole for width, whole in bars) <= 1


def test_what_is_chosen_stands_out_without_its_color(visit):
    box = explorer(visit(PAGE), "port-mapping")
    marks = box.locator(".explorer-picture li p").evaluate_all(
        "all => all.map((node) => getComputedStyle(node, '::before').content)"
    )
    assert len(marks) == 4
    assert all(re.match(r'"[✓✗–=↻]"', mark) for mark in marks)  # noqa: RUF001 - the marks of the page
