"""The kinds of check: `Kind` is the registry, a union of structs told apart by `kind` in exercise.toml."""

from grader.checks.base import Check
from grader.checks.http import HttpCheck
from grader.checks.image import ImageCheck
from grader.checks.stop import StopCheck

Kind = HttpCheck | ImageCheck | StopCheck

__all__ = ["Check", "HttpCheck", "ImageCheck", "Kind", "StopCheck"]
