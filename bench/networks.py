"""Whether a network for each run costs time: gradings that make and remove their own, against networks made once.

The second is not safe as it is written here, and so only bounds what a pool could save: containers of two runs would
meet in one network while the first is taken down.
"""

import itertools
import statistics
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from unittest.mock import patch

import click

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.batch import make  # noqa: E402 -- the path comes first
from grader.engine import Engine, connect  # noqa: E402
from grader.engine.ledger import open_ledger  # noqa: E402
from grader.engine.network import make_network  # noqa: E402
from grader.grade import grade  # noqa: E402

EXERCISE = ROOT / "exercises" / "01-hello"


@click.command()
@click.option("--submissions", type=click.IntRange(min=2), default=12, show_default=True, help="In each round.")
@click.option("--rounds", type=click.IntRange(min=1), default=4, show_default=True)
@click.option("--jobs", multiple=True, type=click.IntRange(min=1), default=(2, 4), show_default=True)
def main(submissions: int, rounds: int, jobs: tuple[int, ...]) -> None:
    """Print seconds for each submission, and the ratio of their medians."""
    with (
        closing(connect()) as engine,
        tempfile.TemporaryDirectory(prefix="shipshape-bench-") as work,
        open_ledger(engine) as lease,  # which removes the networks, also after a kill
    ):
        kept = itertools.cycle([make_network(engine, lease.label) for _ in range(2 * max(jobs))])
        ways = {"own": make_network, "kept": lambda engine, label: next(kept)}
        print(f"gradings of {submissions} right answers, {rounds} rounds in turn; seconds for each submission")
        for each in jobs:
            taken: dict[str, list[float]] = {name: [] for name in ways}
            for number in range(rounds):
                for name, way in sorted(ways.items(), reverse=bool(number % 2)):  # neither is always the first
                    with patch("grader.engine.ledger.make_network", way):
                        taken[name].append(grade_all(make(Path(work), submissions), each) / submissions)
            own, pooled = (statistics.median(taken[name]) for name in ways)
            print(f"  {each} at a time   own {own:.3f} s, kept {pooled:.3f} s   ratio {own / pooled:.2f}", flush=True)


def grade_all(folders: list[Path], jobs: int) -> float:
    """Seconds for all of them, until what they made is gone."""
    started = time.perf_counter()
    with closing(connect()) as engine, ThreadPoolExecutor(jobs) as pool:
        points = list(pool.map(lambda folder: _points(folder, engine), folders))
    assert None not in points
    assert len(set(points)) == 1
    return time.perf_counter() - started


def _points(folder: Path, engine: Engine) -> float | None:
    return grade(EXERCISE, folder, engine, progress=lambda line: None).points


if __name__ == "__main__":
    main()
