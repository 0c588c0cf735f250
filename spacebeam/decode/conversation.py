"""Reads a connection's payloads in order: their values and messages, and which answer which."""

from __future__ import annotations

from dataclasses import dataclass, replace

from spacebeam.decode.decoder import Context, Data, Message, Value
from spacebeam.decode.pairing import Answer, Pairing
from spacebeam.decode.protocols.known import PROTOCOLS
from spacebeam.decode.registry import REGISTRY, Registry


@dataclass(frozen=True, slots=True)
class Reading:
    """What a payload says."""

    decoder: str  # the name of its format
    value: Value
    messages: tuple[Message, ...] = ()
    answers: tuple[Answer, ...] = ()


class Conversation:
    """A connection, read from its first payload or from the middle."""

    def __init__(self, connection: Context, registry: Registry = REGISTRY) -> None:
        self._connection = replace(connection, memory={})
        self._registry = registry
        self._contexts: dict[tuple[str, str], Context] = {}  # all with the same memory
        self.pairing = Pairing()

    def read(self, number: int, time: float, kind: str, direction: str, payload: Data) -> Reading:
        """Take the payload of an entry, at a Unix time; `kind` and `direction` as in Context."""
        context = self._contexts.get((kind, direction))
        if context is None:
            context = replace(self._connection, kind=kind, direction=direction)
            self._contexts[kind, direction] = context
        decoder, decoded = self._registry.decoded(payload, context)
        messages = decoded.messages or PROTOCOLS.messages(decoded.value, context)
        found = (self.pairing.add(number, time, direction, message) for message in messages)
        answers = tuple(answer for answer in found if answer is not None)
        return Reading(decoder.name, decoded.value, messages, answers)
