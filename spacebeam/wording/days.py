"""Where a new day begins in a list of entries."""

from __future__ import annotations

from datetime import datetime


def new_day(when: float, before: float | None) -> str:
    """Return the local date of an entry if the entry before it is of another day, else "".

    Both are Unix times; None is for the first entry, which has no date. The form of the date is
    that of the filter's times.
    """
    if before is None:
        return ""
    day = datetime.fromtimestamp(when).date()
    return "" if day == datetime.fromtimestamp(before).date() else day.isoformat()
