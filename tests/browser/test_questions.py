"""Questions are answered by mouse, by keyboard, without a script and without storage, and remembered."""

import pytest
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.browser

FORBIDDEN = "Object.defineProperty(window, 'localStorage', {get() { throw new Error('forbidden'); }});"
WHY = "Read it from right to left"
RIGHT_ORDER = ("FROM", "WORKDIR", "COPY requirements", "RUN pip install --no", "COPY app", "CMD")


def question(page: Page, name: str) -> Locator:
    return page.locator(f"#question-{name}")


def check(form: Locator) -> None:
    form.get_by_role("button", name="Check").click()


def test_a_right_option_is_told_with_its_feedback(visit):
    form = question(visit(), "demo-publish")

    form.get_by_role("radio", name="The container").check()
    check(form)

    expect(form.get_by_role("status")).to_contain_text("Right.")
    expect(form.get_by_role("status")).to_contain_text(WHY)
    expect(form.get_by_text("Answers and why")).to_be_visible()


def test_a_wrong_option_is_told_with_its_misconception_alone(visit):
    form = question(visit(), "demo-publish")

    form.get_by_text("The host\u2019s.").click()
    check(form)

    expect(form.get_by_role("status")).to_contain_text("Not yet.")
    expect(form.get_by_role("status")).to_contain_text("Sides swapped")
    expect(form.get_by_role("status")).not_to_contain_text(WHY)


def test_a_verdict_goes_when_the_answer_changes(visit):
    form = question(visit(), "demo-publish")
    form.get_by_role("radio", name="The host").check()
    check(form)

    form.get_by_role("radio", name="Both").check()

    expect(form.get_by_role("status")).to_be_empty()


def test_no_answer_is_no_wrong_answer(visit):
    page = visit()
    for name, missing in (("demo-publish", "Choose an answer first."), ("demo-tag", "Type an answer first.")):
        form = question(page, name)
        check(form)
        expect(form.get_by_role("status")).to_have_text(missing)
        expect(form.get_by_text("and why")).to_be_hidden()


def test_all_right_options_are_asked_for(visit):
    form = question(visit(), "demo-many")
    form.get_by_role("checkbox", name="-p 8080:5000").check()
    check(form)
    expect(form.get_by_role("status")).to_contain_text("Right so far, and there is more to choose.")

    form.get_by_role("checkbox", name="-P", exact=False).last.check()
    check(form)
    expect(form.get_by_role("status")).to_contain_text("Right.")

    form.get_by_role("checkbox", name="EXPOSE").check()
    check(form)
    expect(form.get_by_role("status")).to_contain_text("Not yet.")
    expect(form.get_by_role("status")).to_contain_text("B: not right")


def test_a_question_is_answered_with_the_keyboard_alone(visit):
    page = visit()
    form = question(page, "demo-publish")
    question(page, "demo-predict").get_by_role("button", name="Check").focus()
    for _ in range(40):
        page.keyboard.press("Tab")
        if form.evaluate("form => form.contains(document.activeElement)"):
            break
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")

    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    page.keyboard.press("Enter")

    assert outline == "solid"
    expect(form.get_by_role("status")).to_contain_text("Sides swapped")


def test_a_verdict_is_announced_and_a_remembered_one_is_not(visit):
    page = visit()
    form = question(page, "demo-publish")
    form.get_by_role("radio", name="The container").check()
    check(form)
    expect(form.get_by_role("status")).to_have_attribute("aria-live", "polite")

    page.reload()

    expect(form.get_by_role("status")).to_contain_text("Right.")
    expect(form.get_by_role("status")).to_have_attribute("aria-live", "off")


def test_answers_are_remembered(visit):
    page = visit()
    question(page, "demo-publish").get_by_role("radio", name="The host").check()
    check(question(page, "demo-publish"))
    question(page, "demo-tag").get_by_role("textbox").fill("docker build hello")
    check(question(page, "demo-tag"))
    solve(page)

    page.reload()

    expect(question(page, "demo-publish").get_by_role("radio", name="The host")).to_be_checked()
    expect(question(page, "demo-publish").get_by_role("status")).to_contain_text("Sides swapped")
    expect(question(page, "demo-tag").get_by_role("textbox")).to_have_value("docker build hello")
    expect(question(page, "demo-dockerfile").locator(".verdict")).to_contain_text("Right.")
    expect(question(page, "demo-dockerfile").locator(".is-out")).to_have_count(1)


def test_what_is_remembered_and_no_longer_fits_is_let_go(visit):
    stale = """localStorage.setItem("shipshape.progress", JSON.stringify({
        "demo-publish": {answer: [7], right: true},
        "demo-tag": {answer: 7, right: true},
        "demo-dockerfile": {answer: [{text: "FROM elsewhere", out: false}], right: true},
    }))"""
    page = visit(before=stale)

    for name in ("demo-publish", "demo-tag", "demo-dockerfile"):
        expect(question(page, name).locator(".verdict")).to_be_empty()


@pytest.mark.parametrize(
    "before",
    [
        FORBIDDEN,
        "localStorage.setItem('shipshape.progress', 'no JSON')",
        "localStorage.setItem('shipshape.progress', '7')",
    ],
    ids=["forbidden", "garbage", "number"],
)
def test_questions_work_whatever_the_storage_holds(visit, before):
    form = question(visit(before=before), "demo-publish")

    form.get_by_role("radio", name="The container").check()
    check(form)

    expect(form.get_by_role("status")).to_contain_text("Right.")


@pytest.mark.parametrize(
    "typed",
    [
        "docker build -t hello .",
        "  docker   build --tag hello . ",
        "$ docker build -t hello .",
        "docker build —tag hello .",
    ],
    ids=["exact", "spaces", "prompt", "phone"],
)
def test_a_right_answer_may_be_typed_in_more_ways_than_one(visit, typed):
    form = question(visit(), "demo-tag")

    form.get_by_role("textbox", name="Your answer").fill(typed)
    form.get_by_role("textbox").press("Enter")

    expect(form.get_by_role("status")).to_have_text("Right.")


@pytest.mark.parametrize(
    ("typed", "told"),
    [("docker build hello", "takes hello for the folder"), ("make hello", "a name with -t, then the folder")],
    ids=["known", "other"],
)
def test_a_wrong_answer_that_is_typed_is_told_why(visit, typed, told):
    form = question(visit(), "demo-tag")

    form.get_by_role("textbox").fill(typed)
    check(form)

    expect(form.get_by_role("status")).to_contain_text("Not yet.")
    expect(form.get_by_role("status")).to_contain_text(told)


def line(form: Locator, start: str) -> Locator:
    return form.get_by_role("listitem").filter(has=form.page.locator(".parsons-code", has_text=start)).first


def solve(page: Page) -> Locator:
    """Bring each line to its place from the top down, by its button."""
    form = question(page, "demo-dockerfile")
    line(form, "RUN pip install requirements.txt").get_by_role("button", name="Leave out").click()
    for place, start in enumerate(RIGHT_ORDER):
        shown = line(form, start)
        for _ in range(10):
            kept = form.locator(".parsons-line:not(.is-out) .parsons-code").all_text_contents()
            if kept[place].startswith(start):
                break
            shown.get_by_role("button", name="Move up").click()
    check(form)
    return form


def test_lines_are_put_in_order_by_buttons(visit):
    form = solve(visit())

    expect(form.locator(".verdict")).to_contain_text("Right.")
    expect(form.locator(".verdict")).to_contain_text("What changes most comes last")


def test_the_first_line_out_of_place_is_named(visit):
    form = question(visit(), "demo-dockerfile")

    check(form)

    expect(form.locator(".verdict")).to_contain_text("Not yet: line ")
    expect(form.locator(".parsons-line.is-wrong")).to_have_count(1)


def test_a_needed_line_that_is_left_out_is_told_of(visit):
    page = visit()
    form = solve(page)

    line(form, "CMD").get_by_role("button", name="Leave out").click()
    check(form)

    expect(form.locator(".verdict")).to_have_text("Right so far, and a line that is needed is left out.")


def test_a_moved_line_keeps_the_focus_and_says_where_it_is(visit):
    page = visit()
    form = question(page, "demo-dockerfile")
    second = form.get_by_role("listitem").nth(1)
    second.get_by_role("button", name="Move up").focus()

    page.keyboard.press("Enter")

    assert "Move up" in page.evaluate("document.activeElement.getAttribute('aria-label')")
    expect(form.locator(".parsons-news")).to_have_text("Line 1 of 7.")
    page.keyboard.press("Enter")
    expect(form.locator(".parsons-news")).to_have_text("This is the first line.")


def test_a_line_is_dragged(visit):
    form = question(visit(viewport={"width": 1000, "height": 1200}), "demo-dockerfile")
    items = form.get_by_role("listitem")
    texts = form.locator(".parsons-code").all_text_contents()

    items.nth(3).drag_to(items.nth(0), target_position={"x": 30, "y": 3})

    expect(form.locator(".parsons-code").first).to_have_text(texts[3])


def test_without_a_script_everything_can_be_read(visit):
    page = visit(java_script_enabled=False)
    for name in ("demo-publish", "demo-tag", "demo-dockerfile"):
        form = question(page, name)
        expect(form.get_by_role("button", name="Check")).to_be_hidden()
        form.locator("summary").click()

    expect(question(page, "demo-publish")).to_contain_text("The container\u2019s.")
    expect(page.get_by_text(WHY)).to_be_visible()
    expect(page.get_by_text("takes hello for the folder")).to_be_visible()
    expect(page.get_by_text("What changes most comes last: a")).to_be_visible()


def test_without_a_script_enter_leads_nowhere(visit):
    page = visit(java_script_enabled=False)
    question(page, "demo-tag").get_by_role("textbox").fill("docker")

    question(page, "demo-tag").get_by_role("textbox").press("Enter")

    assert "?" not in page.url
    expect(question(page, "demo-tag").get_by_role("textbox")).to_have_value("docker")
