"""Networks on loan: each run has its own, the next run gets it when nothing is left in it, and none stays."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.engine import Engine, connect
from grader.engine.ledger import open_ledger
from grader.errors import UsageError

pytestmark = pytest.mark.docker

BASE = "python:3.13-slim"


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """A connection that nothing was lent from yet."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    with contextlib.closing(connect()) as engine:
        yield engine


def runs(tmp_path: Path) -> list[str]:
    return sorted(each.suffix for each in (tmp_path / "shipshape" / "runs").iterdir())


def there(engine: Engine, network: str) -> bool:
    return bool(engine.client.api.networks(ids=[network]))


def lent(engine: Engine, error: BaseException | None = None) -> str:
    """The network of a run that is over."""
    with contextlib.suppress(UsageError, KeyboardInterrupt), open_ledger(engine) as lease:
        network = lease.networks.take()
        if error:
            raise error
    finished(engine)
    return network


def finished(engine: Engine) -> None:
    for each in tuple(engine._under_way):
        each.result()


def test_the_next_run_gets_what_the_last_gave_back_and_nothing_stays(
    own: Engine, engine: Engine, tmp_path: Path
) -> None:
    first = lent(own)
    assert there(engine, first)
    assert lent(own) == first
    own.close()
    assert not there(engine, first)
    assert runs(tmp_path) == []


def test_two_runs_at_a_time_have_two(own: Engine) -> None:
    with open_ledger(own) as one, open_ledger(own) as other:
        assert one.networks.take() != other.networks.take()


def test_a_run_has_as_many_as_it_asks_for(own: Engine) -> None:
    with open_ledger(own) as lease:
        first, second = lease.networks.take(), lease.networks.take()
        assert first != second
        lease.networks.give_back(first)
        assert lease.networks.take() == first


def test_who_made_a_mistake_gives_back_as_well(own: Engine) -> None:
    assert lent(own, UsageError("no such exercise")) == lent(own)


def test_the_network_of_a_run_that_was_broken_off_is_nobodys(own: Engine, engine: Engine) -> None:
    first = lent(own, KeyboardInterrupt())
    assert there(engine, first)
    assert lent(own) != first
    own.close()
    assert not there(engine, first)


def test_a_network_that_was_pruned_is_not_lent(own: Engine, engine: Engine) -> None:
    first = lent(own)
    engine.client.api.remove_network(first)
    second = lent(own)
    assert second != first
    assert there(engine, second)


def test_a_network_that_somebody_is_in_is_not_lent(own: Engine, engine: Engine) -> None:
    first = lent(own)
    container = engine.client.containers.run(BASE, ["sleep", "60"], network=first, detach=True)
    try:
        assert lent(own) != first
    finally:
        container.remove(force=True)


def test_who_hangs_up_can_be_lent_to_again(own: Engine, engine: Engine) -> None:
    first = lent(own)
    own.networks.close(own)
    assert not there(engine, first)
    assert there(engine, lent(own))
