"""The columns of the timeline, which a person shows and hides."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from spacebeam.decode.preview import size
from spacebeam.recording.entry import Entry
from spacebeam.ui.timeline import entry_words

_DAY_S = 86_400


class Column(StrEnum):
    """A column beside the payload; the value is its name in the settings."""

    NUMBER = "number"
    TIME = "time"
    ELAPSED = "elapsed"  # since the recording began
    SINCE = "since"  # the entry before in the list
    KIND = "kind"
    SIZE = "size"
    WIRE = "wire"


WIDTHS = {
    Column.NUMBER: 9,
    Column.TIME: 12,
    Column.ELAPSED: 10,
    Column.SINCE: 9,
    Column.KIND: max(6, *map(len, entry_words.KINDS.values())),
    Column.SIZE: 8,
    Column.WIRE: 8,
}  # in characters
RIGHT = frozenset((Column.NUMBER, Column.ELAPSED, Column.SINCE, Column.SIZE, Column.WIRE))


def columns(names: Iterable[str]) -> tuple[Column, ...]:
    """Return the columns with these names, in their order on the screen."""
    wanted = set(names)
    return tuple(column for column in Column if column in wanted)


class Times(NamedTuple):
    """Unix times that an entry's time is compared with."""

    before: float | None = None  # of the entry before it in the list
    began: float = 0.0  # of the recording


def cell(column: Column, entry: Entry, times: Times) -> str:
    """Return an entry's text in a column."""
    match column:
        case Column.NUMBER:
            return f"{entry.number + 1:,}"
        case Column.TIME:
            return entry_words.clock(entry)
        case Column.ELAPSED:
            return _seconds(entry.time - times.began)
        case Column.SINCE:
            return "" if times.before is None else "+" + _seconds(entry.time - times.before)
        case Column.KIND:
            return entry_words.KINDS[entry.kind]
        case Column.SIZE:
            return entry_words.size_words(entry)
        case Column.WIRE:
            wire = entry_words.wire_size(entry)
            return "" if wire is None else size(wire)


def _seconds(seconds: float) -> str:
    """Return a duration: 0.250, 59.000, 1:00.000, 1:00:00, 2 d."""
    sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
    if seconds < 60:
        return f"{sign}{seconds:.3f}"
    if seconds < 3600:
        return f"{sign}{int(seconds // 60)}:{seconds % 60:06.3f}"
    if seconds < _DAY_S:
        minutes = int(seconds // 60)
        return f"{sign}{minutes // 60}:{minutes % 60:02}:{int(seconds % 60):02}"
    return f"{sign}{seconds / _DAY_S:.1f} d"
