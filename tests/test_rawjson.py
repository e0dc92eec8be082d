"""BuildKit's record: whole or in pieces, one a line or indented, with plain words in between."""

import base64
import json

import pytest

from grader.engine.rawjson import LOG_LIMIT, BuildLog, Decoder

RECORDS = [
    {"vertexes": [{"digest": "a", "name": "[1/2] FROM x", "started": "t", "completed": "t", "cached": True}]},
    {"vertexes": [{"digest": "b", "name": "[2/2] RUN pip install é {", "started": "t"}]},
    {"logs": [{"vertex": "b", "stream": 1, "data": base64.b64encode(b"no such thing\n").decode()}]},
    {"vertexes": [{"digest": "c", "name": "[other]", "started": "t", "error": "context canceled"}]},
    {"vertexes": [{"digest": "b", "name": "[2/2] RUN pip install é {", "completed": "t", "error": "exit code: 1"}]},
]
WORDS = "Dockerfile:2\n--------------------\n>>> RUN {x}\nERROR: failed to solve\n"


@pytest.mark.parametrize("indent", [None, 2], ids=["a line each", "indented"])
@pytest.mark.parametrize("size", [1, 7, 100_000], ids=["byte by byte", "in pieces", "at once"])
def test_the_stream_is_cut_into_records(indent: int | None, size: int) -> None:
    stream = "".join(json.dumps(record, indent=indent, ensure_ascii=False) + "\n" for record in RECORDS) + WORDS
    decoder, log = Decoder(), BuildLog()
    content = stream.encode()
    for start in range(0, len(content), size):
        for record in decoder.feed(content[start : start + size]):
            list(log.take(record))
    decoder.close()
    assert decoder.plain == WORDS
    assert [(step.cached, step.completed, step.text) for step in log.steps.values()] == [
        (True, True, ""),
        (False, True, "no such thing\n"),
        (False, False, ""),
    ]
    assert log.failed is log.steps["b"]


def test_words_before_the_first_record_are_kept() -> None:
    decoder = Decoder()
    assert list(decoder.feed(b'warning: old\n{"vertexes": null}\n')) == [{"vertexes": None}]
    assert decoder.plain == "warning: old\n"


def test_half_a_record_at_the_end_is_words() -> None:
    decoder = Decoder()
    assert list(decoder.feed(b'{"vertexes": [')) == []
    decoder.close()
    assert decoder.plain == '{"vertexes": ['


def test_a_flood_of_output_keeps_its_end() -> None:
    log = BuildLog()
    list(log.take({"vertexes": [{"digest": "a", "name": "RUN yes"}]}))
    for number in range(100):
        data = base64.b64encode(b"%04d" % number * 1000).decode()
        list(log.take({"logs": [{"vertex": "a", "data": data}, {"vertex": "unknown", "data": data}]}))
    assert len(log.steps["a"].text) == LOG_LIMIT
    assert log.steps["a"].text.endswith("0099")


def test_a_build_that_only_was_canceled_still_failed() -> None:
    log = BuildLog()
    list(log.take({"vertexes": [{"digest": "a", "name": "RUN", "error": "context canceled"}]}))
    assert log.failed is log.steps["a"]
    assert BuildLog().failed is None


def heard(*said: tuple[int, bytes]) -> str:
    log = BuildLog()
    list(log.take({"vertexes": [{"digest": "a", "name": "RUN apt-get install -y curl"}]}))
    for stream, data in said:
        list(log.take({"logs": [{"vertex": "a", "stream": stream, "data": base64.b64encode(data).decode()}]}))
    return log.steps["a"].text


def test_an_error_in_the_middle_of_the_other_streams_line_has_one_of_its_own() -> None:
    said = heard((1, b"Building tree..."), (2, b"E: Unable "), (2, b"to locate\n"), (1, b"\n"), (1, b"Done\n"))
    assert said == "E: Unable to locate\nBuilding tree...\nDone\n"


def test_an_error_that_the_other_stream_breaks_into_is_kept_whole() -> None:
    said = heard((1, b"Building tree...\n"), (2, b"E:"), (1, b"\nReading state...\n"), (2, b" Unable to locate\n"))
    assert said == "Building tree...\n\nReading state...\nE: Unable to locate\n"


def test_lines_without_an_end_are_told_as_well() -> None:
    assert heard((1, b"Done\nSure? [Y/n] "), (2, b"Abort.")) == "Done\nSure? [Y/n] \nAbort."


def test_a_line_that_never_ends_is_bounded() -> None:
    assert len(heard(*[(1, b"x" * 50_000)] * 3, (2, b"y" * 70_000))) == 2 * LOG_LIMIT + 1
