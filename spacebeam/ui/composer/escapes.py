"""Escapes for characters that keyboards lack, or that no text field can hold, such as NUL.

They are those of most languages: `\\0`, `\\n`, `\\x1e`, `\\u001e`, `\\u{1f600}` and `\\\\`.
"""

from __future__ import annotations

import re

from spacebeam.ui.composer.draft_error import DraftError
from spacebeam.wording.i18n import _

ESCAPE = re.compile(
    r"\\(?:(?P<simple>[\\0abefnrtv])|x(?P<byte>[0-9A-Fa-f]{2})|u(?P<unit>[0-9A-Fa-f]{4})"
    r"|u\{(?P<point>[0-9A-Fa-f]{1,6})\})"
)
# JSON's strings have escapes of their own, which stay as they are.
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"?', re.DOTALL)
_NEXT = re.compile(r'[\\"]')
_SIMPLE = dict(zip("\\0abefnrtv", "\\\0\a\b\x1b\f\n\r\t\v", strict=True))
_NAMES = {character: name for name, character in _SIMPLE.items()}
_UNTYPED = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\u2029]")
_UNSHOWN = re.compile("[\0-\x08\x0b-\x1f\x7f\\\\\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_MAX_POINT = 0x10FFFF


def resolved(typed: str, *, is_json: bool) -> str:
    """Return the text that `typed` represents; of JSON, strings stay as they are.

    Raises DraftError.
    """
    parts = list[str]()
    place = 0
    while (found := _NEXT.search(typed, place)) is not None:
        parts.append(typed[place : found.start()])
        if found.group() == '"':
            string = _STRING.match(typed, found.start()) if is_json else found
            assert string is not None
            parts.append(string.group())
            place = string.end()
            continue
        match = ESCAPE.match(typed, found.start())
        if match is None:
            escape = typed[found.start() : found.start() + 2]
            words = _("“{escape}” is no escape; a backslash is written \\\\.").format(escape=escape)
            raise DraftError(words, found.start())
        character, place = _character(match, typed)
        parts.append(character)
    parts.append(typed[place:])
    return "".join(parts)


def _character(match: re.Match[str], typed: str) -> tuple[str, int]:
    """Return the character of an escape and the offset after it. Raises DraftError."""
    if match["simple"]:
        return _SIMPLE[match["simple"]], match.end()
    point = int(match["byte"] or match["unit"] or match["point"], 16)
    if match["unit"] and 0xD800 <= point < 0xDC00:  # half of a pair (UTF-16)
        other = ESCAPE.match(typed, match.end())
        low = int(other["unit"], 16) if other is not None and other["unit"] else 0
        if other is not None and 0xDC00 <= low < 0xE000:
            return chr(0x10000 + ((point - 0xD800) << 10) + (low - 0xDC00)), other.end()
    if point > _MAX_POINT or 0xD800 <= point < 0xE000:
        raise DraftError(_("“{group}” is no character.").format(group=match.group()), match.start())
    return chr(point), match.end()


def needs_escapes(text: str) -> bool:
    """Return whether a text has characters that the field cannot hold or show."""
    return _UNTYPED.search(text) is not None


def escaped(text: str) -> str:
    """Return the escapes that represent a text."""
    return _UNSHOWN.sub(_escape, text)


def _escape(match: re.Match[str]) -> str:
    character = match.group()
    if character in _NAMES:
        return f"\\{_NAMES[character]}"
    return f"\\x{ord(character):02x}" if ord(character) < 0x80 else f"\\u{{{ord(character):x}}}"
