"""What every test may ask for: the places of the checkout, an engine, and an honest count of what could not be run."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.engine import Engine, connect
from grader.errors import EngineFault

ROOT = Path(__file__).resolve().parent.parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    """The real engine of this machine."""
    engine = connect()
    yield engine
    engine.close()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What this machine cannot run is skipped with its reason; on a CI machine that is a failure."""
    lacks = {}
    if any(item.get_closest_marker("docker") for item in items) and (reason := _no_engine()):
        lacks["docker"] = reason
    if not any(map(shutil.which, BROWSERS)):
        lacks["browser"] = f"no browser on PATH: install one of {', '.join(BROWSERS)}"
    for item in items:
        for marker, reason in lacks.items():
            if item.get_closest_marker(marker):
                item.add_marker(pytest.mark.skip(reason=reason))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    skipped = terminalreporter.stats.get("skipped", [])
    if skipped:
        reasons = sorted({report.longrepr[2].removeprefix("Skipped: ") for report in skipped})
        verdict = "which CI=true makes a failure" if _strict() else "and would fail with CI=true"
        terminalreporter.write_line(f"{len(skipped)} tests could not be run here, {verdict}: {'; '.join(reasons)}")


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if _strict() and exitstatus == pytest.ExitCode.OK and reporter and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _strict() -> bool:
    return os.environ.get("CI") == "true"


def _no_engine() -> str:
    try:
        connect().close()
    except EngineFault as fault:
        return str(fault)
    return ""
