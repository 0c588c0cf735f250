"""Secrets that are known by their values: those of variables, wherever they were put.

A secret in a path, or in a parameter of a plain name, is not recognised by its name. Each value
that was put into an address or a header is masked from then on, until the program ends.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote

MIN_LENGTH = 4  # characters; of a shorter one, every other text would be masked as well
_MAX_VALUES = 1000

_values: dict[str, None] = {}
_pattern: re.Pattern[str] | None = None


def hide(values: Iterable[str]) -> None:
    """Mask these values from now on."""
    global _pattern
    for value in values:
        if len(value) >= MIN_LENGTH:
            _values.pop(value, None)
            _values[value] = None
    for oldest in list(_values)[:-_MAX_VALUES]:
        del _values[oldest]
    forms = {form for one in _values for form in (one, quote(one), quote(one, safe=""))}
    longest_first = sorted(forms, key=len, reverse=True)
    _pattern = re.compile("|".join(map(re.escape, longest_first))) if forms else None


def forget() -> None:
    """Mask none of them any more."""
    _values.clear()
    hide(())


def masked(text: str, mask: str) -> str:
    """Return a text with the mask in place of the values."""
    return text if _pattern is None else _pattern.sub(mask, text)
