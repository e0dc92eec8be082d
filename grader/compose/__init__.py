"""A student's Compose file, read as a stranger's, and written anew as a safe project of our own making."""

from grader.compose.model import (
    BuildPlan,
    ComposeFault,
    FaultKind,
    Health,
    Mount,
    Port,
    Project,
    Service,
)
from grader.compose.read import read
from grader.compose.stage import stage
from grader.compose.write import document

__all__ = [
    "BuildPlan",
    "ComposeFault",
    "FaultKind",
    "Health",
    "Mount",
    "Port",
    "Project",
    "Service",
    "document",
    "read",
    "stage",
]
