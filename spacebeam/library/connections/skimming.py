"""Reads what the tree shows of a connection's file without parsing all of it.

Ten thousand files are read in a second so. It understands the form that Spacebeam and Bruno write;
of any other one it says nothing, and the file is parsed.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

_MAX_LINES = 60  # until the address

_FIELD = re.compile(r"  (\w+):(?=[ \t\r]|\Z)[ \t]*(.*)")
_VALUE = re.compile(
    r'"([^"\\]*)"'
    r"|'([^']*)'"
    r"|([^\s\"'{}\[\]&*!|>%@`#,?:~=-](?:[^:#]|:(?=\S)|(?<=\S)\#)*)"
)
_EMPTY_LINES = re.compile(r"\A(?:[ \t\r]*\n)+")
_WANTED = {"info": ("name", "type", "seq"), "websocket": ("url",)}
_NEEDED = 3  # all but seq


def skimmed(text: str) -> dict[str, Any] | None:
    """Return the fields of a document that a tree shows; None if the text has another form."""
    if "favorite:" in text or "\t" in text[:100]:
        return None
    found: dict[str, dict[str, str]] = {"info": {}, "websocket": {}}
    block, has_fields = "", False
    for line, following in pairwise(_lines(text)):
        if not line.startswith(" "):
            if not line.startswith("#"):
                block, has_fields = line.removesuffix("\r"), False
                if block == "websocket:" and len(found["info"]) < _NEEDED - 1:
                    return None
            continue
        field = _FIELD.match(line)
        if field is None and block[:-1] in _WANTED and not _is_inside(line, has_fields):
            return None
        has_fields = has_fields or field is not None
        if field is None or field[1] not in _WANTED.get(block[:-1], ()):
            continue
        value = _VALUE.fullmatch(field[2].rstrip())
        if value is None or following.startswith("   "):  # goes on in the next line
            return None
        found[block[:-1]][field[1]] = value[value.lastindex or 0]
        if field[1] == "url":
            return found if found["info"].get("type") == "websocket" else None
    return None


def _lines(text: str) -> list[str]:
    """Return the first lines, and the rest; empty lines are left out, as values span them."""
    *lines, rest = text.split("\n", _MAX_LINES)
    if "\n" not in rest:
        lines, rest = [*lines, rest], ""
    return [*(line for line in lines if line.strip()), _EMPTY_LINES.sub("", rest)]


def _is_inside(line: str, has_fields: bool) -> bool:
    """Return whether a line that is no field belongs to the one before, or means nothing."""
    rest = line.strip()
    return rest.startswith("#") or (has_fields and line.startswith("    "))
