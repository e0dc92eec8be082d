"""Points as a platform counts them, where its maximum is another than the exercise's."""

import re
from dataclasses import dataclass

from grader.batch.gradebook import Gradebook
from grader.render.gradebook.standing import number

NUMBER = re.compile(r"\s*(\d[\d.,]*)\s*")


@dataclass(frozen=True, kw_only=True)
class Scale:
    """Turns points into a grade; `notes` says so where the two differ."""

    points: float  # what the exercise is worth
    maximum: float  # what it is worth on the platform

    def grade(self, points: float) -> str:
        """With a point whatever the platform's language: all of them read that."""
        return number(points * self.maximum / self.points if self.points else points)

    def notes(self, where: str) -> list[str]:
        if self.points == self.maximum:
            return []
        return [
            f"{where} counts to {number(self.maximum)} and the exercise to {number(self.points)}: the grades are scaled"
        ]


def scale(gradebook: Gradebook, maximum: str) -> Scale:
    """To the maximum as a platform writes it; where it has none, points stay points."""
    points = float(gradebook.max_points)
    return Scale(points=points, maximum=parse(maximum) or points)


def parse(text: str) -> float | None:
    """A number with a point or a comma before its decimals, and the other one between thousands."""
    match = NUMBER.fullmatch(text)
    if not match:
        return None
    whole, separator, decimals = match[1].replace(",", ".").rpartition(".")
    return float(whole.replace(".", "") + separator + decimals if separator else decimals)
