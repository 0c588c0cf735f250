"""A page of the help as lines of a terminal, with styles or as plain text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import click

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
    TextRun,
    plain,
    related_topics,
)

_INDENT = "  "
_CODE_INDENT = "    "
_GAP = "  "  # between the columns of a table
_MIN_COLUMN = 9  # characters
_STYLES: dict[RunStyle, dict[str, Any]] = {
    RunStyle.PLAIN: {},
    RunStyle.CODE: {"fg": "cyan"},
    RunStyle.EMPHASIS: {"italic": True},
    RunStyle.STRONG: {"bold": True},
}

Draw = Callable[[TextRun], str]
Word = tuple[TextRun, ...]  # runs without a space between them


def page_text(page: HelpPage, width: int, *, is_styled: bool) -> str:
    """Return a page in lines of at most `width` characters, except for code."""
    draw = _styled if is_styled else _unstyled
    heading = TextRun(page.title, RunStyle.STRONG)
    parts = [[draw(heading)], _indented(_filled((TextRun(page.summary),), width, draw))]
    parts += [_lines(block, width, draw) for block in page.blocks]
    if topics := related_topics(page):
        parts.append([draw(TextRun("See also", RunStyle.STRONG))])
        parts.append(_indented([f"spacebeam help {topic}" for topic in topics]))
    return "\n".join("".join(f"{line}\n" for line in part) for part in parts)


def topics_text(pages: Sequence[HelpPage], width: int, *, is_styled: bool) -> str:
    """Return a line for each page: its topic and summary."""
    rows = tuple(((TextRun(one.topic, RunStyle.CODE),), (TextRun(one.summary),)) for one in pages)
    draw = _styled if is_styled else _unstyled
    return "".join(f"{line}\n" for line in _lines(HelpTable(((), ()), rows), width, draw))


def _lines(block: Block, width: int, draw: Draw) -> list[str]:
    match block:
        case Heading(level=level, text=text):
            line = draw(TextRun(plain(text), RunStyle.STRONG))
            return [line] if level == 2 else _indented([line])
        case Paragraph(text=text):
            return _indented(_filled(text, width, draw))
        case BulletList(items=items):
            return _indented(
                f"{'  ' if place else '- '}{line}"
                for item in items
                for place, line in enumerate(_filled(item, width - 2, draw))
            )
        case CodeBlock(text=text):
            return [f"{_CODE_INDENT}{line}".rstrip() for line in text.split("\n")]
        case HelpTable():
            return _indented(_table(block, width - len(_INDENT), draw))


def _indented(lines: Iterator[str] | Sequence[str]) -> list[str]:
    return [f"{_INDENT}{line}" for line in lines]


def _table(table: HelpTable, width: int, draw: Draw) -> Iterator[str]:
    header = tuple((TextRun(plain(cell), RunStyle.STRONG),) for cell in table.header)
    rows = (header, *table.rows) if table.has_header else table.rows
    widths = column_widths(rows, width)
    for row in rows:
        cells = [_wrapped(cell, room) for cell, room in zip(row, widths, strict=True)]
        for place in range(max(map(len, cells))):
            line = ""
            for words, room in zip(cells, widths, strict=True):
                shown = words[place] if place < len(words) else []
                line += _joined(shown, draw) + " " * (room - _length(shown)) + _GAP
            yield line.rstrip()


def column_widths(rows: Sequence[Sequence[RichText]], width: int) -> list[int]:
    """Return the columns' widths; the widest columns are narrowed until the table fits."""
    widths = [max(len(plain(row[place])) for row in rows) for place in range(len(rows[0]))]
    while sum(widths) + len(_GAP) * (len(widths) - 1) > width:
        widest = max(range(len(widths)), key=widths.__getitem__)
        if widths[widest] <= _MIN_COLUMN:
            break
        widths[widest] -= 1
    return widths


def _filled(text: RichText, width: int, draw: Draw) -> list[str]:
    return [_joined(words, draw) for words in _wrapped(text, width - len(_INDENT))]


def _wrapped(text: RichText, width: int) -> list[list[Word]]:
    """Return the words of each line."""
    lines: list[list[Word]] = [[]]
    for word in _words(text, width):
        if lines[-1] and _length([*lines[-1], word]) > width:
            lines.append([])
        lines[-1].append(word)
    return lines


def _words(text: RichText, width: int) -> Iterator[Word]:
    """Yield the words; one that is longer than a line is cut."""
    word: list[TextRun] = []
    for run in text:
        for place, piece in enumerate(run.text.split(" ")):
            if place and word:
                yield tuple(word)
                word = []
            while len(piece) > width:
                yield (*word, TextRun(piece[:width], run.style))
                word, piece = [], piece[width:]
            if piece:
                word.append(TextRun(piece, run.style))
    if word:
        yield tuple(word)


def _length(words: Sequence[Word]) -> int:
    return sum(len(plain(word)) for word in words) + max(len(words) - 1, 0)


def _joined(words: Sequence[Word], draw: Draw) -> str:
    return " ".join("".join(map(draw, word)) for word in words)


def _styled(run: TextRun) -> str:
    return click.style(run.text, **_STYLES[run.style]) if _STYLES[run.style] else run.text


def _unstyled(run: TextRun) -> str:
    return run.text
