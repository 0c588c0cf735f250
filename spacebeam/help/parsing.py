"""Reads a page of the help: Markdown, of which a small part is allowed.

A page begins with its title (`# …`) and a short sentence, its summary. Then there are headings
(`##` and `###`), paragraphs, lists (`- `), tables, and code, which is indented by four spaces or
between lines of three backticks. Text has `code`, *emphasis*, **strong** and
[links](topic.md#heading). The line `<!-- shortcuts -->` stands for all keyboard shortcuts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

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
    anchor_of,
    plain,
)
from spacebeam.help.shortcuts import SHORTCUTS, key_label

_RUNS = re.compile(
    r"(?P<ticks>`+)(?P<code>.+?)(?P=ticks)(?!`)|\*\*(?P<strong>.+?)\*\*|\*(?P<emphasis>[^*]+)\*"
    r"|\[(?P<link>(?:`[^`]*`|[^\]`])+)\]\((?P<target>[^)\s]+)\)"
)
_SET_OFF = (RunStyle.CODE, RunStyle.STRONG, RunStyle.EMPHASIS)
_CELL_END = re.compile(r"(?<!\\)\|")
_RULE = re.compile(r"\|(?:-+\|)+")
_HEADING = re.compile(r"(#+) (.+)")
_FENCE = "```"
_INDENT = "    "
_BULLET = "- "
_NUMBERED = re.compile(r"\d+\. ")
_COMMENT_OF_SHORTCUTS = "<!-- shortcuts -->"


class HelpSyntaxError(ValueError):
    """A page has something that is not allowed."""


def parse_page(topic: str, text: str) -> HelpPage:
    """Return the page that is written in `text`. Raises HelpSyntaxError."""
    blocks = list(_blocks(text.splitlines()))
    match blocks[:2]:
        case [Heading(level=1, text=title), Paragraph(text=summary)]:
            page = HelpPage(topic, plain(title), plain(summary), tuple(blocks[2:]))
        case _:
            raise HelpSyntaxError(f"{topic} does not begin with a title and a sentence")
    headings = [one for one in page.blocks if isinstance(one, Heading)]
    if any(one.level not in (2, 3) for one in headings):
        raise HelpSyntaxError(f"{topic} has a heading of another level than 2 and 3")
    if len(set(page.anchors)) < len(headings):
        raise HelpSyntaxError(f"{topic} has two headings of the same name")
    return page


def _blocks(lines: list[str]) -> Iterator[Block]:
    position = 0
    while position < len(lines):
        end = position + 1
        line = lines[position]
        if line.startswith(_FENCE):
            if _FENCE not in lines[end:]:
                raise HelpSyntaxError("Code has no end")
            end = lines.index(_FENCE, end) + 1
            code = "\n".join(lines[position + 1 : end - 1])
            yield CodeBlock(code, line.removeprefix(_FENCE))
        elif line.startswith(_INDENT):
            while end < len(lines) and (not lines[end] or lines[end].startswith(_INDENT)):
                end += 1
            code = "\n".join(one.removeprefix(_INDENT) for one in lines[position:end])
            yield CodeBlock(code.rstrip("\n"))
        elif line == _COMMENT_OF_SHORTCUTS:
            yield from _shortcuts()
        elif line:
            while end < len(lines) and lines[end] and not lines[end].startswith(_FENCE):
                end += 1
            yield _block(lines[position:end])
        position = end


def _block(lines: list[str]) -> Block:
    """Return the block of lines without an empty line between them."""
    if (heading := _HEADING.fullmatch(lines[0])) is not None:
        if len(lines) > 1:
            raise HelpSyntaxError(f"After a heading write an empty line: {lines[0]}")
        text = _rich(heading[2])
        return Heading(len(heading[1]), text, anchor_of(plain(text)))
    if lines[0].startswith("|"):
        return _table(lines)
    bullets = [place for place, line in enumerate(lines) if line.startswith(_BULLET)]
    if bullets and bullets[0] == 0:
        bounds = zip(bullets, [*bullets[1:], len(lines)], strict=True)
        items = [" ".join(one.strip() for one in lines[start:end]) for start, end in bounds]
        return BulletList(tuple(_rich(one.removeprefix(_BULLET)) for one in items))
    if bullets:
        raise HelpSyntaxError(f"Before a list write an empty line: {lines[0]}")
    if _NUMBERED.match(lines[0]):
        raise HelpSyntaxError(f"The lines of a list begin with -, not with numbers: {lines[0]}")
    return Paragraph(_rich(" ".join(lines)))


def _table(lines: list[str]) -> HelpTable:
    if len(lines) < 3 or not _RULE.fullmatch(lines[1]):
        raise HelpSyntaxError(f"A table needs a header, a line |---|---| and rows: {lines[0]}")
    header, *rows = [_cells(line) for line in (lines[0], *lines[2:])]
    if any(len(row) != len(header) for row in rows):
        raise HelpSyntaxError(f"A table's rows have different numbers of cells: {lines[0]}")
    return HelpTable(header, tuple(rows))


def _cells(line: str) -> tuple[RichText, ...]:
    if not (line.startswith("|") and line.endswith("|")):
        raise HelpSyntaxError(f"A row begins and ends with |: {line}")
    cells = _CELL_END.split(line[1:-1])
    return tuple(_rich(one.strip().replace("\\|", "|")) for one in cells)


def _rich(text: str) -> RichText:
    return tuple(_runs(text))


def _runs(text: str) -> Iterator[TextRun]:
    position = 0
    for match in _RUNS.finditer(text):
        if match.start() > position:
            yield TextRun(text[position : match.start()])
        if match["link"]:
            target = re.sub(r"^(?!https?:)([\w-]*)\.md\b", r"\1", match["target"])
            for run in _runs(match["link"]):
                yield TextRun(run.text, run.style, target)
        else:
            style = next(one for one in _SET_OFF if match[one.value])
            yield TextRun(match[style.value], style)
        position = match.end()
    if position < len(text):
        yield TextRun(text[position:])


def _shortcuts() -> Iterator[Block]:
    """Yield a section for each group of keyboard shortcuts."""
    for group, shortcuts in SHORTCUTS.items():
        yield Heading(2, (TextRun(group),), anchor_of(group))
        header = (TextRun("Key"),), (TextRun("What it does"),)
        rows = [
            ((TextRun(key_label(key), RunStyle.CODE),), (TextRun(title),))
            for _action, key, title in shortcuts
        ]
        yield HelpTable(header, tuple(rows))
