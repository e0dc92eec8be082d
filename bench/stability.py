"""Whether the same submission gets the same verdict every time: the corpus, again and again, on a busy machine.

What counts is that no verdict changes, whatever else runs: several gradings for each core at a time, and every core
kept busy besides. What could not be told is graded again at the end, as in a batch, and printed: it is no verdict.
"""

import os
import random
import sys
import time
from contextlib import closing
from pathlib import Path

import click

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from grader.engine import connect  # noqa: E402 -- the path comes first
from grader.report import Report  # noqa: E402
from tests.burners import busy_machine  # noqa: E402
from tests.corpus import Case, cases  # noqa: E402
from tests.grading import reports  # noqa: E402

Verdict = tuple[tuple[str, str, str], ...]  # of each stage and check: its id, its outcome, its diagnosis


@click.command()
@click.option("--rounds", type=click.IntRange(min=2), default=3, show_default=True)
@click.option("--share", type=click.IntRange(min=1), default=12, show_default=True, help="Every how manieth case.")
@click.option("--times", type=click.IntRange(min=1), default=4, show_default=True, help="Gradings at a time per core.")
@click.option("--part", type=click.IntRange(min=0), help="Which of the SHARE parts; by default a random one.")
def main(rounds: int, share: int, times: int, part: int | None) -> None:
    """Grade a part of the corpus ROUNDS times under load, and print how many verdicts changed."""
    cores = os.cpu_count() or 1
    part = random.randrange(share) if part is None else part % share
    chosen = cases()[part::share]
    started = time.monotonic()
    work = [case for case in chosen for _ in range(rounds)]
    random.shuffle(work)  # the same case meets another neighbor each time
    with busy_machine(), closing(connect()) as engine:
        verdicts = [(case, _verdict(report)) for case, report in reports(work, engine, cores * times)]
    changed = _changed(verdicts)
    print(f"part {part} of {share}: {len(chosen)} submissions, {rounds} times each")
    print(f"  {cores * times} at a time on {cores} busy cores   {time.monotonic() - started:.0f} s")
    print(f"  verdicts changed / verdicts given   {changed} / {len(verdicts)}")
    sys.exit(1 if changed else 0)


def _verdict(report: Report | Exception) -> Verdict:
    if isinstance(report, Exception):
        raise report
    return tuple(
        (result.id, str(result.outcome), result.diagnosis.id if result.diagnosis else "") for result in report.results
    )


def _changed(verdicts: list[tuple[Case, Verdict]]) -> int:
    """How many verdicts are not the one that most of the same submission's are; each is printed."""
    by_case: dict[str, list[Verdict]] = {}
    for case, verdict in verdicts:
        by_case.setdefault(case.name, []).append(verdict)
    changed = 0
    for name, given in by_case.items():
        usual = max(set(given), key=given.count)
        for other in (verdict for verdict in given if verdict != usual):
            changed += 1
            print(f"{name}: {sorted(set(other) - set(usual))} in place of {sorted(set(usual) - set(other))}")
    return changed


if __name__ == "__main__":
    main()
