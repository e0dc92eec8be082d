"""Is this machine ready to build and grade containers; where it is not, what mends it, and mending it."""

import os
import shutil
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from grader import findings, images
from grader.engine.survey import Survey, survey
from grader.engine.survey import images as images_there
from grader.errors import EngineFault
from grader.findings import Row, State
from grader.images import Base
from grader.machine import Machine, this_machine

if TYPE_CHECKING:
    from rich.console import Console

MARKS = {State.OK: ("ok", "green"), State.WARN: ("note", "yellow"), State.MISSING: ("missing", "red")}


def examine(*, quick: bool = False) -> tuple[Row, ...]:
    """Look at everything; the quick look leaves out what is slow and keeps nobody from grading."""
    machine, seen = this_machine(), survey()
    rows = [findings.engine(seen, machine), *findings.tools(seen, machine)]
    if seen.version:
        known = images.catalogue()
        there = images_there(seen.client, known)
        rows += [findings.image(base, there) for base in known.values()]
        rows += findings.disk(seen)
        if machine.root or not quick:
            rows += findings.firewall(seen, machine)
        if not quick:
            rows += findings.build_limits(there)
            rows.append(findings.registry(seen, complete=not _wanted(known.values(), there)))
            rows.append(findings.runtime(seen, machine))
    return tuple(rows)


def ready(rows: tuple[Row, ...]) -> bool:
    """Whether grading can begin."""
    return all(row.state is not State.MISSING for row in rows)


def mendable(rows: tuple[Row, ...]) -> bool:
    """Whether there is anything for `fix` to do."""
    return not ready(rows) or any(row.ours for row in rows)


def fix(progress: Callable[[str], None], *, quick: bool = False) -> tuple[Row, ...]:
    """Mend what is missing, and look again; the quick one leaves the engine's own settings as they are.

    :raises EngineFault: it is not ours to mend; the message has the command that does it
    """
    machine = this_machine()
    started = _supply_engine(machine, progress)
    _supply_images(progress)
    seen, failed = survey(), {}
    if any(row.ours for row in findings.firewall(seen, machine)):
        from grader.engine import firewall

        failed[findings.FIREWALL] = firewall.close()
    if (started or not quick) and findings.runtime(seen, machine).ours:
        from grader import gvisor

        progress("Registering gVisor's runtime with the engine")
        try:
            gvisor.register()
        except EngineFault as fault:  # it is optional
            failed[findings.GVISOR] = str(fault)
    rows = examine(quick=quick)
    return tuple(replace(row, detail=failed.get(row.what) or row.detail) for row in rows)


def render(rows: tuple[Row, ...], console: "Console") -> None:
    """Print the rows, and under each that is not well the command that mends it."""
    from rich.text import Text

    width = max(len(row.what) for row in rows)
    for row in rows:
        mark, color = MARKS[row.state]
        console.print(Text.assemble((f"{mark:>8}", color), f"  {row.what:<{width}}  {row.detail}"), soft_wrap=True)
        if row.mend:
            console.print(Text(f"{'':10}{'':{width}}  mend it: {row.mend}"), soft_wrap=True)


def _supply_engine(machine: Machine, progress: Callable[[str], None]) -> bool:
    """Install and start the engine where that is needed and ours to do; whether it was started."""
    from grader import daemon, install

    seen = survey()
    engine, tools = findings.engine(seen, machine), findings.tools(seen, machine)
    if not seen.version and (seen.forbidden or os.environ.get("DOCKER_HOST")):
        raise EngineFault(f"{engine.detail}: run `{engine.mend}`, then again")
    if ready((engine, *tools)):
        return False
    present = shutil.which("dockerd") and ready(tuple(tools)) and not seen.version
    if not present:
        install.install(machine, progress)
    if survey().version:
        return False
    if not machine.ours:
        raise EngineFault(f"{engine.detail}: run `{engine.mend}`, then again")
    daemon.start(machine, progress)
    return True


def _supply_images(progress: Callable[[str], None]) -> None:
    known = images.catalogue()
    seen: Survey = survey()
    wanted = _wanted(known.values(), images_there(seen.client, known))
    if not wanted:
        return
    from grader.engine import connect

    engine = connect()
    try:
        images.ensure(wanted, engine, progress)
    finally:
        engine.close()


def _wanted(bases: Iterable[Base], there: dict[str, bool]) -> list[str]:
    """The images that are not there and should be before anybody grades."""
    return [base.reference for base in bases if base.reference not in there and not base.when_needed]
