"""A page as a browser reads it, as far as it matters: what is live in it."""

import base64
import hashlib
from html.parser import HTMLParser

VOID = {"meta", "br", "hr", "input", "link", "img", "rect", "line"}


class Page(HTMLParser):
    """Every element, attribute and link of a page, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: set[str] = set()
        self.attributes: set[str] = set()
        self.links: set[str] = set()
        self.ids: list[str] = []
        self.policy = ""
        self.styles: list[str] = []
        self.scripts: list[str] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.elements.add(tag)
        self.attributes |= {name for name, _ in attributes}
        values = dict(attributes)
        assert len(values) == len(attributes)
        self.links |= {values[name] for name in ("href", "src") if name in values}
        self.ids += [values["id"]] if "id" in values else []
        if values.get("http-equiv") == "Content-Security-Policy":
            self.policy = values["content"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        within = self.open[-1] if self.open else ""
        {"style": self.styles, "script": self.scripts}.get(within, self.words).append(data)

    def handle_comment(self, data):
        raise AssertionError(f"a comment: {data}")

    handle_pi = unknown_decl = handle_comment

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())


def allowed(page: Page, kind: str) -> bool:
    """Whether the page's own styles or scripts are exactly those that its policy allows."""
    found = page.styles if kind == "style" else page.scripts
    hashes = [f"'sha256-{base64.b64encode(hashlib.sha256(each.encode()).digest()).decode()}'" for each in found]
    directives = dict(part.strip().split(" ", 1) for part in page.policy.split(";"))
    assert directives["default-src"] == directives["base-uri"] == directives["form-action"] == "'none'"
    return directives.get(f"{kind}-src", "").split() == hashes
