"""Where a redirect leads: to a path of the same site, in whatever form it is written, or to another site."""

from urllib.parse import urljoin, urlsplit

from grader.cookies import LOOPBACK


def site_path(location: str, path: str, host: str) -> str:
    """Path and query that a Location leads to on the same site; a whole address where it leads to another.

    A server may write it relative to `path`, or with the address under which it was asked, or under which it thinks
    it is: all of these are right.
    """
    try:
        parts = urlsplit(urljoin(path, location))
        name, asked = parts.hostname or "", urlsplit(f"//{host}").hostname or ""
    except ValueError:  # such as brackets that are no IPv6 address
        return location
    if parts.netloc and f"[{name}]" not in LOOPBACK and name not in {*LOOPBACK, asked}:
        # //evil.example/ would pass for a path, and be asked for.
        return location if parts.scheme else f"http:{location}"
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
