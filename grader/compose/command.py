"""Splits a command that is written as one text into its words, as Compose does: without a shell."""

import re

# Compose reads up to the first of these outside quotes, and drops the rest without a word.
OPERATORS = ";&|<>"
# What `$(...)` and backquotes hold stays in its word: nothing runs it.
TOKEN = re.compile(
    r"(?P<blank>[ \t\r\n]+)|\\(?P<escaped>.)|'(?P<single>[^']*)'|\"(?P<double>(?:[^\"\\]|\\.)*)\""
    r"|(?P<kept>\$\([^)]*\)|`[^`]*`)|(?P<operator>[;&|<>])|(?P<wrong>[\\'\"()`])|(?P<plain>[^\s\\'\"()`;&|<>$]+|\$)",
    re.DOTALL,
)
ESCAPE = re.compile(r"\\(.)", re.DOTALL)


class BadCommand(Exception):
    """A text that is no command; its message is the reason."""


def split(text: str) -> tuple[tuple[str, ...], str]:
    """The words of a command, and the operator at which Compose stops reading, or nothing.

    :raises BadCommand: a quote or a bracket is not closed, or stands where none may
    """
    words: list[str] = []
    word: str | None = None
    operator = ""
    for token in TOKEN.finditer(text):
        kind, piece = token.lastgroup or "", token[token.lastgroup or 0]
        if kind == "wrong":
            raise BadCommand(f"`{piece}` is not closed, or stands outside quotes")
        if kind == "operator":
            operator = piece
            # `2>` is one operator, not a word and a sign.
            word = None if piece in "<>" and word and word[-1].isdigit() else word
            break
        if kind == "blank":
            words += [] if word is None else [word]
            word = None
            continue
        word = (word or "") + (ESCAPE.sub(r"\1", piece) if kind == "double" else piece)
    return tuple(words + ([] if word is None else [word])), operator
