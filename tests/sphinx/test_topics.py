"""The map of topics: its links carry the titles that they lead to, and what is missing is named."""

import re
from pathlib import Path

import pytest

from grader.spec import read
from grader.sphinx.topics import Articles
from tests.sphinx.building import REPOSITORY, build, write
from tests.test_diagnose import PLANNED, UNITS

TOPICS = REPOSITORY / "docs" / "instructors" / "topics.toml"
ARTICLE = '[[article]]\ntitle = "An article"\n\n[[article.topic]]\nsays = "ports"\nat = ["{at}"]\n'


def built(tmp_path: Path, at: str, *, builder: str = "text"):
    docs = write(
        tmp_path / "docs", {"index": ".. topics:: topics.toml", "01-demo/index": "A heading\n---------\n\nText."}
    )
    (docs / "topics.toml").write_text(ARTICLE.format(at=at), encoding="utf-8")
    return build(docs, tmp_path / "built", builder=builder)


def told_of_topics(done):
    """What was said, but for the rules of a unit, which the small page here breaks."""
    return [line for line in done.warnings if not line.endswith("[shipshape.lint]")]


@pytest.mark.parametrize("builder", ["text", "html", "latex", "gettext"])
def test_every_builder_takes_it(tmp_path, builder):
    assert told_of_topics(built(tmp_path, "01-demo#a-heading", builder=builder)) == []


def test_a_link_shows_the_title_that_it_leads_to(tmp_path):
    done = built(tmp_path, "01-demo#a-heading", builder="html")
    assert 'href="01-demo/index.html#a-heading">01-demo: A heading</a>' in done.read("index.html")


def test_a_page_as_a_whole_shows_its_title(tmp_path):
    done = built(tmp_path, "01-demo", builder="html")
    assert told_of_topics(done) == []
    assert 'href="01-demo/index.html">Title of 01-demo/index</a>' in done.read("index.html")


@pytest.mark.parametrize("at", ["01-demo#another", "none#a-heading"])
def test_a_section_that_is_not_there_is_named(tmp_path, at):
    (told,) = told_of_topics(built(tmp_path, at))
    assert f"topics: no section {at.split('#')[1]!r} in the page '{at.split('#')[0]}" in told


def test_a_unit_that_is_not_written_yet_is_named_without_a_link(tmp_path):
    done = built(tmp_path, "02-none#a-heading")
    assert told_of_topics(done) == []
    assert "02-none" in done.read("index.txt")


def test_a_file_that_is_wrong_is_named_with_its_line(tmp_path):
    docs = write(tmp_path / "docs", {"index": ".. topics:: topics.toml"})
    (docs / "topics.toml").write_text('[[article]]\ntitel = "One"\n', encoding="utf-8")
    (told,) = build(docs, tmp_path / "built").warnings
    assert "topics.toml:2: unknown key 'titel', did you mean 'title'?" in told


def test_a_unit_is_linked_to_once_it_is_written(tmp_path):
    docs = write(tmp_path / "docs", {"index": "See :unit:`01-demo` and :unit:`02-none`.", "01-demo/index": "Text."})
    done = build(docs, tmp_path / "built")
    assert told_of_topics(done) == []
    assert 'href="01-demo/index.html"' in done.read("index.html")
    assert "02-none" in done.read("index.html")


def test_every_topic_of_the_older_articles_is_taught_somewhere():
    articles = read(TOPICS, Articles).value.article
    assert len(articles) == 5
    assert [topic.says for article in articles for topic in article.topic if not topic.at] == []


PAGES = sorted((REPOSITORY / "docs").rglob("*.rst"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.parent.name}/{page.stem}")
def test_a_page_names_no_unit_that_is_none(page):
    units = UNITS | PLANNED
    named = set(re.findall(r":unit:`([^`]*)`", page.read_text(encoding="utf-8")))
    assert sorted(named - units) == []
