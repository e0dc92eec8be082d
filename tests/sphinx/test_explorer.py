"""Explorers: their facts fit together, a row tells every run that it stands for, and each builder has the table."""

import itertools
import json
import re
import shutil
from pathlib import Path

import pytest

from grader.errors import SpecError
from grader.sphinx.explorer_facts import KINDS, BuildRun, BuildStep, Event, SignalRun, StartRun, load
from grader.sphinx.explorer_rows import rows
from grader.sphinx.explorer_tell import TELL, State, build, heard, let_in, signal, start
from tests.conftest import ROOT
from tests.sphinx.building import build as build_pages
from tests.sphinx.building import write

WORDS = """
title = "Title"
lead = "Lead."
note = "Note."

[[choice]]
id = "order"
asks = "Which order?"
head = "Order"
option = [{ id = "one", says = "`one`" }, { id = "two", says = "Two, at length", cell = "two" }]

[[choice]]
id = "changed"
asks = "What changed?"
head = "Changed"
option = [{ id = "app", says = "`app.py`" }, { id = "base", says = "The base" }]
"""


def run(order: str, changed: str, *, again: bool = True) -> dict[str, object]:
    steps = [{"line": "FROM x", "again": False, "seconds": 0}, {"line": "RUN y", "again": again, "seconds": 1.5}]
    return {"choose": {"order": order, "changed": changed}, "steps": steps}


RUNS = [run(order, changed) for order, changed in itertools.product(("one", "two"), ("app", "base"))]


def facts(root: Path, *, words: str = WORDS, runs: object = RUNS, text: str = "") -> Path:
    folder = root / "docs" / "explorers"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "layer-cache.toml").write_text(words)
    record = {"day": "2026-11-21", "engine": "26.1.5", "runs": runs}
    (folder / "layer-cache.json").write_text(text or json.dumps(record))
    return root


@pytest.mark.parametrize("name", KINDS)
def test_what_is_recorded_fits_what_can_be_chosen(name):
    words, record = load(ROOT, name)

    told = rows((run.choose, TELL[name](run)) for run in record.runs)

    for run in record.runs:
        fitting = [row for row in told if all(run.choose[choice] in row.options[choice] for choice in run.choose)]
        assert [row.outcome for row in fitting] == [TELL[name](run)]
    assert len(told) < len(record.runs) or name in {"layer-cache", "start-order"}
    assert words.note


def test_the_way_of_a_request_is_what_curl_found():
    _, record = load(ROOT, "port-mapping")
    for run in record.runs:
        answers = let_in(run.choose) and heard(run.choose)
        broken = let_in(run.choose) and not answers and run.choose["asked"] == "here"
        assert (run.exit_code in {52, 56}, run.exit_code == 0) == (broken, answers), run


FAULTS = {
    "no-record": ({"text": "{"}, "layer-cache.json: Input data was truncated; `make record` writes it anew"),
    "unknown-word": ({"words": WORDS.replace("head =", "haed =", 1)}, "layer-cache.toml:9: unknown key 'haed'"),
    "one-option": (
        {"words": re.sub(r"option = \[(\{[^}]*\}), .*\]", r"option = [\1]", WORDS, count=1)},
        "layer-cache.toml:6: 'order' needs two options at least",
    ),
    "unknown-option": ({"runs": [*RUNS[:3], run("two", "none")]}, "the run order=two, changed=none does not fit"),
    "twice": ({"runs": [*RUNS, RUNS[0]]}, "the run order=one, changed=app is there twice"),
    "missing": ({"runs": RUNS[:3]}, "3 runs are recorded, and 4 can be chosen"),
}


@pytest.mark.parametrize(("change", "message"), FAULTS.values(), ids=FAULTS)
def test_facts_that_do_not_fit_are_told_at_the_directive(tmp_path, change, message):
    root = facts(tmp_path / "root", **change)
    docs = write(tmp_path / "docs", {"index": ".. explorer:: layer-cache"})

    warnings = build_pages(docs, tmp_path / "built", root=root, builder="dummy").warnings

    assert len(warnings) == 1, warnings
    assert "index.rst:4: WARNING: explorer: " in warnings[0]
    assert message in warnings[0]


def test_facts_that_are_not_there(tmp_path):
    root = facts(tmp_path)
    (root / "docs" / "explorers" / "layer-cache.json").unlink()
    with pytest.raises(SpecError, match="cannot be read"):
        load(root, "layer-cache")


def test_a_new_record_is_read_again(tmp_path):
    root = facts(tmp_path / "root")
    docs = write(tmp_path / "docs", {"index": ".. explorer:: layer-cache"})
    assert "1 step runs again" in build_pages(docs, tmp_path / "built", root=root).read("index.html")

    facts(root, runs=[run(**each["choose"], again=False) for each in RUNS])

    assert "Nothing runs again" in build_pages(docs, tmp_path / "built", root=root).read("index.html")


@pytest.mark.parametrize("builder", ["text", "latex", "man", "texinfo"])
def test_other_builders_have_the_table_and_no_controls(tmp_path, builder):
    root = facts(tmp_path / "root")
    docs = write(tmp_path / "docs", {"index": ".. explorer:: layer-cache"})

    built = build_pages(docs, tmp_path / "built", root=root, builder=builder)

    files = [file for file in built.out.rglob("*.*") if file.suffix in {".txt", ".tex", ".1", ".texi"}]
    text = " ".join("".join(file.read_text(encoding="utf-8") for file in files).split())
    assert built.warnings == ()
    assert "Lead." in text
    assert "runs again: 1.5" in text
    assert "Which order?" not in text


def test_html_has_a_form_that_waits_for_a_script(tmp_path):
    root = facts(tmp_path / "root")
    docs = write(tmp_path / "docs", {"index": ".. explorer:: layer-cache"})

    text = build_pages(docs, tmp_path / "built", root=root).read("index.html")

    assert '<form class="explorer-form" hidden="hidden"' in text
    assert "<legend>Which order?</legend>" in text
    assert text.count('type="radio" name="layer-cache-order"') == 2
    assert re.search(r'<details class="explorer-runs[^>]* open="open"', text)
    assert re.search(r'_static/explorer\.js[?"]', text)
    assert re.search(r'_static/explorer\.css[?"]', text)


def test_alike_runs_are_one_row():
    runs = [({"a": a, "b": b}, "same" if b == "1" else a) for a, b in itertools.product("xyz", "12")]

    found = [(dict(row.options), row.outcome) for row in rows(runs)]

    assert ({"a": ("x", "y", "z"), "b": ("1",)}, "same") in found
    assert len(found) == 4
    assert rows([]) == []


def test_a_build_tells_what_runs_again():
    steps = (
        BuildStep(line="FROM x", again=False, seconds=0.0),
        BuildStep(line="RUN y", again=True, seconds=4.2),
        BuildStep(line="COPY . .", again=True, seconds=0.5),
    )
    told = build(BuildRun(choose={"order": "o", "changed": "base"}, steps=steps))

    assert told.short == "2 steps run again, and that takes 4.7 s."
    assert [(step.start, step.end) for step in told.steps] == [(0.0, 0.0), (0.0, 4.2), (4.2, 4.7)]
    assert told.steps[0].says == "`FROM x` is another image now"


SIGNALS = {
    "not-heard": (("sh", False, "flask", 10.2, 137), "It is killed after 10 s. Exit code 137.", "`flask` never hears"),
    "handled": (("gunicorn", True, "", 0.3, 0), "It ends within seconds. Exit code 0.", "and ends"),
    "goes-on": (("uwsgi", True, "", 10.1, 137), "It is killed after 10 s. Exit code 137.", "and goes on"),
    "passed-on": (("docker-init", True, "flask", 1.6, 143), "It ends within seconds.", "on to `flask`, which ends"),
    "kernel": (("docker-init", True, "sh", 0.2, 143), "It ends within seconds. Exit code 143.", "`sh`, which ends"),
    "kept": (("docker-init", True, "uwsgi", 10.1, 137), "It is killed", "on to `uwsgi`, which goes on"),
}


@pytest.mark.parametrize(("recorded", "short", "says"), SIGNALS.values(), ids=SIGNALS)
def test_a_signal_tells_who_heard_it(recorded, short, says):
    first, catches, second, seconds, code = recorded
    run = SignalRun(
        choose={"signal": "TERM"}, first=first, catches=catches, second=second, seconds=seconds, exit_code=code
    )

    told = signal(run)

    assert told.short.startswith(short)
    assert f"process 1, which is `{first}`" in told.steps[0].says
    assert says in told.steps[1].says


def test_nobody_hears_the_last_signal():
    run = SignalRun(choose={"signal": "KILL"}, first="sh", catches=False, second="", seconds=0.1, exit_code=137)
    assert signal(run).short == "It is gone at once. Exit code 137."
    assert len(signal(run).steps) == 1


def test_a_start_tells_each_attempt():
    events = [(0, "db-started"), (0.4, "app-started"), (0.6, "refused"), (1.4, "app-started"), (3.0, "db-ready")]
    run = StartRun(choose={}, events=tuple(Event(at=at, what=what) for at, what in [*events, (3.2, "met")]))

    told = start(run)

    assert told.short == "They meet after 3.2 s."
    assert [step.state for step in told.steps] == [State.BUSY, State.BAD, State.GOOD]
    assert (told.steps[2].start, told.steps[2].end) == (1.4, 3.2)


def test_a_start_tells_that_the_app_has_given_up():
    events = [(0, "db-started"), (0.4, "app-started"), (0.6, "refused"), (0.7, "given-up"), (3.0, "db-ready")]
    told = start(StartRun(choose={}, events=tuple(Event(at=at, what=what) for at, what in events)))

    assert told.short == "They never meet: the app has ended, with exit code 1."


def test_the_sample_page_has_each_explorer(tmp_path):
    root = shutil.copytree(Path(__file__).parent / "project", tmp_path / "project")
    text = build_pages(root / "docs", tmp_path / "built", root=root).read("explore.html")
    assert re.findall(r'id="explorer-([a-z0-9-]+)"', text) == list(KINDS)
