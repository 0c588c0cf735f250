"""Secrets that are known by their values: those of variables, wherever they were put.

A secret in a path, or in a parameter of a plain name, is not recognised by its name. Each value
that was put into an address or a header is masked from then on, until the program ends.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

MIN_LENGTH = 4  # characters; of a shorter one, every other text would be masked as well
_MAX_VALUES = 1000

_values: dict[str, None] = {}
_pattern: re.Pattern[str] | None = None


def hide(values: Iterable[str]) -> None:
    """Mask these values from now on."""
    global _pattern
    before = set(_values)
    for value in values:
        if len(value) >= MIN_LENGTH:
            _values.pop(value, None)
            _values[value] = None
    for oldest in list(_values)[:-_MAX_VALUES]:
        del _values[oldest]
    if before == _values.keys():
        return
    longest_first = sorted(_values, key=len, reverse=True)
    forms = "|".join("".join(map(_form, value)) for value in longest_first)
    _pattern = re.compile(forms, re.IGNORECASE) if forms else None  # a host is in lower case


def _form(character: str) -> str:
    """Return a pattern of a character, which an address may have percent-encoded."""
    if character.isascii() and character.isalnum():
        return character
    encoded = "".join(f"%{byte:02X}" for byte in character.encode(errors="replace"))
    in_query = r"|\+" if character == " " else ""
    return f"(?:{re.escape(character)}|{encoded}{in_query})"


def forget() -> None:
    """Mask none of them any more."""
    global _pattern
    _values.clear()
    _pattern = None


def masked(text: str, mask: str) -> str:
    """Return a text with the mask in place of the values."""
    return text if _pattern is None else _pattern.sub(mask, text)
