"""What no other linter says about a page, a Dockerfile or a Compose file of the course."""

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from . import endoflife, rst

COLUMNS = 110
MOST_TYPED = 2
WORDS = re.compile(r"\b(simply|just|easy|easily|obviously)\b", re.IGNORECASE)
HYPHEN = re.compile(
    r"(?<![\w./-])docker-compose +"
    r"(-|(up|down|build|run|ps|logs|exec|config|start|stop|restart|pull|push|rm|kill)\b)"
)
INSECURE = re.compile(r"http://(?=[\w-]+\.)(?!127\.|0\.0\.0\.0|10\.|192\.168\.)[\w.-]*[a-z]{2,}\b", re.IGNORECASE)
ONE_COLON = re.compile(r" *\.\. (?P<name>[a-z][\w-]*(?::[\w-]+)?):(?= |$)")
INLINE_CODE = re.compile(r"``.*?``|`[^`]*`__?|:[\w:-]+:`[^`]*`|`[^`]*`|https?://\S+")
TYPED = frozenset({"python", "python3", "py", "dockerfile", "docker", "yaml", "nginx"})
SHELL = frozenset({"bash", "sh", "shell", "zsh", "shell-session"})
FROM = re.compile(r"\s*FROM\s+(?:--\S+\s+)*(?P<image>\S+)(?:\s+AS\s+(?P<stage>\S+))?\s*$", re.IGNORECASE)
OLD_ENV = re.compile(r"\s*ENV\s+[A-Za-z_]\w*\s+\S", re.IGNORECASE)
ALLOW = re.compile(r"allow (?P<rule>[\w-]+): *\S")


@dataclass(frozen=True, kw_only=True, order=True)
class Finding:
    """One complaint; `soon` when it becomes true within ninety days."""

    line: int
    rule: str
    message: str
    soon: bool = False


def lint(text: str, path: Path, today: datetime.date | None = None) -> list[Finding]:
    """All findings in a file, by line; what kind of file it is, its name says."""
    day = today or datetime.datetime.now(datetime.UTC).date()
    findings = list(_end_of_life(text, day))
    if path.suffix == ".rst":
        source = rst.read(text)
        findings += _page(source)
        allowed = _allowed(source)
        findings = [finding for finding in findings if (finding.line, finding.rule) not in allowed]
    elif path.suffix == ".md":
        findings += _markdown(text)
    elif path.suffix in {".yaml", ".yml"}:
        findings += _compose(text)
    else:
        findings += _dockerfile(list(enumerate(text.splitlines(), 1)))
    return sorted(findings)


def _end_of_life(text: str, today: datetime.date) -> Iterator[Finding]:
    for number, line in enumerate(text.splitlines(), 1):
        for reference, day in endoflife.ends(line):
            if day <= today + endoflife.AHEAD:
                message = f"{reference} gets no security fixes from {day} on"
                yield Finding(line=number, rule="end-of-life", message=message, soon=day > today)


def _page(source: rst.Source) -> Iterator[Finding]:
    for number, line in enumerate(source.lines, 1):
        yield from _any_line(number, line)
        match = ONE_COLON.match(line)
        if match and number not in source.literal and match["name"] not in {"console", "lint"}:
            message = f"`.. {match['name']}:` with one colon is a comment that nobody sees; it takes two"
            yield Finding(line=number, rule="one-colon", message=message)
    for number, line in source.prose():
        yield from _words(number, line)
        if line.lstrip().startswith("```"):
            yield Finding(line=number, rule="fence", message="a Markdown fence; here it is `.. code-block::`")
    for directive in source.directives:
        yield from _directive(directive)
    yield from _remarks(source)


def _directive(directive: rst.Directive) -> Iterator[Finding]:
    line, language = directive.line, directive.argument.lower()
    if directive.name in {"image", "figure", "picture"} and not directive.options.get("alt", "").strip():
        yield Finding(line=line, rule="alt", message=f"{directive.name} {directive.argument} has no :alt: text")
    if not directive.is_code:
        return
    typed = sum(bool(row.strip()) for row in directive.body)
    if language in TYPED and typed > MOST_TYPED:
        message = f"{typed} lines of {language} typed into the page; put them in a file and literalinclude it"
        yield Finding(line=line, rule="typed-code", message=message)
    if language in SHELL:
        message = f"a {language} block is not run; write `.. code-block:: console` with `$ ` before each command"
        yield Finding(line=line, rule="untested-shell", message=message)
    if language != "console":
        yield from _dockerfile(list(enumerate(directive.body, directive.body_line)))


def _remarks(source: rst.Source) -> Iterator[Finding]:
    for remark in source.remarks:
        if remark.key == "lint" and not ALLOW.match(remark.value):
            message = f"{remark.value!r} is not `allow RULE: why`"
            yield Finding(line=remark.line, rule="remark", message=message)


def _allowed(source: rst.Source) -> frozenset[tuple[int, str]]:
    """The lines and rules that a remark excuses: the paragraph or the directive under it."""
    allowed: set[tuple[int, str]] = set()
    for remark in source.remarks:
        match = ALLOW.match(remark.value)
        if remark.key != "lint" or match is None:
            continue
        lines = source.lines
        at = remark.line  # the index of the line after the remark
        while at < len(lines) and (not lines[at].strip() or at + 1 in source.comments):
            at += 1
        under = [d for d in source.directives if d.line == at + 1]
        end = under[0].body_line + len(under[0].body) if under else at + 1
        while end < len(lines) and not under and lines[end].strip():
            end += 1
        allowed.update((number, match["rule"]) for number in range(at + 1, end + 1))
    return frozenset(allowed)


def _markdown(text: str) -> Iterator[Finding]:
    fenced = False
    for number, line in enumerate(text.splitlines(), 1):
        yield from _any_line(number, line)
        if line.lstrip().startswith("```"):
            fenced = not fenced
        elif not fenced:
            yield from _words(number, line)
            if "![](" in line or re.search(r"<img (?![^>]*\balt=\"[^\"])", line):
                yield Finding(line=number, rule="alt", message="a picture without alt text")


def _any_line(number: int, line: str) -> Iterator[Finding]:
    if len(line) > COLUMNS:
        yield Finding(line=number, rule="columns", message=f"{len(line)} columns; at most {COLUMNS}")
    if HYPHEN.search(line):
        yield Finding(line=number, rule="hyphen", message="the command is `docker compose`, with a space")
    if match := INSECURE.search(line):
        yield Finding(line=number, rule="http", message=f"{match[0]} is not https")


def _words(number: int, line: str) -> Iterator[Finding]:
    if match := WORDS.search(INLINE_CODE.sub(" ", line)):
        message = f"{match[0]!r} tells a reader who is stuck that it is their fault; leave it out"
        yield Finding(line=number, rule="word", message=message)


def _compose(text: str) -> Iterator[Finding]:
    for number, line in enumerate(text.splitlines(), 1):
        if re.match(r"version *:", line):
            message = "Compose ignores a top-level `version:` and warns of it; delete it"
            yield Finding(line=number, rule="compose-version", message=message)


def _dockerfile(lines: list[tuple[int, str]]) -> Iterator[Finding]:
    stages = {"scratch"}
    for number, line in lines:
        if OLD_ENV.match(line) and "=" not in line.split()[1]:
            yield Finding(line=number, rule="env", message="the old form; write `ENV key=value`")
        if (match := FROM.match(line)) is None:
            continue
        image, name = match["image"], match["image"].rpartition("/")[2]
        if image not in stages and "$" not in image and "@" not in image:
            if ":" not in name:
                yield Finding(line=number, rule="tag", message=f"{image} has no tag, so it means latest")
            elif name.endswith(":latest"):
                yield Finding(line=number, rule="tag", message=f"{image} is another image next month")
        stages.add(match["stage"] or "")
