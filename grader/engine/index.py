"""Asks whether a build on this machine reaches where packages come from, where a build says that it did not."""

import re
import secrets
from dataclasses import dataclass

from grader.engine.build import Build, build, is_own
from grader.engine.connection import Engine
from grader.engine.ledger import Lease
from grader.errors import EngineFault


@dataclass(frozen=True, kw_only=True)
class Index:
    """One place where packages come from."""

    name: str
    words: re.Pattern[str]  # what its clients print where the network, or the server, is not there
    look: str  # a command that reaches it


PIP = Index(
    name="the package index",
    words=re.compile(
        r"NewConnectionError|NameResolutionError|name resolution|Retrying \(Retry\(|ConnectTimeoutError"
        r"|ReadTimeoutError|IncompleteRead|incomplete-download|Max retries exceeded"
        r"|HTTP error 5\d\d|5\d\d Server Error"
        r"|error sending request for url|HTTP status server error"  # uv's
    ),
    # pip itself is in every index.
    look="pip --retries 1 --timeout 15 download --no-deps --no-cache-dir -d /tmp pip",
)
APT = Index(
    name="Debian's mirror",
    # A file that the server does not have is another matter: so says a Dockerfile that asks for the wrong one.
    words=re.compile(r"Failed to fetch \S++ ++(?!404\b)"),
    look="apt-get -o Acquire::Retries=1 -o Acquire::http::Timeout=15 update --error-on=any",
)
TIMEOUT = 60.0
CONTROL = "FROM {base}\nRUN : {nonce} && {look}\n"  # the number keeps the step from being cached


def unreached(built: Build) -> Index | None:
    """The one that a build says it did not reach.

    A student may print such words as well: they make us look, and decide nothing.
    """
    said = [step.text for step in built.steps if is_own(step)]
    return next((index for index in (PIP, APT) if any(map(index.words.search, said))), None)


def ask(index: Index, engine: Engine, lease: Lease, base: str) -> None:
    """See that a build of our own reaches it.

    :raises EngineFault: it does not, or the engine is at fault
    """
    context = lease.folder / "control"
    context.mkdir(exist_ok=True)
    control = CONTROL.format(base=base, nonce=secrets.token_hex(8), look=index.look)
    (context / "Dockerfile").write_text(control, encoding="utf-8")
    built = build(
        engine,
        context,
        label=lease.label,
        folder=lease.folder,
        cache="control",
        bases=[base],
        timeout=TIMEOUT,
        progress=lambda step: None,
    )
    if not built.image:
        raise EngineFault(f"a build cannot reach {index.name}: see that this machine is online, and grade again")
