"""Lends networks to runs: to make one and to remove it takes longer than to start a container in it."""

import contextlib
import threading
from typing import TYPE_CHECKING

from grader.engine.entry import Entry, begin
from grader.engine.network import is_empty, make_network
from grader.engine.removal import remove_all
from grader.errors import EngineFault

if TYPE_CHECKING:
    from grader.engine.connection import Engine


class Networks:
    """The networks of one connection, each out to one run at a time; they carry a label of their own."""

    def __init__(self) -> None:
        self._idle: list[str] = []
        self._lock = threading.Lock()
        self._entry: Entry | None = None
        self._broken_off = False

    def take(self, engine: "Engine") -> str:
        """The id of a network that nobody is in: one that was given back, else a new one.

        :raises EngineFault: the engine could not say, or not make one
        """
        with contextlib.suppress(IndexError):
            while True:
                # Somebody may have pruned it since, or have put a container of his own there.
                if is_empty(engine, network := self._idle.pop()):
                    return network
        try:
            return make_network(engine, self._label())
        except BaseException:
            self._broken_off = True  # the engine may have made it all the same
            raise

    def give_back(self, network: str) -> None:
        """Let another run have it: nothing is left there of the one that had it."""
        self._idle.append(network)

    def close(self, engine: "Engine") -> None:
        """Remove them all, also those that were not given back: no run is under way any more."""
        mine, self._entry, self._idle = self._entry, None, []
        if not mine:
            return
        try:
            remove_all(engine, {mine.label})
        except EngineFault:
            mine.close(gone=False)
        else:
            mine.close(gone=True, late=self._broken_off)

    def _label(self) -> str:
        with self._lock:
            self._entry = self._entry or begin()
            return self._entry.label


class Loan:
    """The networks of one run: the first is fetched in the background, the others when they are asked for."""

    def __init__(self, engine: "Engine") -> None:
        self._engine = engine
        self._ready = [engine.later(engine.networks.take, engine)]
        self._out: set[str] = set()

    def take(self) -> str:
        """The id of a network that nobody is in, of this run or another.

        :raises EngineFault: none could be made
        """
        try:
            network = self._ready.pop().result()
        except IndexError:
            network = self._engine.networks.take(self._engine)
        self._out.add(network)
        return network

    def give_back(self, network: str) -> None:
        """Let others have it: the containers that were in it are removed."""
        self._out.discard(network)
        self._engine.networks.give_back(network)

    def end(self) -> None:
        """Give back all that is still out: nothing of this run is left."""
        for each in tuple(self._out):
            self.give_back(each)
        with contextlib.suppress(IndexError, EngineFault):
            self._engine.networks.give_back(self._ready.pop().result())
