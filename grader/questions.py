"""What may be asked of the containers of a submission that is up; a service is named as in the Compose file."""

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from grader.deadline import Deadline
from grader.engine import Engine
from grader.engine.container import Container
from grader.engine.deployment import Deployment
from grader.engine.ledger import Lease
from grader.engine.turns import Held
from grader.errors import PassingFault
from grader.facts import Contents, Executed, Printed, Process

POLL = 0.02  # seconds between two looks at a container
LOG_LINES = 12  # lines of the container's log in a report
HEALTH_WAIT = 30.0  # seconds for a health check that has not come to a verdict yet


@dataclass(kw_only=True)
class Questions:
    """Asks the container of a service, by default of the one that requests go to."""

    engine: Engine
    lease: Lease
    bases: tuple[str, ...]  # the exercise's base images; the first one is used to look at sockets with
    image_id: str  # of the service that is asked
    deployment: Deployment = field(init=False)

    def contents(
        self, paths: Sequence[str], *, patterns: Sequence[re.Pattern[bytes]] = (), image: str = ""
    ) -> Contents:
        """What an image holds, by default that of the service that is asked; see grader.engine.files."""
        from grader.engine.files import contents

        return contents(self.engine, image or self.image_id, paths, label=self.lease.label, patterns=patterns)

    def container(self, service: str = "") -> Container:
        """The container of a service, by default of the one that is asked."""
        found = self.deployment.containers.get(service or self.deployment.main)
        if found is None:
            raise PassingFault("the container is gone: it was removed while it was being graded")
        return found

    def printed(self, service: str = "") -> Printed:
        return self.container(service).printed()

    def log(self, service: str = "") -> str:
        """The last lines that a service printed, by default the one that is asked."""
        container = self.deployment.containers.get(service or self.deployment.main)
        return "\n".join(container.logs().splitlines()[-LOG_LINES:]) if container else ""

    def processes(self, service: str = "") -> tuple[Process, ...]:
        return self.container(service).processes()

    def execute(self, command: Sequence[str], *, timeout: float, service: str = "") -> Executed:
        return self.container(service).execute(command, self.deadline(timeout))

    def health(self, service: str) -> str:
        """What its health check says: "starting", "healthy", "unhealthy", or nothing where it has none."""
        deadline = self.deadline(HEALTH_WAIT)
        while (health := self.container(service).state().health) == "starting" and not deadline.is_past:
            time.sleep(POLL)
        return health

    def deadline(self, seconds: float) -> Deadline:
        """So many seconds from now, as long as the containers are not kept from running."""
        return Deadline(seconds, Held(self.deployment))

    def query(self, service: str, sql: str, *, timeout: float) -> Executed:
        """Put one statement to the database of a service; see grader.engine.query."""
        from grader.engine.query import query

        return query(self.engine, self.container(service), sql, bases=self.bases, lease=self.lease, timeout=timeout)

    def dump(self, service: str, *, timeout: float) -> Executed:
        """All that the database of a service keeps, as text; see grader.engine.query."""
        from grader.engine.query import query

        return query(self.engine, self.container(service), "", bases=self.bases, lease=self.lease, timeout=timeout)
