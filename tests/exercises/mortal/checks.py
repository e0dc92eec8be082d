"""A request that may end the app."""

from random import Random

from grader.checks.base import Subject
from grader.http import Request


def answers(subject: Subject, random: Random) -> None:
    subject.request(Request(path="/end/now"))
