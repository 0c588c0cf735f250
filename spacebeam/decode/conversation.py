"""Reads a connection's payloads in order: their values and messages, and which answer which."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import NamedTuple

from spacebeam.decode.decoder import Context, Data, Message, MessageSpan, Value
from spacebeam.decode.pairing import Answer, Pairing
from spacebeam.decode.protocols.known import PROTOCOLS
from spacebeam.decode.registry import REGISTRY, Registry

# Returns the messages of a value, given its direction and what was asked.
FindMessages = Callable[[Value, str, Pairing], tuple[Message, ...]]


class Reading(NamedTuple):
    """What a payload says."""

    decoder: str  # the name of its format
    value: Value
    messages: tuple[Message, ...] = ()
    answers: tuple[Answer, ...] = ()
    span: MessageSpan = MessageSpan()


class Conversation:
    """A connection, read from its first payload or from the middle."""

    def __init__(
        self,
        connection: Context,
        registry: Registry = REGISTRY,
        find_messages: FindMessages | None = None,
        memory: Mapping[str, object] | None = None,
    ) -> None:
        """`find_messages` is asked in place of the protocols, if it is given.

        `memory` is what another conversation remembered before the first payload.
        """
        self._connection = replace(connection, memory=dict(memory or {}))
        self._registry = registry
        self._find_messages = find_messages
        self._contexts: dict[tuple[str, str], Context] = {}  # all with the same memory
        self.pairing = Pairing()

    @property
    def memory(self) -> dict[str, object]:
        """A copy of what the decoders remember."""
        return dict(self._connection.memory)

    def read(self, number: int, time: float, kind: str, direction: str, payload: Data) -> Reading:
        """Take the payload of an entry, at a Unix time; `kind` and `direction` as in Context."""
        context = self.context(kind, direction)
        decoder, decoded = self._registry.decoded(payload, context)
        if self._find_messages is not None:
            messages = self._find_messages(decoded.value, direction, self.pairing)
        else:
            messages = decoded.messages or PROTOCOLS.messages(decoded.value, context)
        answers = self._pair(number, time, direction, messages) if messages else ()
        return Reading(decoder.name, decoded.value, messages, answers, decoded.span)

    def context(self, kind: str, direction: str) -> Context:
        """Return what is known about the next payload, before it is read."""
        context = self._contexts.get((kind, direction))
        if context is None:
            context = replace(self._connection, kind=kind, direction=direction)
            self._contexts[kind, direction] = context
        return context

    def _pair(
        self, number: int, time: float, direction: str, messages: tuple[Message, ...]
    ) -> tuple[Answer, ...]:
        found, asked = [], 0
        for message in messages:
            answer = self.pairing.add(number, time, direction, message, asked)
            asked += bool(message.asks)
            if answer is not None:
                found.append(answer)
        return tuple(found)
