"""Durations in words."""

from __future__ import annotations

from spacebeam.wording.i18n import _


def seconds_words(seconds: float) -> str:
    """Return a duration, such as “250 ms” or “2 s”."""
    if seconds < 1:
        return _("{count} ms").format(count=f"{seconds * 1000:g}")
    return _("{count} s").format(count=f"{seconds:g}")


def rounded_words(seconds: float) -> str:
    """Return a measured duration, such as “12 ms”."""
    return seconds_words(round(seconds, 3 if seconds < 1 else 1))
