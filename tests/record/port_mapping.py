"""Records requests: for each way of publishing a port and each address that the app listens on, what curl says."""

import itertools
import re
import socket
import subprocess
import time
from pathlib import Path

from grader.sphinx.explorer_facts import RequestRun
from grader.sphinx.explorer_tell import ASKED, EVERYWHERE, NETWORK_ADDRESS
from tests.docs.checkout import free_port

from .machine import container, image, logs

OTHER = "9090"
PUBLISHED = ("no", "loopback", "all")
ANSWER_LIMIT = "5"
TRIES = 5  # the commonest answer counts
READY_AFTER = 30.0  # seconds that a development server may take on a busy machine


def record(files: Path) -> list[RequestRun]:
    runs: list[RequestRun] = []
    with image(files) as name:
        apps = itertools.product((EVERYWHERE, "127.0.0.1"), ("5000", "8000"))
        for (address, port), published in itertools.product(apps, PUBLISHED):
            for host_port, container_port in itertools.product((ASKED, OTHER), ("5000", "8000")):
                choose = {"published": published, "host-port": host_port, "container-port": container_port}
                runs += _requests(name, choose | {"app-address": address, "app-port": port})
    return runs


def _requests(image_name: str, choose: dict[str, str]) -> list[RequestRun]:
    """Start the app, and ask it on this machine, and by the address at which other machines ask."""
    asked, other = free_port(), free_port()
    host_port = {ASKED: asked, OTHER: other}[choose["host-port"]]
    ports = f"{host_port}:{choose['container-port']}"
    publish = {"no": (), "loopback": ("-p", f"127.0.0.1:{ports}"), "all": ("-p", ports)}[choose["published"]]
    address, port = choose["app-address"], choose["app-port"]
    server = ("flask", "--app", "app", "run", "--host", address, "--port", port)
    with container(*publish, image_name, *server) as name:
        _await_server(name, port)
        return [
            _ask(choose | {"asked": "here"}, "127.0.0.1", asked, other),
            _ask(choose | {"asked": "network"}, own_address(), asked, other),
        ]


def _await_server(name: str, port: str) -> None:
    """Wait until something listens, which no request from outside could tell in half of the cases."""
    until = time.monotonic() + READY_AFTER
    while f"Running on http://127.0.0.1:{port}" not in (told := logs(name)):
        if time.monotonic() > until:
            raise RuntimeError(f"the app does not listen after {READY_AFTER:g} seconds: {told}")
        time.sleep(0.1)


def own_address() -> str:
    """This machine's address on its network; connecting a datagram socket sends nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("198.51.100.1", 9))
        return str(probe.getsockname()[0])


def _ask(choose: dict[str, str], address: str, asked: int, other: int) -> RequestRun:
    # Where nobody listens in the container, the connection breaks now at this moment, now at that: 56, or at times 52.
    found = [_curl(choose, address, asked, other) for _ in range(TRIES)]
    return max(found, key=found.count)


def _curl(choose: dict[str, str], address: str, asked: int, other: int) -> RequestRun:
    url = f"http://{address}:{asked}/"
    command = ["curl", "-sS", "--noproxy", "*", "--max-time", ANSWER_LIMIT, url]
    done = subprocess.run(command, capture_output=True, text=True)
    printed = (done.stdout + done.stderr).strip()
    return RequestRun(choose=choose, exit_code=done.returncode, printed=shown(printed, address, asked, other))


def shown(printed: str, address: str, asked: int, other: int) -> str:
    """The output with the ports of the page, an address of anyone's network, and no duration."""
    printed = re.sub(rf"\b{asked}\b", ASKED, printed)
    printed = re.sub(rf"\b{other}\b", OTHER, printed)
    printed = re.sub(r"\bafter \d+ ms\b", "after 0 ms", printed)
    return printed if address == "127.0.0.1" else printed.replace(address, NETWORK_ADDRESS)
