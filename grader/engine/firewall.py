"""Keeps submissions' containers off the machine they run on: what listens there on all addresses is not for them."""

import shutil

from grader.engine.network import BRIDGE
from grader.install import Done, Run, run

PROGRAM = "iptables"
COMMENT = "shipshape: submissions keep off this machine"
# Only what a container begins is refused, its answers to us are not; and only on the networks that we make: builds are
# on the engine's own, where pip finds its index.
RULE = (
    *("INPUT", "-i", f"{BRIDGE}+", "-m", "conntrack", "--ctstate", "NEW"),
    *("-m", "comment", "--comment", COMMENT, "-j", "REJECT"),
)


def available() -> bool:
    """Whether this machine has what the rule is made with."""
    return shutil.which(PROGRAM) is not None


def closed(run: Run = run) -> bool:
    """Whether the rule is in place; false as well where we may not know."""
    return _iptables(run, "-C").code == 0


def close(run: Run = run) -> str:
    """Put the rule in place, where it is not; returns why that cannot be done, or nothing."""
    if closed(run):
        return ""
    # Before all others: one of them may let the packets in.
    done = _iptables(run, "-I")
    return (done.output.strip().splitlines() or [f"code {done.code}"])[-1] if done.code else ""


def _iptables(run: Run, action: str) -> Done:
    # Waiting for whoever else changes the tables at this moment.
    return run(PROGRAM, "-w", "5", action, *RULE)
