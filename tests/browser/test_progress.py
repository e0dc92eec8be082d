"""Progress: counted by unit, saved to a file, and taken over in another browser without a loss."""

import json

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_pages import FAINT
from tests.browser.test_questions import check, question

pytestmark = pytest.mark.browser

PAGE = "progress.html"


def count(page: Page, unit: str):
    return page.get_by_role("row", name=unit).locator(".progress-count")


def answer(page: Page, *, right: bool) -> None:
    form = question(page, "demo-publish")
    form.get_by_role("radio", name="The container" if right else "The host").check()
    check(form)


def load(page: Page, text: str) -> None:
    page.get_by_label("Load answers from a file").set_input_files(
        files=[{"name": "saved.json", "mimeType": "application/json", "buffer": text.encode()}]
    )


def saved(page: Page) -> str:
    with page.expect_download() as download:
        page.get_by_role("button", name="Save my answers").click()
    assert download.value.suggested_filename == "shipshape-progress.json"
    return download.value.path().read_text(encoding="utf-8")


def test_answers_are_counted_by_unit(visit, site):
    page = visit()
    answer(page, right=True)
    page.goto((site / PAGE).as_uri())

    expect(count(page, "Demonstrate a server")).to_have_text("1 of 6")
    expect(count(page, "Start here")).to_have_text("none yet")


def test_answers_move_to_another_browser(visit, site):
    first = visit()
    answer(first, right=True)
    first.goto((site / PAGE).as_uri())
    text = saved(first)
    assert json.loads(text)["progress"]["demo-publish"] == {"answer": [0], "right": True}

    second = visit(PAGE)
    expect(count(second, "Demonstrate a server")).to_have_text("none yet")
    load(second, text)

    expect(second.get_by_role("status")).to_contain_text("1 entry taken over")
    expect(count(second, "Demonstrate a server")).to_have_text("1 of 6")
    second.goto((site / "01-demo/index.html").as_uri())
    expect(question(second, "demo-publish").get_by_role("radio", name="The container")).to_be_checked()


@pytest.mark.parametrize(("here", "there"), [(True, False), (False, True)], ids=["here", "there"])
def test_a_right_answer_is_never_lost(visit, site, here, there):
    first = visit()
    answer(first, right=there)
    first.goto((site / PAGE).as_uri())
    text = saved(first)

    second = visit()
    answer(second, right=here)
    second.goto((site / PAGE).as_uri())
    load(second, text)

    expect(count(second, "Demonstrate a server")).to_have_text("1 of 6")


@pytest.mark.parametrize("text", ["no JSON", "7", "null", '{"a": 1}', '{"shipshape": 1, "progress": [1]}'])
def test_a_file_that_is_none_of_ours_changes_nothing(visit, site, text):
    page = visit()
    answer(page, right=True)
    page.goto((site / PAGE).as_uri())

    load(page, text)

    expect(page.get_by_role("status")).to_contain_text("Nothing was changed")
    expect(count(page, "Demonstrate a server")).to_have_text("1 of 6")


def test_a_file_with_odd_entries_does_no_harm(visit):
    page = visit(PAGE)
    entries = {"demo-publish": 7, "demo-tag": None, "demo-many": {"answer": "x", "right": "yes"}, "__proto__": {"a": 1}}

    load(page, json.dumps({"shipshape": 1, "progress": entries}))

    expect(page.get_by_role("status")).to_contain_text("taken over")
    expect(count(page, "Demonstrate a server")).to_have_text("0 of 6")


def test_without_a_script_the_units_are_there_and_no_dead_controls(visit):
    page = visit(PAGE, java_script_enabled=False)

    expect(page.get_by_role("cell", name="Demonstrate a server")).to_be_visible()
    expect(page.get_by_role("button", name="Save my answers")).to_be_hidden()


@pytest.mark.parametrize("colors", ["light", "dark"])
def test_a_phone_shows_it_all(visit, colors):
    page = visit(PAGE, color_scheme=colors, viewport={"width": 360, "height": 740})

    seen, faint = page.evaluate(FAINT)

    assert seen > 5
    assert faint == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
