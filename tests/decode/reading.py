"""Reads a transcript with a decoder as a connection is read: in order, each payload once."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field, replace
from typing import Any

from spacebeam.decode.decoder import Decoded, Decoder, Message, Value
from tests.decode.transcripts import Line, Transcript

_OTHER = {"sent": "received", "received": "sent"}


@dataclass(frozen=True)
class Reading:
    """What a decoder says of a transcript, by line."""

    values: dict[int, Value] = field(default_factory=dict)
    messages: dict[int, list[Message]] = field(default_factory=dict)
    pairs: dict[tuple[int, int], int] = field(default_factory=dict)  # (line, nth) -> line
    confidences: dict[int, float] = field(default_factory=dict)
    summaries: dict[int, str] = field(default_factory=dict)

    def root(self, line: int, nth: int) -> int | None:
        """Return the line that a chain of answers began with, as PUBREL of MQTT after PUBREC."""
        found = self.pairs.get((line, nth))
        while found is not None and (found, 0) in self.pairs:
            found = self.pairs[found, 0]
        return found


def read(name: str, decoder: Decoder, begin: int = 2) -> Reading:
    """Return what a decoder says of the lines from `begin` on."""
    reading = Reading()
    asked: dict[tuple[str, str], int] = {}
    for line in Transcript(name).lines(begin):
        context = line.context
        reading.confidences[line.number] = decoder.confidence(line.payload, context)
        summary = reading.summaries[line.number] = decoder.summary(line.payload, context)
        decoded = decoder.decode(line.payload, context)
        _check_shown(decoder, line, summary)
        reading.values[line.number] = decoded.value
        reading.messages[line.number] = list(decoded.messages)
        for nth, message in enumerate(decoded.messages):
            question = asked.get((_OTHER[context.direction], message.answers))
            if message.answers and question is not None:
                reading.pairs[line.number, nth] = question
            if message.asks:
                asked[context.direction, message.asks] = line.number
    return reading


def _check_shown(decoder: Decoder, line: Line, summary: str) -> None:
    """Check that a row shows a payload of a connection that is read from there on."""
    assert 0 < len(summary) <= 300
    empty = replace(line.context, memory={})
    assert "".join(span.text for span in decoder.render(line.payload, empty))


def fresh(decoder: Decoder, line: Line) -> Decoded:
    """Return what a decoder says of a payload alone."""
    return decoder.decode(line.payload, replace(line.context, memory={}))


def plain(expected: Any) -> Any:
    """Return an expected value with the bytes that it writes as an object."""
    if isinstance(expected, dict):
        if expected.keys() == {"bytes_base64"}:
            return base64.b64decode(expected["bytes_base64"])
        return {key: plain(one) for key, one in expected.items()}
    return [plain(one) for one in expected] if isinstance(expected, list) else expected
