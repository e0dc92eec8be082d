"""`make record`: record the explorers and the pages anew, or those that are named."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from grader.sphinx.explorer_facts import FOLDER, KINDS, Record, files

from . import layer_cache, machine, pages, pid_1, port_mapping, start_order

ROOT = Path(__file__).resolve().parents[2]
RECORDERS = {
    "layer-cache": layer_cache.record,
    "port-mapping": port_mapping.record,
    "pid-1": pid_1.record,
    "start-order": start_order.record,
}


def record(name: str) -> Record[Any]:
    """Run an explorer's programs on the engine."""
    runs = RECORDERS[name](ROOT / FOLDER / "files" / name)
    today = datetime.now(UTC).date().isoformat()
    found: Record[Any] = KINDS[name](day=today, engine=machine.engine_release(), runs=tuple(runs))
    return found


def write(file: Path, record: Record[Any]) -> None:
    """A run a line, so that a difference shows what changed."""
    runs = ",\n".join("  " + msgspec.json.encode(run).decode() for run in record.runs)
    head = f'{{"day": "{record.day}", "engine": "{record.engine}", "runs": [\n'
    file.write_text(f"{head}{runs}\n]}}\n", encoding="utf-8")


def main(names: list[str]) -> int:
    """Record what is named, explorers and pages, or everything; returns how many pages could not be recorded."""
    failed = 0
    everything = [*RECORDERS, *(str(path) for path in sorted((ROOT / "docs").rglob("*.rst")))]
    for name in names or everything:
        if name in RECORDERS:
            print(f"Recording {name}", file=sys.stderr)
            write(files(ROOT, name)[1], record(name))
            continue
        page = Path(name).resolve()
        print(f"Running {page.relative_to(ROOT)}", file=sys.stderr)
        try:
            count = pages.record(page, ROOT / "docs")
        except pages.NotRecorded as reason:
            failed += 1
            print(f"{page.relative_to(ROOT)}: nothing is written: {reason}", file=sys.stderr)
        else:
            if count:
                print(f"{page.relative_to(ROOT)}: {count} outputs written anew", file=sys.stderr)
    return failed


if __name__ == "__main__":
    sys.exit(min(main(sys.argv[1:]), 1))
