"""Says how many matches a payload has, and which of them is shown."""

from __future__ import annotations

from spacebeam.wording.i18n import _


def match_words(
    current: int, count: int, *, is_done: bool, is_all: bool, is_whole: bool, progress: float = 1
) -> str:
    """Return, for example, “3 of 17 in this message”.

    `current` counts from 0, -1 for none. `is_all` means that there are no more than `count`,
    `is_whole` that the whole message is loaded; `progress` is the part that was searched, up to 1.
    """
    percent = f"{int(progress * 100)}%"
    place = _("{number:,} of ").format(number=current + 1) if current >= 0 else ""
    if not is_done:
        if not count:
            return _("Looking for matches… {percent}").format(percent=percent)
        return _("{place}{count:,} so far, {percent}").format(
            place=place, count=count, percent=percent
        )
    where = _("in this message") if is_whole else _("in the part shown")
    if progress < 1 and is_all:
        where = _("in the first {percent}").format(percent=percent)
    if not count:
        # The payload may have one: JSON is indented, and a dump cuts words at its lines.
        if progress == 1 and is_whole:
            return _("No match in this view")
        return _("No match {where}").format(where=where)
    if is_all:
        return f"{place}{count:,} {where}"
    if current < 0:
        return _("the first {count:,} {where}").format(count=count, where=where)
    words = _("{number:,} of the first {count:,} {where}")
    return words.format(number=current + 1, count=count, where=where)
