"""Pages in pytest: each console block an item of its own, all blocks of a page in one shell."""

import os
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sybil import Document, Example, Region, Sybil
from sybil.integration.pytest import SybilItem

from . import engine
from .console import Block, Fault, Saved, Step, parse
from .room import Room

NEEDS_ENGINE = re.compile(
    r"\bdocker\b|\bmake (grade|doctor|test|verify|images)\b|-m grader (grade|batch|doctor|images)\b"
)
PAGES = pytest.StashKey[dict[Path, "Page"]]()


class Page:
    """The steps of one page, and the shell that runs them; it starts with the first step."""

    def __init__(self, path: Path, steps: tuple[Step, ...], root: Path) -> None:
        self.path = path
        self.steps = steps
        self.root = root
        self.ran = 0
        self._at = 0
        self._failed_line = 0
        self._told = False
        self._room: Room | None = None
        blocks = [step for step in steps if isinstance(step, Block)]
        self.commands = [command for block in blocks if not block.not_run for command in block.commands]
        self.not_run = sum(bool(block.not_run) for block in blocks)
        self.to_run = len(blocks) - self.not_run
        self.slow = any(block.slow_page for block in blocks)
        self.needs_engine = any(NEEDS_ENGINE.search(command.text) for command in self.commands)

    @property
    def begun(self) -> bool:
        return bool(self.ran or self._failed_line)

    def perform(self, index: int) -> str:
        """Run the steps up to this one; return the complaint, empty when all is as the page says."""
        if self._failed_line:
            return self._not_reached()
        if self._room is None:
            if self.needs_engine:
                _require_engine()
            self._room = Room(self.root)
            self._failed_line = self.steps[index].line
            if complaint := self._room.prepare(self.commands):
                return complaint
            self._failed_line = 0
        while self._at <= index:
            step = self.steps[self._at]
            complaint = self._step(step, self._room)
            if complaint:
                self._failed_line = step.line
                return complaint if self._at == index else self._not_reached()
            self._at += 1
        return ""

    def close(self) -> None:
        """End the shell and remove what the page made."""
        if self._room is not None:
            self._room.close()
            self._room = None

    def _step(self, step: Step, room: Room) -> str:
        match step:
            case Fault():
                return step.message
            case Saved():
                return room.save(step)
            case Block(not_run=""):
                self.ran += 1
                return room.run(step)
        return ""

    def _not_reached(self) -> str:
        reason = f"an earlier block failed, at line {self._failed_line}; the rest of the page was not run"
        if self._told:
            pytest.skip(reason)
        self._told = True
        return reason


def console_pages(docs: Path) -> Sybil:
    """The collector of the console blocks in the pages under a folder of a checkout."""

    def regions(document: Document) -> Iterator[Region]:
        steps = parse(document.text, Path(document.path), docs)
        page = Page(Path(document.path), steps, docs.parent)
        document.namespace["page"] = page
        starts = [0, *(match.end() for match in re.finditer("\n", document.text))]
        for index, step in enumerate(steps):
            if not isinstance(step, Block) or not step.not_run:
                start = starts[step.line - 1]
                yield Region(start, start + 1, step, partial(_perform, index))
        blocks = [step for step in steps if not isinstance(step, Saved)]
        if page.not_run and page.not_run == len(blocks):
            start = starts[blocks[0].line - 1]
            yield Region(start, start + 1, blocks[0], _nothing_runs)

    return Sybil([regions], path=str(docs), pattern="*.rst", teardown=_close)


def _perform(index: int, example: Example) -> str:
    return _page(example).perform(index)


def _nothing_runs(example: Example) -> str:
    return "every console block of this page is marked not to be run; at least one must be"


def _close(namespace: dict[str, Any]) -> None:
    namespace["page"].close()


def _page(example: Example) -> Page:
    page: Page = example.document.namespace["page"]
    return page


def _require_engine() -> None:
    answer = engine.docker("version", "--format", "{{.Server.Version}}")
    if answer.returncode == 0:
        return
    reason = f"no container engine answers: {answer.stderr.strip()}"
    # Nobody reads the skips of a build server.
    if os.environ.get("CI"):
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark the blocks of a page that needs the engine or is slow, and remember the page for the summary."""
    if isinstance(item, SybilItem):
        page = _page(item.example)
        item.config.stash.setdefault(PAGES, {})[page.path] = page
        if page.needs_engine:
            item.add_marker(pytest.mark.docker)
        if page.slow:
            item.add_marker(pytest.mark.slow)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say page by page how many console blocks were run."""
    begun = {path: page for path, page in config.stash.get(PAGES, {}).items() if page.begun}
    if begun:
        terminalreporter.section("console blocks")
    for path, page in sorted(begun.items()):
        counts = [f"{page.ran} run", f"{page.not_run} marked not to be run"]
        if page.ran < page.to_run:
            counts.append(f"{page.to_run - page.ran} not reached")
        terminalreporter.line(f"{path.relative_to(page.root)}: {', '.join(counts)}")
