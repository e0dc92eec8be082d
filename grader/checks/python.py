"""The `python` check: a function that the instructor wrote, beside exercise.toml, for what no other kind can look at.

    from grader.checks.base import Subject
    from grader.checks.python import Failed
    from grader.http import Request

    def is_even(subject, random):
        number = random.randrange(1000)
        answer = subject.request(Request(path=f"/double/{number}"))
        if answer.text != str(2 * number):
            raise Failed(asked=f"curl .../double/{number}", expected=str(2 * number), got=answer.text)

It gets the `Subject`, and a generator that gives the same for the same seed. It returns nothing where all is well, or
text, which is what was got; `Failed` says more. A request without an answer is a failure as well, and needs no code.
Anything else that it raises is its author's mistake, and costs no student a point.
"""

import contextlib
import secrets
import sys
import traceback
import types
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from random import Random

import msgspec

from grader.checks import source
from grader.checks.base import Check, Subject
from grader.checks.slips import Faults
from grader.errors import GraderError
from grader.facts import DidNotStart
from grader.http import NoAnswer
from grader.report import Outcome, Result

SHOWN_LIMIT = 20_000  # characters of what was got, in a report
WORDS_LIMIT = 500  # characters of an exception's own words, in a message
FAULT = {"fault": "python"}  # where the function names none


class Failed(Exception):
    """What was looked for is not so; each text is for the student.

    :param asked: a command that shows it, if there is one
    :param facts: evidence for a diagnosis, such as a `fault` of its own
    """

    def __init__(self, *, expected: str, got: str, asked: str = "", facts: Mapping[str, str] | None = None) -> None:
        super().__init__(got)
        self.expected, self.got, self.asked, self.facts = expected, got, asked, dict(facts or {})


class PythonCheck(Check, frozen=True, kw_only=True, tag="python"):
    """Calls `function`, which is the instructor's and never taken from a submission.

    It is run in the grader's own process: it can do whatever the grader can, and nothing ends it that takes for ever.
    Give all that it waits for a time limit.
    """

    function: str  # "file.py:name", the file beside exercise.toml; a loaded exercise has the whole path in it
    rubric: str  # what is asked, in words for the student

    def asks(self) -> str:
        return self.rubric

    def faults(self) -> Faults:
        if not self.rubric.strip():
            yield "rubric", "rubric is empty: say in words what the function looks at"
        if fault := source.name_fault(self.function):
            yield "function", fault

    def beside(self, folder: Path) -> "PythonCheck":
        """The same check for an exercise that lies in `folder`.

        :raises ValueError: there is no such function; the text says what is wrong, for the author
        """
        file, _, name = self.function.rpartition(":")
        source.look(folder / file, name)
        return msgspec.structs.replace(self, function=f"{(folder / file).resolve()}:{name}")

    def run(self, subject: Subject) -> Result:
        file, _, name = self.function.rpartition(":")
        path = Path(file)
        try:
            with _module(path) as module:
                said = _function(module, path, name)(subject, subject.random(self.id))
        except Failed as failed:
            return self._lost(failed.facts, asked=failed.asked, expected=failed.expected, got=failed.got)
        except NoAnswer as none:
            evidence = {"fault": "no-answer", "reason": none.reason}
            return self._lost(evidence, expected="an HTTP answer", got=str(none))
        except (DidNotStart, GraderError):  # the submission's, or the engine's
            raise
        except (Exception, SystemExit) as error:  # it may raise anything, and must end no grading
            return self._broken(path, error)
        if said is None:
            return self.passed()
        if not isinstance(said, str) or not said.strip():
            return self._broken(path, TypeError(f"{name} returned {said!r}: return None for a pass, or what was got"))
        return self._lost({}, expected=self.rubric, got=said)

    def _lost(self, evidence: dict[str, str], *, expected: str, got: str, asked: str = "") -> Result:
        return self.failed(asked=asked, expected=expected, got=got[:SHOWN_LIMIT], evidence=FAULT | evidence)

    def _broken(self, path: Path, error: BaseException) -> Result:
        """The ERROR that a mistake of the function's author is."""
        lines = [each.lineno for each in traceback.extract_tb(error.__traceback__) if each.filename == str(path)]
        if isinstance(error, SyntaxError) and error.filename == str(path):
            lines.append(error.lineno)
        where = f"{path.name}:{lines[-1]}" if lines else path.name
        words = f"{where}: a mistake in the instructor's check: {type(error).__name__}: {error}".rstrip(": ")
        result = self._result(Outcome.ERROR, asked="", got=" ".join(words.split())[:WORDS_LIMIT])
        return msgspec.structs.replace(result, traceback="".join(traceback.format_exception(error)))


@contextlib.contextmanager
def _module(path: Path) -> Iterator[types.ModuleType]:
    """The author's file as a module under a name of its own, for as long as it is used; no `__pycache__` is left."""
    module = types.ModuleType(f"exercise_check_{secrets.token_hex(8)}")
    module.__file__ = str(path)
    sys.modules[module.__name__] = module  # dataclasses look for their module there
    try:
        # The instructor's own code, from the course's own folder.
        exec(compile(path.read_bytes(), str(path), "exec", dont_inherit=True), module.__dict__)  # noqa: S102
        yield module
    finally:
        del sys.modules[module.__name__]


def _function(module: types.ModuleType, path: Path, name: str) -> Callable[[Subject, Random], object]:
    found = getattr(module, name, None)
    if not callable(found):
        raise TypeError(f"{path.name} holds no function {name} once it is imported")
    return found  # type: ignore[no-any-return]
