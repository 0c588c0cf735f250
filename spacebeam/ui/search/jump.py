"""Parses the target of Go To: an entry's number, a time, first or last."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from spacebeam.search.clock import unix_times
from spacebeam.wording.i18n import _

_NUMBER = re.compile(r"#?([0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,18})")
_CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,6}))?)?")
_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_HELP = _("Type a number, a time such as 12:30:05, first or last.")


@dataclass(frozen=True, slots=True)
class JumpTo:
    """The target of a jump: a number, a time, or the last entry."""

    number: int | None = None  # counts from 0
    time: float | None = None  # Unix time in seconds; the first entry from then on
    is_last: bool = False  # and follow new entries


class JumpError(ValueError):
    """The text is not a target; the message says why."""


def parse_jump(text: str, began: float, ended: float, length: int) -> JumpTo:
    """Return the target that a text names.

    The recording has `length` entries, from `began` to `ended` (Unix time). A time of day without a
    date is the first such time in the recording.

    Raises JumpError.
    """
    words = text.strip().lower()
    if not words:
        raise JumpError(_HELP)
    if not length:
        raise JumpError(_("There are no entries yet."))
    if words in ("first", "last"):
        return JumpTo(number=0) if words == "first" else JumpTo(is_last=True)
    if (number := _NUMBER.fullmatch(words)) is not None:
        return JumpTo(number=_number(int(number[1].replace(",", "")), length))
    return JumpTo(time=_time(words, began, ended))


def _number(typed: int, length: int) -> int:
    if not 1 <= typed <= length:
        if length == 1:
            raise JumpError(_("There is only one entry, number 1."))
        raise JumpError(_("Entries are numbered from 1 to {count:,}.").format(count=length))
    return typed - 1


def _time(words: str, began: float, ended: float) -> float:
    day_text, _between, clock_text = re.sub(r"[ t]+", " ", words).rpartition(" ")
    clock, day = _CLOCK.fullmatch(clock_text), _DAY.fullmatch(day_text)
    if clock is None or (day_text and day is None):
        raise JumpError(_HELP)
    hour, minute, second, fraction = clock.groups()
    unit = 10.0 ** -len(fraction) if fraction else 1.0 if second else 60.0  # precision in seconds
    try:
        of_day = time(int(hour), int(minute), int(second or 0), int((fraction or "").ljust(6, "0")))
        on = None if day is None else date(int(day[1]), int(day[2]), int(day[3]))
        moments = unix_times(on, of_day) if on else _on_each_day(of_day, began, ended)
    except (ValueError, OverflowError, OSError):
        raise JumpError(_("This time does not exist.")) from None
    for moment in moments:
        if began - unit < moment <= ended:
            return max(moment, began)
    raise JumpError(_("The entries are from {span}.").format(span=_span(began, ended)))


def _on_each_day(of_day: time, began: float, ended: float) -> list[float]:
    """Return a time of day on the recording's first day and on the next if it lasts that long."""
    first = datetime.fromtimestamp(began).date()
    days = min((datetime.fromtimestamp(ended).date() - first).days, 1)
    dates = [first + timedelta(days=day) for day in range(days + 1)]
    return [moment for day in dates for moment in unix_times(day, of_day)]


def _span(began: float, ended: float) -> str:
    first, last = datetime.fromtimestamp(began), datetime.fromtimestamp(ended)
    form = "%H:%M:%S" if first.date() == last.date() else "%Y-%m-%d %H:%M:%S"
    return _("{begin} to {end}").format(begin=first.strftime(form), end=last.strftime(form))
