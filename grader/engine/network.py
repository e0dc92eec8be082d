"""Makes small networks of our own for the containers of a run."""

import contextlib
import ipaddress
import itertools
import secrets
from collections.abc import Iterator
from pathlib import Path

from grader.engine.connection import Engine
from grader.engine.faults import engine_faults
from grader.errors import EngineFault, PassingFault

# The engine's default pools hold 31 networks, and then it refuses. Each of these holds 4096 blocks of 16 addresses;
# the later ones are for a machine that uses the first for something else.
POOLS = ("10.213.0.0/16", "10.94.0.0/16", "198.18.0.0/16")
BLOCK = 28  # bits of a block's address
BLOCKS = 1 << (BLOCK - 16)
BLIND = 3  # tries at a random block before the engine is asked which are taken
TRIES = 20
OVERLAP = "overlaps"
BRIDGE = "shp-"  # our networks' interfaces on this machine begin so, and the firewall knows them by it
ROUTES = Path("/proc/net/route")


def make_network(engine: Engine, label: str) -> str:
    """Make a bridge network in a free block; returns its id.

    Where containers can be reached by their own address, the network has no way out. Elsewhere a port must be
    published on loopback, and that needs one.

    :raises PassingFault: no block is free now
    :raises EngineFault: the engine refused
    """
    pools = _pools(engine)
    for attempt in range(TRIES):
        with contextlib.suppress(StopIteration):
            block = next(_blocks(pools[:1]) if attempt < BLIND else _free(engine, pools))
            try:
                return _make(engine, label, str(block))
            except EngineFault as fault:
                if OVERLAP not in str(fault):
                    raise
    raise PassingFault(f"no free block in {' or '.join(POOLS)} for a network: look at `docker network ls`")


def _make(engine: Engine, label: str, subnet: str) -> str:
    from docker.types import IPAMConfig, IPAMPool

    with engine_faults("making a network"):
        made = engine.client.api.create_network(
            f"{label}.{secrets.token_hex(4)}",
            driver="bridge",
            ipam=IPAMConfig(pool_configs=[IPAMPool(subnet=subnet)]),
            internal=engine.local,
            options={"com.docker.network.bridge.name": f"{BRIDGE}{secrets.token_hex(4)}"} if engine.local else None,
            labels={label: ""},
        )
        return str(made["Id"])


def _pools(engine: Engine) -> list[ipaddress.IPv4Network]:
    """The pools, those last that this machine has another way to: a VPN's, a school's."""
    routed = _routed() if engine.local else []
    pools = [ipaddress.IPv4Network(pool) for pool in POOLS]
    return sorted(pools, key=lambda pool: any(pool.overlaps(each) for each in routed))


def _blocks(pools: list[ipaddress.IPv4Network]) -> Iterator[ipaddress.IPv4Network]:
    """Every block of the pools, each pool from a random one on."""
    for pool in pools:
        start = secrets.randbelow(BLOCKS)
        for number in range(BLOCKS):
            first = int(pool.network_address) + (start + number) % BLOCKS * (1 << (32 - BLOCK))
            yield ipaddress.IPv4Network((first, BLOCK))


def _free(engine: Engine, pools: list[ipaddress.IPv4Network]) -> Iterator[ipaddress.IPv4Network]:
    """The blocks that no network of the engine's overlaps."""
    with engine_faults("looking at the networks"):
        networks = engine.client.api.networks()
        ranges = (each.get("Subnet", "") for net in networks for each in (net.get("IPAM") or {}).get("Config") or ())
        taken = [ipaddress.IPv4Network(each, strict=False) for each in ranges if each and ":" not in each]
    # Others may begin where we do: the block that is free for all of us is better not the first.
    return itertools.filterfalse(lambda block: any(block.overlaps(each) for each in taken), _blocks(pools))


def _routed() -> list[ipaddress.IPv4Network]:
    """Where this machine's own routes lead, the default one and the engine's bridges aside."""
    try:
        rows = [line.split() for line in ROUTES.read_text(encoding="ascii").splitlines()[1:]]
    except OSError:
        return []
    found = []
    for interface, destination, *_, mask in (row[:8] for row in rows if len(row) >= 8):
        address, bits = (int.from_bytes(bytes.fromhex(text), "little") for text in (destination, mask))
        if bits and not interface.startswith((BRIDGE, "br-", "docker")):
            found.append(ipaddress.IPv4Network((address, bits.bit_count())))
    return found
