"""The `rebuild` check: after an edit, which steps still come from the cache, and does the edit show?"""

import secrets
import shlex
from collections.abc import Iterator, Mapping, Sequence

from grader.checks.base import Check, Subject
from grader.checks.edit import NONCE, comment, edited, new_in_every_build
from grader.checks.exchange import Exchange
from grader.checks.instruction import is_base, mentions, place, text_of
from grader.checks.slips import Faults
from grader.errors import PassingFault
from grader.facts import Rebuilt, StepFacts, Variation
from grader.report import Result
from grader.words import KNOWN, draw, fill, newness, slips

PRUNED = "the engine threw away what it had kept of this submission's build: grade again"
NOT_EDITED = ("Dockerfile", ".dockerignore", "compose.yaml")


class RebuildCheck(Check, frozen=True, kw_only=True, tag="rebuild"):
    """Edits one file that was handed in, builds again, and looks at which steps the builder took from its cache.

    Every edit is new: a comment with a `{nonce}` is added where the kind of file has comments, and elsewhere the
    author's text must hold one. A step belongs to a text where its words stand in it in order; a heredoc and a script
    that was handed in count as part of the step that runs them.
    """

    edit: str  # a file that every submission has
    append: str = ""  # put behind it; without any of these three, a comment is
    replace: str = ""  # a text in it, in whose place comes `by`
    by: str | None = None  # what comes in place of `replace`
    content: str | None = None  # in place of all of it

    cached: str | tuple[str, ...] = ()  # each step with one of these texts is cached, and there is one at least
    unless: tuple[str, ...] = ()  # a step with one of these texts as well may run: "--no-deps"
    runs: str | tuple[str, ...] = ()  # of the steps with one of these texts, one at least runs again
    then: Exchange | None = None  # asked of the edited image; knows {nonce}

    def asks(self) -> str:
        wanted = []
        if self.cached:
            wanted.append(f"the step with {_either(self.cached)} comes from the cache")
        if self.runs:
            wanted.append(f"the step with {_either(self.runs)} runs again")
        if self.then:
            wanted.append(self.then.asks())
        return f"After an edit of {self.edit} and a new build, {', and '.join(wanted)}" + newness(" ".join(wanted))

    def faults(self) -> Faults:
        if not (self.cached or self.runs or self.then):
            yield "", "asserts nothing and can never fail: add cached, runs or then"
        for name in ("cached", "unless", "runs"):
            if not all(text.strip() for text in _texts(getattr(self, name))):
                yield name, f"{name}: an empty text is in every step: leave it out"
        if self.unless and not self.cached:
            yield "unless", "unless spares steps from cached, which is not there"
        if both := set(_texts(self.cached)) & set(_texts(self.runs)):
            yield "runs", f"runs: {min(both)!r} is among cached too: choose one"
        yield from self._edit_faults()
        if self.then:
            known = KNOWN | {NONCE}
            yield from ((f"then.{field}" if field else "then", fault) for field, fault in self.then.faults(known))

    def _edit_faults(self) -> Faults:
        if not self.edit.strip():
            yield "edit", "edit is empty: name a file that is handed in"
        elif self.edit.rpartition("/")[2] in NOT_EDITED:
            yield "edit", f"edit = {self.edit!r} says how it is built: name a file that the Dockerfile copies"
        given = [name for name in ("append", "replace", "content") if getattr(self, name) not in ("", None)]
        if len(given) > 1:
            yield given[1], f"{given[0]} and {given[1]} are two edits: choose one"
        if (self.by is None) != (not self.replace):
            yield "by" if self.replace == "" else "replace", "replace and by go together: the one becomes the other"
        if self.replace and self.replace == self.by:
            yield "by", f"by is what replace is, {self.by!r}: nothing would change"
        text = self.append or self.by or self.content or ""
        if self.edit.strip() and not new_in_every_build(self.edit, text):
            yield (
                given[0] if given else "edit",
                f"edit = {self.edit!r} has no comments that we know: write a text with {{{NONCE}}}, or the builder may "
                "know the edit from an earlier run",
            )
        for name in ("append", "by", "content"):
            for slip, meant in slips(getattr(self, name) or "", known=KNOWN | {NONCE}).items():
                yield name, f"{name}: unknown placeholder {{{slip}}}, did you mean {{{meant}}}?"

    def run(self, subject: Subject) -> Result:
        values = draw(subject.random(self.id)) | {NONCE: secrets.token_hex(8)}
        asked = self._asked(subject, values)
        content = self._content(subject, values)
        if content is None:
            there = "no such text" if self.edit in subject.files else f"no file {self.edit}"
            evidence = {"fault": "not-edited", "path": self.edit}
            expected = f"{self.replace!r} in {self.edit}" if self.replace else self.edit
            return self.failed(asked=asked, expected=expected, got=there, evidence=evidence)
        built, content, values = self._proven(subject, content, values)
        if not built.image:
            evidence = {**built.evidence, "fault": "build-failed"}
            return self.failed(asked=asked, expected="an image", got=built.error, evidence=evidence)
        own = sorted((step for step in built.steps if not is_base(step.name)), key=lambda step: place(step.name))
        facts = {"order": "\n".join(f"{'cached' if step.cached else 'ran':8}{step.name}" for step in own)}
        for expected, got, fault, step in self._looks(subject.files, own):
            if fault:
                facts |= {"fault": fault, "step": step}
                return self.failed(asked=asked, expected=expected, got=got, evidence=facts)
        ran = sum(not step.cached for step in own)
        if self.then is None:
            return self.passed(asked=asked, got=f"{len(own)} steps, {ran} of them anew")
        # A project's services have names, and the image of a single container has none.
        images = {subject.name if subject.project else "": built.image}
        # A service may mount the folder of the code over what is in its image: there the edit is as well.
        with subject.another(Variation(images=images, files={self.edit: content})) as changed:
            done = self.then.perform(changed, values)
        asked = f"{asked}\n{done.asked}"
        if not done.fault:
            return self.passed(asked=asked, got=done.got)
        facts |= {"reached": "yes" if ran else "no", **done.evidence, "fault": done.fault}
        return self.failed(asked=asked, expected=done.expected, got=done.got, evidence=facts)

    def _content(self, subject: Subject, values: Mapping[str, str]) -> bytes | None:
        """The file as it is after the edit, or None where the edit finds nothing to change."""
        old = subject.files.get(self.edit)
        if old is None:
            return None
        if self.replace:
            if self.replace.encode() not in old:
                return None
            old = old.replace(self.replace.encode(), fill(self.by or "", values).encode())
        if self.content is not None:
            old = fill(self.content, values).encode()
        return edited(self.edit, old, values, append=self.append)

    def _looks(self, files: Mapping[str, bytes], steps: Sequence[StepFacts]) -> Iterator[tuple[str, str, str, str]]:
        """For each assertion: what was expected, what happened, the fault's name where the two differ, and the step."""
        if self.cached:
            expected, found = f"{_either(self.cached)}: cached", _with(steps, files, self.cached)
            missed = self._missed(files, steps)
            yield expected, f"no step with {_either(self.cached)}", "" if found else "no-step", ""
            yield expected, f"ran again: {', '.join(missed)}", "not-cached" if missed else "", next(iter(missed), "")
        if self.runs:
            expected, found = f"{_either(self.runs)}: run again", _with(steps, files, self.runs)
            kept = found and all(step.cached for step in found)
            names = ", ".join(step.name for step in found)
            yield expected, f"no step with {_either(self.runs)}", "" if found else "no-step", ""
            yield expected, f"cached, though {self.edit} was edited: {names}", "not-reached" if kept else "", names

    def _missed(self, files: Mapping[str, bytes], steps: Sequence[StepFacts]) -> list[str]:
        """The steps that should have come from the cache, and did not."""
        found = [step for step in _with(steps, files, self.cached) if not step.cached]
        spared = _with(found, files, self.unless)
        return [step.name for step in found if step not in spared]

    def _proven(
        self, subject: Subject, content: bytes, values: dict[str, str]
    ) -> tuple[Rebuilt, bytes, dict[str, str]]:
        """The build to judge by: where a step missed the cache, one that shows that it was for the edit.

        With it come the edited file and the values that it was built with.

        The builder may have thrown its layers away between the first build and this one, or lost sight of them for a
        moment while others built. Then this build has made a step anew that never depended on the edit. So a build of
        the files as they were must find that step, and another edit must make it run as well.

        :raises PassingFault: the builder does not keep the step for files that nobody edited, either
        """
        built = subject.rebuild({self.edit: content})
        missed = self._missed(subject.files, built.steps)
        if not missed or not built.image:
            return built, content, values
        control = subject.rebuild({})
        if not {*missed} <= {step.name for step in control.steps if step.cached}:
            raise PassingFault(PRUNED)
        values = {**values, NONCE: secrets.token_hex(8)}
        again = self._content(subject, values)
        assert again is not None  # noqa: S101 -- the first edit was made of the same file
        return subject.rebuild({self.edit: again}), again, values

    def _asked(self, subject: Subject, values: Mapping[str, str]) -> str:
        build = "docker compose build" if subject.project else f"docker build -t {subject.name} ."
        change = f"$EDITOR {shlex.quote(self.edit)}"
        if not self.replace and self.content is None:
            line = fill(self.append, values) or comment(self.edit).format("edited")
            change = f"echo {shlex.quote(line.rstrip())} >> {shlex.quote(self.edit)}"
        return f"{build} && {change} && {build}"


def _with(steps: Sequence[StepFacts], files: Mapping[str, bytes], texts: str | tuple[str, ...]) -> list[StepFacts]:
    """The steps in which one of the texts stands."""
    return [step for step in steps if any(mentions(text_of(step.name, files), each) for each in _texts(texts))]


def _texts(texts: str | tuple[str, ...]) -> tuple[str, ...]:
    return (texts,) if isinstance(texts, str) else texts


def _either(texts: str | tuple[str, ...]) -> str:
    return " or ".join(f'"{text}"' for text in _texts(texts))
