"""The Sphinx extension that the course is written with; imported by Sphinx alone."""

import hashlib
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from grader import __version__
from grader.sphinx import (
    assets,
    captions,
    closing,
    course,
    explorer,
    markup,
    progress,
    questions_html,
    reference,
    topics,
    unit,
)
from grader.sphinx.exercise import ExerciseBox
from grader.sphinx.fill_in import FillIn
from grader.sphinx.mistakes import Mistakes
from grader.sphinx.parsons import Parsons
from grader.sphinx.quiz import Predict, Quiz
from grader.sphinx.solution import Solution

PACKAGE = Path(__file__).parent.parent
DIRECTIVES = {
    "exercise": ExerciseBox,
    "fill-in": FillIn,
    "mistakes": Mistakes,
    "parsons": Parsons,
    "predict": Predict,
    "quiz": Quiz,
    "solution": Solution,
}


def digest(package: Path) -> str:
    """The sha256 of a package's sources."""
    sources = sorted(package.rglob("*.py"))
    return hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()


def setup(app: Sphinx) -> ExtensionMetadata:
    for module in (
        markup,
        questions_html,
        unit,
        closing,
        explorer,
        course,
        progress,
        reference,
        topics,
        captions,
        assets,
    ):
        module.setup(app)
    for name, directive in DIRECTIVES.items():
        app.add_directive(name, directive)
    # Pages are drawn from the checks' own words: when our code changes, what was read with the old one is not kept.
    app.add_config_value("shipshape_code", digest(PACKAGE), "env", types=frozenset({str}))
    return {
        "version": __version__,
        "env_version": 1,
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
