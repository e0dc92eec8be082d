"""Builds, runs and requests what a student containerized, and scores it."""

__version__ = "0.1.0"
