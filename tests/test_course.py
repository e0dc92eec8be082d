"""The real course, built: whole, true to the files that the grader reads, and sufficient to itself."""

import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag

import pytest

from grader.catalogue import Entry, anchor, catalogue
from grader.exercise import load
from tests.conftest import ROOT, build_course

SOURCES = sorted(path.relative_to(ROOT / "docs") for path in (ROOT / "docs").rglob("*.rst"))
LOADING = {"script": "src", "img": "src", "iframe": "src", "source": "src", "video": "src", "link": "href"}


class Page(HTMLParser):
    """What a page loads, where it leads, and what can be led to."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.loads: set[str] = set()
        self.links: set[str] = set()
        self.ids: set[str] = set()
        self.text: list[str] = []
        self.unnamed: list[str] = []  # pictures that say nothing to who cannot see them
        self.feed(path.read_text(encoding="utf-8"))

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.ids |= {given["id"]} if given.get("id") else set()
        if tag == "a" and given.get("href"):
            self.links.add(given["href"])
        if given.get(LOADING.get(tag, "")):
            self.loads.add(given[LOADING[tag]])
        if tag == "img" and not given.get("alt"):
            self.unnamed.append(str(given))
        if tag == "svg" and not (given.get("aria-label") or given.get("aria-labelledby") or given.get("aria-hidden")):
            self.unnamed.append(str(given))


@pytest.fixture(scope="session")
def pages(course: Path) -> dict[str, Page]:
    return {path.relative_to(course).as_posix(): Page(path) for path in course.rglob("*.html")}


@pytest.mark.parametrize("builder", ["text", pytest.param("latex", marks=pytest.mark.slow)])
def test_other_builders_have_nothing_to_complain_of(course: Path, builder: str) -> None:
    assert any(build_course(course.parent, builder).iterdir())  # beside it, so that no page is read once more


@pytest.mark.slow
def test_the_texts_can_be_taken_out_for_translation(tmp_path: Path) -> None:
    assert any(build_course(tmp_path, "gettext").iterdir())  # this builder keeps pages that it has read for itself


def test_every_source_became_a_page(pages: dict[str, Page]) -> None:
    assert {path.with_suffix(".html").as_posix() for path in SOURCES} <= set(pages)
    assert len(SOURCES) >= 4


def test_nothing_is_loaded_from_another_site(course: Path, pages: dict[str, Page]) -> None:
    loaded = {(name, address) for name, page in pages.items() for address in page.loads}
    assert len(loaded) > len(pages)
    assert {each for each in loaded if re.match(r"(\w+:)?//", each[1])} == set()
    styles = "".join(path.read_text(encoding="utf-8") for path in course.rglob("*.css"))
    assert re.findall(r"(?:url\(|@import)\s*['\"]?\s*(?:https?:)?//[^)]*", styles) == []


def test_what_is_loaded_or_linked_is_there(course: Path, pages: dict[str, Page]) -> None:
    missing = []
    for name, page in pages.items():
        if name == "404.html":  # its addresses are those of a server's root
            continue
        for address in page.loads | page.links:
            target, fragment = urldefrag(address)
            if re.match(r"\w+:", address):
                continue
            path = (course / name).parent / unquote(target.partition("?")[0]) if target else course / name
            there = path.exists()
            if there and fragment and path.suffix == ".html":
                there = unquote(fragment) in pages[path.resolve().relative_to(course.resolve()).as_posix()].ids
            if not there:
                missing.append((name, address))
    assert missing == []


def test_every_picture_has_words(pages: dict[str, Page]) -> None:
    assert {name: page.unnamed for name, page in pages.items() if page.unnamed} == {}


@pytest.mark.parametrize("entry", catalogue(), ids=lambda entry: entry.id)
def test_every_diagnosis_is_explained_where_its_report_says(pages: dict[str, Page], entry: Entry) -> None:
    name, _, target = anchor(entry.id).partition("#")
    assert target in pages[name].ids
    if unit := pages.get(f"{entry.unit}/index.html"):
        assert f"mistake-{entry.id}" in unit.ids


@pytest.mark.parametrize(
    "path", sorted((ROOT / "exercises").glob("*/exercise.toml")), ids=lambda path: path.parent.name
)
def test_the_rubric_is_the_file(pages: dict[str, Page], path: Path) -> None:
    exercise = load(path)
    text = " ".join("".join(pages[f"{exercise.unit}/index.html"].text).split())
    for check in exercise.checks:
        for words in (check.title, check.asks(), *check.hints):
            assert words.replace("`", "") in text
    assert f"make grade EX={path.parent.name}" in text
