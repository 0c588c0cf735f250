"""Indents JSON, or removes its white space: token by token, so that each token stays as written.

Numbers keep their spelling, keys their order, duplicates their place. `json_layout` does the same
for reading, and shows control characters; here the text is to be sent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

MAX_LEVELS = 32  # of indentation; deeper values stay on one line
_INDENT = "  "
_TOKEN = re.compile(
    r'(?P<space>[ \t\r\n]++)|(?P<string>"(?:[^"\\]+|\\.){0,4096})|(?P<mark>[\[\]{},:])'
    r'|(?P<scalar>[^ \t\r\n\[\]{},:"]++)',
    re.DOTALL,
)
_STRING_PART = re.compile(r'(?:[^"\\]+|\\.){0,4096}"?', re.DOTALL)
_EMPTY = re.compile(r"[ \t\r\n]*+[\]}]")


def compact(text: str) -> Iterator[str]:
    """Yield a valid JSON text in pieces, without white space between its tokens."""
    yield from (piece for kind, piece in _tokens(text) if kind != "space")


def indented(text: str) -> Iterator[str]:
    """Yield a valid JSON text in pieces, with each member and element on a line of its own."""
    level = 0
    is_empty = False  # the array or object that was opened last
    place = 0
    for kind, piece in _tokens(text):
        place += len(piece)
        if kind == "space":
            continue
        if kind != "mark":
            yield piece
        elif piece in "[{":
            level += 1
            is_empty = bool(_EMPTY.match(text, place))
            yield piece if is_empty else piece + _line(level)
        elif piece in "]}":
            level = max(level - 1, 0)
            yield piece if is_empty else _line(level) + piece
            is_empty = False
        elif piece == ",":
            yield "," + (_line(level) or " ")
        else:
            yield ": "


def _line(level: int) -> str:
    return "\n" + _INDENT * level if level <= MAX_LEVELS else ""


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    """Yield the kind and text of each token; a long string is of several."""
    place, end = 0, len(text)
    while place < end:
        match = _TOKEN.match(text, place)
        assert match is not None  # the kinds have all characters between them
        kind = match.lastgroup or ""
        yield kind, match.group()
        place = match.end()
        if kind != "string":
            continue
        is_open = True
        while is_open and place < end:
            part = _STRING_PART.match(text, place)
            assert part is not None
            if part.end() == place:  # a backslash that ends the text
                return
            is_open = not part.group().endswith('"')
            yield kind, part.group()
            place = part.end()
