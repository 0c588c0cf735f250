"""JSON, indented without being changed.

Token by token: numbers keep their spelling, keys their order, duplicates their place; and the
beginning of a long document can be indented while its end is not there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

_INDENT = "  "
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"?|[{}\[\],:]|[^\s{}\[\],:"]+', re.DOTALL)
_PAIR = {"{": "}", "[": "]"}


def is_json(text: str) -> bool:
    """Whether `text` is one JSON object or array (RFC 8259)."""
    if text.lstrip(" \t\r\n")[:1] not in ("{", "["):
        return False
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def indent(text: str) -> Iterator[str]:
    """The document in pieces, indented; `text` may be cut anywhere."""
    depth = 0
    opened = ""  # an opening bracket that nothing has followed yet
    for match in _TOKEN.finditer(text):
        token = match.group()
        if opened:
            if token == _PAIR[opened]:
                depth -= 1
                opened = ""
                yield token
                continue
            yield "\n" + _INDENT * depth
            opened = ""
        if token in "{[":
            depth += 1
            opened = token
            yield token
        elif token in "}]":
            depth = max(depth - 1, 0)
            yield "\n" + _INDENT * depth + token
        elif token == ",":
            yield ",\n" + _INDENT * depth
        elif token == ":":
            yield ": "
        else:
            yield token
