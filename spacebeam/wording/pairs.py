"""What is said of a question and its answer."""

from __future__ import annotations

from spacebeam.wording.durations import rounded_words
from spacebeam.wording.i18n import _


def answered_words(number: int, latency: float, *, is_error: bool) -> str:
    """Return by which entry (counted from 1) a question was answered, and when."""
    words = (
        _("Answered with an error by #{number} after {latency}")
        if is_error
        else _("Answered by #{number} after {latency}")
    )
    return words.format(number=f"{number:,}", latency=_latency(latency))


def answers_words(number: int, name: str, latency: float) -> str:
    """Return which entry (counted from 1) is answered, and its name."""
    words = _("Answers #{number} ({name}) after {latency}")
    return words.format(number=f"{number:,}", name=name, latency=_latency(latency))


def unanswered_words() -> str:
    """Return that a question has no answer."""
    return _("No answer so far")


def _latency(seconds: float) -> str:
    return rounded_words(seconds) if seconds >= 0.001 else _("less than 1 ms")
