"""What every test may ask for: the places of the checkout, an engine, and an honest count of what could not be run."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.engine import Engine, connect
from grader.errors import EngineFault
from grader.machine import this_machine

ROOT = Path(__file__).resolve().parent.parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome")

# A run in the background is begun with Ctrl-C ignored, and so would be every process that a test of Ctrl-C starts.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    """The real engine of this machine."""
    engine = connect()
    yield engine
    engine.close()


@pytest.fixture(scope="session")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real course as HTML, built as `make html` builds it: a warning is an error."""
    return build_course(tmp_path_factory.mktemp("course"), "html")


def build_course(work: Path, builder: str) -> Path:
    """Build the real course with one of Sphinx's builders; returns the folder."""
    options = ["-q", "-W", "-n", "-b", builder, "-c", str(ROOT), "-d", str(work / "doctrees")]
    command = [sys.executable, "-m", "sphinx", *options, str(ROOT / "docs"), str(work / builder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    return work / builder


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What this machine cannot run is skipped with its reason; on a CI machine that is a failure."""
    if not _may_end_the_engine():
        # Somebody else's containers may run on it: no lack of this machine's, and nothing to mend.
        spared = [item for item in items if item.get_closest_marker("ends_engine")]
        items[:] = [item for item in items if item not in spared]
        config.hook.pytest_deselected(items=spared)
    # They come last: an engine that was killed may have lost layers of its cache, which the next to build hears of.
    enders = {item.path for item in items if item.get_closest_marker("ends_engine")}
    items.sort(key=lambda item: item.path in enders)
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


def _may_end_the_engine() -> bool:
    """Whether the engine is one that was started by hand, here and by us, as `make doctor` does on a bare machine."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0 or this_machine().init or os.environ.get("DOCKER_HOST"):
        return False
    return subprocess.run(["pgrep", "-c", "-x", "dockerd"], capture_output=True, text=True).stdout.strip() == "1"


def _no_engine() -> str:
    try:
        connect().close()
    except EngineFault as fault:
        return str(fault)
    return ""
