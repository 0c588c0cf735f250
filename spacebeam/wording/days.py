"""Days in words: where a new one begins in a list of entries, and how long ago something was."""

from __future__ import annotations

from datetime import datetime

from spacebeam.wording.i18n import _, ngettext


def new_day(when: float, before: float | None) -> str:
    """Return the local date of an entry if the entry before it is of another day, else "".

    Both are Unix times; None is for the first entry, which has no date. The form of the date is
    that of the filter's times.
    """
    if before is None:
        return ""
    day = datetime.fromtimestamp(when).date()
    return "" if day == datetime.fromtimestamp(before).date() else day.isoformat()


def ago_words(when: float, now: float) -> str:
    """Return how long before `now` a Unix time is, such as “5 minutes ago” or “yesterday”."""
    seconds = max(0.0, now - when)
    days = (datetime.fromtimestamp(now).date() - datetime.fromtimestamp(when).date()).days
    if seconds < 60:
        return _("just now")
    if seconds < 3600:
        minutes = int(seconds // 60)
        return ngettext("{count} minute ago", "{count} minutes ago", minutes).format(count=minutes)
    if days <= 0:
        hours = int(seconds // 3600)
        return ngettext("{count} hour ago", "{count} hours ago", hours).format(count=hours)
    if days == 1:
        return _("yesterday")
    if days < 30:
        return ngettext("{count} day ago", "{count} days ago", days).format(count=days)
    return datetime.fromtimestamp(when).date().isoformat()
