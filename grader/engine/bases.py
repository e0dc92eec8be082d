"""Brings a base image to the engine: pulls it, or builds its stand-in."""

import json
from pathlib import Path

from grader.deadline import Deadline
from grader.engine.connection import Engine
from grader.engine.labels import STAND_IN
from grader.errors import BaseImageFault, PassingFault

STALL = 20  # seconds without a word of progress after which a pull is given up
BUILD_TIMEOUT = 900


class RegistryFault(BaseImageFault, PassingFault):
    """No registry answers; asking it for another image would end the same way now, and may not later."""


def pull(engine: Engine, reference: str) -> None:
    """Have the engine pull an image; it is the engine that knows the proxies and mirrors.

    :raises RegistryFault: no registry answers, or it stopped answering
    :raises BaseImageFault: the registry has no such image
    """
    from requests.exceptions import RequestException

    repository, _, tag = reference.rpartition(":")
    api = engine.client.api
    try:
        # docker-py's own pull() waits without end for a registry that drops packets.
        with api.post(
            f"{api.base_url}/v{api.api_version}/images/create",
            params={"fromImage": repository, "tag": tag},
            stream=True,
            timeout=STALL,
        ) as answer:
            for line in answer.iter_lines():
                event = json.loads(line or "{}")
                refusal = event.get("error") or ("" if answer.ok else event.get("message"))
                if refusal:
                    raise _fault(reference, answer.status_code, str(refusal))
    except (RequestException, ValueError) as error:
        raise RegistryFault(f"no registry answered within {STALL} s") from error


def build(engine: Engine, reference: str, context: Path) -> None:
    """Build the stand-in for `reference` from a folder with a Dockerfile; the tag is set last.

    :raises BaseImageFault: the build failed
    """
    done = engine.command.run(
        *("buildx", "build", "--builder", "default", "--progress", "plain", "--provenance", "false"),
        *("--label", f"{STAND_IN}={reference}", "--tag", reference, str(context)),
        deadline=Deadline(BUILD_TIMEOUT),
    )
    if done.code:
        last = " / ".join(done.stderr.strip().splitlines()[-5:])
        raise BaseImageFault(f"the stand-in for {reference} could not be built: {last}")


def _fault(reference: str, status: int, refusal: str) -> BaseImageFault:
    if status == 404 or "manifest unknown" in refusal or "not found" in refusal:
        return BaseImageFault(f"the registry has no {reference}: {refusal}")
    return RegistryFault(refusal)
