"""The directives of the reference: kinds of check, structs, commands and errors, each drawn from the code itself."""

import contextlib
import importlib
import inspect
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import get_args

import click
import msgspec
from docutils import nodes
from docutils.parsers.rst import directives
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from grader import errors
from grader.checks import Check, Kind
from grader.checks.exchange import Exchange
from grader.cli import main
from grader.sphinx.fields import Field, fields
from grader.sphinx.markup import bullets, paragraph, warn, words

PROGRAM = "python -m grader"
SEAM = "\b"  # before a paragraph whose lines click keeps as they are


class Reference(SphinxDirective):
    """What the directives share: prose from a docstring, lists of things with their meaning."""

    def prose(self, text: str | None) -> Iterator[nodes.Node]:
        """The paragraphs of a docstring."""
        for part in re.split(r"\n\s*\n", (text or "").strip()):
            yield paragraph(self, " ".join(part.split()))

    def entry(self, name: str, content: Sequence[nodes.Node]) -> nodes.definition_list_item:
        """A thing by its name, and what is said of it."""
        term = nodes.term("", "", nodes.literal(name, name))
        line = nodes.paragraph("", "", *content)
        for node in (term, line):
            self.set_source_info(node)
        return nodes.definition_list_item("", term, nodes.definition("", line))

    def box(self, content: Iterable[nodes.Node]) -> nodes.container:
        """All of it in one box; names and code are quoted to the letter."""
        box = nodes.container("", *content, classes=["reference"])
        box["support_smartquotes"] = False
        self.set_source_info(box)
        return box

    def keys(self, struct: type[msgspec.Struct]) -> nodes.definition_list:
        """The keys of a table in a file, as the struct that reads it declares them."""
        return nodes.definition_list("", *(self.key(field, struct) for field in fields(struct)))

    def key(self, field: Field, struct: type[msgspec.Struct]) -> nodes.definition_list_item:
        if not field.meaning:
            warn(
                "reference", f"{struct.__name__}.{field.name} has no comment that says what it means", self.state.parent
            )
        kind = nodes.emphasis("", "", *words(field.type))
        needed = {None: ", needed", "": ""}.get(field.default, f", by default `{field.default}`")
        links = [node for name in field.structs for node in (nodes.Text(", see "), self.link(name))]
        return self.entry(field.name, [kind, *words(needed), *links, nodes.Text(": "), *words(sentence(field.meaning))])

    def link(self, name: str) -> addnodes.pending_xref:
        """A link to where a struct is described."""
        link = addnodes.pending_xref(
            "",
            nodes.inline("", name),
            refdomain="std",
            reftype="ref",
            reftarget=label(name),
            refdoc=self.env.docname,
            refexplicit=True,
            refwarn=True,
        )
        self.set_source_info(link)
        return link


class StructBox(Reference):
    """A table of a file that we read, by where its struct stands: `grader.exercise:Run`.

    With `keys-only`, what the struct's docstring says is left to the page.
    """

    required_arguments = 1
    option_spec = {"keys-only": directives.flag}

    def run(self) -> list[nodes.Node]:
        module, _, name = self.arguments[0].partition(":")
        struct = None
        if module.startswith("grader."):
            with contextlib.suppress(ModuleNotFoundError):
                struct = getattr(importlib.import_module(module), name, None)
        if not (isinstance(struct, type) and issubclass(struct, msgspec.Struct)):
            warn(
                "reference",
                f"struct: {self.arguments[0]!r} is no struct of ours, as grader.exercise:Run is",
                self.state.parent,
            )
            return []
        prose = () if "keys-only" in self.options else self.prose(struct.__doc__)
        box = self.box([*prose, self.keys(struct)])
        box["ids"], box["names"] = [label(name)], [label(name)]
        self.state.document.note_explicit_target(box)
        return [box]


class CheckKind(Reference):
    """A kind of check: what it does, when it can be asked, and its own fields."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        known = kinds()
        kind = known.get(self.arguments[0])
        if kind is None:
            warn("reference", f"check-kind: no kind {self.arguments[0]!r}: {', '.join(known)}", self.state.parent)
            return []
        content = [*self.prose(kind.__doc__)]
        if facts := [[paragraph(self, fact)] for fact in facts_of(kind)]:
            content.append(bullets(facts))
        if not is_exchange(kind):
            content.append(self.keys(kind))
        return [self.box(content)]


class Command(Reference):
    """A command of the grader with its arguments and options; without a name, what comes before any command."""

    optional_arguments = 1

    def run(self) -> list[nodes.Node]:
        name = self.arguments[0] if self.arguments else ""
        command = main.commands.get(name) if name else main
        if command is None:
            warn("reference", f"command: no command {name!r}: {', '.join(main.commands)}", self.state.parent)
            return []
        top = click.Context(main, info_name=PROGRAM, **main.context_settings)
        context = click.Context(command, parent=top, info_name=name) if name else top
        usage = command.get_usage(context).removeprefix("Usage: ")
        block = nodes.literal_block(usage, usage, language="none")
        self.set_source_info(block)
        options = nodes.definition_list("")
        for parameter in command.get_params(context):
            if isinstance(parameter, click.Option):
                spelled, says = parameter.get_help_record(context) or ("", "")
                if not parameter.help:
                    warn("reference", f"{name} {spelled}: has no help", self.state.parent)
                options += self.entry(spelled, words(says))
        return [self.box([block, *self._help(command.help or ""), options])]

    def _help(self, text: str) -> Iterator[nodes.Node]:
        for part in re.split(r"\n\s*\n", inspect.cleandoc(text)):
            if part.startswith(SEAM):
                lines = [line.strip() for line in part.removeprefix(SEAM).strip().splitlines()]
                yield nodes.line_block("", *(nodes.line("", "", *words(line)) for line in lines))
            else:
                yield paragraph(self, " ".join(part.split()))


class Errors(Reference):
    """What ends a command without a report, and the exit code of each."""

    def run(self) -> list[nodes.Node]:
        found = nodes.definition_list("")
        for name, error in vars(errors).items():
            if isinstance(error, type) and issubclass(error, errors.GraderError):
                doc = " ".join((error.__doc__ or "").split())
                found += self.entry(name, words(f"exit code `{error.exit_code}`. {doc}"))
        return [self.box([found])]


def kinds() -> dict[str, type[Check]]:
    """Each kind of check by the name that exercise.toml gives it."""
    return {str(kind.__struct_config__.tag): kind for kind in get_args(Kind)}


def facts_of(kind: type[Check]) -> Iterator[str]:
    """When a kind is looked at, where that is not the common case."""
    if not kind.needs_start:
        yield "It needs the image alone: points are earned even where the container does not start."
    if kind.needs_project:
        yield "It is for an exercise with a Compose file, one that names `service` under `[run]`."
    if kind.destructive:
        yield "It is done last, as it ends the container or replaces it."


def is_exchange(kind: type[Check]) -> bool:
    """Whether its fields are those of an exchange, which are described once."""
    return set(Exchange.__struct_fields__) == set(kind.__struct_fields__) - set(Check.__struct_fields__)


def label(name: str) -> str:
    """The target of a struct's description."""
    return f"struct-{name.lower()}"


def sentence(text: str) -> str:
    """A comment as a sentence's end: without a colon it would be mistaken for, with a full stop."""
    return text if text.endswith((".", "?", "!")) or not text else f"{text}."


def setup(app: Sphinx) -> None:
    for name, directive in (("struct", StructBox), ("check-kind", CheckKind), ("command", Command), ("errors", Errors)):
        app.add_directive(name, directive)
