"""Which of how many matches, in words."""

from __future__ import annotations


def match_words(current: int, count: int, *, is_done: bool, is_all: bool, is_whole: bool) -> str:
    """“3 of 17 in this message”.

    `current` counts from 0, -1 for none; `is_all` says that no more than `count` are to be found,
    `is_whole` that all of the message is shown.
    """
    where = "in this message" if is_whole else "in the part shown"
    if not count:
        # The whole message has one, perhaps; JSON is indented, and a dump cuts words at its lines.
        nowhere = "No match in this view" if is_whole else f"No match {where}"
        return nowhere if is_done else "Looking for matches…"
    place = f"{current + 1:,} of " if current >= 0 else ""
    if not is_done:
        return f"{place}{count:,} so far"
    return f"{place}{count:,} {where}" if is_all else f"{place}the first {count:,} {where}"
