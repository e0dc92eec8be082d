"""The one seam to Docker: nothing outside this package imports the docker SDK or runs the docker command."""

from grader.engine.connection import Engine, connect

__all__ = ["Engine", "connect"]
