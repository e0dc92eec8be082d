"""A class at once, against what an instructor would use instead: `xargs -P` over a shell script, and testcontainers.

All of them grade the same submissions, which differ from each other and from those of the round before; they take
turns, so that a machine that slows down slows all of them. What counts is the ratio of their medians. `--long` grades a
class of a thousand, and prints whether it goes on as it began.
"""

import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path

import click

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from grader.batch.store import FILE, Store  # noqa: E402 -- the path comes first

SOLUTION = ROOT / "solutions" / "01-hello"
HUNDRED = 100
VERSION = count()
# The least that tells whether the answers are right, as in bench/grade.py, for several at a time.
SCRIPT = """
set -eu
tag=shipshape-bench-$$
docker build -q -t "$tag" "$1" > /dev/null
id=$(docker run -d -p 127.0.0.1::5000 "$tag")
trap 'docker rm -f "$id" > /dev/null; docker image rm "$tag" > /dev/null' EXIT
at=$(docker port "$id" 5000)
until curl -sf "http://$at/" > /dev/null; do sleep 0.01; done
test "$(curl -s "http://$at/")" = "Hello, world!"
test "$(curl -s "http://$at/Ada")" = "Hello, Ada!"
curl -s -H 'Host: localhost' "http://$at/console" | grep -vq EVALEX
"""
# The same with the library that Python programmers would take.
TESTS = """
import os, time
import pytest, requests
from testcontainers.core.container import DockerContainer
from testcontainers.core.image import DockerImage

@pytest.mark.parametrize("folder", os.environ["FOLDERS"].split(":"))
def test_submission(folder):
    with DockerImage(path=folder) as image, DockerContainer(str(image)).with_exposed_ports(5000) as container:
        at = f"http://{container.get_container_host_ip()}:{container.get_exposed_port(5000)}"
        while True:
            try:
                assert requests.get(at, timeout=5).text == "Hello, world!\\n"
                break
            except requests.ConnectionError:
                time.sleep(0.01)
        assert requests.get(f"{at}/Ada", timeout=5).text == "Hello, Ada!\\n"
        assert "EVALEX" not in requests.get(f"{at}/console", timeout=5).text
"""


@click.command()
@click.option("--submissions", type=click.IntRange(min=2), default=12, show_default=True, help="In each round.")
@click.option("--rounds", type=click.IntRange(min=1), default=3, show_default=True)
@click.option("--jobs", multiple=True, type=click.IntRange(min=1), default=(1, 2, 4), show_default=True)
@click.option("--long", "many", type=click.IntRange(min=3 * HUNDRED), help="A class of so many instead, such as 1000.")
def main(submissions: int, rounds: int, jobs: tuple[int, ...], many: int | None) -> None:
    """Print seconds for each submission, and their ratios."""
    with tempfile.TemporaryDirectory(prefix="shipshape-bench-") as work:
        if many:
            go_on(Path(work), many)
            return
        print(f"a class of {submissions} at a time, {rounds} rounds in turn; seconds for each submission")
        ours(make(Path(work), 2), 2)  # warm: the layers are cached from here on
        for each in jobs:
            ways: dict[str, Callable[[list[Path], int], None]] = {"grader": ours, "xargs": shell}
            if each == 1:
                ways["testcontainers"] = testcontainers
            compare(Path(work), submissions, rounds, each, ways)


def compare(
    work: Path, submissions: int, rounds: int, jobs: int, ways: dict[str, Callable[[list[Path], int], None]]
) -> None:
    """Let each way grade a fresh class in each round, and print the medians."""
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            folders = make(work, submissions)
            started = time.perf_counter()
            way(folders, jobs)
            taken[name].append((time.perf_counter() - started) / submissions)
    medians = {name: statistics.median(seconds) for name, seconds in taken.items()}
    shown = ", ".join(f"{name} {seconds:.2f} s" for name, seconds in medians.items())
    ratios = ", ".join(f"{medians['grader'] / medians[name]:.2f} of {name}" for name in list(ways)[1:])
    print(f"  {jobs} at a time   {shown}   ratio {ratios}", flush=True)


def make(work: Path, submissions: int) -> list[Path]:
    """So many right answers that nobody has built before."""
    folder = work / f"class-{next(VERSION)}"
    made = [shutil.copytree(SOLUTION, folder / f"student-{number}") for number in range(submissions)]
    for number, each in enumerate(made):
        with (each / "app.py").open("a") as app:
            app.write(f"\n# {folder.name}, {number}, {time.time_ns()}\n")
    return made


def ours(folders: list[Path], jobs: int) -> None:
    """Grade them with the grader, start-up and gradebooks included."""
    out = folders[0].parent.with_suffix(".out")
    run(
        [
            sys.executable,
            "-m",
            "grader",
            "batch",
            "01-hello",
            str(folders[0].parent),
            "--out",
            str(out),
            "--jobs",
            str(jobs),
        ]
    )


def shell(folders: list[Path], jobs: int) -> None:
    """Grade them with the script."""
    run(["xargs", "-P", str(jobs), "-n", "1", "sh", "-c", SCRIPT, "sh"], lines=list(map(str, folders)))


def testcontainers(folders: list[Path], jobs: int) -> None:
    """Grade them with testcontainers and pytest, one after the other."""
    tests = folders[0].parent.with_suffix(".py")
    tests.write_text(TESTS)
    # Without its reaper, a container of a published image that would have to be pulled.
    settings = {"FOLDERS": ":".join(map(str, folders)), "TESTCONTAINERS_RYUK_DISABLED": "true"}
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "--rootdir",
        str(tests.parent),
        str(tests),
    ]
    run(command, env={**os.environ, **settings}, cwd=tests.parent)


def run(
    command: list[str], *, lines: list[str] | None = None, env: dict[str, str] | None = None, cwd: Path = ROOT
) -> None:
    """Run a command that has to succeed."""
    text = "\n".join(lines) if lines else None
    done = subprocess.run(
        command, cwd=cwd, env=env, input=text, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    if done.returncode:
        sys.exit(f"bench: {command[0]} ended with {done.returncode}:\n{done.stdout[-2000:]}")


def go_on(work: Path, many: int) -> None:
    """Grade a large class in one process of ours, and print how the end compares with the beginning."""
    make(work, 2)
    folders, root = make(work, many), Path("/var/lib/docker")
    out = folders[0].parent.with_suffix(".out")
    before, started = shutil.disk_usage(root if root.is_dir() else work).free, time.perf_counter()
    ours(folders, os.cpu_count() or 1)
    seconds = time.perf_counter() - started
    with Store(out) as store:
        ends = [row[0] for row in store._db.execute("SELECT julianday(finished) * 86400 FROM grading ORDER BY id")]
    first, last = ends[HUNDRED - 1] - ends[0], ends[-1] - ends[-HUNDRED]
    used = before - shutil.disk_usage(root if root.is_dir() else work).free
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    print(f"a class of {many}: {seconds:.0f} s, {many / seconds:.2f} a second")
    print(f"  the first hundred   {HUNDRED / first:.2f} a second")
    print(f"  the last hundred    {HUNDRED / last:.2f} a second   {first / last:.2f} of the first")
    print(f"  memory, at most     {peak / 1024:.0f} MB")
    kept = (out / FILE).stat().st_size
    print(f"  disk                {used / 1e6:.0f} MB more than before, {kept / 1e6:.1f} MB of them the batch's file")


if __name__ == "__main__":
    main()
