"""Reads `.env` files: a NAME=value a line, as the shells and the package dotenv of npm read it.

Nothing is replaced in a value, and no command is run.
"""

from __future__ import annotations

import re
from pathlib import Path

MAX_FILE = 1024 * 1024  # bytes

_START = re.compile(r"[ \t]*(?:export[ \t]+)?([A-Za-z_][\w.-]*)[ \t]*=[ \t]*")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t"}


def read_env_file(path: Path) -> dict[str, str]:
    """Return the values in a file. Raises OSError or ValueError."""
    with path.open("rb") as file:
        data = file.read(MAX_FILE + 1)
    if len(data) > MAX_FILE:
        raise ValueError("too large")
    return parse_env(data.decode("utf-8-sig"))


def parse_env(text: str) -> dict[str, str]:
    """Return the values by their names; of the same name the last one wins."""
    text = text.replace("\r\n", "\n")
    values: dict[str, str] = {}
    place = 0
    while place < len(text):
        end = text.find("\n", place)
        end = len(text) if end < 0 else end
        start = _START.match(text, place, end)
        if start is None:
            place = end + 1
            continue
        value, place = _value(text, start.end(), end)
        values[start[1]] = value
    return values


def _value(text: str, start: int, end: int) -> tuple[str, int]:
    """Return the value that begins at `start`, in quotes also of several lines, and its end."""
    quote = text[start : start + 1]
    if quote and quote in "'\"`":
        closing = start + 1
        while closing < len(text) and text[closing] != quote:
            closing += 2 if text[closing] == "\\" and quote == '"' else 1
        if closing < len(text):
            inside = text[start + 1 : closing]
            if quote == '"':
                inside = _ESCAPE.sub(lambda found: _ESCAPED.get(found[1], found[1]), inside)
            after = text.find("\n", closing)
            return inside, len(text) if after < 0 else after + 1
    line = text[start:end]
    comment = re.search(r"(?:^|\s)#", line)
    return (line[: comment.start()] if comment else line).strip(), end + 1
