"""Counts, sizes and latencies of a recording's messages, in groups: by method, or by a path."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from hdrh.histogram import HdrHistogram

from spacebeam.decode.conversation import Conversation, Reading
from spacebeam.decode.decoder import Context, Value
from spacebeam.decode.extended_json import written_extended
from spacebeam.decode.pairing import MAX_OPEN
from spacebeam.protocol.batch import Direction, Kind
from spacebeam.recording.block import Block
from spacebeam.search.decoding import context_of
from spacebeam.search.json_path import MISSING, compile_path

MAX_GROUPS = 10_000  # further names are counted together
OTHERS = "…"  # the name of their group
OVER_TIME_COLUMNS = 24
_MAX_NAME = 200  # characters
_MESSAGES = bytes((Kind.TEXT, Kind.BINARY))
_KINDS = {int(kind): context_of(kind).kind for kind in Kind}
_DIRECTIONS = {one: context_of(Kind.TEXT, one).direction for one in Direction}
_LONGEST_US = 24 * 3600 * 1_000_000  # a longer latency counts as a day
_DIGITS = 2  # of a latency that are kept


class Latencies:
    """Latencies in seconds, kept as an HDR histogram: to two digits, in 30 KiB."""

    def __init__(self) -> None:
        self._histogram: Any = None  # made with the first one, as most groups have none

    @property
    def count(self) -> int:
        """How many there are."""
        return 0 if self._histogram is None else int(self._histogram.get_total_count())

    @property
    def slowest(self) -> float | None:
        """The longest one; None if there is none."""
        return None if self._histogram is None else self._histogram.get_max_value() / 1e6

    def add(self, seconds: float) -> None:
        """Count a latency."""
        if self._histogram is None:
            self._histogram = HdrHistogram(1, _LONGEST_US, _DIGITS)
        self._histogram.record_value(min(max(round(seconds * 1e6), 1), _LONGEST_US))

    def percentile(self, percent: float) -> float | None:
        """Return a percentile of the latencies in seconds; None if there are none."""
        if self._histogram is None:
            return None
        return float(self._histogram.get_value_at_percentile(percent)) / 1e6


@dataclass(slots=True)
class Group:
    """Messages of one name."""

    name: str
    count: int = 0
    size: int = 0  # bytes of their payloads
    errors: int = 0  # messages that are errors, or were answered with one
    latencies: Latencies = field(default_factory=Latencies)
    over_time: list[int] = field(default_factory=list)  # messages in equal parts of the time


class Statistics:
    """Groups the messages of a recording whose blocks are given in order.

    The group of a message is the value at `path`; without a path, it is what the protocol calls
    it: a method, an event, a topic, or the type where there is no name. Answers are in the group
    of their question. With a `span`, its begin and end as Unix times in seconds, groups have their
    messages over time.
    """

    def __init__(
        self, connection: Context, path: str = "", span: tuple[float, float] | None = None
    ) -> None:
        self._conversation = Conversation(connection)
        self._find: Callable[[Any], Any] | None = compile_path(path).find if path else None
        self._groups: dict[str, Group] = {}
        self._span = span
        self._column = 0  # of the time of the messages that are counted
        self._asked: OrderedDict[int, str] = OrderedDict()  # groups of questions, by their entry

    @property
    def groups(self) -> list[Group]:
        """The groups, those with the most messages first."""
        return sorted(self._groups.values(), key=lambda one: (-one.count, one.name))

    @property
    def unanswered(self) -> int:
        """The number of questions without an answer so far."""
        return len(self._conversation.pairing.open)

    def add(self, block: Block, places: Sequence[int]) -> None:
        """Take the messages at these places."""
        wanted = frozenset(places) if len(places) < len(block) else None
        for begin, end, time, direction in block.runs():
            name = _DIRECTIONS[direction]
            self._column = self._column_at(time)
            for place in range(begin, end):
                if block.kinds[place] not in _MESSAGES:
                    continue
                payload = block.data[block.starts[place] : block.ends[place]]
                number = block.first + place
                kind = _KINDS[block.kinds[place]]
                reading = self._conversation.read(number, time, kind, name, payload)
                if wanted is None or place in wanted:
                    self._count(number, reading, len(payload))

    def _count(self, number: int, reading: Reading, size: int) -> None:
        for name in self._names(reading):
            group = self._group(name)
            group.count += 1
            group.size += size
            if group.over_time:
                group.over_time[self._column] += 1
            group.errors += any(one.is_error for one in reading.messages)
            if any(one.asks for one in reading.messages):
                self._remember(number, group.name)
        for answer in reading.answers:
            group = self._group(self._asked.get(answer.question.number, answer.question.name))
            group.errors += answer.is_error
            if answer.is_first:
                group.latencies.add(answer.latency)

    def _names(self, reading: Reading) -> list[str]:
        """Return the groups of a payload; an answer is counted with its question."""
        if self._find is not None:
            return [
                _written(value) for value in [self._find_in(reading.value)] if value is not MISSING
            ]
        if not reading.messages:
            return [reading.decoder]
        return [one.name or one.type for one in reading.messages if not one.answers]

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
        over_time = [] if self._span is None else [0] * OVER_TIME_COLUMNS
        return self._groups.setdefault(name, Group(name, over_time=over_time))

    def _column_at(self, time: float) -> int:
        began, ended = self._span or (0.0, 0.0)
        share = (time - began) / (ended - began) if began <= time <= ended > began else 0.0
        return min(int(share * OVER_TIME_COLUMNS), OVER_TIME_COLUMNS - 1)


def _written(value: Value) -> str:
    return value if isinstance(value, str) else written_extended(value)
