"""Finds whose hand-in each is on the roster: by the surest of what both say, and never by a guess."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace

import msgspec

from grader.intake import keys
from grader.intake.handed import HandIn, Student
from grader.intake.names import SOURCE_SHOWN, folded, shown
from grader.intake.roster import Roster
from grader.intake.twice import one_of

LOGINS = ("login", "github", "github_username", "username")  # columns that hold one
MARKS = re.compile(r"[\W_]+")
PARTICIPANT = "Participant "  # how Moodle's worksheet begins its numbers


@dataclass(frozen=True, kw_only=True)
class Matched:
    """A class, roster and hand-ins together."""

    hand_ins: tuple[HandIn, ...]  # all of them, in the order of their keys; one for each student
    missing: tuple[Student, ...]  # on the roster, and handed nothing in
    unknown: tuple[HandIn, ...]  # of the hand-ins, those that nobody on the roster claims
    notes: tuple[str, ...] = ()  # what the instructor should know, a line each


Names = Callable[[Student], Iterable[str]]  # what a student is called; the same on both sides makes a match


def match(roster: Roster, hand_ins: Sequence[HandIn]) -> Matched:
    """Give every hand-in the key, the name and the address of its student on the roster.

    What is surer goes first: a platform's id, the id, the login, the address, then the name; what two students share
    matches neither. Of several hand-ins of one student the newest counts, or none where no number tells which it is.
    """
    left, found = list(hand_ins), dict[str, list[HandIn]]()
    for of_roster, of_hand_in in STEPS:
        # Whoever was found by something surer is not looked for again: a namesake may not take their place.
        known = _index((student for student in roster.students if student.key not in found), of_roster)
        looked_for, left = left, []
        for hand_in in looked_for:
            if key := _only(known, of_hand_in(hand_in.student)):
                found.setdefault(key, []).append(hand_in)
            else:
                left.append(hand_in)
    return _matched(roster, found, left)


def _matched(roster: Roster, found: dict[str, list[HandIn]], left: Sequence[HandIn]) -> Matched:
    known, notes = [], []
    for student in roster.students:
        if same := found.get(student.key):
            platform = max(same, key=lambda hand_in: hand_in.number).student
            email, ids = student.email or platform.email, {**platform.ids, **student.ids}
            hand_in, note = one_of(same, msgspec.structs.replace(student, email=email, ids=ids))
            known.append(hand_in)
            notes += [note] if note else []
    renamed = keys.unique([each.student.key for each in left], taken=[student.key for student in roster.students])
    unknown = [
        replace(hand_in, student=msgspec.structs.replace(hand_in.student, key=key))
        for hand_in, key in zip(left, renamed, strict=True)
    ]
    namesakes = _index(roster.students, _full_names)
    notes += [_note(hand_in, namesakes) for hand_in in unknown]
    return Matched(
        hand_ins=tuple(sorted((*known, *unknown), key=lambda hand_in: hand_in.student.key)),
        missing=tuple(student for student in roster.students if student.key not in found),
        unknown=tuple(unknown),
        notes=tuple(notes),
    )


def _note(hand_in: HandIn, namesakes: Mapping[str, Set[str]]) -> str:
    name, source = shown(hand_in.student.name), shown(hand_in.source, SOURCE_SHOWN)
    alike = len(set().union(*(namesakes.get(each, ()) for each in _name(hand_in.student))))
    why = f"{alike} students on the roster are called so" if alike > 1 else "not on the roster"
    return f"{name} ({source}): {why}; graded all the same"


def _index(students: Iterable[Student], names: Names) -> dict[str, set[str]]:
    """The keys of the students by each of their names."""
    found: dict[str, set[str]] = defaultdict(set)
    for student in students:
        for name in filter(None, names(student)):
            found[folded(name)].add(student.key)
    return found


def _only(known: Mapping[str, Set[str]], names: Iterable[str]) -> str:
    """The key that one of the names stands for alone, the first of them first; nothing where none does."""
    for name in names:
        called = known.get(folded(name), frozenset())
        if len(called) == 1:
            return next(iter(called))
    return ""


def _columns(student: Student) -> Iterator[str]:
    """What platforms know a student by, each with the platform."""
    for column, value in student.ids.items():
        yield f"{column}={value.removeprefix(PARTICIPANT)}"


def _ids(student: Student) -> Iterator[str]:
    for column in ("roster", "sis", "sid"):
        yield from _under(column, student)
    # Where the roster says what Canvas's number is, its own id is another one.
    if "canvas" not in student.ids:
        yield f"canvas={student.ids['roster']}"


def _claimed_ids(student: Student) -> Iterator[str]:
    yield from (*_under("sid", student), *_logins(student))
    if "canvas" in student.ids:
        yield f"canvas={student.ids['canvas']}"


def _logins(student: Student) -> Iterator[str]:
    """On both sides; a folder that no platform made may be called by one, as by anything else."""
    for column in LOGINS:
        yield from _under(column, student)
    if not student.ids:
        yield student.name


def _repository(student: Student) -> Iterator[str]:
    """What a repository's name ends with, the longest first: a login may have dashes of its own."""
    words = student.ids.get("repository", "").split("-")
    return ("-".join(words[begin:]) for begin in range(1, len(words)))


def _emails(student: Student) -> Iterator[str]:
    yield from (student.email, *_logins(student))


def _email(student: Student) -> Iterator[str]:
    yield student.email


def _mailboxes(student: Student) -> Iterator[str]:
    yield student.email.partition("@")[0]


def _name(student: Student) -> Iterator[str]:
    yield "".join(_words(student.name))


def _full_names(student: Student) -> Iterator[str]:
    """The name with its words run together, whichever of them comes first: Canvas puts the last name first."""
    words = _words(student.name)
    return ("".join((*words[begin:], *words[:begin])) for begin in range(len(words)))


def _words(name: str) -> list[str]:
    """The words of a name in their order of speech, without accents, marks and case."""
    last, comma, first = name.partition(",")
    plain = unicodedata.normalize("NFKD", f"{first} {last}" if comma else name)
    return MARKS.sub(" ", "".join(each for each in plain if not unicodedata.combining(each))).casefold().split()


def _under(column: str, student: Student) -> Iterator[str]:
    if value := student.ids.get(column):
        yield value


# What the roster says, and what the hand-in says, from the surest on.
STEPS: tuple[tuple[Names, Names], ...] = (
    (_columns, _columns),
    (_ids, _claimed_ids),
    (_logins, _logins),
    (_logins, _repository),
    (_email, _emails),
    (_mailboxes, _logins),
    (_full_names, _name),
)
