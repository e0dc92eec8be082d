"""Makes a small network of our own for each container."""

import secrets

from grader.engine.connection import Engine
from grader.engine.faults import engine_faults
from grader.errors import EngineFault

# The engine's default pools hold 31 networks, and then it refuses. This range holds 4096 blocks of 16 addresses.
POOL = "10.213"
TRIES = 20
OVERLAP = "overlaps"


def make_network(engine: Engine, label: str) -> str:
    """Make a bridge network in a free block of the pool; returns its id.

    Where containers can be reached by their own address, the network has no way out. Elsewhere a port must be
    published on loopback, and that needs one.

    :raises EngineFault: no block is free, or the engine refused
    """
    for _ in range(TRIES):
        subnet = f"{POOL}.{secrets.randbelow(256)}.{secrets.randbelow(16) * 16}/28"
        try:
            return _make(engine, label, subnet)
        except EngineFault as fault:
            if OVERLAP not in str(fault):
                raise
    raise EngineFault(f"no free block in {POOL}.0.0/16 for a network: look at `docker network ls`")


def _make(engine: Engine, label: str, subnet: str) -> str:
    from docker.types import IPAMConfig, IPAMPool

    with engine_faults("making a network"):
        made = engine.client.api.create_network(
            f"{label}.{secrets.token_hex(4)}",
            driver="bridge",
            ipam=IPAMConfig(pool_configs=[IPAMPool(subnet=subnet)]),
            internal=engine.local,
            labels={label: ""},
        )
        return str(made["Id"])
