"""Print the first failure of a report: its diagnosis, and the facts it was drawn from."""

import json
import sys
from pathlib import Path

report = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
for result in report["results"]:
    if result["outcome"] == "fail":
        diagnosis = result["diagnosis"]
        print(f"{result['id']}: {diagnosis['id'] if diagnosis else 'no diagnosis'}")
        for name, fact in sorted(result["evidence"].items()):
            print(f"  {name} = {fact!r}")
        break
