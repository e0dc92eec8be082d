"""`python -m grader`: hands over to the command line."""

import signal

from grader.cli import main

if __name__ == "__main__":
    # A time-out's SIGTERM must end like Ctrl-C does: with everything on the engine removed.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    main(prog_name="python -m grader")
