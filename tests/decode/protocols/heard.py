"""Transcripts as a protocol hears them: its messages, paired."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from spacebeam.decode.decoder import Context, DecodeError, Message, Value
from spacebeam.decode.json_values import read_json
from spacebeam.decode.protocol import Protocol
from spacebeam.decode.protocols.known import PROTOCOLS
from tests.decode.transcripts import Line, Transcript

OTHER = {"sent": "received", "received": "sent"}


@dataclass(frozen=True)
class Heard:
    """A message of a line."""

    line: int
    direction: str
    message: Message
    question: Heard | None  # what it answers

    @property
    def pairs_with(self) -> int | None:
        """The line of what it answers."""
        return self.question.line if self.question else None

    @property
    def name(self) -> str:
        """Its own name, or that of what it answers."""
        return self.message.name or (self.question.message.name if self.question else "")


def values(line: Line) -> Value:
    """Return a line's value; of several lines of JSON, a list."""
    try:
        return read_json(line.payload)
    except DecodeError:
        parts = line.payload.splitlines()
        if len(parts) < 2:
            raise
        return [read_json(part) for part in parts]


def heard(name: str, protocol: Protocol, begin: int = 2, read: Any = values) -> list[Heard]:
    """Read a transcript, whose protocol has to be found, from a line on."""
    memory: dict[str, object] = {}
    found: list[Heard] = []
    questions: dict[tuple[str, str], Heard] = {}
    for line, value in _values(name, begin, read):
        context = Context(
            line.context.kind,
            line.context.direction,
            line.context.endpoint,
            line.context.subprotocol,
            memory=memory,
        )
        for message in PROTOCOLS.messages(value, context):
            pair = OTHER[context.direction], message.answers
            one = Heard(line.number, context.direction, message, questions.get(pair))
            if message.is_last:
                questions.pop(pair, None)
            if message.asks:
                questions[context.direction, message.asks] = one
            found.append(one)
    assert PROTOCOLS.find(None, Context(memory=memory)) in (known(protocol), None)
    return found


def known(protocol: Protocol) -> Protocol:
    """Return the protocol of that name among those that are known."""
    return next(one for one in PROTOCOLS.protocols if one.name == protocol.name)


def _values(name: str, begin: int, read: Any) -> Iterator[tuple[Line, Value]]:
    for line in Transcript(name).lines(begin):
        try:
            yield line, read(line)
        except DecodeError:
            continue


def expectations(name: str) -> list[dict[str, Any]]:
    """Return what is expected of the messages; closes, and what is not JSON, are no messages."""
    return [
        one
        for one in Transcript(name).expected
        if one["type"] not in ("websocket close", "not JSON")
    ]


def at(found: list[Heard], expected: dict[str, Any]) -> Heard:
    """Return the message that an expectation is about."""
    of_line = [one for one in found if one.line == expected["line"]]
    assert of_line, expected
    nth: int = expected.get("nth_in_message", 1)
    return of_line[nth - 1]


def opens_in_the_middle(name: str, protocol: Protocol, read: Any = values) -> None:
    """Check that a transcript can be opened at each line: nothing fails, nothing is made up."""
    whole = _by_line(heard(name, protocol, read=read))
    for begin in range(3, max(whole) + 1):
        for line, ones in _by_line(heard(name, protocol, begin, read)).items():
            for one, known in zip(ones, whole.get(line, []), strict=True):
                assert one.pairs_with in (None, known.pairs_with)
                assert one.message.type == known.message.type
                assert one.message.name in ("", known.message.name)


def _by_line(found: list[Heard]) -> dict[int, list[Heard]]:
    lines: dict[int, list[Heard]] = {}
    for one in found:
        lines.setdefault(one.line, []).append(one)
    return lines
