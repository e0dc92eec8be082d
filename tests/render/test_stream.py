"""The streams that reports go to: their encodings, and readers who have gone."""

import io
import json
import os
from pathlib import Path
from xml.etree import ElementTree

import pytest

from grader.errors import GraderError
from grader.render import FORMATS
from grader.render.stream import written_to

from . import reports


@pytest.fixture
def unread():
    """A stream into a pipe that nobody reads any more."""
    read, write = os.pipe()
    os.close(read)
    with open(write, "w") as stream:
        yield stream


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("report", [reports.FAILURES, reports.HOSTILE], ids=["short", "long"])
def test_a_reader_who_leaves_ends_nothing(unread, form, report):
    with written_to(unread):
        FORMATS[form](report, reports.BOARD, unread)
    unread.write("nobody hears this")
    unread.flush()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("form", FORMATS)
def test_a_full_disk_is_told(form):
    words = "^the output could not be written: No space left on device; "
    with open("/dev/full", "w") as stream:
        with pytest.raises(GraderError, match=words), written_to(stream):
            FORMATS[form](reports.FAILURES, reports.BOARD, stream)
        stream.flush()


@pytest.mark.parametrize(("form", "read"), [("json", json.loads), ("svg", ElementTree.fromstring)])
def test_what_a_program_reads_is_utf8_whatever_the_terminal_speaks(form, read):
    stream = io.TextIOWrapper(io.BytesIO(), encoding="cp1252")
    FORMATS[form](reports.report(reports.BUILT, title="日本 é"), reports.BOARD, stream)
    stream.flush()
    written = stream.buffer.getvalue()
    assert "日本".encode() in written
    read(written)
