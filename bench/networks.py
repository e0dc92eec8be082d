"""Whether lending networks saves time: gradings that lend theirs to the next, against such as remove them."""

import dataclasses
import itertools
import statistics
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import click

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.batch import make  # noqa: E402 -- the path comes first
from grader.engine import Engine, connect  # noqa: E402
from grader.engine.lending import Networks  # noqa: E402
from grader.grade import grade  # noqa: E402

EXERCISE = ROOT / "exercises" / "01-hello"


class Own(Networks):
    """Lends nothing twice: what a run gives back is removed."""

    def __init__(self, engine: Engine) -> None:
        super().__init__()
        self._engine = engine

    def give_back(self, network: str) -> None:
        self._engine.client.api.remove_network(network)


@click.command()
@click.option("--submissions", type=click.IntRange(min=2), default=12, show_default=True, help="In each round.")
@click.option("--rounds", type=click.IntRange(min=1), default=4, show_default=True)
@click.option("--jobs", multiple=True, type=click.IntRange(min=1), default=(2, 4), show_default=True)
def main(submissions: int, rounds: int, jobs: tuple[int, ...]) -> None:
    """Print seconds for each submission, and the ratio of their medians."""
    print(f"gradings of {submissions} right answers, {rounds} rounds in turn; seconds for each submission")
    with tempfile.TemporaryDirectory(prefix="shipshape-bench-") as work:
        for each in jobs:
            taken: dict[bool, list[float]] = {False: [], True: []}
            for _, own in itertools.product(range(rounds), taken):
                taken[own].append(grade_all(make(Path(work), submissions), each, own=own) / submissions)
            lent, made = (statistics.median(seconds) for seconds in taken.values())
            print(f"  {each} at a time   own {made:.3f} s, lent {lent:.3f} s   ratio {made / lent:.2f}", flush=True)


def grade_all(folders: list[Path], jobs: int, *, own: bool) -> float:
    """Seconds for all of them, until what they made is gone."""
    started = time.perf_counter()
    engine = connect()
    if own:
        engine = dataclasses.replace(engine, networks=Own(engine))
    with closing(engine), ThreadPoolExecutor(jobs) as pool:
        points = list(pool.map(lambda folder: _points(folder, engine), folders))
    assert None not in points
    assert len(set(points)) == 1
    return time.perf_counter() - started


def _points(folder: Path, engine: Engine) -> float | None:
    return grade(EXERCISE, folder, engine, progress=lambda line: None).points


if __name__ == "__main__":
    main()
