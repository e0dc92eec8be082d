"""A submission brought up on the engine, as one container or as a Compose project: what the rest may ask of either."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from grader.deadline import Deadline
from grader.engine.container import Container


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """Why it could not be brought up, where that lies in the submission."""

    words: str  # the engine's or Compose's own
    service: str = ""  # the one at fault; empty for a single container


class Deployment(Protocol):
    """One or more containers of a submission, and the data that outlives them."""

    main: str  # the service that requests go to; empty for a single container

    @property
    def containers(self) -> Mapping[str, Container]:
        """Those that were made, by service; asked while it is brought up, those that were made by then."""

    def up(self, deadline: Deadline) -> Refusal | None:
        """Make and start the containers, waiting until `deadline` at most where one waits for another.

        :raises TooBusy: those that were waited for were kept from running
        :raises EngineFault: the engine is at fault
        """

    def down(self, *, data: bool) -> None:
        """Remove the containers, with their volumes if `data` is to go as well."""
