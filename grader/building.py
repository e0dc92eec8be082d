"""Builds what a submission is made of, once as it was handed in and again with an edit, by the same rules."""

import posixpath
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader import evidence
from grader.engine import Engine
from grader.engine.build import Build, Recipe, build, is_own
from grader.engine.index import OFFLINE, index_answers
from grader.engine.ledger import Lease
from grader.engine.rawjson import Step
from grader.errors import EngineFault
from grader.exercise import Exercise
from grader.facts import Rebuilt, StepFacts
from grader.submission import Submission


@dataclass(frozen=True, kw_only=True)
class Builder:
    """Builds one image of a submission: the Dockerfile's, or that of a service of a project."""

    engine: Engine
    exercise: Exercise
    submission: Submission
    lease: Lease
    context: str = ""  # the folder inside the submission
    recipe: Recipe = Recipe()  # noqa: RUF009 -- frozen

    def build(self, tell: Callable[[str], None]) -> Build:
        """Build what was handed in; `tell` is called with the name of each step that begins.

        :raises EngineFault: the engine is at fault
        """
        return self._build(self.submission.folder, tell)

    def evidence(self, built: Build) -> dict[str, str]:
        """What is known of a build that failed.

        :raises EngineFault: it failed because the package index cannot be reached
        """
        dockerfile = posixpath.join(self.context, self.recipe.dockerfile)
        facts = evidence.of_build(built, self.submission, self.exercise, dockerfile=dockerfile)
        if OFFLINE.search(facts["log"]) and not index_answers(self.engine, self.lease, self.exercise.bases[0]):
            raise EngineFault(
                "a build cannot reach the package index: see that this machine is online, and grade again"
            )
        return facts

    def rebuild(self, edits: Mapping[str, bytes]) -> Rebuilt:
        """Build a copy of the submission in which `edits` stand in place of the files of those names.

        :raises EngineFault: the engine is at fault
        """
        folder = self.lease.folder / "edited"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.submission.folder, folder)
        for name, content in edits.items():
            (folder / name).write_bytes(content)
        built = self._build(folder, lambda step: None)
        return Rebuilt(
            image=built.image,
            # A step that never began was not needed: nothing was made anew.
            steps=tuple(
                StepFacts(name=step.name, cached=step.cached or not step.started)
                for step in built.steps
                if is_own(step)
            ),
            error=built.error,
            evidence={} if built.image else self.evidence(built),
        )

    def _build(self, folder: Path, tell: Callable[[str], None]) -> Build:
        def progress(step: Step) -> None:
            if step.started and not step.completed and is_own(step):
                tell(step.name)

        return build(
            self.engine,
            folder / self.context,
            label=self.lease.label,
            folder=self.lease.folder,
            cache=self.submission.digest[:16],
            bases=self.exercise.bases,
            timeout=self.exercise.run.build_timeout,
            progress=progress,
            recipe=self.recipe,
        )


def counted(steps: Sequence[Step]) -> str:
    """How many steps of its own a build took, and how many of them from the cache."""
    own = [step for step in steps if is_own(step)]
    return f"{len(own)} steps, {sum(step.cached for step in own)} cached"
