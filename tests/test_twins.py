"""The course, the exercises, their solutions and the labelled corpus are one thing."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SLUG = re.compile(r"\d\d-[a-z0-9-]+")


def slugs(folder):
    return sorted(path.name for path in (ROOT / folder).glob("*") if SLUG.fullmatch(path.name))


def page_of(slug):
    path = ROOT / "docs" / slug / "index.rst"
    assert path.is_file(), f"exercises/{slug} has no page docs/{slug}/index.rst"
    return path.read_text(encoding="utf-8")


def exercise(slug):
    return tomllib.loads((ROOT / "exercises" / slug / "exercise.toml").read_text(encoding="utf-8"))


EXERCISES = slugs("exercises")


def test_there_are_exercises():
    assert EXERCISES


@pytest.mark.parametrize("folder", ["solutions", "tests/corpus"])
def test_each_exercise_has_a_twin(folder):
    assert slugs(folder) == EXERCISES


def test_each_exercise_has_a_unit():
    assert set(EXERCISES) <= set(slugs("docs"))


@pytest.mark.parametrize("slug", slugs("docs"))
def test_each_unit_is_a_page(slug):
    assert (ROOT / "docs" / slug / "index.rst").is_file()


@pytest.mark.parametrize("slug", EXERCISES)
def test_an_exercise_belongs_to_the_unit_of_its_name(slug):
    assert exercise(slug)["unit"] == slug


def test_an_exercise_without_a_page_is_told_so():
    with pytest.raises(AssertionError, match=r"^exercises/99-x has no page docs/99-x/index\.rst"):
        page_of("99-x")


@pytest.mark.parametrize("slug", EXERCISES)
def test_an_exercise_is_used_on_its_page(slug):
    page = page_of(slug)
    assert f".. exercise:: {slug}\n" in page
    assert f".. solution:: {slug}\n" in page


@pytest.mark.parametrize("slug", slugs("solutions"))
def test_a_solution_is_exactly_what_is_asked_for(slug):
    folder = ROOT / "solutions" / slug
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert found == set(exercise(slug)["files"])


@pytest.mark.parametrize(
    ("slug", "check"),
    [pytest.param(slug, check, id=f"{slug}-{check['id']}") for slug in EXERCISES for check in exercise(slug)["checks"]],
)
def test_a_check_cites_an_objective_of_its_unit(slug, check):
    page = page_of(slug)
    objectives = re.search(r"^\.\. objectives::\n((?:[ \t].*\n|\n)+)", page, re.MULTILINE)
    assert objectives, "the page has no objectives"
    assert check["objective"] in re.findall(r"^ +:([\w-]+): ", objectives[1], re.MULTILINE)
