"""A point in time as it is in the person's zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FRACTION = 9  # digits


def local_words(seconds: int, nanoseconds: int = 0) -> str:
    """Return a Unix time with the person's zone, “2026-11-30 03:13:25.025 CET”.

    Return "" for a year that Python's calendar does not have.
    """
    try:
        local = (_EPOCH + timedelta(seconds=seconds)).astimezone()
    except (OverflowError, ValueError, OSError):
        return ""
    fraction = f".{nanoseconds:0{_FRACTION}}"
    while fraction.endswith("000"):
        fraction = fraction[:-3]
    return f"{local:%Y-%m-%d %H:%M:%S}{fraction.rstrip('.')} {local:%Z}"
