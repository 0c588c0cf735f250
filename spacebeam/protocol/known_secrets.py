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
    _pattern = pattern(_values) if _values else None


def pattern(values: Iterable[str]) -> re.Pattern[str]:
    """Return a pattern of these values as addresses, forms and JSON may have them."""
    longest_first = sorted(values, key=len, reverse=True)
    forms = "|".join("".join(map(_form, value)) for value in longest_first)
    return re.compile(forms or r"(?!)", re.IGNORECASE)  # a host is in lower case


def _form(character: str) -> str:
    """Return a pattern of a character, which may be percent-encoded or escaped as in JSON."""
    if character.isascii() and character.isalnum():
        return character
    percent = "".join(f"%{byte:02X}" for byte in character.encode(errors="replace"))
    utf_16 = character.encode("utf-16-be", "surrogatepass").hex()
    escaped = "".join(rf"\\u{utf_16[at : at + 4]}" for at in range(0, len(utf_16), 4))
    others = r"|\+" * (character == " ") + rf"|\\{re.escape(character)}" * (character in '"\\/')
    return f"(?:{re.escape(character)}|{percent}|{escaped}{others})"


def forget() -> None:
    """Mask none of them any more."""
    global _pattern
    _values.clear()
    _pattern = None


def masked(text: str, mask: str) -> str:
    """Return a text with the mask in place of the values."""
    return text if _pattern is None else _pattern.sub(mask, text)
