"""Builds a stand-in for an official base image from Debian's packages, where no registry can be reached."""

import contextlib
import os
import platform
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from grader import host, install
from grader.engine import Engine, bases
from grader.errors import BaseImageFault

if TYPE_CHECKING:
    from grader.images import Base

ROOTFS_TIMEOUT = 900  # seconds for mmdebstrap; 16 on a fast mirror
PROBE_TIMEOUT = 10  # seconds for a mirror to say whether it holds a suite
GRACE = 30  # seconds for mmdebstrap to unmount and remove what it made


def build(engine: Engine, base: "Base", progress: Callable[[str], None]) -> None:
    """Build the stand-in for a base image from a Debian release.

    The tag is set when all of it has succeeded, and every file made on the way is removed.
    :raises BaseImageFault: it cannot be built on this machine
    """
    progress(f"Building a stand-in for {base.reference} from Debian's packages (about half a minute)")
    with tempfile.TemporaryDirectory(prefix="shipshape-image-", ignore_cleanup_errors=True) as work:
        context = Path(work) / "context"
        shutil.copytree(base.folder, context)
        sources = _debian_sources(base.reference, base.suite)
        if base.second_suite:
            second = _debian_sources(base.reference, base.second_suite)
            # A release that never comes out is published anew all the time, and says of each list that it goes stale
            # within days; a mirror that is copied less often would hold nothing that apt accepts. It stays signed.
            second = tuple(replace(source, check_valid_until="no") for source in second)
            # Not under host/: the image shall not keep it.
            _put(context / "second.sources", _stanzas(context / "host", second).encode())
        lay_out_host(context / "host", sources)
        if not base.stands_on:
            _make_rootfs(context, base.suite, sources, Path(work))
        bases.build(engine, base.reference, context)


def lay_out_host(tree: Path, sources: tuple[host.Source, ...]) -> None:
    """Write under `tree` what this machine adds to an image: mirrors, settings, authorities, pip's index."""
    bundle = host.authorities()
    files = {
        "etc/apt/sources.list.d/debian.sources": _stanzas(tree, sources),
        "etc/apt/apt.conf.d/95-host": host.apt_options(),
        "etc/ssl/certs/ca-certificates.crt": bundle,
    }
    # ca-certificates writes its bundle anew when it is installed; what lies here enters it.
    for number, authority in enumerate(host.added_authorities(bundle)):
        files[f"usr/local/share/ca-certificates/host-{number}.crt"] = f"{authority}\n"
    if index := host.pip_index():
        files["etc/pip.conf"] = f"[global]\nindex-url = {index}\n"
    for name, text in files.items():
        if text:
            _put(tree / name, text.encode())
    # The image takes these modes over, so they must not depend on the umask here.
    for path in (tree, *tree.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)


def _stanzas(tree: Path, sources: tuple[host.Source, ...]) -> str:
    """The sources as an image under `tree` finds them: their keyrings go there as well."""
    stanzas = []
    for source in sources:
        keyring = Path(source.signed_by)
        if source.signed_by.startswith("/") and keyring.is_file():
            inside = f"/etc/apt/keyrings/{keyring.name}"
            _put(tree / inside.lstrip("/"), keyring.read_bytes())
            source = replace(source, signed_by=inside)
        stanzas.append(source.deb822())
    return "\n".join(stanzas)


def _put(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _debian_sources(reference: str, suite: str) -> tuple[host.Source, ...]:
    try:
        codename = platform.freedesktop_os_release().get("VERSION_CODENAME", "")
    except OSError:
        codename = ""
    sources = host.suite_sources(host.apt_sources(), codename, suite)
    sources = tuple(_signed(source) for source in sources if _holds(source))
    if not any(source.suites == (suite,) for source in sources):
        raise BaseImageFault(
            f"{reference} cannot be built here: apt knows no Debian mirror with the suite {suite}; "
            f"name one in /etc/apt/sources.list.d, or go where `docker pull {reference}` works"
        )
    return sources


def _signed(source: host.Source) -> host.Source:
    """Apt finds a Debian host's keys by itself; mmdebstrap and another image have to be told which."""
    if not source.signed_by and not source.trusted and Path(host.DEBIAN_KEYRING).is_file():
        return replace(source, signed_by=host.DEBIAN_KEYRING)
    return source


def _holds(source: host.Source) -> bool:
    """Whether the mirror holds the suite, and the suite is Debian's; where we cannot ask, apt will tell."""
    import requests

    url = f"{source.uri.rstrip('/')}/dists/{source.suites[0]}/InRelease"
    if not re.match(r"https?://", url):
        return True
    try:
        answer = requests.get(url, timeout=PROBE_TIMEOUT, verify=_bundle_path())
    except requests.RequestException:
        return True
    return answer.ok and re.search(r"^Origin: Debian$", answer.text, re.MULTILINE) is not None


def _bundle_path() -> str | bool:
    return next((path for path in host.BUNDLES if Path(path).is_file()), True)


def _make_rootfs(context: Path, suite: str, sources: tuple[host.Source, ...], work: Path) -> None:
    install.require("mmdebstrap")
    options = work / "apt.conf"
    options.write_text(host.apt_options(), encoding="utf-8")
    listed = work / "debian.sources"
    listed.write_text("\n".join(source.deb822() for source in sources), encoding="utf-8")
    leftovers = ("/etc/apt/sources.list", "/etc/apt/sources.list.d/*", "/etc/apt/apt.conf.d/99mmdebstrap")
    _run_to_its_end(
        "mmdebstrap",
        "--variant=minbase",
        "--skip=check/qemu",
        f"--dpkgopt={context / 'dpkg.cfg'}",
        f"--aptopt={options}",
        "--customize-hook=rm -f " + " ".join(f'"$1"{path}' for path in leftovers),
        suite,
        str(context / "rootfs.tar"),
        str(listed),
        work=work,
    )


def _run_to_its_end(*command: str, work: Path) -> None:
    """Run mmdebstrap, which mounts things: interrupted or late, it is asked to stop, and waited for."""
    log = work / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
        )
        try:
            code = process.wait(timeout=ROOTFS_TIMEOUT)
        except subprocess.TimeoutExpired:
            code = -1
        finally:
            _stop(process)
    if code:
        last = " / ".join(log.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-5:])
        raise BaseImageFault(f"mmdebstrap failed ({last}): see that `apt-get update` works on this machine")


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End it with all that it started; what it was installing holds it up until that is ended as well."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        if process.poll() is None:
            os.killpg(process.pid, number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=GRACE)
