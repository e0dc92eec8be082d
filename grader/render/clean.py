"""Makes what a student's program printed safe to show: the one sanitiser, for every byte of it."""

import re

LINES = 40
WIDTH = 2_000  # characters of one line

# Whatever moves the cursor, turns the writing direction, ends a line unseen, or takes no room at all; a tab
# and a newline stay. The lone surrogates are here because no encoder takes them.
UNSAFE = re.compile(
    "["
    "\x00-\x08\x0b-\x1f\x7f-\x9f"  # C0 and C1 controls
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164"
    "\ud800-\udfff\ufeff\uffa0\ufff9-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    "]"
)

COLOR = re.compile("\x1b\\[[0-9;]*m")


def clean(value: str | bytes, *, lines: int = LINES, width: int = WIDTH) -> str:
    """The text with everything unsafe written out, and its middle left out where it is too long."""
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else value
    kept = leave_out(text.split("\n"), lines)
    return escape("\n".join(shorten(line, width) for line in kept))


def uncolored(text: str) -> str:
    """The text without its color sequences, which most servers put into their logs; other sequences stay, and show."""
    return COLOR.sub("", text)


def one_line(value: str | bytes, *, width: int = WIDTH) -> str:
    """The same on a single line, a newline written as `\\n`: for a name, or a command to be copied."""
    return clean(value, lines=2 * LINES, width=width).replace("\n", "\\n").replace("\t", "\\t")


def escape(text: str) -> str:
    """Each unsafe character written the way a Python string would name it."""
    return UNSAFE.sub(lambda match: _named(match[0]), text)


def leave_out(lines: list[str], limit: int) -> list[str]:
    """At most `limit` lines and one that says how many were left out between them."""
    if len(lines) <= limit:
        return lines
    head = (limit + 1) // 2
    tail = limit - head
    return [*lines[:head], left_out(len(lines) - limit, "line"), *lines[len(lines) - tail :]]


def shorten(line: str, limit: int) -> str:
    """The line with its middle left out where it is longer than `limit` characters."""
    if len(line) <= limit:
        return line
    head = (limit + 1) // 2
    tail = limit - head
    return f"{line[:head]} {left_out(len(line) - limit, 'character')} {line[len(line) - tail :]}"


def left_out(count: int, noun: str) -> str:
    return f"… {count:,} {noun}{'' if count == 1 else 's'} left out …"


def _named(character: str) -> str:
    code = ord(character)
    if character == "\r":
        return "\\r"
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
