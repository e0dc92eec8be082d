"""The values that the engine and the checks tell each other."""

from grader.facts import Variation


def test_a_variation_gives_more_variables_and_takes_some_away() -> None:
    varied = Variation(environment={"PORT": "81", "NAME": "x"}, without=frozenset({"NAME", "DATABASE_URL"}))
    own = {"PORT": "80", "DATABASE_URL": "postgresql://db/crew", "KEPT": "yes"}
    assert varied.variables(own) == {"PORT": "81", "KEPT": "yes"}
    assert Variation().variables(own) == own
