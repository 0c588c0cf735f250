"""Local times: of a day, and on a date, where daylight saving begins or ends."""

from __future__ import annotations

import time
from datetime import date, datetime
from datetime import time as time_of_day

_DAY_US = 86_400_000_000
_QUARTER_S = 900  # every change of the clocks is at a quarter of an hour


class DayClock:
    """Tells the local time of day of Unix times, in microseconds since midnight."""

    def __init__(self) -> None:
        self._offsets: dict[int, int] = {}  # from UTC in seconds, by quarters of an hour

    def at(self, when: float) -> int:
        """Return the time of day, as the clocks showed it."""
        quarter = int(when // _QUARTER_S)
        offset = self._offsets.get(quarter)
        if offset is None:
            offset = self._offsets[quarter] = time.localtime(when).tm_gmtoff
        whole = int(when)
        return ((whole + offset) * 1_000_000 + round((when - whole) * 1e6)) % _DAY_US


def microseconds(of_day: time_of_day) -> int:
    """Return a time of day in microseconds since midnight."""
    minutes = of_day.hour * 60 + of_day.minute
    return (minutes * 60 + of_day.second) * 1_000_000 + of_day.microsecond


def unix_time(day: date, of_day: time_of_day) -> float:
    """Return the Unix time of a local date and time.

    Of an hour that occurs twice, the first; of one that is skipped, the moment of the skip.
    """
    local = datetime.combine(day, of_day)
    first, second = local.timestamp(), local.replace(fold=1).timestamp()
    return first if first <= second else _skip(second, first)


def unix_times(day: date, of_day: time_of_day) -> list[float]:
    """Return the Unix time of a local date and time; two for one of an hour that occurs twice."""
    first = unix_time(day, of_day)
    second = datetime.combine(day, of_day).replace(fold=1).timestamp()
    return [first, second] if second > first else [first]


def _skip(low: float, high: float) -> float:
    """Return the moment between two Unix times at which the clocks change."""
    before, after = int(low), int(high)
    offset = time.localtime(before).tm_gmtoff
    while after - before > 1:
        middle = (before + after) // 2
        if time.localtime(middle).tm_gmtoff == offset:
            before = middle
        else:
            after = middle
    return float(after)
