"""What is known of an image and of a container's end: the values that the engine hands to the checks."""

import msgspec


class ImageFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What the engine records of an image."""

    entrypoint: tuple[str, ...] = ()
    command: tuple[str, ...] = ()
    base_command: tuple[str, ...] = ()  # of the base image: equal to `command` where the Dockerfile names none
    user: str = ""
    ports: tuple[str, ...] = ()  # such as "5000/tcp"
    size: int = 0  # bytes

    @property
    def line(self) -> str:
        """What is run, as one line."""
        return " ".join((*self.entrypoint, *self.command))

    @property
    def inherited(self) -> bool:
        """Whether the command is the base image's: the Dockerfile names none of its own."""
        return not self.entrypoint and self.command in ((), self.base_command)


class Stopped(msgspec.Struct, frozen=True, kw_only=True):
    """How a container ended after it was asked to."""

    running: bool = True  # it still ran when it was asked
    exit_code: int
    seconds: float
    killed: bool  # it did not end by itself in time, and was killed
