"""A page of the help as one text with marked ranges, as a text view shows it.

A table is a list in it, which fits into any width: a short first column beside the second one, or
else each row's first cell above the others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import TypeVar

from spacebeam.help.page import (
    Block,
    BulletList,
    CodeBlock,
    Heading,
    HelpPage,
    HelpTable,
    Paragraph,
    RichText,
    RunStyle,
    plain,
)
from spacebeam.help.topics import page
from spacebeam.wording.i18n import _

_TRY_WORDS = _("Try")  # in English, as the pages are
TRY = "try:"  # begins the target that puts a filter into the conversation's filter bar
T = TypeVar("T")

_MAX_BESIDE = 20  # characters of a first column beside which there is room for the second


class Mark(StrEnum):
    """What a range of the text is."""

    TITLE = "title"
    SUMMARY = "summary"
    SECTION = "section"
    PART = "part"  # of a section
    PARAGRAPH = "paragraph"
    ITEM = "item"
    BLOCK = "block"  # of code
    ROW = "row"  # with two columns
    TERM = "term"  # a first cell above the others
    DETAILS = "details"  # the others
    FIRST = "first"  # the first line of a list, a table or code
    LAST = "last"  # the last line of code
    LABEL = "label"  # a column's title
    CODE = "code"
    EMPHASIS = "emphasis"
    STRONG = "strong"
    LINK = "link"


_STYLES = {
    RunStyle.CODE: (Mark.CODE,),
    RunStyle.EMPHASIS: (Mark.EMPHASIS,),
    RunStyle.STRONG: (Mark.STRONG,),
    RunStyle.PLAIN: (),
}


@dataclass(frozen=True, slots=True)
class PageLink:
    """A range of the text that leads somewhere."""

    start: int
    end: int
    target: str


@dataclass(slots=True)
class PageText:
    """The text of a page; offsets are in characters."""

    pieces: list[str] = field(default_factory=list)
    ranges: dict[Mark, list[tuple[int, int]]] = field(default_factory=dict)
    links: list[PageLink] = field(default_factory=list)
    anchors: dict[str, int] = field(default_factory=dict)
    length: int = 0  # characters
    beside: int = 0  # characters of the longest first column that stands beside another one

    @property
    def text(self) -> str:
        """The whole text."""
        return "".join(self.pieces)

    def matches(self, words: str) -> list[tuple[int, int]]:
        """Return where the text has these words, in either case."""
        pattern = re.compile(re.escape(words), re.IGNORECASE)
        return [match.span() for match in pattern.finditer(self.text)] if words else []

    def add(self, text: str, *marks: Mark, target: str = "") -> None:
        """Add a piece at the end."""
        if target:
            self.links.append(PageLink(self.length, self.length + len(text), target))
            marks = (*marks, Mark.LINK)
        for mark in marks:
            ranges = self.ranges.setdefault(mark, [])
            start = ranges.pop()[0] if ranges and ranges[-1][1] == self.length else self.length
            ranges.append((start, self.length + len(text)))
        self.pieces.append(text)
        self.length += len(text)

    def add_rich(self, text: RichText, *marks: Mark) -> None:
        """Add a text with its styles and links."""
        for run in text:
            self.add(run.text, *marks, *_STYLES[run.style], target=run.target)


@cache
def topic_text(topic: str) -> PageText:
    """Return the text of a topic's page."""
    return page_text(page(topic))


def page_text(shown: HelpPage) -> PageText:
    """Return the text of a page."""
    made = PageText()
    made.add(f"{shown.title}\n", Mark.TITLE)
    made.add(f"{shown.summary}\n", Mark.SUMMARY)
    for block in shown.blocks:
        _add(made, block)
    return made


def _add(made: PageText, block: Block) -> None:
    match block:
        case Heading(level=level, text=text, anchor=anchor):
            made.anchors[anchor] = made.length
            made.add(f"{plain(text)}\n", Mark.SECTION if level == 2 else Mark.PART)
        case Paragraph(text=text):
            made.add_rich(text, Mark.PARAGRAPH)
            made.add("\n", Mark.PARAGRAPH)
        case BulletList(items=items):
            for marks, item in _with_first(items, Mark.ITEM):
                made.add("•\t", *marks)
                made.add_rich(item, *marks)
                made.add("\n", *marks)
        case CodeBlock(text=text):
            lines = text.split("\n")
            for place, line in enumerate(lines):
                ends = (Mark.FIRST,) * (place == 0) + (Mark.LAST,) * (place == len(lines) - 1)
                made.add(f"{line}\n", Mark.BLOCK, *ends)
        case HelpTable():
            _add_table(made, block)


def _with_first(items: tuple[T, ...], mark: Mark) -> Iterator[tuple[tuple[Mark, ...], T]]:
    for place, item in enumerate(items):
        yield ((mark, Mark.FIRST) if place == 0 else (mark,)), item


def _add_table(made: PageText, table: HelpTable) -> None:
    wide = max(len(plain(row[0])) for row in table.rows)
    is_beside = len(table.header) == 2 and wide <= _MAX_BESIDE
    if is_beside:
        made.beside = max(made.beside, wide)
    for marks, row in _with_first(table.rows, Mark.ROW if is_beside else Mark.TERM):
        first, *others = row
        if not first:  # the last cell stands for it
            first, others[-1] = others[-1], ()
        made.add_rich(first, *marks)
        if table.has_filters:
            made.add("  ", *marks)
            made.add(_TRY_WORDS, *marks, target=f"{TRY}{plain(first)}")
        if is_beside:
            made.add("\t", *marks)
            made.add_rich(others[0], *marks)
            made.add("\n", *marks)
            continue
        made.add("\n", *marks)
        for place, (label, cell) in enumerate(zip(table.header[1:], others, strict=True)):
            if not cell:
                continue
            if place and label:
                made.add(f"{plain(label)}: ", Mark.DETAILS, Mark.LABEL)
            made.add_rich(cell, Mark.DETAILS)
            made.add("\n", Mark.DETAILS)
