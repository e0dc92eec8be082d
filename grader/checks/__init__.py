"""The kinds of check: `Kind` is the registry, a union of structs told apart by `kind` in exercise.toml."""

from grader.checks.base import Check
from grader.checks.compose import ComposeCheck
from grader.checks.env import EnvCheck
from grader.checks.exec import ExecCheck
from grader.checks.http import HttpCheck
from grader.checks.image import ImageCheck
from grader.checks.late import LateCheck
from grader.checks.logs import LogsCheck
from grader.checks.process import ProcessCheck
from grader.checks.python import PythonCheck
from grader.checks.rebuild import RebuildCheck
from grader.checks.restart import RestartCheck
from grader.checks.session import SessionCheck
from grader.checks.sql import SqlCheck
from grader.checks.stop import StopCheck

Kind = (
    ComposeCheck
    | EnvCheck
    | ExecCheck
    | HttpCheck
    | ImageCheck
    | LateCheck
    | LogsCheck
    | ProcessCheck
    | PythonCheck
    | RebuildCheck
    | RestartCheck
    | SessionCheck
    | SqlCheck
    | StopCheck
)

__all__ = [
    "Check",
    "ComposeCheck",
    "EnvCheck",
    "ExecCheck",
    "HttpCheck",
    "ImageCheck",
    "Kind",
    "LateCheck",
    "LogsCheck",
    "ProcessCheck",
    "PythonCheck",
    "RebuildCheck",
    "RestartCheck",
    "SessionCheck",
    "SqlCheck",
    "StopCheck",
]
