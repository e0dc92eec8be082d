"""The platforms whose exports are known; nothing heavy is imported, so that the command line can list them."""

from enum import StrEnum


class Layout(StrEnum):
    """How the files of a class are named."""

    PLAIN = "plain"
    MOODLE = "moodle"
    CANVAS = "canvas"
    GRADESCOPE = "gradescope"
    CLASSROOM = "classroom"
