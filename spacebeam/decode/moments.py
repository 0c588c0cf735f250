"""Values that are surely a point in time: a text with a zone, or a Unix time by its key and size.

A wrong guess is worse than none: 1500000000 is a time as `created_at`, and nothing as `id`.
"""

from __future__ import annotations

import re

from spacebeam.decode.json_tree import JsonTree, NodeKind
from spacebeam.decode.timestamps import read_timestamp

_MAX_TEXT = 40  # characters
_TEXT = re.compile(r"[+-]?\d{4,}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d", re.ASCII)  # RFC 3339
_NUMBER = re.compile(r"(\d{10})(?:\.(\d{1,9}))?", re.ASCII)
_SCALED = re.compile(r"(\d{10})(\d{3}|\d{6}|\d{9})", re.ASCII)  # milli-, micro-, nanoseconds
_FIRST, _LAST = 1_000_000_000, 4_102_444_800  # seconds: the years 2001 to 2100
# The words of a key: created_at, createdAt, created-at; TS, tsMs.
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", re.ASCII)
_UNITS = frozenset(("ms", "us", "ns", "s", "sec", "seconds", "millis", "micros", "nanos", "utc"))
_TIMES = frozenset(
    (
        *("time", "timestamp", "ts", "date", "datetime", "at", "epoch", "when"),
        *("created", "updated", "modified", "expires", "expiry", "exp", "iat", "nbf", "since"),
    )
)
_LETTERS = ("E", "T")  # keys of some exchanges: the event's and the trade's time in milliseconds
_MILLISECONDS = 13  # digits

Moment = tuple[int, int]  # a Unix time in seconds, and its nanoseconds


def moment_of(tree: JsonTree, number: int) -> Moment | None:
    """Return the time that a value surely is; None for any other."""
    kind = tree.kind(number)
    if kind is not NodeKind.STRING and kind is not NodeKind.NUMBER:
        return None
    text = tree.head(number, _MAX_TEXT + 1)
    if len(text) > _MAX_TEXT:
        return None
    if kind is NodeKind.STRING and _TEXT.match(text):
        try:
            return read_timestamp(text.replace(" ", "T", 1))
        except ValueError:
            return None
    return _unix_time(tree.key(number), text)


def _unix_time(key: str, text: str) -> Moment | None:
    """Return the Unix time of a number whose key is one for times; None for other keys."""
    match = _NUMBER.fullmatch(text) or _SCALED.fullmatch(text)
    if match is None or not _FIRST <= int(match[1]) < _LAST:
        return None
    if not (_is_time(key) or (key in _LETTERS and len(text) == _MILLISECONDS)):
        return None
    return int(match[1]), int((match[2] or "").ljust(9, "0"))


def _is_time(key: str) -> bool:
    """Return whether the last word of a key is one for a time, but for a unit."""
    words = [one.lower() for one in _WORD.findall(key)]
    while len(words) > 1 and words[-1] in _UNITS:
        words.pop()
    return bool(words) and words[-1] in _TIMES
