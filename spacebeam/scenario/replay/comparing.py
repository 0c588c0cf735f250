"""Compares the answers of a server with those of a recording.

Within a turn the order does not count. Each recorded answer is paired with an equal new one, else
with the first that has the same keys and is of the same type, else with one of the same type.
"""

from __future__ import annotations

import json
from collections import defaultdict, deque
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import Protocol

from spacebeam.compare.difference import Difference, Nothing, Rules, differences
from spacebeam.compare.kind import type_names
from spacebeam.decode.decoder import DecodeError, Value
from spacebeam.decode.extended_json import extended
from spacebeam.decode.paths import without
from spacebeam.protocol.batch import Kind
from spacebeam.scenario.misses import shown

MAX_CHANGES = 50  # that are told of a message
_BY_ORDER = Rules(finds_keys=False)  # of the elements of lists


class Comparable(Protocol):
    """A message that can be compared."""

    @property
    def kind(self) -> Kind:
        """Text or binary."""

    @property
    def payload(self) -> bytes:
        """Its bytes."""

    def value(self) -> Value:
        """Return the decoded value. Raises DecodeError."""


class PairVerdict(StrEnum):
    """How a new answer compares with the recorded one."""

    EQUAL = "equal"
    EQUAL_BUT = "equal-but"  # for paths that are left out
    DIFFERENT = "different"
    MISSING = "missing"  # it was recorded, and did not come
    MORE = "more"  # it came, and was not recorded


@dataclass(frozen=True, slots=True)
class Change:
    """A difference at a path: JSON before and after, None where there is nothing."""

    path: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class AnswerPair:
    """A recorded answer and a new one, or one of them, and what differs."""

    verdict: PairVerdict
    recorded: Comparable | None
    new: Comparable | None
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class _Read:
    """A message, read for comparing."""

    message: Comparable
    value: Value | DecodeError
    whole: Hashable  # equal in equal messages
    relevant: Hashable  # the same without the paths that are left out
    shape: Hashable
    names: Hashable  # what it is, whichever keys it has


def compared(
    recorded: Sequence[Comparable], new: Sequence[Comparable], left_out: Sequence[str] = ()
) -> list[AnswerPair]:
    """Return the pairs in the order of the recorded ones, and then what came beside them."""
    before = [_read(one, left_out) for one in recorded]
    after = [_read(one, left_out) for one in new]
    partners: dict[int, int] = {}  # places in `before` and `after`
    for key in ("whole", "relevant", "shape", "names"):
        _pair_by(key, before, after, partners)
    pairs = []
    for place, one in enumerate(before):
        partner = after[partners[place]] if place in partners else None
        pairs.append(_pair(one, partner, left_out))
    taken = set(partners.values())
    pairs += [
        AnswerPair(PairVerdict.MORE, None, one.message)
        for place, one in enumerate(after)
        if place not in taken
    ]
    return pairs


def shape_of(message: Comparable) -> Hashable:
    """Return what is the same in messages of a kind: their keys, and the names of what they are."""
    return _read(message, ()).shape


def _pair_by(
    key: str, before: Sequence[_Read], after: Sequence[_Read], partners: dict[int, int]
) -> None:
    free: defaultdict[Hashable, deque[int]] = defaultdict(deque)
    taken = set(partners.values())
    for place, one in enumerate(after):
        if place not in taken:
            free[getattr(one, key)].append(place)
    for place, one in enumerate(before):
        if place not in partners and free[getattr(one, key)]:
            partners[place] = free[getattr(one, key)].popleft()


def _pair(before: _Read, after: _Read | None, left_out: Sequence[str]) -> AnswerPair:
    if after is None:
        return AnswerPair(PairVerdict.MISSING, before.message, None)
    if before.whole == after.whole:
        return AnswerPair(PairVerdict.EQUAL, before.message, after.message)
    if before.relevant == after.relevant:
        return AnswerPair(PairVerdict.EQUAL_BUT, before.message, after.message)
    changes: list[Change] = []
    if isinstance(before.value, DecodeError) or isinstance(after.value, DecodeError):
        changes.append(Change("", _text(before.message), _text(after.message)))
    else:
        old, new = without(before.value, left_out), without(after.value, left_out)
        found = differences(extended(old), extended(new), _BY_ORDER)
        changes += map(_change, islice(found.changes(), MAX_CHANGES))
    return AnswerPair(PairVerdict.DIFFERENT, before.message, after.message, tuple(changes))


def _read(message: Comparable, left_out: Sequence[str]) -> _Read:
    try:
        value = message.value()
    except DecodeError as error:
        same = (message.kind, message.payload)
        return _Read(message, error, same, same, message.kind, message.kind)
    whole = _canonical(value)
    relevant = _canonical(without(value, left_out)) if left_out else whole
    shape = _shape(value)
    return _Read(message, value, whole, relevant, shape, shape[-1])


def _canonical(value: Value) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)


def _shape(value: Value) -> tuple[Hashable, ...]:
    """Return the keys of a value, and last the names of what it is."""
    if isinstance(value, dict):
        return (*sorted(value), type_names(value))
    if isinstance(value, list):
        return ("list", type_names(value))
    return (type(value).__name__,)


def _change(found: Difference) -> Change:
    before, after = found.before, found.after
    return Change(
        found.path,
        None if isinstance(before, Nothing) else shown(before),
        None if isinstance(after, Nothing) else shown(after),
    )


def _text(message: Comparable) -> str:
    if message.kind is Kind.TEXT:
        return shown(message.payload[:1000].decode(errors="replace"))
    return message.payload[:64].hex(" ")
