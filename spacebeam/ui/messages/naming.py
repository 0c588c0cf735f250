"""A short name for a message, proposed when it is saved."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

import msgspec

from spacebeam.decode.visible import one_line
from spacebeam.protocol.secrets import is_random, is_secret_name
from spacebeam.wording.i18n import _

MAX_NAME = 40  # characters
_MAX_TEXT = 16 * 1024  # characters that are looked at
_MAX_WORD = 24  # characters of a value that is a word
_MAX_VALUES = 3
_MAX_DEPTH = 4
_WORD = re.compile(r"[\w@#/+:.-]*\w[\w@#/+:.-]*")


def proposed_name(text: str) -> str:
    """Return the first values of a JSON document, or else the first words; no secrets."""
    text = text[:_MAX_TEXT]
    try:
        words = list(islice(_values(msgspec.json.decode(text), 0), _MAX_VALUES))
    except (msgspec.DecodeError, RecursionError, UnicodeEncodeError):
        words = []
    return _joined(words) or _joined(_WORD.findall(text[: 4 * MAX_NAME])) or _("Message")


def _values(value: object, depth: int) -> Iterator[str]:
    """Yield the short texts of a document, in their order."""
    if depth > _MAX_DEPTH:
        return
    if isinstance(value, dict):
        for name, inner in value.items():
            if not is_secret_name(str(name)):
                yield from _values(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            yield from _values(inner, depth + 1)
    elif isinstance(value, str) and 0 < len(value) <= _MAX_WORD:
        yield from _WORD.findall(value)[:_MAX_VALUES]


def _joined(words: list[str]) -> str:
    """Return as many words as a name has room for."""
    name = ""
    for word in (one for one in words if not is_random(one)):
        longer = f"{name} {word}".strip()
        if len(longer) > MAX_NAME:
            break
        name = longer
    return one_line(name)
