"""A recording as a script: turns of a message that was sent and the answers that followed it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from spacebeam.decode.decoder import DecodeError, Value
from spacebeam.decode.registry import REGISTRY
from spacebeam.protocol.batch import Direction, Kind
from spacebeam.search.decoding import context_of

MAX_MESSAGES = 1_000_000  # of a script
MAX_BYTES = 1024 * 1024 * 1024  # of their payloads


@dataclass(frozen=True, slots=True)
class RecordedMessage:
    """A text or binary message of a recording."""

    number: int  # of the entry, from 1
    time: float  # Unix time in seconds
    direction: Direction
    kind: Kind
    payload: bytes

    @property
    def message(self) -> str | bytes:
        """The message as it is sent."""
        if self.kind is Kind.TEXT:
            return self.payload.decode(errors="replace")
        return self.payload

    def value(self) -> Value:
        """Return the decoded value. Raises DecodeError."""
        return REGISTRY.value(self.payload, context_of(self.kind, self.direction))


@dataclass(slots=True)
class Turn:
    """A sent message, and what was received until the next one; the first may have no message."""

    sent: RecordedMessage | None
    answers: list[RecordedMessage] = field(default_factory=list)


class TooMuchError(Exception):
    """A recording has more messages, or larger ones, than are played at once."""


def turns(messages: Iterable[RecordedMessage]) -> list[Turn]:
    """Return the turns of a conversation. Raises TooMuchError."""
    found = [Turn(None)]
    size = 0
    for count, one in enumerate(messages):
        size += len(one.payload)
        if count >= MAX_MESSAGES or size > MAX_BYTES:
            raise TooMuchError
        if one.direction is Direction.SENT:
            found.append(Turn(one))
        else:
            found[-1].answers.append(one)
    return found if found[0].answers else found[1:]


def sent_and_received(messages: Iterable[RecordedMessage]) -> Iterator[RecordedMessage]:
    """Yield texts and binary messages: pings, closes and events are no part of a script."""
    for one in messages:
        if one.kind in (Kind.TEXT, Kind.BINARY):
            yield one


def value_or_none(payload: bytes, kind: Kind, direction: Direction) -> Value | DecodeError:
    """Return a decoded value, or why there is none."""
    try:
        return REGISTRY.value(payload, context_of(kind, direction))
    except DecodeError as error:
        return error
