"""Which pages of `docs/` are help for people who use Parley, and what they look like as HTML.

A doc is read and rendered once per process. HTML inside Markdown is shown as text, links between docs lead from help
page to help page, and links to files that are no help page stay words.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from markdown_it import MarkdownIt
from markdown_it.token import Token

SHELVES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Scores and feedback", ("reference/kpis", "reference/rubric", "reference/feedback", "reference/compliance")),
    ("How to", ("how-to/import-calls", "how-to/rescore-and-correct", "how-to/command-line")),
    ("Scenarios", ("reference/playbook", "reference/branching", "explanation/evals")),
    ("Run Parley", ("how-to/run", "how-to/back-up", "how-to/real-services", "reference/storage", "reference/voice")),
    ("Inside", ("reference/hearing", "reference/tenancy", "reference/api-calls")),
)
"""Headings of the help page, each with its docs in order. What is about making Parley stays in the repository."""
SCROLLING = (
    ("<table", '<div class="doc-wide" tabindex="0" role="region" aria-label="Table"><table'),
    ("</table>", "</table></div>"),
    ("<pre>", '<pre tabindex="0">'),
)
"""What is wider than a phone scrolls by itself, by keyboard too."""


@dataclass(frozen=True, slots=True)
class Section:
    """What stands between two headings. `anchor` is empty for what stands before the first."""

    anchor: str
    heading: str
    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Doc:
    """One page of documentation. `lead` is its first paragraph as plain words."""

    slug: str
    title: str
    lead: str
    html: SafeString
    sections: tuple[Section, ...]

    @property
    def contents(self) -> list[Section]:
        """What the table of contents lists."""
        return [section for section in self.sections if section.level == 2]


def find_doc(slug: str) -> Doc | None:
    """The doc of that name, the last part of its path: `kpis`."""
    return _docs().get(slug)


def get_shelves() -> list[tuple[str, list[Doc]]]:
    """All docs under their headings."""
    return [(heading, [_docs()[_slug(path)] for path in paths]) for heading, paths in SHELVES]


def _slug(path: str) -> str:
    return PurePosixPath(path).stem


@cache
def _docs() -> dict[str, Doc]:
    folder = Path(settings.BASE_DIR) / "docs"
    return {
        _slug(path): _render(_slug(path), (folder / f"{path}.md").read_text(encoding="utf-8"))
        for _, paths in SHELVES
        for path in paths
    }


def _render(slug: str, source: str) -> Doc:
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = markdown.parse(source)
    _wire(tokens)
    title, sections = slug, []
    heading, anchor, level, words = "", "", 1, list[str]()
    for token, here in _with_headings(tokens):
        if here is None:
            words.append(_plain(token))
        elif here.tag == "h1":
            title = _plain(token)
        else:
            sections.append(Section(anchor, heading, level, " ".join(words)))
            heading, anchor, level, words = _plain(token), str(here.attrGet("id")), int(here.tag[1]), []
    sections.append(Section(anchor, heading, level, " ".join(words)))
    lead = next((_plain(tokens[at + 1]) for at, token in enumerate(tokens) if token.type == "paragraph_open"), "")
    html = markdown.renderer.render(tokens[3:] if tokens[0].tag == "h1" else tokens, markdown.options, {})
    for plain, wired in SCROLLING:
        html = html.replace(plain, wired)
    # Of our own files, with every HTML in them escaped by the renderer.
    return Doc(slug, title, lead, mark_safe(html), tuple(sections))  # noqa: S308


def _with_headings(tokens: list[Token]) -> Iterator[tuple[Token, Token | None]]:
    """What holds words, each with the heading that it is, if it is one."""
    before: Token | None = None
    for token in tokens:
        if token.type in ("inline", "fence", "code_block"):
            yield token, before if before is not None and before.type == "heading_open" else None
        before = token


def _plain(token: Token) -> str:
    if token.children is None:
        return token.content
    return "".join(" " if part.type in ("softbreak", "hardbreak") else part.content for part in token.children).strip()


def _wire(tokens: list[Token]) -> None:
    """Name headings, and lead links to where they lead in the app."""
    names: set[str] = set()
    for at, token in enumerate(tokens):
        if token.type == "heading_open":
            name = slugify(_plain(tokens[at + 1])) or "part"
            while name in names:
                name += "-again"
            names.add(name)
            token.attrSet("id", name)
        elif token.type == "table_open":
            token.attrSet("class", "table")
        if token.children:
            _lead_links(token.children)


def _lead_links(parts: list[Token]) -> None:
    opened: list[Token] = []
    for part in parts:
        if part.type == "link_open":
            address = str(part.attrGet("href") or "")
            led = _lead(address)
            part.attrs = {"href": led} if led else {}
            part.tag = "a" if led else "span"
            opened.append(part)
        elif part.type == "link_close":
            part.tag = opened.pop().tag


def _lead(address: str) -> str:
    """Where a link of a doc leads; empty for a file that is no help page."""
    if address.startswith(("https://", "http://", "mailto:", "#")):
        return address
    path, _, anchor = address.partition("#")
    slug = _slug(path)
    if path.endswith(".md") and any(slug == _slug(known) for _, paths in SHELVES for known in paths):
        return reverse("help-doc", args=[slug]) + (f"#{anchor}" if anchor else "")
    return ""
