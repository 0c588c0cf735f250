"""Puts new values in place of recorded ones: those that were given, and those of new answers.

A token or an id that the server gave in the recording is another one this time. What stands at a
captured path of a recorded answer is looked for in all messages sent later, and replaced by what
stands at the same path of the new answer.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from spacebeam.decode.decoder import DecodeError, Value
from spacebeam.decode.paths import found, replaced
from spacebeam.protocol.batch import Kind
from spacebeam.scenario.misses import as_json
from spacebeam.scenario.replay.comparing import AnswerPair
from spacebeam.scenario.replay.script import RecordedMessage

_MIN_LENGTH = 4  # characters of a text that is replaced inside of others
_MAX_KNOWN = 10_000  # values


class Substitution:
    """Learns from answers, and changes the messages that are sent after them."""

    def __init__(
        self, captured: Sequence[str] = (), given: Mapping[str, str] | None = None
    ) -> None:
        self._captured = captured
        self._given = given or {}
        self._known: dict[str, Value] = {}  # new values, by the JSON of the recorded ones

    def learn(self, pairs: Sequence[AnswerPair]) -> None:
        """Take the values at the captured paths of answers that were paired."""
        for pair in pairs:
            if pair.recorded is None or pair.new is None:
                continue
            try:
                before, after = pair.recorded.value(), pair.new.value()
            except DecodeError:
                continue
            for path in self._captured:
                for old, new in zip(found(before, path), found(after, path), strict=False):
                    if len(self._known) < _MAX_KNOWN and isinstance(old, str | int | float):
                        self._known[as_json(old)] = new

    def applied(self, recorded: RecordedMessage) -> str | bytes:
        """Return the message to send."""
        if recorded.kind is not Kind.TEXT or not (self._known or self._given):
            return recorded.message
        text = recorded.payload.decode(errors="replace")
        try:
            before = json.loads(text)
        except (ValueError, RecursionError):
            return self._in_text(text)
        value = self._in_value(before)
        for path, new in self._given.items():
            if found(value, path):
                value = replaced(value, path, _typed(new))
        return text if value == before else json.dumps(value, ensure_ascii=False)

    def _in_value(self, value: Value) -> Value:
        if isinstance(value, dict):
            return {key: self._in_value(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [self._in_value(inner) for inner in value]
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            return value
        known = self._known.get(as_json(value))
        if known is None:
            return self._in_text(value) if isinstance(value, str) else value
        return known

    def _in_text(self, text: str) -> str:
        for old, new in self._known.items():
            plain = json.loads(old)
            if isinstance(plain, str) and len(plain) >= _MIN_LENGTH and isinstance(new, str):
                text = text.replace(plain, new)
        return text


def _typed(text: str) -> Value:
    """Return a given value: JSON if it is some, else the text."""
    try:
        value: Value = json.loads(text)
    except ValueError:
        return text
    return value
