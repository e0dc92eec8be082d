"""Asks whether a build on this machine reaches a package index, where a student's build says that it did not."""

import re
import secrets

from grader.engine.build import build
from grader.engine.connection import Engine
from grader.engine.ledger import Lease

# What pip prints of a network that is not there. A student may print it as well: it makes us look, and decides nothing.
OFFLINE = re.compile(r"NewConnectionError|NameResolutionError|name resolution|Retrying \(Retry\(|ConnectTimeoutError")
TIMEOUT = 60.0
# pip itself is in every index; the number keeps the step from being cached.
CONTROL = "FROM {base}\nRUN : {nonce} && pip --retries 1 --timeout 15 download --no-deps --no-cache-dir -d /tmp pip\n"


def index_answers(engine: Engine, lease: Lease, base: str) -> bool:
    """Whether a build of our own can download a package.

    :raises EngineFault: the engine is at fault
    """
    context = lease.folder / "control"
    context.mkdir(exist_ok=True)
    (context / "Dockerfile").write_text(CONTROL.format(base=base, nonce=secrets.token_hex(8)), encoding="utf-8")
    control = build(
        engine,
        context,
        label=lease.label,
        folder=lease.folder,
        cache="control",
        bases=[base],
        timeout=TIMEOUT,
        progress=lambda step: None,
    )
    return bool(control.image)
