"""What the machine we run on can tell an image: its package mirrors, what it trusts, where its pip looks."""

import os
import re
import ssl
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

APT = Path("/etc/apt")
DEBIAN_KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
BUNDLES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/cert.pem",
)
DISTRIBUTED = Path("/usr/share/ca-certificates")
# What apt was told so that it accepts this machine's mirror; a password in a proxy's address stays here.
CARRIED = re.compile(
    r"Acquire::(Check-Valid-Until|Check-Date|Max-FutureTime|ForceIPv[46]|Retries|https?::Proxy)\b",
    re.IGNORECASE,
)
PEM = re.compile(r"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class Source:
    """One archive that apt takes packages from, as deb822 says it."""

    uri: str
    suites: tuple[str, ...]
    components: tuple[str, ...]
    signed_by: str = ""
    trusted: str = ""
    check_valid_until: str = ""  # "no": its list may be older than it itself allows

    def deb822(self) -> str:
        """The stanza of a .sources file."""
        fields = {
            "Types": "deb",
            "URIs": self.uri,
            "Suites": " ".join(self.suites),
            "Components": " ".join(self.components),
            "Signed-By": self.signed_by,
            "Trusted": self.trusted,
            "Check-Valid-Until": self.check_valid_until,
        }
        return "".join(f"{name}: {value}\n" for name, value in fields.items() if value)


def apt_sources(folder: Path = APT) -> tuple[Source, ...]:
    """Every binary archive that apt knows, from .sources files and one-line entries alike."""
    stanzas = sorted((folder / "sources.list.d").glob("*.sources"))
    lines = [folder / "sources.list", *sorted((folder / "sources.list.d").glob("*.list"))]
    found = [source for path in stanzas for source in _stanzas(_read(path))]
    found += [source for path in lines for source in _one_liners(_read(path))]
    return tuple(found)


def suite_sources(sources: Iterable[Source], codename: str, suite: str) -> tuple[Source, ...]:
    """The same archives, asked for another Debian release; third parties' mostly have other suites."""
    found: dict[tuple[str, str], Source] = {}
    for source in sources:
        for name in source.suites:
            base, dash, pocket = name.partition("-")
            plain = "main" in source.components and "@" not in urlsplit(source.uri).netloc
            if plain and base in (codename, suite, "stable") and pocket in ("", "updates", "security"):
                wanted = f"{suite}{dash}{pocket}"
                key = (source.uri.rstrip("/"), wanted)
                found.setdefault(key, replace(source, suites=(wanted,), components=("main",)))
    return tuple(found.values())


def apt_options() -> str:
    """apt's settings that a container needs to use the same mirror, in apt.conf's syntax."""
    lines = _output("apt-config", "dump").splitlines()
    return "".join(f"{line}\n" for line in lines if CARRIED.match(line) and "@" not in line)


def authorities() -> str:
    """The certificate authorities that this machine trusts, as one PEM bundle; empty when none is found."""
    candidates = (os.environ.get("SSL_CERT_FILE"), *BUNDLES, ssl.get_default_verify_paths().cafile)
    return next((text for path in candidates if path and (text := _read(Path(path)))), "")


def added_authorities(bundle: str, distributed: Path = DISTRIBUTED) -> tuple[str, ...]:
    """The authorities of `bundle` that did not come with the distribution: a school's, a proxy's."""
    known = {_bare(pem) for path in distributed.rglob("*.crt") for pem in PEM.findall(_read(path))}
    return tuple(pem for pem in PEM.findall(bundle) if _bare(pem) not in known)


def pip_index() -> str:
    """The package index that pip uses here, if a container can use it too: http or https, and no password."""
    url = os.environ.get("PIP_INDEX_URL") or _output(sys.executable, "-m", "pip", "config", "get", "global.index-url")
    parts = urlsplit(url.strip())
    return url.strip() if parts.scheme in ("http", "https") and "@" not in parts.netloc else ""


def _stanzas(text: str) -> Iterable[Source]:
    uncommented = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    for stanza in re.split(r"\n\s*\n", uncommented):
        fields = {
            name.lower(): value.strip()
            for name, value in re.findall(r"^([\w-]+):((?:.*)(?:\n[ \t].*)*)", stanza, re.MULTILINE)
        }
        if "deb" not in fields.get("types", "").split() or fields.get("enabled", "yes").lower() == "no":
            continue
        for uri in fields.get("uris", "").split():
            yield Source(
                uri=uri,
                suites=tuple(fields.get("suites", "").split()),
                components=tuple(fields.get("components", "").split()),
                signed_by=fields.get("signed-by", ""),
                trusted=fields.get("trusted", ""),
                check_valid_until=fields.get("check-valid-until", ""),
            )


def _one_liners(text: str) -> Iterable[Source]:
    for options, uri, suite, components in re.findall(
        r"^deb[ \t]+(?:\[([^]]*)\][ \t]+)?(\S+)[ \t]+(\S+)([^#\n]*)", text, re.MULTILINE
    ):
        given = dict(option.split("=", 1) for option in options.split() if "=" in option)
        yield Source(
            uri=uri,
            suites=(suite,),
            components=tuple(components.split()),
            signed_by=given.get("signed-by", ""),
            trusted=given.get("trusted", ""),
            check_valid_until=given.get("check-valid-until", ""),
        )


def _bare(pem: str) -> str:
    return "".join(pem.split())


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _output(*command: str) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=30, stdin=subprocess.DEVNULL)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout if done.returncode == 0 else ""
