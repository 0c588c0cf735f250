"""Values on one line, shortened, as differences show them."""

from __future__ import annotations

from spacebeam.decode.decoder import Value
from spacebeam.decode.json_values import pieces
from spacebeam.decode.visible import one_line

MAX_SHOWN = 200  # characters of a value
_BEFORE = 24  # characters that are shown before the first different one of a long text


def shown(value: Value, limit: int = MAX_SHOWN) -> str:
    """Return a value of JSON's types as JSON, at most `limit` characters, safe to show."""
    if isinstance(value, str):
        value = value[: limit + 1]
    parts, length = [], 0
    for piece in pieces(value):
        parts.append(piece[: limit + 1])
        length += len(parts[-1])
        if length > limit:
            break
    text = "".join(parts)
    return safe(text if len(text) <= limit else text[: limit - 1] + "…")


def safe(text: str) -> str:
    """Return a text on one line, safe to show; surrogates, which no widget takes, as escapes."""
    return one_line(text.encode(errors="backslashreplace").decode())


def excerpts(before: str, after: str, limit: int = MAX_SHOWN) -> tuple[str, str]:
    """Return two different texts as JSON; of long ones the part with the first difference."""
    start = 0
    if max(len(before), len(after)) > limit:
        start = max(_first_difference(before, after) - _BEFORE, 0)
    return _excerpt(before, start, limit), _excerpt(after, start, limit)


def _excerpt(text: str, start: int, limit: int) -> str:
    return f"…{shown(text[start : start + limit + 1], limit)}" if start else shown(text, limit)


def _first_difference(before: str, after: str) -> int:
    """Return the place of the first character that differs, by halves."""
    same, end = 0, min(len(before), len(after))
    while same < end:
        half = (same + end + 1) // 2
        if before[same:half] == after[same:half]:
            same = half
        else:
            end = half - 1
    return same
