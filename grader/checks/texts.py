"""What a printed text must and must not hold: assertions that several kinds of check share, and an author's slips."""

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field

from grader.checks import pattern
from grader.checks.wording import literal
from grader.words import KNOWN, fill, slips

SHOWN_LIMIT = 4_000  # characters of an output in a report: its end
EVIDENCE_LIMIT = 4_000  # characters of one that a diagnosis looks at: its end


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """The first assertion that does not hold: `fault` is the name of its field, or nothing where all hold."""

    fault: str = ""
    text: str = ""  # that was looked for, its placeholders filled
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Texts:
    """The assertions; placeholders are filled in all of them."""

    contains: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    matches: tuple[str, ...] = ()  # regular expressions, found anywhere

    def __bool__(self) -> bool:
        return bool(self.contains or self.excludes or self.matches)

    def wanted(self) -> list[str]:
        """Each assertion in words, its placeholders as they stand."""
        words = [literal(text) for text in self.contains]
        words += [f"something that matches {each}" for each in self.matches]
        return words + [f"no {literal(text)}" for text in self.excludes]

    def expected(self, values: Mapping[str, str]) -> list[str]:
        """Each assertion in words, its placeholders filled."""
        filled = Texts(
            contains=tuple(fill(text, values) for text in self.contains),
            excludes=tuple(fill(text, values) for text in self.excludes),
            matches=tuple(fill(each, values) for each in self.matches),
        )
        return filled.wanted()

    def judge(self, text: str, values: Mapping[str, str]) -> Verdict:
        """Look at what must not be there first: it is a fault whatever else is still to come."""
        unwanted = self.unwanted(text, values)
        return unwanted if unwanted.fault else self.lacking(text, values)

    def unwanted(self, text: str, values: Mapping[str, str]) -> Verdict:
        """The first text that must not be there and is."""
        for part in (fill(each, values) for each in self.excludes):
            if part in text:
                return Verdict(fault="excludes", text=part)
        return Verdict()

    def lacking(self, text: str, values: Mapping[str, str]) -> Verdict:
        """The first text that must be there and is not."""
        for part in (fill(each, values) for each in self.contains):
            if part not in text:
                return Verdict(fault="contains", text=part)
        for each in self.matches:
            found = pattern.search(each, text, values)
            if found.match is None:
                return Verdict(fault="matches", text=fill(each, values), facts={"late": "yes"} if found.late else {})
        return Verdict()

    def faults(self, known: Set[str] = KNOWN) -> Iterator[tuple[str, str]]:
        """What an author got wrong, each with its field."""
        for name in ("contains", "excludes", "matches"):
            if "" in getattr(self, name):
                yield name, f"{name}: an empty text is in any output: leave it out"
        for unwanted in filter(None, self.excludes):
            if any(unwanted in wanted for wanted in self.contains):
                yield "excludes", f"excludes {unwanted!r}, which contains asks for: nothing could pass"
        for each in filter(None, self.matches):
            if fault := pattern.fault(each):
                yield "matches", f"matches: {each!r} {fault}"
        for name in ("contains", "excludes", "matches"):
            for slip, meant in slips(*getattr(self, name), known=known).items():
                yield name, f"{name}: unknown placeholder {{{slip}}}, did you mean {{{meant}}}?"


def shown(text: str, verdict: Verdict) -> str:
    """What is shown of an output: the lines that should not be there, else its end."""
    if verdict.fault == "excludes":
        lines = [line.strip() for line in text.splitlines() if any(part in line for part in verdict.text.splitlines())]
        text = "\n".join(lines)
    return text.rstrip()[-SHOWN_LIMIT:]


def joined(stdout: str, stderr: str) -> str:
    """Both streams as one text, in which nothing is found across the seam."""
    return stdout + ("\n" if stdout and stderr and not stdout.endswith("\n") else "") + stderr
