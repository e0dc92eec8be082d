"""The look of the course: colors, widths, what opens, and what is loaded."""

import re

import pytest
from playwright.sync_api import expect

from tests.conftest import ROOT

pytestmark = pytest.mark.browser

PAGES = ("index.html", "00-start/index.html", "01-demo/index.html", "search.html")

# Each text that can be seen, its contrast with what is behind it as WCAG computes it, where that is too little.
FAINT = """
() => {
  const canvas = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
  const rgba = (color) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = rgba(getComputedStyle(at).backgroundColor);
      if (color[3] === 1) return color;
    }
    return [255, 255, 255, 1];
  };
  const light = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const faint = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let seen = 0;
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.trim();
    const element = walker.currentNode.parentElement;
    if (!text || !element.checkVisibility({visibilityProperty: true}) || element.closest("script, style")) continue;
    const style = getComputedStyle(element);
    const [a, b] = [light(rgba(style.color)), light(behind(element))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    const large = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && style.fontWeight >= 700);
    seen += 1;
    if (ratio < (large ? 3 : 4.5)) faint.add(`${element.tagName}.${element.className}: ${text} ${ratio.toFixed(2)}`);
  }
  return [seen, [...faint]];
}
"""

# Put a word of code into a paragraph of each width: how many lines it takes, and whether it leaves the paragraph.
LINES_OF_CODE = """
([word, ...widths]) => widths.map((width) => {
  const line = document.createElement("p");
  line.style.width = `${width}px`;
  const code = '<code class="docutils literal notranslate"><span class="pre"></span></code>';
  line.innerHTML = `Give the command the word ${code}, and see.`;
  const span = line.querySelector("span");
  span.textContent = word;
  document.querySelector(".rst-content section").append(line);
  const letters = document.createRange();
  letters.selectNodeContents(span);
  const tops = new Set([...letters.getClientRects()].map((box) => Math.round(box.top)));
  const found = [tops.size, span.getBoundingClientRect().right <= line.getBoundingClientRect().right + 1];
  line.remove();
  return found;
})
"""


def answer_something(page):
    for name in ("The container", "The host"):
        form = page.locator("#question-demo-publish")
        form.get_by_role("radio", name=name).check()
        form.get_by_role("button", name="Check").click()
    form = page.locator("#question-demo-warm")
    form.get_by_role("radio", name="An image").check()
    form.get_by_role("button", name="Check").click()
    page.evaluate("document.querySelectorAll('details').forEach((box) => box.open = true)")


@pytest.mark.parametrize("colors", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_every_text_stands_out(visit, name, colors):
    page = visit(name, color_scheme=colors)
    if "demo" in name:
        answer_something(page)

    seen, faint = page.evaluate(FAINT)

    assert seen > 5
    assert faint == []


@pytest.mark.parametrize("colors", ["light", "dark"])
def test_the_system_says_which_colors(visit, colors):
    page = visit(color_scheme=colors)

    bright = page.evaluate("getComputedStyle(document.body).backgroundColor")

    assert (int(re.findall(r"\d+", bright)[0]) > 128) == (colors == "light")


def test_the_choice_of_colors_is_remembered_on_every_page(visit):
    page = visit(color_scheme="light", viewport={"width": 1200, "height": 800})
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")

    page.get_by_role("button", name="Dark colors").click()
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.reload()
    page.get_by_role("link", name="Start here").first.click()
    page.wait_for_url("**/00-start/index.html")

    assert dark != light
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == dark
    page.get_by_role("button", name="Light colors").click()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == light


@pytest.mark.parametrize("name", PAGES)
def test_a_phone_shows_the_page_without_scrolling_sideways(visit, name):
    page = visit(name, viewport={"width": 360, "height": 740})
    if "demo" in name:
        answer_something(page)

    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    wide = page.evaluate(
        "[...document.querySelectorAll('.rst-content *')].filter((e) => e.getBoundingClientRect().right > 361"
        " && !e.closest('.highlight, .wy-table-responsive')).map((e) => e.outerHTML.slice(0, 80))"
    )
    assert wide == []


@pytest.mark.parametrize("window", [360, 1200])
@pytest.mark.parametrize("word", ["--host", "-p", "debian:trixie-slim"])
def test_a_word_of_code_stays_in_one_piece(visit, word, window):
    page = visit(viewport={"width": window, "height": 740})

    found = page.evaluate(LINES_OF_CODE, [word, *range(180, 300, 4)])

    assert found == [[1, True]] * 30


def test_a_word_of_code_breaks_where_it_is_longer_than_a_phones_line(visit):
    page = visit(viewport={"width": 360, "height": 740})

    [[lines, inside]] = page.evaluate(LINES_OF_CODE, ["postgresql://user:password@db:5432/" + "x" * 60, 300])

    assert lines > 1
    assert inside


@pytest.mark.parametrize("path", sorted((ROOT / "docs").glob("[0-9]*/index.rst")), ids=lambda path: path.parent.name)
def test_no_feedback_repeats_the_verdict_above_it(browser, course, path):
    page = browser.new_page()
    page.goto((course / path.parent.name / "index.html").as_uri())

    told = page.locator(".reply").evaluate_all("all => all.map((e) => e.querySelector('.mark ~ *').textContent.trim())")
    linked = page.locator("form a[href^='http://']").evaluate_all("all => all.map((e) => e.href)")
    page.close()

    assert len(told) > 10
    assert [text for text in told if re.match(r"(right|not right|yes|no)[.,:]", text, re.IGNORECASE)] == []
    assert linked == []  # an example's address, which leads nowhere


def test_a_phones_menu_opens_by_keyboard(visit):
    page = visit(viewport={"width": 360, "height": 740})

    page.get_by_role("button", name="Menu").focus()
    page.keyboard.press("Enter")

    expect(page.locator("nav.wy-nav-side")).to_have_class(re.compile("shift"))


def test_the_menu_can_be_skipped(visit):
    page = visit()

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.id") == "main-content"


def test_nothing_is_asked_of_another_site(browser, site):
    context = browser.new_context()
    asked = []
    context.on("request", lambda request: asked.append(request.url))
    page = context.new_page()
    for name in PAGES:
        page.goto(f"{site.as_uri()}/{name}", wait_until="load")
    context.close()

    assert len(asked) > len(PAGES)
    assert [url for url in asked if not url.startswith(("file://", "data:"))] == []


def test_the_worked_answer_asks_once(visit):
    page = visit()
    box = page.locator("details.solution")
    box.locator("summary").click()
    expect(box.get_by_text("Have you tried?")).to_be_visible()
    expect(box.get_by_text("requirements.txt", exact=True)).to_be_hidden()

    box.get_by_role("button", name="Show it all the same").click()
    expect(box.get_by_text("requirements.txt", exact=True)).to_be_visible()

    page.reload()
    box.locator("summary").click()
    expect(box.get_by_text("requirements.txt", exact=True)).to_be_visible()


def test_hints_come_one_after_the_other(visit):
    page = visit()
    hints = page.locator("details.hint-ladder").first
    hints.locator("> summary").click()
    expect(hints.get_by_text("Hint 1")).to_be_visible()
    expect(hints.get_by_text("Hint 2")).to_be_hidden()

    hints.get_by_text("Hint 1").click()

    expect(hints.get_by_text("character by character")).to_be_visible()
    expect(hints.get_by_text("Hint 2")).to_be_visible()
    expect(hints.get_by_text("Hint 3")).to_be_hidden()


def test_a_link_to_a_mistake_opens_it(visit):
    page = visit("01-demo/index.html#mistake-listens-on-loopback")

    expect(page.get_by_text("where only the container itself can reach it")).to_be_in_viewport()


def test_what_is_printed_is_open(visit):
    page = visit()
    closed = page.locator("details:not([open])").count()

    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator("details:not([open])").count() == 0

    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert closed > 0
    assert page.locator("details:not([open])").count() == closed


def test_still_means_still(visit):
    page = visit(reduced_motion="reduce")

    moving = page.evaluate(
        "[...document.querySelectorAll('*')].map((e) => getComputedStyle(e))"
        ".filter((style) => parseFloat(style.transitionDuration) > 0 || style.animationName !== 'none').length"
    )

    assert moving == 0
