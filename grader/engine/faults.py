"""Turns what the docker SDK raises into EngineFault, in one place."""

import contextlib
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from grader.errors import EngineFault, PassingFault

if TYPE_CHECKING:
    from docker.errors import APIError

# What vanished under us, what was being removed at that moment, and an engine that is not up to answering.
PASSING_STATUS = (404, 409, 502, 503, 504)
# A plain 500 in whose words the engine, its runtime or its network was cut short, or waited for too long.
PASSING_WORDS = re.compile(
    r"context (?:canceled|deadline exceeded)|connection (?:reset|refused)|broken pipe|(?:i/o|TLS handshake) timeout"
    r"|shutting down|\bEOF$|transport is closing|code = Unavailable|error while dialing|cannot connect to the docker"
    r"|device or resource busy|resource temporarily unavailable|overlaps",
    re.IGNORECASE | re.MULTILINE,
)
# What the engine hears of a container that ends while it is asked about it, and hands on.
ENDING = re.compile(r"ttrpc: closed|container does not exist")


@contextlib.contextmanager
def engine_faults(doing: str) -> Iterator[None]:
    """Anything that the engine, or the way to it, raises inside becomes an EngineFault that says what was being done.

    :raises PassingFault: the SDK raised, and a second try may succeed
    :raises EngineFault: the SDK raised
    """
    from docker.errors import APIError, DockerException
    from requests.exceptions import RequestException
    from urllib3.exceptions import HTTPError

    try:
        yield
    except APIError as error:
        words = str(error.explanation or error)
        passing = error.status_code in PASSING_STATUS or passes(words)
        raise fault(f"{doing} failed: {words}", passing=passing) from error
    except (DockerException, RequestException, HTTPError, ConnectionError, TimeoutError) as error:
        # The engine stopped in the middle, or is too busy to answer: no part of the message helps a reader.
        raise PassingFault(f"{doing} failed: the engine did not answer; see `make doctor`") from error
    except (KeyError, TypeError, ValueError) as error:
        raise EngineFault(f"{doing} failed: the engine's answer is not what it should be ({error!r})") from error


def has_ended(error: "APIError") -> bool:
    """Whether the engine refused something of a container because that has ended, is ending, or is paused."""
    return error.status_code == 409 or bool(ENDING.search(str(error.explanation)))


def fault(words: str, *, passing: bool) -> EngineFault:
    """The fault that says so, of the kind that a second try may mend or of the other."""
    return PassingFault(words) if passing else EngineFault(words)


def passes(words: str) -> bool:
    """Whether the engine's own words tell of something that a second try may mend."""
    return bool(PASSING_WORDS.search(words))
