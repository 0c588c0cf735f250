"""Recordings as the wire makes them, and filters tried on one entry at a time."""

from __future__ import annotations

import json
import operator
import re
from array import array
from collections.abc import Iterable, Sequence, Set
from datetime import datetime
from typing import Any

import jmespath
import re2
from hypothesis import strategies as st
from jmespath.exceptions import JMESPathTypeError

from spacebeam.protocol.batch import Batch, Direction, Kind
from spacebeam.recording.block import Block
from spacebeam.recording.entry import Entry
from spacebeam.recording.recording import Recording
from spacebeam.search.filter import (
    Case,
    Condition,
    Filter,
    HasQuality,
    Json,
    JsonTest,
    Pattern,
    Quality,
    Size,
    TimeRange,
    Word,
)

BEGAN = 1_700_000_000.0

Row = tuple[Kind, bytes]


def batch(
    rows: Sequence[Row],
    time: float = BEGAN,
    direction: Direction = Direction.RECEIVED,
    *,
    beside: Iterable[int] = (),
    gap: bytes = b"\x81\x7e\x00\x05",
    tail: bytes = b"",
) -> Batch:
    """A batch with `gap` before each payload; those at the places `beside` lie behind the rest."""
    behind = set(beside)
    bounds = [(0, 0)] * len(rows)
    data = bytearray()
    for is_behind in (False, True):
        for place, (_kind, payload) in enumerate(rows):
            if (place in behind) is is_behind:
                data += b"" if is_behind else gap
                bounds[place] = (len(data), len(data) + len(payload))
                data += payload
        data += b"" if is_behind else tail
    starts = array("I", [start for start, _end in bounds])
    ends = array("I", [end for _start, end in bounds])
    return Batch(time, direction, bytes(data), bytes(kind for kind, _ in rows), starts, ends)


def texts(*payloads: bytes, beside: Iterable[int] = ()) -> Block:
    """A block of texts."""
    return Block(0, batch([(Kind.TEXT, payload) for payload in payloads], beside=beside))


PAYLOADS = st.one_of(
    st.binary(max_size=6),
    st.sampled_from(
        (
            b"",
            b"need",
            b"needle7",
            b"a need b",
            "né need".encode(),
            b"NEED1",
            b"ab\nneed",
            b"\xc3",
            b"\xa9 needneed",
            b"aaab",
            b'{"a":10,"b":"need"}',
            b' {"a": 10.0, "b": [1, true]} ',
            b'{"a":"10"}',
            b'{"\\u0061":1e1,"b":{"c":"n\\u0065ed"}}',
            b'[{"a":1},{"a":"need"},{"b":null}]',
            b'{"a":[{"b":1},{"b":true}]}',
            b'{"a":null}',
            b'{"b":1',
            b'{"a":1e999}',
            b"[" * 50_000,
        )
    ),
)
ROWS = st.tuples(st.sampled_from(Kind), PAYLOADS)


@st.composite
def batches(draw: st.DrawFn) -> Batch:
    """Any batch: with gaps, payloads beside the rest, and now and then too large to be gathered."""
    rows = draw(st.lists(ROWS, min_size=1, max_size=12)) * draw(st.sampled_from((1, 1, 1, 3)))
    return batch(
        rows,
        BEGAN + draw(st.integers(-2, 2)),
        draw(st.sampled_from(Direction)),
        beside=draw(st.sets(st.integers(0, len(rows) - 1))),
        gap=draw(st.sampled_from((b"", b"\x81\x04", b"need", b"\xa9need7\xc3"))),
        tail=draw(st.sampled_from((b"", b"nee"))),
    )


def passes(filter: Filter, entry: Entry, starred: Set[int] = frozenset()) -> bool:
    """Whether one entry passes, found in the plainest way."""
    return all(
        _holds(term.condition, entry, starred, filter.ignores_case) is not term.is_negated
        for term in filter.terms
    )


def shown(filter: Filter, recording: Recording, starred: Set[int] = frozenset()) -> list[int]:
    """The numbers of the entries that pass."""
    entries = (recording.entry(number) for number in range(len(recording)))
    return [entry.number for entry in entries if passes(filter, entry, starred)]


def _has_word(word: str, text: bytes, ignores_case: bool) -> bool:
    if not ignores_case:
        return word.encode() in text
    flags = re2.Options()
    flags.case_sensitive = False
    return re2.compile(re2.escape(word.encode()), flags).search(text) is not None


def _holds(condition: Condition, entry: Entry, starred: Set[int], ignores_case: bool) -> bool:
    payload = bytes(entry.payload)
    match condition:
        case HasQuality(quality=Quality.STARRED):
            return entry.number in starred
        case HasQuality(quality=quality):
            return quality.name in (entry.kind.name, entry.direction.name)
        case TimeRange(is_after=is_after, moment=moment):
            if moment.unix_time is None:
                return (datetime.fromtimestamp(entry.time).time() >= moment.of_day) is is_after
            return (entry.time >= moment.unix_time) is is_after
        case Size(comparison=comparison, size=size):
            signs = {">": "gt", ">=": "ge", "<": "lt", "<=": "le", "=": "eq"}
            return bool(getattr(operator, signs[comparison])(entry.size, size))
        case Word(word=word):
            return _has_word(word, payload, ignores_case)
        case Case():
            return True
        case Pattern(pattern=pattern, ignores_case=ignores_case):
            flags = "(?i)" if ignores_case else ""
            return re2.search((flags + pattern).encode(), payload) is not None
        case Json():
            return entry.kind in (Kind.TEXT, Kind.BINARY) and _json_holds(
                condition, payload, ignores_case
            )
    raise AssertionError(condition)


def _json_holds(condition: Json, payload: bytes, ignores_case: bool) -> bool:
    try:
        value = json.loads(payload.decode())
    except (ValueError, RecursionError):
        return False
    if re.fullmatch(r"[a-z.\[\]0-9]+", condition.path):  # what is null is there
        return any(
            _value_holds(condition, found, ignores_case) for found in _walked(condition.path, value)
        )
    try:
        found = jmespath.search(condition.path, value)
    except JMESPathTypeError:  # a function is not for such a value
        return False
    values = found if "[*]" in condition.path and isinstance(found, list) else [found]
    return any(
        value is not None and _value_holds(condition, value, ignores_case) for value in values
    )


def _walked(path: str, value: Any) -> list[Any]:
    """What is at a path of keys and indices: one value, or none."""
    for step in re.findall(r"[a-z]+|[0-9]+", path):
        try:
            value = value[int(step) if step.isdigit() else step]
        except (LookupError, TypeError):
            return []
    return [value]


def _value_holds(condition: Json, value: Any, ignores_case: bool) -> bool:
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    if condition.test is JsonTest.CONTAINS:
        held = value if isinstance(value, str) else text
        return _has_word(condition.value, held.encode(), ignores_case)
    if condition.test is JsonTest.EQUALS and value != condition.value:
        try:
            asked = json.loads(condition.value)
        except ValueError:
            return False
        is_like = isinstance(asked, bool) is isinstance(value, bool) and asked == value
        return is_like and not condition.is_quoted
    return True
