"""Reads which TCP addresses a container listens on, from outside it: the image may hold no tool, or a lying one."""

import ipaddress
import struct

from grader.engine.connection import Engine
from grader.engine.faults import engine_faults
from grader.engine.sidecar import finish, sidecar

LISTEN = "0A"
COMMAND = ("cat", "/proc/net/tcp", "/proc/net/tcp6")
TIMEOUT = 30  # seconds


def listening(engine: Engine, *, container: str, image: str, label: str) -> tuple[str, ...]:
    """The addresses, such as "127.0.0.1:5000", on which the container's processes listen.

    A container of one of our own images joins the container's network name space and reads the kernel's table.

    :param image: a base image that has `cat`
    """
    host = {
        "network_mode": f"container:{container}",
        "cap_drop": ["ALL"],
        "read_only": True,
        "mem_limit": "32m",
        "pids_limit": 16,
        "security_opt": ["no-new-privileges"],
    }
    with (
        engine_faults("reading the container's sockets"),
        sidecar(engine, image, COMMAND, label=label, host=host) as made,
    ):
        _, table = finish(engine, made, timeout=TIMEOUT)
        return parse(table.decode("ascii", "replace"))


def parse(table: str) -> tuple[str, ...]:
    """The listening addresses in the kernel's table, whose numbers are in the byte order of a little-endian host.

    The engine's own name server listens on loopback as well, on 127.0.0.11, and is left out.
    """
    found = []
    for line in table.splitlines():
        fields = line.split()
        if len(fields) > 3 and fields[3] == LISTEN:
            address, _, port = fields[1].partition(":")
            words = (int(address[at : at + 8], 16) for at in range(0, len(address), 8))
            host = ipaddress.ip_address(b"".join(struct.pack("<I", word) for word in words))
            shown = f"[{host}]" if host.version == 6 else str(host)
            found.append(f"{shown}:{int(port, 16)}")
    return tuple(sorted({address for address in found if not address.startswith("127.0.0.11:")}))
