"""Runs the tests that need the engine and all the others side by side: `python -m tests.side_by_side "not slow"`.

Two tests at a time would see each other's containers on the one engine, so those that need it have one process. It
waits most of the time, for which the others have the processor.
"""

import subprocess
import sys
import tempfile

ENGINE, OTHERS = "docker", "not docker"


def main(marks: str) -> int:
    """Run the tests with these marks; what the others print comes after what the engine's do. Returns the exit code."""
    with tempfile.TemporaryFile() as said:
        others = subprocess.Popen(_command(marks, OTHERS), stdout=said, stderr=subprocess.STDOUT)
        try:
            first = subprocess.run(_command(marks, ENGINE)).returncode
        finally:
            second = others.wait()
            said.seek(0)
            sys.stdout.buffer.write(said.read())
    return first or second


def _command(marks: str, more: str) -> list[str]:
    return [sys.executable, "-m", "pytest", "-m", f"({marks}) and {more}"]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
