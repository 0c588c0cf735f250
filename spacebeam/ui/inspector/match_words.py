"""Says how many matches a payload has, and which of them is shown."""

from __future__ import annotations


def match_words(
    current: int, count: int, *, is_done: bool, is_all: bool, is_whole: bool, progress: float = 1
) -> str:
    """Return, for example, “3 of 17 in this message”.

    `current` counts from 0, -1 for none. `is_all` means that there are no more than `count`,
    `is_whole` that the whole message is loaded; `progress` is the part that was searched, up to 1.
    """
    percent = f"{int(progress * 100)}%"
    place = f"{current + 1:,} of " if current >= 0 else ""
    if not is_done:
        return f"{place}{count:,} so far, {percent}" if count else f"Looking for matches… {percent}"
    where = "in this message" if is_whole else "in the part shown"
    if progress < 1 and is_all:
        where = f"in the first {percent}"
    if not count:
        # The payload may have one: JSON is indented, and a dump cuts words at its lines.
        return f"No match {where}" if progress < 1 or not is_whole else "No match in this view"
    return f"{place}{count:,} {where}" if is_all else f"{place}the first {count:,} {where}"
