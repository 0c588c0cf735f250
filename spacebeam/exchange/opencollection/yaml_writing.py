"""Writes texts, numbers, lists and mappings as YAML, in the form that Bruno writes.

A text is quoted wherever a reader of YAML 1.1 or 1.2 would take it for something else.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from spacebeam.exchange.opencollection.yaml_reading import Value

Written = str | bool | int | float | None | Sequence["Written"] | Mapping[str, "Written"]

INDENT = 2

# What cannot begin, end or be in an unquoted text: as in the package yaml of npm.
_NOT_PLAIN = re.compile(
    r"""^[\s,\[\]{}#&*!|>'"%@`]|^[?:-]$|^[?:-]\s|:\s|\s\#|[\s:]$|[\n\t]|^---|^\.\.\.|^[=~]"""
)
_WORDS = re.compile(r"null|true|false|yes|no|on|off|y|n|<<", re.IGNORECASE)
# Begins as a number or date may; a few texts are quoted in vain.
_NUMBER = re.compile(r"[+-]?\.?(?:[\d_]|inf\b|nan\b)", re.IGNORECASE)
_UNPRINTABLE = re.compile(
    "[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
_ESCAPES = {"\x85": "\\N", "\u2028": "\\L", "\u2029": "\\P"}


def document(value: Mapping[str, Written]) -> str:
    """Return a whole file, with an empty line before each mapping in it."""
    pieces: list[str] = []
    for key, inner in value.items():
        gap = "\n" if pieces and isinstance(inner, Mapping) else ""
        pieces.append(f"{gap}{entry(key, inner, 0)}\n")
    return "".join(pieces)


def entry(key: str, value: Written, indent: int, newline: str = "\n") -> str:
    """Return `key: value` whose key is at column `indent`; its first line is not indented."""
    return f"{scalar(key)}:{tail(value, indent, newline)}"


def tail(value: Written, indent: int, newline: str = "\n", *, is_short: bool = False) -> str:
    """Return what follows the colon of a key at column `indent`.

    With `is_short`, a text is in one line.
    """
    inner = indent + INDENT
    if isinstance(value, str):
        block = "" if is_short else _block(value, inner, newline)
        return f" {block or scalar(value)}"
    if isinstance(value, Mapping) and value:
        return f"{newline}{' ' * inner}{mapping(value, inner, newline)}"
    if isinstance(value, Sequence) and value:
        return f"{newline}{' ' * inner}{sequence(value, inner, newline)}"
    return f" {_plain(value)}"


def mapping(value: Mapping[str, Written], indent: int, newline: str = "\n") -> str:
    """Return the entries of a mapping at column `indent`; the first line is not indented."""
    return f"{newline}{' ' * indent}".join(
        entry(key, inner, indent, newline) for key, inner in value.items()
    )


def sequence(values: Sequence[Written], indent: int, newline: str = "\n") -> str:
    """Return the items of a list at column `indent`; the first line is not indented."""
    return f"{newline}{' ' * indent}".join(item(one, indent, newline) for one in values)


def item(value: Written, indent: int, newline: str = "\n") -> str:
    """Return an item of a list whose dash is at column `indent`."""
    inner = indent + INDENT
    if isinstance(value, Mapping) and value:
        return f"- {mapping(value, inner, newline)}"
    if isinstance(value, Sequence) and not isinstance(value, str) and value:
        return f"- {sequence(value, inner, newline)}"
    return f"-{tail(value, indent, newline)}"


def scalar(text: str) -> str:
    """Return a text in one line: plain if it is safe, else in quotes."""
    if _UNPRINTABLE.search(text) or "\n" in text or "\t" in text:
        return _double_quoted(text)
    if text and not (_NOT_PLAIN.search(text) or _WORDS.fullmatch(text) or _NUMBER.match(text)):
        return text
    if '"' in text and "'" not in text:
        return f"'{text}'"
    return _double_quoted(text)


def flat(value: Written) -> Value:
    """Return a value as it is read from its YAML."""
    if isinstance(value, Mapping):
        return {key: flat(inner) for key, inner in value.items()}
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, Sequence):
        return [flat(inner) for inner in value]
    return _plain(value)


def _plain(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return json.dumps(value)
    return "{}" if isinstance(value, Mapping) else "[]"


def _block(text: str, indent: int, newline: str) -> str:
    """Return a text of several lines as a block, or nothing if it cannot be one."""
    if "\n" not in text or text[0].isspace() or _UNPRINTABLE.search(text):
        return ""
    ends = len(text) - len(text.rstrip("\n"))
    sign = "|-" if ends == 0 else "|" if ends == 1 else "|+"
    lines = text[:-1].split("\n") if ends else text.split("\n")
    body = newline.join(f"{' ' * indent}{line}" if line else "" for line in lines)
    return f"{sign}{newline}{body}"


def _double_quoted(text: str) -> str:
    quoted = json.dumps(text, ensure_ascii=False)
    return _UNPRINTABLE.sub(lambda found: _escaped(found[0]), quoted)


def _escaped(character: str) -> str:
    code = ord(character)
    return _ESCAPES.get(character) or (f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}")
