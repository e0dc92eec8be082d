"""One warm grade of 01-hello, against the shell script that one would write instead: build, run, curl, remove.

The two take turns, so that a machine that slows down slows both; what counts is the ratio of their medians.
"""

import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOLUTION = ROOT / "solutions" / "01-hello"
ROUNDS = 15
# The least that tells whether the answers are right: no limits, no network of its own, no look at the image, no second
# word, no report. It polls as tightly as we do.
SCRIPT = """
set -eu
docker build -q -t shipshape-bench "$1" > /dev/null
id=$(docker run -d -p 127.0.0.1::5000 shipshape-bench)
trap 'docker rm -f "$id" > /dev/null; docker image rm shipshape-bench > /dev/null' EXIT
at=$(docker port "$id" 5000)
until curl -sf "http://$at/" > /dev/null; do sleep 0.01; done
test "$(curl -s "http://$at/")" = "Hello, world!"
test "$(curl -s "http://$at/Ada")" = "Hello, Ada!"
curl -s -H 'Host: localhost' "http://$at/console" | grep -vq EVALEX
"""


def main() -> None:
    """Print both medians and their ratio."""
    if missing := [name for name in ("docker", "curl", "sh") if shutil.which(name) is None]:
        sys.exit(f"bench: {missing[0]} is needed, and not on PATH")
    ours = [sys.executable, "-m", "grader", "grade", "01-hello", str(SOLUTION)]
    theirs = ["sh", "-c", SCRIPT, "sh", str(SOLUTION)]
    for command in (ours, theirs):
        seconds(command)  # warm: the layers are cached from here on
    rounds = [(seconds(ours), seconds(theirs)) for _ in range(ROUNDS)]
    grade, script = (statistics.median(column) for column in zip(*rounds, strict=True))
    print(f"one warm grade of 01-hello, {ROUNDS} rounds in turn")
    print(f"  python -m grader   {grade:.2f} s   build, 6 checks, sandbox, report, removal")
    print(f"  a shell script     {script:.2f} s   build, run, curl, rm")
    print(f"  ratio              {grade / script:.2f}     at most 1.50")


def seconds(command: list[str]) -> float:
    """How long a command takes; it has to succeed."""
    started = time.perf_counter()
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        sys.exit(f"bench: {command[0]} ended with {done.returncode}:\n{done.stdout}")
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
