"""Builds pages, and keeps what Sphinx said of them."""

import io
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.util.console import strip_escape_sequences
from sphinx.util.docutils import docutils_namespace, patch_docutils

PROJECT = Path(__file__).parent / "project"
REPOSITORY = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True, kw_only=True)
class Built:
    """What came out of a build."""

    out: Path
    warnings: tuple[str, ...]

    def read(self, name: str) -> str:
        return (self.out / name).read_text(encoding="utf-8")


def build(
    source: Path,
    work: Path,
    *,
    builder: str = "html",
    root: Path = PROJECT,
    tags: Iterable[str] = (),
    parallel: int = 1,
) -> Built:
    """Build the pages in `source` with the extension alone, in this process, which is fast."""
    told = io.StringIO()
    with patch_docutils(), docutils_namespace():
        app = Sphinx(
            source,
            None,
            work / builder,
            work / f"doctrees-{builder}",
            builder,
            confoverrides={
                "extensions": ["grader.sphinx"],
                "html_theme": "basic",
                "nitpicky": True,
                "shipshape_root": str(root),
            },
            status=None,
            warning=told,
            tags=list(tags),
            parallel=parallel,
        )
        app.build()
    return Built(out=work / builder, warnings=lines(told.getvalue()))


def build_as_the_course(work: Path, *, builder: str = "html", tags: Iterable[str] = ()) -> Built:
    """Build the small project with the course's own conf.py, as `make html` does it."""
    command = [sys.executable, "-m", "sphinx", "-n", "-q", "-b", builder, "-c", REPOSITORY]
    command += ["-D", f"shipshape_root={PROJECT}", "-d", work / f"doctrees-{builder}"]
    command += [word for tag in tags for word in ("-t", tag)]
    done = subprocess.run([*command, PROJECT / "docs", work / builder], check=True, capture_output=True, text=True)
    return Built(out=work / builder, warnings=lines(done.stdout + done.stderr))


def lines(text: str) -> tuple[str, ...]:
    return tuple(line for line in strip_escape_sequences(text).splitlines() if line.strip())


def write(source: Path, pages: dict[str, str]) -> Path:
    """Put pages into a folder, each with a title above it and all of them in a table of contents."""
    names = "".join(f"\n   {name}" for name in pages if name != "index")
    texts = {"index": "", **pages}
    for name, text in texts.items():
        page = source / f"{name}.rst"
        page.parent.mkdir(parents=True, exist_ok=True)
        contents = f"\n\n.. toctree::\n{names}\n" if name == "index" and names else ""
        page.write_text(f"Title of {name}\n{'=' * (len(name) + 9)}\n\n{text}{contents}\n", encoding="utf-8")
    return source
