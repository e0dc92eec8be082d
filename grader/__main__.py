"""`python -m grader`: hands over to the command line."""

import signal
import sys

from grader.render.unexpected import NOT_INSTALLED

if __name__ == "__main__":
    # A time-out's SIGTERM, or a terminal's end, must end like Ctrl-C does: with everything on the engine removed.
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        # What is ignored already, as nohup has it, stays so.
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, signal.default_int_handler)
    try:
        from grader.cli import main
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("grader"):
            raise
        print(f"Error: {NOT_INSTALLED}", file=sys.stderr)
        sys.exit(4)
    main(prog_name="python -m grader")
