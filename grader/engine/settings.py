"""The variables that a container was made with; the official images take some of them from files, as secrets are."""

import io
import tarfile
from collections.abc import Iterable, Mapping
from typing import Any

from grader.engine.container import Container
from grader.engine.faults import engine_faults

FILE = "_FILE"  # POSTGRES_PASSWORD_FILE names the file that holds POSTGRES_PASSWORD
LIMIT = 64_000  # bytes of such a file, as the engine hands it over


def settings_of(container: Container, record: Mapping[str, Any]) -> dict[str, str]:
    """The container's variables, with the content of a file in place of its name.

    :raises EngineFault: the engine is at fault
    """
    found = dict(line.partition("=")[::2] for line in record["Config"].get("Env") or ())
    for name, path in list(found.items()):
        if name.endswith(FILE) and path.startswith("/") and not found.get(name.removesuffix(FILE)):
            found[name.removesuffix(FILE)] = _content(container, path)
    return found


def _content(container: Container, path: str) -> str:
    """What a file in the container holds, as a shell would take it in; nothing of one that is not there."""
    from docker.errors import APIError, NotFound

    with engine_faults("reading a file of the container"):
        try:
            stream, _ = container.engine.client.api.get_archive(container.id, path)
        except NotFound:
            return ""
        except APIError as error:
            if error.status_code == 400:  # there is no way to such a place
                return ""
            raise
        data = _first(stream)
    # It is the student's container: what is packed there may be anything.
    try:
        with tarfile.open(fileobj=io.BytesIO(data), mode="r|") as archive:
            member = archive.next()
            file = archive.extractfile(member) if member and member.isreg() else None
            return file.read(LIMIT).decode("utf-8", "replace").rstrip("\n") if file else ""
    except (tarfile.TarError, OSError, ValueError, EOFError):
        return ""


def _first(stream: Iterable[bytes]) -> bytes:
    data = b""
    for chunk in stream:
        data += chunk[: LIMIT - len(data)]
        if len(data) >= LIMIT:
            break
    return data
