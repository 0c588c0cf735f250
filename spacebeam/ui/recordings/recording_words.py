"""The texts of the recordings list."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable

from spacebeam.decode.preview import size
from spacebeam.decode.visible import one_line
from spacebeam.library.recording_info import RecordingInfo, RecordingState
from spacebeam.library.retention_policy import GIB, RetentionPolicy
from spacebeam.ui.rates.bars import duration
from spacebeam.wording.i18n import _, ngettext
from spacebeam.wording.recordings import recording_error_words

_STATES = {
    RecordingState.BEING_WRITTEN: _("being written"),
    RecordingState.ENDED_ABRUPTLY: _("ended abruptly"),
    RecordingState.DAMAGED: _("cannot be read"),
}


def name(info: RecordingInfo) -> str:
    """Return the recording's name with control characters escaped: a file may come from anyone."""
    return one_line(info.name)


def whole_name(info: RecordingInfo) -> str:
    """Return the title, the address and the file's name, a line each."""
    found = (info.title, info.address, info.path.name)
    return "\n".join(one_line(one) for one in found if one)


def state(info: RecordingInfo) -> str:
    """Return the recording's state in words, or "" where it is whole."""
    if info.state is RecordingState.BEING_WRITTEN and info.is_open:
        return _("open in a tab")  # the tab records to it again when it reconnects
    return _STATES.get(info.state, "")


def details(info: RecordingInfo, now: datetime.datetime) -> str:
    """Return begin, duration, entries and size; for a damaged file, the error."""
    if info.error is not None:
        parts: tuple[str, ...] = (when(info.began, now), size(info.size))
        words = recording_error_words(info.error).replace(str(info.path), info.path.name)
        return f"{_joined(parts)} · {one_line(words)}"
    parts = (
        when(info.began, now),
        duration(info.duration),
        entries(info.entries),
        size(info.size),
    )
    return _joined(parts)


def _joined(parts: Iterable[str]) -> str:
    """Join parts so that a line breaks only between them."""
    return " · ".join(part.replace(" ", "\N{NO-BREAK SPACE}") for part in parts)


def when(began: float, now: datetime.datetime) -> str:
    """Return a Unix time as “Today 12:30” or a date, relative to `now` and in its time zone."""
    then = datetime.datetime.fromtimestamp(began, now.tzinfo)
    days = (now.date() - then.date()).days
    if days in (0, 1):
        day = (_("Today"), _("Yesterday"))[days]
        return f"{day} {then:%H:%M}"
    day = f"{then.day} {then:%B}" + ("" if then.year == now.year else f" {then.year}")
    return f"{day}, {then:%H:%M}"


def entries(count: int) -> str:
    """Return “1 entry” or “1,200 entries”."""
    return ngettext("{count:,} entry", "{count:,} entries", count).format(count=count)


def total(every: Collection[RecordingInfo]) -> str:
    """Return the number and the total size of recordings, or "" for none."""
    if not every:
        return ""
    count = len(every)
    words = ngettext(
        "{count:,} recording, {size} in total.", "{count:,} recordings, {size} in total.", count
    )
    return words.format(count=count, size=size(sum(one.size for one in every)))


def age(days: int | None) -> str:
    """Return a maximum age in words; None is no limit."""
    if days is None:
        return _("forever")
    if days % 365 == 0:
        years = days // 365
        return ngettext("{count} year", "{count} years", years).format(count=years)
    return ngettext("{count} day", "{count} days", days).format(count=days)


def max_size(count: int | None) -> str:
    """Return a maximum size, given in bytes, in words; None is no limit."""
    if count is None:
        return _("any size")
    return f"{count // GIB} GiB" if count % GIB == 0 else size(count)


def retention(policy: RetentionPolicy) -> str:
    """Return a sentence that says how long recordings stay."""
    if policy == RetentionPolicy(None, None):
        return _("Recordings are kept until you delete them.")
    if policy.max_size is None:
        words = _("Recordings are kept for {age}; starred ones stay.")
    elif policy.max_age is None:
        words = _("Recordings are kept up to {size}; starred ones stay.")
    else:
        words = _("Recordings are kept for {age}, up to {size}; starred ones stay.")
    return words.format(age=age(policy.max_age), size=max_size(policy.max_size))


def matches(info: RecordingInfo, text: str) -> bool:
    """Return whether every word of a search is in the title, the address or the file's name."""
    found = f"{info.title} {info.address} {info.path.stem}".casefold()
    return all(word in found for word in text.casefold().split())
