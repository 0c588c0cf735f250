"""Events: what happens to a connection between its messages, as values without sentences.

The payload form is compact JSON in UTF-8, `{"type": "connected", "url": …}`. A recording may come
from a hostile author, so reading never raises: a payload that is not an event becomes a Note.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, ClassVar

MAX_EVENT_PAYLOAD = 65_536  # bytes; of a longer payload a Note keeps the beginning
MAX_ATTEMPTS = 2**31  # a larger count is refused


@dataclass(frozen=True, slots=True)
class Connected:
    """The WebSocket handshake succeeded."""

    type: ClassVar[str] = "connected"
    url: str  # without secrets


@dataclass(frozen=True, slots=True)
class RoundTrip:
    """A pong answered a ping of this side."""

    type: ClassVar[str] = "round-trip"
    milliseconds: float


@dataclass(frozen=True, slots=True)
class Reconnecting:
    """An attempt to connect again begins."""

    type: ClassVar[str] = "reconnecting"
    attempt: int  # counts from 1
    attempts: int  # maximum; 0: unlimited


@dataclass(frozen=True, slots=True)
class Note:
    """Plain text: a sentence of a version 1 recording, or a payload that is not an event."""

    type: ClassVar[str] = "note"
    text: str


Event = Connected | RoundTrip | Reconnecting | Note


def to_payload(event: Event) -> bytes:
    """Return the payload of the EVENT entry for `event`: compact JSON in UTF-8."""
    fields = {"type": event.type, **asdict(event)}
    # A lone surrogate has no UTF-8 and becomes "?".
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode(errors="replace")


def from_payload(payload: bytes) -> Event:
    """Return the event of an EVENT entry's payload.

    A payload that is too long, is not JSON, has an unknown type or a field of the wrong type
    becomes a Note of its text.
    """
    text = payload[:MAX_EVENT_PAYLOAD].decode(errors="replace")
    if len(payload) > MAX_EVENT_PAYLOAD:
        return Note(text)
    try:
        fields = json.loads(text)
        return _from_fields(fields)
    except (ValueError, RecursionError):  # _from_fields raises ValueError
        return Note(text)


def _from_fields(fields: object) -> Event:
    if not isinstance(fields, dict):
        raise ValueError("an event is a JSON object")
    match fields.get("type"):
        case Connected.type:
            return Connected(_text(fields, "url"))
        case RoundTrip.type:
            return RoundTrip(_milliseconds(fields))
        case Reconnecting.type:
            return Reconnecting(_count(fields, "attempt", 1), _count(fields, "attempts", 0))
        case Note.type:
            return Note(_text(fields, "text"))
    raise ValueError("unknown type of event")


def _text(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name)
    if not isinstance(value, str):
        raise ValueError(f"{name} is not text")
    return value.encode(errors="replace").decode()  # JSON can spell a lone surrogate


def _count(fields: Mapping[str, Any], name: str, minimum: int) -> int:
    value = fields.get(name)
    if type(value) is not int or not minimum <= value <= MAX_ATTEMPTS:
        raise ValueError(f"{name} is not a count of attempts")
    return value


def _milliseconds(fields: Mapping[str, Any]) -> float:
    value = fields.get("milliseconds")
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 2**53:
        raise ValueError("milliseconds is not a duration")
    return float(value)
