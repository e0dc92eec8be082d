"""What a failed start missed is found in the image, in another place."""

from collections.abc import Sequence

import pytest

from grader import misplaced
from grader.facts import Contents, ImageFacts, ImageFile

REFUSED = 'unable to start container process: exec: "{}": executable file not found in $PATH: unknown'


def found(there: Sequence[str], *, workdir: str = "/app", files: Sequence[str] = (), **facts: str) -> dict[str, str]:
    def look(paths: Sequence[str]) -> Contents:
        below = [path for path in there if any(path == each or path.startswith(f"{each}/") for each in paths)]
        return Contents(files=tuple(ImageFile(path=path) for path in below))

    return misplaced.of_image(ImageFacts(workdir=workdir), files, facts, look)


@pytest.mark.parametrize(
    ("workdir", "path"),
    [("/app", "/app/entrypoint.sh"), ("/code", "/code/bin/entrypoint.sh"), ("/", "/entrypoint.sh")],
)
def test_a_script_of_the_student_is_found_where_it_was_copied(workdir: str, path: str) -> None:
    facts = found([path], workdir=workdir, files=["bin/entrypoint.sh"], refused=REFUSED.format("entrypoint.sh"))
    assert facts == {"script_at": path}


def test_a_script_that_was_not_copied_is_nowhere() -> None:
    there = ["/app/app.py", "/app/old-entrypoint.sh"]
    assert found(there, files=["entrypoint.sh"], refused=REFUSED.format("entrypoint.sh")) == {}


def test_a_program_is_found_in_an_environment_off_the_path() -> None:
    there = ["/app/flask", "/opt/venv/bin/flask"]
    assert found(there, refused=REFUSED.format("flask")) == {"found_at": "/opt/venv/bin/flask"}


def test_a_path_that_is_not_there_is_not_looked_for() -> None:
    assert found(["/app/boot.sh"], files=["boot.sh"], refused=REFUSED.format("./boot.sh")) == {}
