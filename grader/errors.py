"""What can go wrong outside a student's work; a student's own mistake is a Result, never an exception.

GraderError
├── UsageError      the command line names something that is not there
├── SpecError       an author's mistake, in exercise.toml or another file of ours
├── SubmissionError a submission that cannot be read at all
└── EngineFault     the engine failed, or is not there; never costs a point
    ├── PassingFault    a second try may well succeed
    │   └── TooBusy         the submission was kept from running for too long
    └── BaseImageFault  a base image is neither here nor to be had

Every message is one line: the thing, what was expected, the next step.
"""


class GraderError(Exception):
    """The base of all of them; `exit_code` is what the command line leaves with."""

    exit_code = 4


class UsageError(GraderError):
    """The command line names something that is not there."""

    exit_code = 2


class SpecError(GraderError):
    """A file that an author wrote is wrong; the message names the file and the line."""

    exit_code = 3


class SubmissionError(GraderError):
    """What was handed in is not a submission: not a folder, or larger than any honest one."""

    exit_code = 2


class EngineFault(GraderError):
    """The container engine did not do its part; the student is not to blame."""


class PassingFault(EngineFault):
    """The engine did not do its part this time: it was restarted, or too busy, or something of ours vanished."""


class TooBusy(PassingFault):
    """The submission was ready to run and had to wait for so long that a time limit tells nothing about it."""


class BaseImageFault(EngineFault):
    """A base image is not on this machine, cannot be pulled, and cannot be built."""
