"""Bare numbers and booleans of YAML, written as Compose hands them on."""

import math
import re
from decimal import Decimal

INTEGER = re.compile(r"[-+]?(?:0b[01]+|0o[0-7]+|0x[0-9a-fA-F]+|0[0-7]+|0|[1-9]\d*)")
FLOAT = re.compile(r"[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?")
BOOLEANS = {"true": "true", "True": "true", "TRUE": "true", "false": "false", "False": "false", "FALSE": "false"}
DIGITS = 40  # of a number; with more it is text to us, and Python would count them slowly


def as_written(word: str) -> str | None:
    """A bare word as a number or a boolean, or None: it is text.

    `0x1F` is 31, and a zero at the front makes a number octal: 010 is 8.
    """
    if word in BOOLEANS:
        return BOOLEANS[word]
    digits = word.replace("_", "")
    if len(word) > DIGITS or not word[:1].strip("_") or word[0] not in "+-.0123456789":
        return None
    if INTEGER.fullmatch(digits) and abs(value := _integer(digits)) < 2**64:
        return str(value)
    return _written(float(digits)) if FLOAT.fullmatch(digits) else None


def _integer(digits: str) -> int:
    plain = digits.lstrip("+-")
    old_octal = len(plain) > 1 and plain.isdigit() and plain.startswith("0")
    return int(f"{digits[: -len(plain)]}{f'0o{plain}' if old_octal else plain}", 0)


def _written(value: float) -> str:
    """As Go writes a float: with an exponent below 1e-04 and from 1e+06 on."""
    if not math.isfinite(value):
        return str(value)
    exact = Decimal(repr(value)).normalize()
    power = exact.adjusted()
    if not value or -4 <= power < 6:
        return f"{exact:f}"
    return f"{exact.scaleb(-power).normalize():f}e{power:+03d}"
