"""What is said of a question and its answer."""

from __future__ import annotations

from math import floor, log10

from spacebeam.wording.durations import rounded_words
from spacebeam.wording.i18n import _, ngettext


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


def pair_words(name: str, latency: float | None) -> str:
    """Return the name of an answer's question and its latency in seconds, on a row."""
    return name if latency is None else f"{name} · {row_latency_words(latency)}"


def row_latency_words(seconds: float) -> str:
    """Return one latency, such as “0.25 ms”, “125 ms” or “1.5 s”."""
    return rounded_words(seconds) if seconds >= 0.001 else short_latency_words(seconds)


def short_latency_words(seconds: float) -> str:
    """Return a latency to two digits, such as “0.25 ms”, “12 ms” or “1.5 s”."""
    for unit, factor in (("µs", 1e6), ("ms", 1e3)):
        if seconds * factor < 999.5:
            return f"{_two_digits(seconds * factor):g} {unit}"
    return f"{_two_digits(seconds):g} s"


def overdue_words() -> str:
    """Return that a question has no answer, on a row."""
    return _("no answer")


def overdue_tooltip(seconds: float) -> str:
    """Return what a row means that has no answer after some seconds."""
    words = _("This question has had no answer for more than {duration}")
    return words.format(duration=rounded_words(seconds))


def answer_tooltip(number: int, name: str, latency: float | None, *, is_error: bool) -> str:
    """Return which entry (counted from 1) is answered on a row, and how."""
    if latency is None:
        return later_answer_words(number, name)
    if is_error:
        words = _("An error: answers #{number}, {name}, after {latency} (Alt+P goes there)")
    else:
        words = _("Answers #{number}, {name}, after {latency} (Alt+P goes there)")
    given = row_latency_words(latency)
    return words.format(number=f"{number:,}", name=name, latency=given)


def later_answer_words(number: int, name: str) -> str:
    """Return to which entry (counted from 1) an answer after the first one belongs."""
    return _("A later answer to #{number} ({name})").format(number=f"{number:,}", name=name)


def calls_words(count: int, unanswered: int, read: int, total: int) -> str:
    """Return how many calls there are, and how much of the recording was read."""
    words = ngettext("{count} call", "{count} calls", count).format(count=f"{count:,}")
    if unanswered:
        words += " · " + _("{count} without an answer").format(count=f"{unanswered:,}")
    if read < total:
        words += " · " + _("{percent} % read").format(percent=100 * read // total)
    return words


def _two_digits(number: float) -> float:
    return round(number, 1 - floor(log10(number))) if number else 0.0


def _latency(seconds: float) -> str:
    return rounded_words(seconds) if seconds >= 0.001 else _("less than 1 ms")
