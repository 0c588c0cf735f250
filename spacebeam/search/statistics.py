"""Counts, sizes and latencies of a recording's messages, in groups: by method, or by a path."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from hdrh.histogram import HdrHistogram

from spacebeam.decode.conversation import Reading
from spacebeam.decode.decoder import Value
from spacebeam.decode.extended_json import written_extended
from spacebeam.decode.pairing import MAX_OPEN
from spacebeam.search.json_path import MISSING, compile_path

MAX_GROUPS = 10_000  # further names are counted together
OTHERS = "…"  # the name of their group
OVER_TIME_COLUMNS = 24
_MAX_NAME = 200  # characters
_LONGEST_US = 24 * 3600 * 1_000_000  # a longer latency counts as a day
_DIGITS = 2  # of a latency that are kept
_BITS = 8  # that have two digits, in HdrHistogram


class Latencies:
    """Latencies in seconds, to two digits, as an HDR histogram counts them.

    Making the histogram only for its percentiles takes a twentieth of the time of using it always,
    and no memory where there are few.
    """

    def __init__(self) -> None:
        self.count = 0
        self._counts: dict[int, int] = {}  # by the lowest number of microseconds that is the same

    def add(self, seconds: float) -> None:
        """Count a latency."""
        microseconds = min(max(round(seconds * 1e6), 1), _LONGEST_US)
        shift = max(microseconds.bit_length() - _BITS, 0)
        rounded = microseconds >> shift << shift
        self._counts[rounded] = self._counts.get(rounded, 0) + 1
        self.count += 1

    def percentiles(self, *percents: float) -> list[float | None]:
        """Return percentiles of the latencies in seconds; None if there are none."""
        if not self.count:
            return [None] * len(percents)
        histogram = HdrHistogram(1, _LONGEST_US, _DIGITS)
        for microseconds, count in self._counts.items():
            histogram.record_value(microseconds, count)
        return [histogram.get_value_at_percentile(one) / 1e6 for one in percents]


@dataclass(slots=True)
class Group:
    """Messages of one name."""

    name: str
    count: int = 0
    size: int = 0  # bytes of their payloads
    errors: int = 0  # messages that are errors, or were answered with one
    questions: int = 0  # messages that expect an answer
    slowest_number: int = -1  # of the entry that was the slowest answer
    slowest: float = 0.0  # its latency in seconds
    latencies: Latencies = field(default_factory=Latencies)
    over_time: list[int] = field(default_factory=list)  # messages in equal parts of the time


class Statistics:
    """Groups the messages of a recording, which are given in order.

    The group of a message is the value at `path`; without a path, it is what the protocol calls
    it: a method, an event, a topic, or the type where there is no name. Answers are in the group
    of their question, and are not counted. With a `span`, its begin and end as Unix times in
    seconds, groups have their messages over time.
    """

    def __init__(self, path: str = "", span: tuple[float, float] | None = None) -> None:
        self._find: Callable[[Any], Any] | None = compile_path(path).find if path else None
        self._groups: dict[str, Group] = {}
        self._span = span
        self._column = 0  # of the time of the message that is counted
        self._asked: OrderedDict[int, str] = OrderedDict()  # groups of questions, by their entry

    @property
    def groups(self) -> list[Group]:
        """The groups, those with the most messages first."""
        return sorted(self._groups.values(), key=lambda one: (-one.count, one.name))

    def count(self, number: int, time: float, reading: Reading, size: int) -> None:
        """Count what an entry says at a Unix time, with a payload of `size` bytes."""
        if self._span is not None:
            self._column = self._column_at(*self._span, time)
        if self._find is not None:
            self._count_value(number, reading, size)
        elif not reading.messages:
            self._add(reading.decoder, size)
        else:
            for one in reading.messages:
                if not one.answers or one.asks:
                    group = self._add(one.name or one.type, size)
                    group.errors += one.is_error
                    group.questions += bool(one.asks)
        for answer in reading.answers:
            group = self._group(self._asked.get(answer.question.number, answer.question.name))
            group.errors += answer.is_error
            if answer.is_first:
                group.latencies.add(answer.latency)
                if answer.latency >= group.slowest:
                    group.slowest, group.slowest_number = answer.latency, number

    def _count_value(self, number: int, reading: Reading, size: int) -> None:
        value = self._find_in(reading.value)
        if value is MISSING:
            return
        group = self._add(_written(value), size)
        group.errors += any(one.is_error for one in reading.messages)
        if any(one.asks for one in reading.messages):
            group.questions += 1
            self._remember(number, group.name)

    def _add(self, name: str, size: int) -> Group:
        group = self._group(name)
        group.count += 1
        group.size += size
        if group.over_time:
            group.over_time[self._column] += 1
        return group

    def _find_in(self, value: Value) -> Any:
        assert self._find is not None
        try:
            return self._find(value)
        except RecursionError:
            return MISSING

    def _remember(self, number: int, name: str) -> None:
        self._asked[number] = name
        if len(self._asked) > MAX_OPEN:
            self._asked.popitem(last=False)

    def _group(self, name: str) -> Group:
        name = name[:_MAX_NAME]
        if name not in self._groups and len(self._groups) >= MAX_GROUPS:
            name = OTHERS
        found = self._groups.get(name)
        if found is None:
            over_time = [] if self._span is None else [0] * OVER_TIME_COLUMNS
            found = self._groups[name] = Group(name, over_time=over_time)
        return found

    def _column_at(self, began: float, ended: float, time: float) -> int:
        share = (time - began) / (ended - began) if began <= time <= ended > began else 0.0
        return min(int(share * OVER_TIME_COLUMNS), OVER_TIME_COLUMNS - 1)


def _written(value: Value) -> str:
    return value if isinstance(value, str) else written_extended(value)
