"""The world that one page is run in: a copy of the checkout, a shell, a port, and what to clear away."""

import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from . import belongings, checkout, engine, transcript
from .console import Block, Command, Saved
from .shell import Shell, ShellLost


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a command printed, as a terminal would show it with the page's port, and how it ended."""

    lines: tuple[str, ...]
    code: int


class Room:
    """Made for a page's first step, closed after its last, whatever happened between."""

    def __init__(self, root: Path) -> None:
        self._temporary = tempfile.TemporaryDirectory(prefix="shipshape-page-", ignore_cleanup_errors=True)
        folder = Path(self._temporary.name).resolve()
        self._shell = Shell(checkout.copy(root, folder), checkout.environment(folder / "home"))
        self._things: frozenset[belongings.Thing] = frozenset()
        self._image_ids: set[str] = set()
        self._projects: set[str] = set()
        self._port = checkout.PORT

    def prepare(self, commands: list[Command]) -> str:
        """Look at the whole page before its first command: what it makes must not be there yet."""
        made = frozenset(thing for command in commands for thing in belongings.made(command.text))
        for command in commands:
            if complaint := belongings.lost(command.text, made):
                return f"line {command.line}: {complaint}"
        for thing in sorted(made):
            if engine.is_there(thing):
                return (
                    f"the engine already has a {thing}, and this page makes one of that name; "
                    f"look whose it is, then `docker {thing.kind} rm {thing.name}`"
                )
        self._things = made
        if any(checkout.publishes(command.text) for command in commands):
            self._port = checkout.free_port()
        return ""

    def save(self, step: Saved) -> str:
        target = self._shell.folder / step.caption
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.suffix in {".yaml", ".yml"}:
            text = step.source.read_text(encoding="utf-8")
            target.write_text(checkout.composed(text, self._port), encoding="utf-8")
        else:
            target.write_bytes(step.source.read_bytes())
        target.chmod(step.source.stat().st_mode & 0o777)
        return ""

    def run(self, block: Block) -> str:
        deadline = time.monotonic() + block.timeout
        for command in block.commands:
            wanted = block.exit if command is block.commands[-1] else 0
            if complaint := self._run(command, wanted, deadline, block.timeout):
                return complaint
        return ""

    def close(self) -> None:
        try:
            self._shell.close()
            left = engine.remove(self._things, self._image_ids, self._projects)
        finally:
            self._temporary.cleanup()
        if left:
            raise RuntimeError("could not clear away what the page made: " + ", ".join(left))

    def ask(self, command: Command, deadline: float) -> Answer:
        """Run one command, and see to it that what it makes is found at the end.

        :raises ShellLost: it ran out of time, or ended the shell
        """
        ran = self._shell.run(checkout.with_port(command.text, self._port), deadline)
        self._projects |= self._compose_projects(command.text)  # the command may have changed the folder
        self._remember_images(command.text)
        return Answer(lines=transcript.as_shown(checkout.without_port(ran.output, self._port)), code=ran.code)

    def claim(self, command: Command) -> str:
        """Note the Compose projects a command is about; one that was there before is left alone."""
        for name in self._compose_projects(command.text) - self._projects:
            if found := engine.of_project(name):
                return f"the engine already has things of a Compose project {name}: {', '.join(found)}"
            self._projects.add(name)
        return ""

    def _run(self, command: Command, wanted: int, deadline: float, timeout: float) -> str:
        if complaint := self.claim(command):
            return complaint
        place = f"line {command.line}: $ {command.text}"
        try:
            answer = self.ask(command, deadline)
        except ShellLost as loss:
            printed = checkout.without_port(loss.output, self._port) or "(nothing)"
            return f"{place}\n{loss} ({timeout:g} seconds for the block); it had printed:\n{printed}"
        complaints = []
        if answer.code != wanted:
            complaints.append(f"ended with exit code {answer.code}, the page says {wanted}")
        if not transcript.agrees(command.expected, answer.lines):
            complaints.append("printed something else than the page shows:")
            complaints.append(transcript.difference(command.expected, answer.lines))
        elif complaints:
            complaints += ["it printed:", *answer.lines]
        return "\n".join([place, *complaints]) if complaints else ""

    def _compose_projects(self, text: str) -> set[str]:
        folder = self._shell.folder
        return {belongings.project(call, folder) for call in belongings.calls(text) if call.verb == "compose"}

    def _remember_images(self, text: str) -> None:
        """A second build takes the name from the first image; from then on only its id leads to it."""
        ids = (engine.image_id(thing) for thing in belongings.made(text) if thing.kind == "image")
        self._image_ids.update(image for image in ids if image)
