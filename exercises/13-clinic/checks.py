"""What no other kind of check looks at: whether the requirements are a full lock."""

import runpy
from pathlib import Path
from random import Random

from grader.checks.base import Subject
from grader.checks.python import Failed

ASKED = "docker compose exec web pip freeze"


def every_package_is_pinned(subject: Subject, random: Random) -> None:
    """As in the unit that taught it, with the command of a project."""
    taught = runpy.run_path(str(Path(__file__).parents[1] / "02-layers" / "checks.py"))
    try:
        taught["every_package_is_pinned"](subject, random)
    except Failed as failed:
        raise Failed(asked=ASKED, expected=failed.expected, got=failed.got, facts=failed.facts) from failed
