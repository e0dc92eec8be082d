"""Turns what was handed in into a target that can be started: an image, or a Compose project of our own making."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader import images
from grader.building import Builder
from grader.engine import Engine
from grader.engine.deployment import Deployment
from grader.engine.image import facts_of
from grader.engine.ledger import Lease
from grader.engine.recipe import Recipe
from grader.engine.single import Single
from grader.exercise import COMPOSE_FILE, Exercise
from grader.facts import Variation
from grader.report import Outcome, Result
from grader.stages import build_images, not_a_project, not_all_handed_in
from grader.submission import Submission
from grader.target import HOST_PORT, Target

if TYPE_CHECKING:
    from grader.compose import Project, Service


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """The build stage's result, and what is to be started: nothing where it failed."""

    result: Result
    target: Target | None = None


@dataclass(frozen=True, kw_only=True)
class Preparation:
    """All that one grading has before anything is built."""

    engine: Engine
    exercise: Exercise
    submission: Submission
    name: str  # of the exercise, and of the image in the commands that a report shows
    lease: Lease
    seed: int
    progress: Callable[[str], None]

    @property
    def titles(self) -> tuple[str, str]:
        """Of the build and of the start."""
        if self.exercise.run.service:
            return "The Compose file is read, and its images build", "The services start, and the app answers"
        return "The image builds", "The container starts and answers"

    def prepare(self) -> Prepared:
        """Build what was handed in, if all of it was.

        :raises EngineFault: the engine is at fault
        """
        if self.submission.missing:
            return Prepared(result=not_all_handed_in(self.exercise, self.submission, self.titles[0]))
        return self._project() if self.exercise.run.service else self._image()

    def _image(self) -> Prepared:
        builder = self._builder()
        asked = f"docker build -t {self.name} ."
        built = build_images({"": builder}, asked=asked, title=self.titles[0], progress=self.progress)
        if not built.images:
            return Prepared(result=built.result)
        run, image = self.exercise.run, built.images[""]

        def deploy(variation: Variation) -> Deployment:
            return Single(
                engine=self.engine,
                lease=self.lease,
                image=variation.images.get("", image),
                port=variation.port or run.port,
                memory=run.memory,
                environment=variation.variables(run.environment),
                volumes=run.volumes,
                read_only=run.read_only,
                tmpfs=run.tmpfs,
            )

        return Prepared(result=built.result, target=self._target(deploy, builder, image, self._docker_run()))

    def _project(self) -> Prepared:
        from grader.compose import ComposeFault, read

        run, asked = self.exercise.run, "docker compose build"
        try:
            project = read(self.submission.folder, COMPOSE_FILE, self.exercise.bases)
            service = _service(project, run.service)
        except ComposeFault as fault:
            return Prepared(result=not_a_project(fault, self.submission, asked=asked, title=self.titles[0]))
        builders = {
            each.name: self._builder(each.build.context, _recipe(each))
            for each in project.active.values()
            if each.build is not None
        }
        built = build_images(builders, asked=asked, title=self.titles[0], progress=self.progress)
        if built.result.outcome is not Outcome.PASS:
            return Prepared(result=built.result)
        references = {each.name: built.images.get(each.name) or each.image for each in project.active.values()}
        memory = _memory(self.exercise, project)

        def deploy(variation: Variation) -> Deployment:
            from grader.engine.project import ProjectDeployment

            return ProjectDeployment(
                engine=self.engine,
                lease=self.lease,
                project=project,
                folder=self.submission.folder,
                images=references,
                memory=memory,
                main=run.service,
                port=variation.port or run.port,
                variation=variation,
            )

        builder = builders.get(service.name) or self._builder()
        target = self._target(deploy, builder, references[service.name], "docker compose up -d", project)
        return Prepared(result=built.result, target=target)

    def _builder(self, context: str = "", recipe: Recipe | None = None) -> Builder:
        return Builder(
            engine=self.engine,
            exercise=self.exercise,
            submission=self.submission,
            lease=self.lease,
            context=context,
            recipe=recipe or Recipe(),
        )

    def _target(
        self,
        deploy: Callable[[Variation], Deployment],
        builder: Builder,
        image: str,
        command: str,
        project: "Project | None" = None,
    ) -> Target:
        bases, folder = self.exercise.bases, self.submission.folder
        return Target(
            engine=self.engine,
            name=self.exercise.run.service or self.name,
            command=command,
            deploy=deploy,
            rebuilder=builder.rebuild,
            image=facts_of(self.engine, image, bases),
            image_id=image,
            run=self.exercise.run,
            lease=self.lease,
            seed=self.seed,
            files={name: (folder / name).read_bytes() for name in self.submission.files},
            bases=bases,
            project=project,
        )

    def _docker_run(self) -> str:
        """How a student starts the same container."""
        run = self.exercise.run
        options = [f"-p 127.0.0.1:{HOST_PORT}:{run.port}"]
        options += [f"-e {name}={value}" for name, value in run.environment.items()]
        options += [f"-v {self.name}:{path}" for path in run.volumes]
        options += ["--read-only"] if run.read_only else []
        options += [f"--tmpfs {path}" for path in run.tmpfs]
        return f"docker run -d --name {self.name} {' '.join(options)} {self.name}"


def _service(project: "Project", name: str) -> "Service":
    """The service that requests go to.

    :raises ComposeFault: the file has none of that name
    """
    from grader.compose import ComposeFault
    from grader.spec import nearest

    if (found := project.active.get(name)) is not None:
        return found
    raise ComposeFault(
        kind="no-service",
        file=COMPOSE_FILE,
        line=0,
        what=f"no service {name!r}",
        reason=f"the exercise asks for one; the file has {', '.join(project.active)}",
        nearest=nearest(name, project.active),
    )


def _recipe(service: "Service") -> Recipe:
    assert service.build is not None  # noqa: S101 -- asked of those that are built
    return Recipe(dockerfile=service.build.dockerfile, args=service.build.args, target=service.build.target)


def _memory(exercise: Exercise, project: "Project") -> Mapping[str, int]:
    """Megabytes for each service: a database needs more than an app."""
    known = images.catalogue()
    needs = {name: known[each.image].memory if each.image in known else 0 for name, each in project.active.items()}
    return {name: max(exercise.run.memory, need) for name, need in needs.items()}
