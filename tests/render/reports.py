"""Reports to render: one of each kind that a student may meet."""

import msgspec

from grader.render.board import Board, Row
from grader.report import Diagnosis, Outcome, Report, Result

BOARD = Board(
    rows=(
        Row(slug="01-hello", title="Containerize hello, world", max=10, best=5),
        Row(slug="02-layers", title="A slow, fat Dockerfile made quick and small", max=12, best=12),
        Row(slug="03-degrees", title="The degrees API", max=10),
    ),
    current="01-hello",
)
LOOPBACK = Diagnosis(
    id="loopback",
    cause="Your app listens on 127.0.0.1:5000, the container's own address: nobody outside reaches it.",
    look="docker logs 01-hello",
    mend='Start it with `--host 0.0.0.0`, as in `CMD ["flask", "--app", "app", "run", "--host", "0.0.0.0"]`.',
    unit="01-hello",
)
CRASHED = Diagnosis(
    id="app-crashed",
    cause="The function behind `/` raised an exception.",
    look="docker logs 01-hello",
    mend="Read the last line of the traceback first: it names the error.",
    unit="01-hello",
)


def passed(id: str, title: str, points: int = 0, kind: str = "http", asked: str = "") -> Result:
    return Result(id=id, kind=kind, title=title, outcome=Outcome.PASS, max_points=points, asked=asked)


def failed(title: str, expected: str, got: str, **fields) -> Result:
    values = {"id": title, "kind": "http", "max_points": 1} | fields
    return Result(title=title, outcome=Outcome.FAIL, expected=expected, got=got, **values)


def skipped(id: str, title: str, points: int, by: str, kind: str = "http") -> Result:
    return Result(id=id, kind=kind, title=title, outcome=Outcome.SKIP, max_points=points, blocked_by=by)


def report(*results: Result, **fields) -> Report:
    values = {
        "exercise": "01-hello",
        "title": "Containerize hello, world",
        "submission": "exercises/01-hello",
        "digest": "0d7b01056c6dfd002ed80f90c355f50818ccf09eba6ec034ed316b627db58e3c",
        "seed": 42,
        "started": "2026-11-20T10:00:00+00:00",
        "seconds": 6.31,
        "engine": "Docker 26.1.5",
    }
    return Report(results=results, **values | fields)


BUILD = "docker build -t 01-hello ."
RUN = "docker run -d --name 01-hello -p 127.0.0.1:8080:5000 01-hello"
BUILT = passed("build", "The image builds", kind="build", asked=BUILD)
STARTED = passed("start", "The container starts and answers", kind="start", asked=RUN)
HELLO = "GET / says hello to the world"
GREETS = "GET /<name> greets by name"
CONSOLE = "Nobody can run Python through the debugger's console"
EXEC = "The image names its command in exec form"

FULL = report(
    BUILT,
    STARTED,
    passed("says-hello", HELLO, 3),
    passed("greets-by-name", GREETS, 3),
    passed("no-debug-console", CONSOLE, 2),
    passed("exec-form", EXEC, 2, kind="image"),
)
FAILURES = report(
    BUILT,
    STARTED,
    failed(
        HELLO,
        "200\n\nHello, world!\n",
        "200\n\nHello, world!",
        max_points=3,
        asked="curl -i http://127.0.0.1:8080/",
        hint="The text ends with a newline, so that the shell's prompt starts on a line of its own.",
    ),
    failed(
        GREETS,
        "200\n\nHello, quokka!\n",
        "200\n\nHello, world!\n",
        max_points=3,
        asked="curl -i http://127.0.0.1:8080/quokka",
        log='172.17.0.1 - - [20/Nov/2026 10:00:02] "GET /quokka HTTP/1.1" 200 -\n' * 20,
        hint="Is there a second function in `app.py`, with a route of its own?",
    ),
    passed("no-debug-console", CONSOLE, 2),
    failed(
        EXEC,
        "a command of your own, in exec form",
        'CMD ["/bin/sh", "-c", "flask --app app run --host 0.0.0.0"]',
        kind="image",
        max_points=2,
        asked="docker image inspect 01-hello",
    ),
    stand_ins=("python:3.13-slim",),
    notes=("not taken: .git, notes.txt (this exercise takes app.py, requirements.txt, Dockerfile)",),
)
UNREACHABLE = report(
    BUILT,
    Result(
        id="start",
        kind="start",
        title="The container starts and answers",
        outcome=Outcome.FAIL,
        asked=RUN,
        expected="an answer on port 5000 within 20 s",
        got="connection refused: nothing listens on that port",
        diagnosis=LOOPBACK,
        log=" * Serving Flask app 'app'\n * Debug mode: off\n * Running on http://127.0.0.1:5000\n",
    ),
    skipped("says-hello", HELLO, 3, "start"),
    skipped("greets-by-name", GREETS, 3, "start"),
    skipped("no-debug-console", CONSOLE, 2, "start"),
    passed("exec-form", EXEC, 2, kind="image"),
)
CRASHES = report(
    BUILT,
    STARTED,
    failed(HELLO, "200", "500", id="says-hello", max_points=3, diagnosis=CRASHED, log="ZeroDivisionError\n"),
    failed(GREETS, "200", "500", id="greets-by-name", max_points=3, diagnosis=CRASHED, log="ZeroDivisionError\n"),
    failed(CONSOLE, "404", "500", max_points=2, diagnosis=LOOPBACK),
    submission="../my work/hello",
)
UNBUILT = report(
    Result(
        id="build",
        kind="build",
        title="The image builds",
        outcome=Outcome.FAIL,
        asked=BUILD,
        log="ERROR: Could not open requirements file: No such file or directory: 'requirements.txt'",
    ),
    skipped("start", "The container starts and answers", 0, "build", kind="start"),
    skipped("says-hello", HELLO, 3, "build"),
    submission="../my work/hello",
)
INCOMPLETE = report(
    Result(
        id="build",
        kind="build",
        title="The image builds",
        outcome=Outcome.FAIL,
        asked="ls exercises/01-hello",
        expected="app.py, requirements.txt, Dockerfile",
        got="app.py",
        evidence={"kind": "intake", "missing": "Dockerfile"},
    ),
    skipped("start", "The container starts and answers", 0, "build", kind="start"),
    skipped("says-hello", HELLO, 3, "build"),
)
ERROR = report(
    BUILT,
    Result(
        id="start",
        kind="start",
        title="The container starts and answers",
        outcome=Outcome.ERROR,
        got="the engine did not answer within 30 s: grade again, or look with make doctor",
        traceback="Traceback (most recent call last):\nTimeoutError\n",
    ),
    skipped("says-hello", HELLO, 3, "start"),
    passed("exec-form", EXEC, 2, kind="image"),
)
DIFFERENCES = report(
    BUILT,
    failed("newline too many", "200\n\nahoy\n", "200\n\nahoy\n\n"),
    failed("Windows newlines", "a\nb\n", "a\r\nb\r\n"),
    failed("spaces at the end", "ahoy\n", "ahoy  \n"),
    failed("a tab", "a b\n", "a\tb\n"),
    failed("letter case", "Hello, quokka!\n", "hello, Quokka!\n"),
    failed("it stops early", "one\ntwo\nthree\n", "one\ntw"),
    failed("there is more", "one\n", "one\ntwo\n"),
    failed("nothing came", "ahoy\n", ""),
    failed("another status", "200", "404\n\n<!doctype html>\n"),
    failed(
        "a long line",
        '{"items": "' + "a" * 90 + '", "ok": true}',
        '{"items": "' + "a" * 90 + '", "ok": null}',
    ),
    failed(
        "line 51 of 99",
        "".join(f"line {n}\n" for n in range(99)),
        "".join(f"line {n % 50}\n" for n in range(99)),
    ),
    failed("no such line", "".join(f"{n}\n" for n in range(99)), "".join(f"{n % 50}\n" for n in range(99))),
    failed("wide letters", "日本語のテキスト\n", "日本語のテスト\n"),
    failed("only what came", "", "exit code 137"),
)
HOSTILE = report(
    BUILT,
    failed(
        "title [red]red[/red] \x1b[2J\nsecond line",
        "200\n\nHello, world!\n",
        "200\n\n\x1b[2J\x1b[31mHello, [red]world[/red]!\x1b]8;;http://evil.example\x07link\x1b]8;;\x07\u202e\x00\x9b\udc80\n",
        asked="curl -i 'http://127.0.0.1:8080/\n\x1b[H'",
        diagnosis=msgspec.structs.replace(LOOPBACK, cause="[bold]\x1b[1m", look="a\u200bb", mend=":smile:"),
        log="\x1b]0;title\x07[link=http://evil.example]x[/link]\n" + "z" * 1_000_000,
        hint="\x07[blink]",
    ),
    failed("one long line", "y" * 40 + "\n", "y" * 30 + "x" * 1_000_000),
    submission="exercises/01-hello",
    engine="Docker \x1b[5m",
    stand_ins=("[red]",),
    notes=("not taken: \x1b[2J\u202egnp.exe\nmore",),
)
CASES = {
    "full": FULL,
    "failures": FAILURES,
    "unreachable": UNREACHABLE,
    "unbuilt": UNBUILT,
    "crashes": CRASHES,
    "incomplete": INCOMPLETE,
    "error": ERROR,
    "differences": DIFFERENCES,
    "hostile": HOSTILE,
}
