"""The picture for the README: an SVG that stands by itself."""

import re
from xml.etree import ElementTree

from grader.render.picture import picture

from . import reports


def drawn(report) -> str:
    return picture(report, reports.BOARD, alt="A report: <5> of 10 points")


def test_says_in_words_what_it_shows():
    root = ElementTree.fromstring(drawn(reports.FAILURES))  # noqa: S314 - of our own making
    assert root.get("role") == "img"
    assert root.get("aria-label") == "A report: <5> of 10 points"
    assert "the\xa0newline\xa0at\xa0the\xa0end\xa0is\xa0missing" in "".join(root.itertext())


def test_fetches_and_runs_nothing():
    svg = drawn(reports.HOSTILE)
    assert not re.search(r"<script|@font-face|@import|<image|href|url\((?!#)|\son\w+=", svg)


def test_is_the_same_every_time():
    assert drawn(reports.FAILURES) == drawn(reports.FAILURES)
