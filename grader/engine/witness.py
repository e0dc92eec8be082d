"""Watches the engine while a submission is graded: whether it went away, and who ended a container."""

import contextlib
import json
import threading
from collections.abc import Iterator
from typing import Any

from grader.engine.connection import Engine

ACTIONS = ("kill", "die")
LATE = 1.0  # seconds in which the word of a container's end follows the end itself
PATIENCE = 10.0  # seconds for an engine that is merely busy to say a word
LIMIT = 10_000  # events that are kept; a run of ours makes a few dozen


class Witness:
    """What the engine's event stream told so far of one run's containers.

    An engine that stops answers no question any more from before it ends its containers until it is back, and its
    stream ends with it. So whoever sees that a container has ended because of that can see here that the engine broke.
    """

    def __init__(self, engine: Engine, label: str) -> None:
        self._engine = engine
        self._label = label
        self._told = threading.Condition()
        self._stream: Any = None
        self._open = self._over = False
        self._events: list[tuple[str, str]] = []  # action, container

    def broken(self) -> bool:
        """Whether the engine went away or was restarted since the beginning, or does not answer now."""
        with self._told:
            self._told.wait_for(lambda: self._open or self._over, timeout=LATE)
            if self._over or not self._open:
                return True
        if not self._engine.answers(PATIENCE):
            return True
        with self._told:
            return self._over

    def signals(self, container: str) -> int:
        """How many signals the container was sent through the engine, ours among them.

        Of a container that has ended, all of them: the engine tells of its end last.
        """
        with self._told:
            self._told.wait_for(lambda: self._over or ("die", container) in self._events, timeout=LATE)
            return self._events.count(("kill", container))

    def watch(self) -> None:
        """Follow the stream to its end, for a thread of its own."""
        from docker.errors import DockerException
        from docker.types.daemon import CancellableStream
        from requests.exceptions import RequestException

        api, filters = self._engine.client.api, {"label": [self._label], "type": ["container"], "event": list(ACTIONS)}
        try:
            # docker-py's own events() leaves its socket open when the stream ends.
            with api.get(
                f"{api.base_url}/v{api.api_version}/events",
                params={"filters": json.dumps(filters)},
                stream=True,
                timeout=None,
            ) as answer:
                answer.raise_for_status()
                with self._told:
                    self._stream, self._open = CancellableStream(iter(()), answer), True
                    self._told.notify_all()
                for line in answer.iter_lines():
                    self._take(json.loads(line or "{}"))
        # A stream that is cut in the middle of a word, or closed while it is read, has ended like any other.
        except (DockerException, RequestException, OSError, ValueError, AttributeError):
            pass
        finally:
            with self._told:
                self._over = True
                self._told.notify_all()

    def close(self) -> bool:
        """End the stream from this side; whether that could be done, which it cannot over ssh."""
        from docker.errors import DockerException

        with self._told:
            self._told.wait_for(lambda: self._open or self._over, timeout=LATE)
        if self._stream is not None and not self._over:
            try:
                self._stream.close()
            except (DockerException, OSError, AttributeError):
                return self._over
        return True

    def _take(self, event: dict[str, Any]) -> None:
        with self._told:
            if len(self._events) < LIMIT:
                self._events.append((str(event.get("Action")), str(event.get("id"))))
            self._told.notify_all()


@contextlib.contextmanager
def witness(engine: Engine, label: str) -> Iterator[Witness]:
    """Watch the containers that carry `label`, in a thread of its own, until the end of the `with`."""
    seen = Witness(engine, label)
    thread = threading.Thread(target=seen.watch, name="witness", daemon=True)
    thread.start()
    try:
        yield seen
    finally:
        if seen.close():
            thread.join(timeout=LATE)
