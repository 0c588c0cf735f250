"""What came instead of what was expected: the messages nearest to a filter, and what they fail."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from decimal import Decimal

from spacebeam.decode.decoder import DecodeError, Value
from spacebeam.scenario.inbox import Expected, Received
from spacebeam.scenario.verdict import MAX_SHOWN, Miss, TermMiss
from spacebeam.search.filter import Filter, Json, Term, is_about_others
from spacebeam.search.json_path import MISSING, compile_path
from spacebeam.search.matching.matcher import Matcher

MAX_MISSES = 3
_MAX_VALUE = 200  # characters of a value that is shown


def nearest(expected: Expected, passed: Iterable[Received]) -> tuple[Miss, ...]:
    """Return the messages that fail the fewest terms, the nearest first, the newest of equals."""
    terms = [one for one in expected.filter.terms if not is_about_others(one.condition)]
    tests = [(term, Matcher(_alone(expected.filter, term))) for term in terms]
    found = []
    for received in passed:
        if expected.concerns(received):
            failed = [term for term, matcher in tests if not received.matches(matcher)]
            found.append((len(failed), -received.number, received, failed))
    found.sort(key=lambda one: one[:2])
    return tuple(miss(received, failed) for _c, _n, received, failed in found[:MAX_MISSES])


def miss(received: Received, failed: Sequence[Term] = ()) -> Miss:
    """Return a message as it is told, with the terms that it fails."""
    return Miss(
        received.number,
        received.time,
        received.kind,
        received.payload[:MAX_SHOWN],
        len(received.payload),
        tuple(TermMiss(str(term), _at_path(received, term)) for term in failed),
    )


def _alone(filter: Filter, term: Term) -> Filter:
    """Return a filter of one term, which is meant as in the whole."""
    others = [one for one in filter.terms if is_about_others(one.condition)]
    return Filter(filter.text, (*others, term), ())


def _at_path(received: Received, term: Term) -> str | None:
    """Return what stands at a term's path, as JSON."""
    if not isinstance(term.condition, Json):
        return None
    try:
        value = compile_path(term.condition.path).find(received.value())
    except (DecodeError, RecursionError):
        return None
    return None if value is MISSING else shown(value)


def shown(value: Value) -> str:
    """Return a value as JSON, shortened."""
    text = as_json(value)
    return text if len(text) <= _MAX_VALUE else text[: _MAX_VALUE - 1] + "…"


def as_json(value: object) -> str:
    """Return a decoded value as JSON on one line."""
    return json.dumps(value, ensure_ascii=False, default=_other)


def _other(value: object) -> object:
    """Return what JSON has for a value of another format."""
    if isinstance(value, Decimal):
        return float(value)
    return value.hex() if isinstance(value, bytes) else str(value)
