"""Points in time as texts: RFC 3339 in UTC, with nanoseconds, and years of any length.

Python's datetime has microseconds and the years 1 to 9999; binary formats have 64 bits of seconds.
Other years have a sign and at least six digits, as in JavaScript: +036812-02-20T00:36:16Z.
"""

from __future__ import annotations

import re

_DAY = 24 * 60 * 60  # seconds
_ERA = 146_097  # days of 400 years
_EPOCH = 719_468  # days from 0000-03-01 to 1970-01-01
_TEXT = re.compile(
    r"([+-]\d{6,12}|\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?"
    r"(?:[Zz]|([+-])(\d\d):(\d\d))",
    re.ASCII,
)


def written_timestamp(seconds: int, nanoseconds: int = 0) -> str:
    """Return a Unix time as a text; the fraction has 0, 3, 6 or 9 digits."""
    days, second = divmod(seconds, _DAY)
    year, month, day = _date(days)
    years = f"{year:04}" if 0 <= year <= 9999 else f"{year:+07}"
    hour, minute = divmod(second // 60, 60)
    text = f"{years}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second % 60:02}"
    if not nanoseconds:
        return text + "Z"
    digits = f"{nanoseconds:09}"
    while digits.endswith("000"):
        digits = digits[:-3]
    return f"{text}.{digits}Z"


def read_timestamp(text: str) -> tuple[int, int]:
    """Return the Unix time of a text, and its nanoseconds. Raises ValueError."""
    match = _TEXT.fullmatch(text)
    if match is None:
        raise ValueError("a time is written like 2026-01-02T03:04:05.678Z")
    year, month, day, hour, minute, second = map(int, match.groups()[:6])
    days = _days(year, month, day)
    if not 1 <= month <= 12 or _date(days) != (year, month, day):
        raise ValueError(f"there is no day {text[: match.end(3)]}")
    if hour > 23 or minute > 59 or second > 59:
        raise ValueError("a time has up to 23 hours, 59 minutes and 59 seconds")
    sign, hours, minutes = match.group(8, 9, 10)
    offset = (int(hours) * 60 + int(minutes)) * 60 if sign else 0
    seconds = days * _DAY + (hour * 60 + minute) * 60 + second
    return seconds + (offset if sign == "-" else -offset), int((match[7] or "").ljust(9, "0"))


def _date(days: int) -> tuple[int, int, int]:
    """Return year, month and day of a number of days since 1970, in the Gregorian calendar.

    Years begin in March here, so that the leap day is the last one.
    """
    era, day = divmod(days + _EPOCH, _ERA)
    year = (day - day // 1460 + day // 36_524 - day // 146_096) // 365
    day -= 365 * year + year // 4 - year // 100
    month = (5 * day + 2) // 153
    day -= (153 * month + 2) // 5
    month = month + 3 if month < 10 else month - 9
    return era * 400 + year + (month <= 2), month, day + 1


def _days(year: int, month: int, day: int) -> int:
    """Return the number of days since 1970."""
    era, year = divmod(year - (month <= 2), 400)
    days = (153 * (month - 3 if month > 2 else month + 9) + 2) // 5 + day - 1
    return era * _ERA + 365 * year + year // 4 - year // 100 + days - _EPOCH
