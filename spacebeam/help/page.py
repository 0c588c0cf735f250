"""The values that a page of the help consists of, whoever shows it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum


class RunStyle(Enum):
    """How a piece of text is set off from the rest."""

    PLAIN = "plain"
    CODE = "code"  # what is typed or read by programs
    EMPHASIS = "emphasis"  # names of the window's buttons and menus
    STRONG = "strong"


@dataclass(frozen=True, slots=True)
class TextRun:
    """A piece of text in one style, perhaps a link."""

    text: str
    style: RunStyle = RunStyle.PLAIN
    target: str = ""  # "topic", "topic#anchor", "#anchor" on the same page, or an address


RichText = tuple[TextRun, ...]


def plain(text: RichText) -> str:
    """Return a text without its styles."""
    return "".join(run.text for run in text)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; a link leads to its anchor."""

    level: int  # 2 for a section, 3 for a part of one
    text: RichText
    anchor: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph."""

    text: RichText


@dataclass(frozen=True, slots=True)
class BulletList:
    """A list of short texts."""

    items: tuple[RichText, ...]


@dataclass(frozen=True, slots=True)
class HelpTable:
    """A table whose rows all have as many cells as its header."""

    header: tuple[RichText, ...]
    rows: tuple[tuple[RichText, ...], ...]

    @property
    def has_header(self) -> bool:
        """Whether a column has a title."""
        return any(self.header)

    @property
    def has_filters(self) -> bool:
        """Whether the first column has filters, which the window can try."""
        return plain(self.header[0]) == "Filter"


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """Lines that are shown as they are."""

    text: str  # without a line feed at its end
    language: str = ""


Block = Heading | Paragraph | BulletList | HelpTable | CodeBlock


@dataclass(frozen=True, slots=True)
class HelpPage:
    """A topic's page."""

    topic: str
    title: str
    summary: str  # a short sentence
    blocks: tuple[Block, ...]

    @property
    def anchors(self) -> list[str]:
        """The places that links can lead to."""
        return [one.anchor for one in self.blocks if isinstance(one, Heading)]

    @property
    def runs(self) -> Iterator[TextRun]:
        """All runs of text, in order."""
        for block in self.blocks:
            for text in texts(block):
                yield from text


def texts(block: Block) -> Iterator[RichText]:
    """Yield the texts of a block; code has none."""
    match block:
        case Heading(text=text) | Paragraph(text=text):
            yield text
        case BulletList(items=items):
            yield from items
        case HelpTable(header=header, rows=rows):
            for row in (header, *rows):
                yield from row


def anchor_of(heading: str) -> str:
    """Return the anchor of a heading, as GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def related_topics(page: HelpPage) -> list[str]:
    """Return the topics that a page links to, in order."""
    targets = (run.target.partition("#")[0] for run in page.runs if "://" not in run.target)
    return [one for one in dict.fromkeys(targets) if one and one != page.topic]
