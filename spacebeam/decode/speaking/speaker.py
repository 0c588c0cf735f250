"""What a speaker is: the client's part of a protocol, without a connection.

A speaker says what is sent when a connection opens and before it is closed, which messages are
answered and how, when the server has accepted the client, and how a call is written. Who drives it
sends and receives.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from spacebeam.decode.decoder import DecodeError, Value
from spacebeam.decode.embedded import encoded
from spacebeam.decode.extended_json import read_extended

Payload = str | bytes  # a text or a binary message
_READER = json.JSONDecoder()


class Verb(StrEnum):
    """What a call does."""

    EMIT = "emit"  # an event, without an answer
    CALL = "call"  # a method or query, with an answer
    SUBSCRIBE = "subscribe"
    PUBLISH = "publish"


@dataclass(frozen=True, slots=True)
class Call:
    """Something that a client asks or says, before it is written as its protocol writes it."""

    verb: Verb
    name: str  # of the event, method, topic or destination
    arguments: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class Parameters:
    """What a speaker knows about a connection."""

    scope: str = ""  # a namespace, or the topic that is joined
    auth: Value = None  # what the client is authenticated by; None: nothing
    user: str = ""
    password: str = ""
    host: str = ""
    version: str = ""  # of the protocol, where the address has it


@dataclass(frozen=True, slots=True)
class Reaction:
    """What follows from a received message."""

    answers: tuple[Payload, ...] = ()  # to be sent
    is_ready: bool = False  # the server has accepted the client: calls can be sent
    refusal: str = ""  # why it has not
    is_own: bool = False  # the message is the protocol's own, such as a ping


NOTHING = Reaction()
ANSWERED = Reaction(is_own=True)


class Speaker:
    """The client's part of a protocol; a protocol overrides what it has."""

    name = ""  # as people write it: “Socket.IO”
    verbs: tuple[Verb, ...] = ()
    has_bodies = False  # the argument of a call is a body of text or bytes, not JSON
    has_name = True  # a call has a name
    has_document = False  # the name of a call is a document of several lines

    def __init__(self, parameters: Parameters) -> None:
        self.parameters = parameters
        self.heartbeat = 0.0  # seconds between two heartbeats; 0: none are sent

    def opening(self) -> tuple[Payload, ...]:
        """Return what is sent first over a new connection; forget the one before."""
        return ()

    @property
    def is_ready_at_once(self) -> bool:
        """Whether calls can be sent without an answer of the server."""
        return False

    def react(self, payload: bytes, *, is_text: bool) -> Reaction:
        """Return what follows from a received message, which may be anything."""
        raise NotImplementedError

    def beat(self) -> Payload:
        """Return a heartbeat."""
        raise NotImplementedError

    def written(self, call: Call, number: int) -> tuple[Payload, ...]:
        """Return the messages of a call; `number` is its own in the session, from 0.

        Raises ValueError in words for a call that the protocol does not have.
        """
        raise NotImplementedError

    def closing(self) -> tuple[Payload, ...]:
        """Return what is sent last, before the client closes the connection."""
        return ()

    def call_in(self, payload: Payload) -> Call | None:
        """Return the call that a sent message is; None if it is none or has other parts."""
        return None


def argument_of(word: str) -> Value:
    """Return a word of a command line as an argument: extended JSON, or else a text."""
    try:
        return read_extended(encoded(word))
    except (ValueError, RecursionError):
        return word


def arguments_of(body: Payload, *, is_json: bool) -> tuple[Value, ...]:
    """Return a typed body as arguments: a JSON array has them, any other value is one.

    An empty body has none. Raises ValueError for a text that is to be JSON and is not.
    """
    if not body.strip() if isinstance(body, str) else not body:
        return ()
    if isinstance(body, bytes) or not is_json:
        return (body,)
    try:
        value = read_extended(encoded(body))
    except DecodeError as error:
        raise ValueError(f"not JSON: {error} (byte {error.offset})") from None
    except RecursionError:
        raise ValueError("more levels than can be sent") from None
    return tuple(value) if isinstance(value, list) else (value,)


def call_of_line(verb: Verb, line: str, speaker: Speaker) -> Call:
    """Return the call of a typed line: a name, then JSON values or else one text.

    A document, and a message without a name, is the whole line; a body is the rest of it.
    """
    if speaker.has_document:
        return Call(verb, line)
    name, _space, rest = line.partition(" ") if speaker.has_name else ("", "", line)
    if speaker.has_bodies:
        return Call(verb, name, (rest,) if rest else ())
    rest = rest.strip()
    try:
        return Call(verb, name, tuple(_values(rest)))
    except (ValueError, RecursionError):
        return Call(verb, name, (rest,))


def _values(text: str) -> Iterator[Value]:
    """Yield the JSON values in a text, with spaces between them. Raises ValueError."""
    place = 0
    while place < len(text):
        _value, end = _READER.raw_decode(text, place)
        yield read_extended(encoded(text[place:end]))
        if text[end : end + 1].strip():
            raise ValueError("no space after a value")
        place = end + len(text[end:]) - len(text[end:].lstrip())


def only_verb(call: Call, speaker: Speaker) -> None:
    """Raise ValueError for a call with a verb that the speaker does not have."""
    if call.verb not in speaker.verbs:
        names = ", ".join(speaker.verbs)
        raise ValueError(f"{speaker.name} has no {call.verb}; it has {names}")
