"""The rules by which Canvas and Moodle read a CSV, as small strict readers: what they would change."""

import csv
import io
import re
from collections.abc import Mapping

INFO = ("Student", "LastName", "FirstName", "ID", "SIS User ID", "SIS Login ID", "Integration ID", "Root Account")
TOTALS = re.compile(r"(Current|Final) (Score|Points|Grade)|Override (Score|Grade|Status)")


def canvas(text: str, assignments: Mapping[str, str], students: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """The cells that Canvas would take, by assignment and student.

    :param assignments: titles by id
    :param students: names by id
    """
    lines = text.splitlines()[:3]
    counts = {mark: {len(next(csv.reader([line], delimiter=mark))) for line in lines} for mark in ",;"}
    fits = {mark: max(sizes) if len(sizes) == 1 else 0 for mark, sizes in counts.items()}
    separator = ";" if fits[";"] > fits[","] else ","
    header, *rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    names = 2 if header[:2] == ["LastName", "FirstName"] else 1
    assert len(header) > 3
    assert names == 2 or "Student" in header[0]
    assert "ID" in header[names]
    after = header[names + 1 :]
    assert after[0] == "SIS Login ID" or after[:2] == ["SIS User ID", "SIS Login ID"]
    section = header.index("Section")
    assert set(header[:section]) <= set(INFO)
    columns = {at: title for at, title in enumerate(header) if at > section and not TOTALS.search(title)}
    assert len(set(header)) == len(header)
    taken: dict[str, dict[str, str]] = {}
    for at, title in columns.items():
        match = re.fullmatch(r"(.*)\s\((\d+)\)", title, re.DOTALL)
        known = [match[2]] if match and match[2] in assignments else [k for k, v in assignments.items() if v == title]
        taken[known[0] if known else f"new: {title}"] = {}
        for row in rows:
            assert len(row) == len(header)
            if "Points Possible" in row[0]:
                assert "read only" not in row[at]
                taken[known[0] if known else f"new: {title}"]["points possible"] = row[at]
            elif not all(re.fullmatch(r"\s*(Muted|Manual Posting.*)?\s*", each) for each in row):
                who = row[names] if row[names] in students else " ".join(reversed(row[:names]))
                found = [key for key, name in students.items() if who in (key, name)]
                taken[known[0] if known else f"new: {title}"][found[0] if found else f"new: {who}"] = row[at]
    return taken


def moodle(text: str, users: Mapping[str, str], maximum: float) -> dict[str, tuple[float | None, str]]:
    """The grade, where Moodle would take one, and the comment of each user, by number.

    :param users: by number, what the worksheet said under "Last modified (grade)"
    """
    header, *rows = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    places = {name: header.index(name) for name in ("Identifier", "Grade", "Last modified (grade)")}
    comments = header.index("Feedback comments") if "Feedback comments" in header else None
    taken = {}
    for row in rows:
        assert len(row) == len(header)
        number = row[places["Identifier"]].removeprefix("Participant ")
        assert row[places["Last modified (grade)"]] == users[number]
        grade = float(row[places["Grade"]].replace(",", ".")) if row[places["Grade"]] else None
        assert grade is None or 0 <= grade <= maximum
        taken[number] = (grade, row[comments] if comments is not None else "")
    return taken
