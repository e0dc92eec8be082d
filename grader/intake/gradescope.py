"""Reads Gradescope's export: folders by number, and a file that says whose each of them is."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from grader.errors import SubmissionError, UsageError
from grader.intake.claims import Claim, Handed
from grader.intake.files import opened

# The reader of YAML is loaded for an export of Gradescope alone.
if TYPE_CHECKING:
    import yaml

METADATA = "submission_metadata.yml"
FOLDER = re.compile(r"submission_(?P<number>\d+)")
SIZE_LIMIT = 50_000_000  # bytes: it repeats the whole output of an autograder for every submission
DEPTH_LIMIT = 40  # of what those outputs hold
SUBMITTERS = ":submitters"
FIELDS = {":name": "name", ":sid": "sid", ":email": "email"}

Submitters = Mapping[str, tuple[dict[str, str], ...]]  # by the name of the folder


def gradescope(entries: Sequence[Path]) -> tuple[Claim, ...]:
    """A claim for each submitter of each folder; those who hand in together have one each.

    :raises UsageError: the file that names them cannot be read
    """
    metadata = next((path for path in entries if path.name == METADATA), None)
    submitters = read(metadata) if metadata else {}
    folders = [path for path in entries if FOLDER.fullmatch(path.name) and path.is_dir()]
    return tuple(claim for path in folders for claim in _claims(path, submitters.get(path.name, ())))


def _claims(path: Path, submitters: Sequence[Mapping[str, str]]) -> Iterator[Claim]:
    number = path.name.removeprefix("submission_")
    handed = (Handed(path=path, name=path.name),)
    if not submitters:
        yield Claim(text=path.name, name=path.name, ids={"gradescope": number}, number=int(number), handed=handed)
    for each in submitters:
        name, sid, email = (each.get(field, "").strip() for field in FIELDS.values())
        shared = len(submitters) > 1
        yield Claim(
            text=f"{name or 'student'}-{sid or email or number}",
            name=name or sid or email or path.name,
            email=email,
            ids={"gradescope": number, **({"sid": sid} if sid else {})},
            number=int(number),
            handed=handed,
            note=f"{path.name} was handed in by {len(submitters)} together: each gets its grade" if shared else "",
        )


def read(path: Path) -> Submitters:
    """Who handed in which folder; of the file's values only their names, numbers and addresses are kept.

    It is read as events and nothing is built from it: it holds what students' programs printed, and tags of Ruby.

    :raises UsageError: it is no YAML, or larger than any export
    """
    import yaml

    try:
        with opened(path) as file:
            content = file.read(SIZE_LIMIT + 1)
    except SubmissionError as error:
        raise UsageError(f"{path}: {error}") from error
    if len(content) > SIZE_LIMIT:
        raise UsageError(f"{path} is larger than {SIZE_LIMIT // 1_000_000} MB: export the assignment anew")
    # The reader in C where it is there: an export has megabytes.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return _submitters(yaml.parse(content, Loader=loader))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f":{mark.line + 1}" if mark else ""
        raise UsageError(f"{path}{line}: not YAML: export the assignment from Gradescope anew") from error


def _submitters(events: Iterator["yaml.Event"]) -> Submitters:
    """What stands at FOLDER > ":submitters" > each > a field."""
    import yaml

    found: dict[str, list[dict[str, str]]] = {}
    # The key of each mapping that is open, None where its key comes next; a list has "-" for one.
    open_keys: list[str | None] = []
    for event in events:
        if isinstance(event, yaml.CollectionEndEvent):
            open_keys.pop()
        elif isinstance(event, yaml.CollectionStartEvent):
            open_keys.append("-" if isinstance(event, yaml.SequenceStartEvent) else None)
            if len(open_keys) > DEPTH_LIMIT:
                raise yaml.YAMLError("nested too deep")
            if _is_submitter(open_keys):
                found.setdefault(str(open_keys[0]), []).append({})
            continue
        elif isinstance(event, yaml.ScalarEvent) and open_keys and open_keys[-1] is None:
            open_keys[-1] = event.value
            continue
        elif isinstance(event, yaml.ScalarEvent) and _is_submitter([*open_keys[:-1], None]):
            if field := FIELDS.get(str(open_keys[-1])):
                found[str(open_keys[0])][-1][field] = event.value
        elif not isinstance(event, yaml.NodeEvent):
            continue
        # A value has ended: the mapping around it goes on with its next key.
        if open_keys and open_keys[-1] != "-":
            open_keys[-1] = None
    return {name: tuple(rows) for name, rows in found.items()}


def _is_submitter(keys: Sequence[str | None]) -> bool:
    return len(keys) == 4 and tuple(keys[1:]) == (SUBMITTERS, "-", None)
