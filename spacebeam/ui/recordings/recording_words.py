"""What the list says of recordings, in a person's words."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable

from spacebeam.decode.preview import size
from spacebeam.decode.visible import one_line
from spacebeam.library.recording_info import RecordingInfo, RecordingState
from spacebeam.library.retention import GIB, RetentionPolicy

_UNITS = ((86_400, "d"), (3600, "h"), (60, "min"), (1, "s"))


def name(kept: RecordingInfo) -> str:
    """What it is called; a stranger may have called it so."""
    return one_line(kept.name)


def whole_name(kept: RecordingInfo) -> str:
    """What it is called, whom it is of, and its file."""
    found = (kept.title, kept.address, kept.path.name)
    return "\n".join(one_line(one) for one in found if one)


def state(kept: RecordingInfo) -> str:
    """How it is doing; nothing where it is whole."""
    if kept.state is RecordingState.BEING_WRITTEN and kept.is_open:
        return "open in a tab"  # which goes on with it when it connects again
    return kept.state.value


def details(kept: RecordingInfo, now: datetime.datetime) -> str:
    """When it was, how long, and how much; of a damaged one, what is wrong."""
    if kept.state is RecordingState.DAMAGED:
        parts: tuple[str, ...] = (when(kept.began, now), size(kept.size))
        return f"{_joined(parts)} · {one_line(kept.error)}"
    parts = when(kept.began, now), duration(kept.duration), entries(kept.entries), size(kept.size)
    return _joined(parts)


def _joined(parts: Iterable[str]) -> str:
    """On a narrow window the line is broken between the parts, never within one."""
    return " · ".join(part.replace(" ", "\N{NO-BREAK SPACE}") for part in parts)


def when(began: float, now: datetime.datetime) -> str:
    """A Unix time as it is said on the day of `now`, in its time zone."""
    then = datetime.datetime.fromtimestamp(began, now.tzinfo)
    days = (now.date() - then.date()).days
    if days in (0, 1):
        return f"{('Today', 'Yesterday')[days]} {then:%H:%M}"
    day = f"{then.day} {then:%B}" + ("" if then.year == now.year else f" {then.year}")
    return f"{day}, {then:%H:%M}"


def duration(seconds: float) -> str:
    """A time span in its two largest units."""
    rest = int(seconds)
    parts = []
    for length, unit in _UNITS:
        count, rest = divmod(rest, length)
        parts.append((count, unit))
    first = next((at for at, (count, _unit) in enumerate(parts) if count), len(parts) - 1)
    return " ".join(f"{count} {unit}" for count, unit in parts[first : first + 2] if count) or "0 s"


def entries(count: int) -> str:
    return "1 entry" if count == 1 else f"{count:,} entries"


def total(every: Collection[RecordingInfo]) -> str:
    """How many there are, and how much of the disk they take; nothing for none."""
    if not every:
        return ""
    count = "1 recording" if len(every) == 1 else f"{len(every):,} recordings"
    return f"{count}, {size(sum(one.size for one in every))} in all."


def age(days: int | None) -> str:
    if days is None:
        return "forever"
    if days % 365 == 0:
        return "1 year" if days == 365 else f"{days // 365} years"
    return "1 day" if days == 1 else f"{days} days"


def room(count: int | None) -> str:
    if count is None:
        return "any size"
    return f"{count // GIB} GiB" if count % GIB == 0 else size(count)


def keeping(kept_so: RetentionPolicy) -> str:
    """For how long, and how much; what stays in any case."""
    if kept_so == RetentionPolicy(None, None):
        return "Recordings are kept until you delete them."
    parts = [f" for {age(kept_so.max_age)}"] if kept_so.max_age is not None else []
    if kept_so.max_size is not None:
        parts.append(f" up to {room(kept_so.max_size)}")
    return f"Recordings are kept{','.join(parts)}; starred ones stay."


def matches(kept: RecordingInfo, text: str) -> bool:
    """Whether every word of a search is in what a recording is called, or its address."""
    found = f"{kept.title} {kept.address} {kept.path.stem}".casefold()
    return all(word in found for word in text.casefold().split())
