"""Turns what the docker SDK raises into EngineFault, in one place."""

import contextlib
from collections.abc import Iterator

from grader.errors import EngineFault


@contextlib.contextmanager
def engine_faults(doing: str) -> Iterator[None]:
    """Anything that the engine, or the way to it, raises inside becomes an EngineFault that says what was being done.

    :raises EngineFault: the SDK raised
    """
    from docker.errors import APIError, DockerException
    from requests.exceptions import RequestException

    try:
        yield
    except APIError as error:
        raise EngineFault(f"{doing} failed: {error.explanation or error}") from error
    except (KeyError, TypeError, ValueError) as error:
        raise EngineFault(f"{doing} failed: the engine's answer is not what it should be ({error!r})") from error
    except (DockerException, RequestException) as error:
        # The engine stopped in the middle, or is too busy to answer: no part of the message helps a reader.
        raise EngineFault(f"{doing} failed: the engine did not answer; see `make doctor`") from error
