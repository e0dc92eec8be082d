"""Unpacks a compressed body no further than a limit: a few kilobytes may stand for gigabytes."""

import zlib

GZIP = frozenset({"gzip", "x-gzip"})
AUTOMATIC = 32 + zlib.MAX_WBITS  # tells gzip from zlib by its first bytes
RAW = -zlib.MAX_WBITS  # what some servers send as "deflate"


def unpack(body: bytes, coding: str, limit: int) -> tuple[bytes, bool] | None:
    """At most `limit` bytes of the body unpacked, and whether there were more.

    None where it is in no coding that is known here, or is not what it says: then its bytes must do as they came.
    """
    name = coding.strip().lower()
    if name in GZIP:
        return _inflate(body, AUTOMATIC, limit)
    if name == "deflate":
        return _inflate(body, AUTOMATIC, limit) or _inflate(body, RAW, limit)
    return None


def _inflate(body: bytes, bits: int, limit: int) -> tuple[bytes, bool] | None:
    plain, rest = b"", body
    while rest and len(plain) <= limit:  # a gzip file may hold several members, one after the other
        stream = zlib.decompressobj(bits)
        try:
            plain += stream.decompress(rest, limit + 1 - len(plain))
        except zlib.error:
            return None
        if not stream.eof:
            break  # the limit, or an end that is missing: what came is there all the same
        rest = stream.unused_data
    return plain[:limit], len(plain) > limit
