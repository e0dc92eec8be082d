"""What a page's shell starts from: a fresh copy of the checkout, a home of its own, a free port."""

import os
import random
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

NAME = "shipshape"
PORT = 8080
# How this machine reaches package indexes and the engine; no CI, no virtual environment, no secrets.
KEPT = re.compile(
    r"LANG|LC_\w+|TZ|TERM|(PIP|UV)_\w+|SSL_\w+|\w+_CA_BUNDLE|\w+_CACERT|\w+_CERT|(https?|no|all|ftp)_proxy"
    r"|DOCKER_(HOST|CONTEXT|TLS_VERIFY|CERT_PATH|API_VERSION)|XDG_RUNTIME_DIR",
    re.IGNORECASE,
)
# Found under the home folder by pip and by docker; the rest of it stays out of sight.
LINKED = (".config/pip", ".pip", ".docker/cli-plugins", ".docker/contexts")
HOST_PORT = re.compile(rf"((?:localhost|127\.0\.0\.1|\[::1\]):){PORT}\b")
COMPOSED = re.compile(rf"(?m)^(\s*-\s*[\"']?(?:[\d.]+:)?){PORT}(?=:\d)")
PUBLISHED = re.compile(rf"((?:^|\s)(?:-\w*p|--publish)[ =]?(?:[\w.\[\]]+:)?){PORT}(?=:)")


def copy(root: Path, into: Path) -> Path:
    """Copy what git tracks, or would, to `into`/shipshape; only `.venv` is shared, to save its making."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root,
        check=True,
        stdout=subprocess.PIPE,
    )
    folder = into / NAME
    folder.mkdir()
    for name in os.fsdecode(listed.stdout).split("\0"):
        if name and os.path.lexists(root / name):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(root / name, folder / name, follow_symlinks=False)
    if (root / ".venv").is_dir():
        (folder / ".venv").symlink_to((root / ".venv").resolve())
    return folder


def environment(home: Path) -> dict[str, str]:
    """The variables of the page's shell, for a home folder that this makes."""
    home.mkdir()
    real = Path.home()
    for name in LINKED:
        if (real / name).is_dir():
            (home / name).parent.mkdir(parents=True, exist_ok=True)
            (home / name).symlink_to(real / name)
    # Into a pipe curl draws a progress meter that a reader at a terminal never sees.
    (home / ".curlrc").write_text("no-progress-meter\n")
    kept = {name: value for name, value in os.environ.items() if KEPT.fullmatch(name)}
    own = Path(sys.prefix, "bin")
    path = [entry for entry in os.get_exec_path() if Path(entry) != own or sys.prefix == sys.base_prefix]
    return kept | {
        "HOME": str(home),
        "PATH": os.pathsep.join(path),
        "TERM": "dumb",
        "BUILDKIT_PROGRESS": "plain",
    }


def free_port() -> int:
    """A port that nothing listens on, below those that the kernel hands out by itself."""
    for port in random.sample(range(20000, 30000), 200):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise OSError("none of 200 ports between 20000 and 30000 is free")


def publishes(command: str) -> bool:
    """Whether a command may put a container on port 8080 of the host; what Compose does, its file says."""
    return "docker compose" in command or ("docker" in command and bool(PUBLISHED.search(command)))


def with_port(command: str, port: int) -> str:
    """The command with the host's 8080 replaced; a container's 8080 stays what it is."""
    return "".join(
        PUBLISHED.sub(rf"\g<1>{port}", part) if _is_docker(part) else HOST_PORT.sub(rf"\g<1>{port}", part)
        for part in re.split(r"((?<!\\)\n|[|;&]+)", command)
    )


def composed(text: str, port: int) -> str:
    """The Compose file with the host's 8080 replaced in its lists of ports."""
    return COMPOSED.sub(rf"\g<1>{port}", text)


def without_port(output: str, port: int) -> str:
    """The output with the replacement turned back."""
    return re.sub(rf"(?<!\d){port}(?!\d)", str(PORT), output)


def _is_docker(part: str) -> bool:
    return bool(re.match(r"\s*(sudo\s+)?docker\b", part))
