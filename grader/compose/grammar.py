"""Says what is wrong with text that is no YAML, in the words of the person who wrote it."""

from typing import TYPE_CHECKING

from grader.compose.model import ComposeFault, FaultKind

if TYPE_CHECKING:
    import yaml

INDENTED = "the line is indented otherwise than those beside it"
WORDS = {  # for what the reader says in the words of its own grammar
    "mapping values are not allowed here": "a second `:` on one line, or the line above is indented otherwise",
    "could not find expected ':'": "a `:` is missing after the key, or the line is indented otherwise",
    "did not find expected": INDENTED,
    "expected <block end>": INDENTED,
    "while scanning a quoted scalar": "a quote is opened and not closed",
    "found unexpected end of stream": "a quote or a bracket is opened and not closed",
    "but got '<stream end>'": "a bracket is opened and not closed",
    "found undefined alias": "no anchor of that name stands above it",
    "cannot start any token": "begin text with a quote where it begins with a sign such as @ or `",
}
QUOTE = "while scanning a quoted scalar"  # ends where the file does; the quote that opens it is what to look at


def explained(error: "yaml.MarkedYAMLError", text: str) -> ComposeFault:
    """The fault for what the reader could not read."""
    mark = error.context_mark if error.context == QUOTE else error.problem_mark or error.context_mark
    number = min(mark.line if mark else 0, text.count("\n"))
    row = text.split("\n")[number]
    if "\t" in row[: len(row) - len(row.lstrip())] or (error.problem and "'\\t'" in error.problem):
        return ComposeFault(
            kind=FaultKind.TAB,
            what="the file",
            reason="indented with a tab: YAML takes spaces only",
            line=number + 1,
        )
    said = f"{error.context or ''} {error.problem or ''}"
    reason = next((words for part, words in WORDS.items() if part in said), error.problem or "it is not YAML")
    return ComposeFault(kind=FaultKind.SYNTAX, what="the file", reason=reason, line=number + 1)
