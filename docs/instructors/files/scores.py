"""Print one line for each report in a folder: who, how many points, how it ended."""

import json
import sys
from pathlib import Path

for path in sorted(Path(sys.argv[1]).glob("*.json")):
    report = json.loads(path.read_text(encoding="utf-8"))
    points = "no score" if report["points"] is None else f"{report['points']} of {report['max_points']}"
    print(f"{path.stem:20} {points:12} {report['outcome']}")
