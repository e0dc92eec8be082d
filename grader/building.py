"""Builds what a submission is made of, once as it was handed in and again with an edit, by the same rules."""

import posixpath
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from grader import evidence
from grader.engine import Engine, index
from grader.engine.build import Build, build, is_own
from grader.engine.ledger import Lease
from grader.engine.rawjson import Step
from grader.engine.recipe import Recipe
from grader.errors import PassingFault
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

        One that failed by what it was sent, or found in the cache, is built once more, with nothing from the cache.
        :raises EngineFault: the engine is at fault, or packages are out of reach
        """
        folder = self.submission.folder
        built = self._build(folder, self.recipe, tell)
        old_lists = "the cache held older lists of Debian's packages at first" if evidence.by_old_lists(built) else ""
        if again := self._unreached(built) or old_lists:
            built = self._build(folder, replace(self.recipe, cached=False), tell)
            built = replace(built, again=again)
        return built

    def evidence(self, built: Build) -> dict[str, str]:
        """What is known of a build that failed."""
        dockerfile = posixpath.join(self.context, self.recipe.dockerfile)
        facts = evidence.of_build(built, self.submission, self.exercise, dockerfile=dockerfile)
        return facts | ({"again": built.again} if built.again else {})

    def rebuild(self, edits: Mapping[str, bytes]) -> Rebuilt:
        """Build a copy of the submission in which `edits` stand in place of the files of those names.

        :raises EngineFault: the engine is at fault, or packages are out of reach, if only for a moment
        """
        folder = self.lease.folder / "edited"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.submission.folder, folder)
        for name, content in edits.items():
            (folder / name).write_bytes(content)
        built = self._build(folder, self.recipe, lambda step: None)
        if (again := self._unreached(built)) and self._build(folder, self.recipe, lambda step: None).image:
            # What that one found in the cache, it may owe to the first.
            raise PassingFault(f"in the second build, {again}")
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

    def _unreached(self, built: Build) -> str:
        """That a build failed for want of something that can be reached now, in words; or nothing.

        :raises EngineFault: it cannot be reached
        """
        place = None if built.image else index.unreached(built)
        if place is None:
            return ""
        index.ask(place, self.engine, self.lease, self.exercise.bases[0])
        return f"{place.name} was out of reach at first"

    def _build(self, folder: Path, recipe: Recipe, tell: Callable[[str], None]) -> Build:
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
            recipe=recipe,
        )


def counted(built: Build) -> str:
    """How many steps of its own a build took, how many of them from the cache, and why it was built twice."""
    own = [step for step in built.steps if is_own(step)]
    words = f"{len(own)} steps, {sum(step.cached for step in own)} cached"
    return f"{words}, built twice: {built.again}" if built.again else words
