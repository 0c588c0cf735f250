"""The texts of the recordings list."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable

from spacebeam.decode.preview import size
from spacebeam.decode.visible import one_line
from spacebeam.library.recording_info import RecordingInfo, RecordingState
from spacebeam.library.retention_policy import GIB, RetentionPolicy
from spacebeam.ui.rates.bars import duration
from spacebeam.wording.recordings import recording_error_words


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
        return "open in a tab"  # the tab records to it again when it reconnects
    return info.state.value


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
        return f"{('Today', 'Yesterday')[days]} {then:%H:%M}"
    day = f"{then.day} {then:%B}" + ("" if then.year == now.year else f" {then.year}")
    return f"{day}, {then:%H:%M}"


def entries(count: int) -> str:
    """Return “1 entry” or “1,200 entries”."""
    return "1 entry" if count == 1 else f"{count:,} entries"


def total(every: Collection[RecordingInfo]) -> str:
    """Return the number and the total size of recordings, or "" for none."""
    if not every:
        return ""
    count = "1 recording" if len(every) == 1 else f"{len(every):,} recordings"
    return f"{count}, {size(sum(one.size for one in every))} in total."


def age(days: int | None) -> str:
    """Return a maximum age in words; None is no limit."""
    if days is None:
        return "forever"
    if days % 365 == 0:
        return "1 year" if days == 365 else f"{days // 365} years"
    return "1 day" if days == 1 else f"{days} days"


def max_size(count: int | None) -> str:
    """Return a maximum size, given in bytes, in words; None is no limit."""
    if count is None:
        return "any size"
    return f"{count // GIB} GiB" if count % GIB == 0 else size(count)


def retention(policy: RetentionPolicy) -> str:
    """Return a sentence that says how long recordings stay."""
    if policy == RetentionPolicy(None, None):
        return "Recordings are kept until you delete them."
    parts = [f" for {age(policy.max_age)}"] if policy.max_age is not None else []
    if policy.max_size is not None:
        parts.append(f" up to {max_size(policy.max_size)}")
    return f"Recordings are kept{','.join(parts)}; starred ones stay."


def matches(info: RecordingInfo, text: str) -> bool:
    """Return whether every word of a search is in the title, the address or the file's name."""
    found = f"{info.title} {info.address} {info.path.stem}".casefold()
    return all(word in found for word in text.casefold().split())
