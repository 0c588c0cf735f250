"""Makes a scenario of a recording: what was sent, and what the answers were known by.

An answer is expected by what names its type and by the ids that it has of its question. What the
server chose and the client said later, such as a token, is captured and put in.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from spacebeam.decode.decoder import DecodeError, Value
from spacebeam.exchange.exporters.exporter import (
    ExportFormat,
    ExportSource,
    Found,
    Piece,
    exported,
)
from spacebeam.exchange.http_file import MessageText, read
from spacebeam.exchange.losses import Loss, Losses
from spacebeam.profiles.variables import escaped, places
from spacebeam.protocol.batch import Direction, Kind
from spacebeam.protocol.secrets import MASK, without_secrets
from spacebeam.scenario.replay.script import RecordedMessage, Turn, turns
from spacebeam.search.edits import equals_term, quote, type_terms

MAX_MESSAGES = 5000  # a longer scenario is nothing that a person reads
_MAX_EXPECTED = 20  # of a turn
_MIN_CAPTURED = 6  # characters; a shorter text is equal by chance
_MAX_BEGINNING = 60  # characters of a text that is expected
_MAX_VALUE = 100  # characters
_MAX_KNOWN = 10_000  # values that may be captured

_MASKED = re.compile(rf"([\w.-]+=)?{re.escape(MASK)}")

_HEAD = """\
# Made of a recording. Read what is expected, and remove what changes each time.
# “spacebeam help scenarios” describes the lines that begin with # @.
"""


@dataclass(slots=True)
class _Known:
    """A value that the server said first."""

    turn: int
    answer: int  # its place in the turn
    path: str
    name: str = ""  # of the variable, once it is used


@dataclass(slots=True)
class _Writer:
    script: Sequence[Turn]
    losses: Losses
    known: dict[str, _Known] = field(default_factory=dict)
    _said: set[str] = field(default_factory=set)  # by the client first
    _names: set[str] = field(default_factory=set)

    def lines(self, name: str, address: str, subprotocol: str) -> Iterator[str]:
        self._names = {place.name for place in places(address)}
        sent = [self._sent(number, turn) for number, turn in enumerate(self.script)]
        yield _HEAD
        yield f"### {name}"
        yield f"WEBSOCKET {address}"
        if subprotocol:
            yield f"Sec-WebSocket-Protocol: {subprotocol}"
        yield ""
        is_first = True
        for number, (turn, text) in enumerate(zip(self.script, sent, strict=True)):
            if turn.sent is not None and text is None:
                self.losses[Loss.UNWRITABLE_MESSAGES] += 1
                yield f"# Message {turn.sent.number} cannot be written here; nor is its answer."
                continue
            if text is not None:
                if not is_first:
                    yield "==="
                is_first = False
                yield text
            yield from self._expected(number, turn)

    def _sent(self, number: int, turn: Turn) -> str | None:
        """Return the text of a message with its variables; learn from the answers to it."""
        text = None
        if turn.sent is not None and turn.sent.kind is Kind.TEXT:
            text = self._with_variables(turn.sent.payload.decode(errors="replace"))
            text = text if _can_be_written(text) else None
        for place, answer in enumerate(turn.answers):
            for path, value in _texts(_value(answer), ""):
                is_new = value not in self.known and value not in self._said
                if is_new and len(value) >= _MIN_CAPTURED and len(self.known) < _MAX_KNOWN:
                    self.known[value] = _Known(number, place, path)
        return text

    def _with_variables(self, text: str) -> str:
        """Return a sent text as the scenario has it, with variables for what the server chose."""
        try:
            value: Value = json.loads(text)
        except (ValueError, RecursionError):
            return escaped(text)
        text = escaped(text)
        for _path, inner in _texts(value, ""):
            known = self.known.get(inner)
            if known is None:
                self._said.add(inner)
                continue
            known.name = known.name or self._new_name(known.path)
            text = text.replace(json.dumps(inner), f'"{{{{{known.name}}}}}"')
            text = text.replace(json.dumps(inner, ensure_ascii=False), f'"{{{{{known.name}}}}}"')
        return text

    def _new_name(self, path: str) -> str:
        last = "".join(one for one in path.split(".")[-1] if one.isalnum() or one == "_") or "value"
        name, number = last, 1
        while name in self._names:
            number += 1
            name = f"{last}{number}"
        self._names.add(name)
        return name

    def _expected(self, number: int, turn: Turn) -> Iterator[str]:
        question = dict(_scalars(_value(turn.sent))) if turn.sent is not None else {}
        captured = [one for one in self.known.values() if one.turn == number and one.name]
        wanted = {one.answer for one in captured}
        for place, answer in enumerate(turn.answers):
            if place >= _MAX_EXPECTED and place not in wanted:
                continue
            own = [one for one in captured if one.answer == place]
            word = "# @expect next" if own and place == 0 else "# @expect"
            yield f"{word} {self._filter(answer, question)}"
            for one in own:
                yield f"# @capture {one.name} = {one.path}"
        if len(turn.answers) > _MAX_EXPECTED:
            yield f"# {len(turn.answers) - _MAX_EXPECTED} more messages came."

    def _filter(self, answer: RecordedMessage, question: dict[str, Any]) -> str:
        if answer.kind is Kind.BINARY:
            return f"is:binary size={len(answer.payload)}"
        value = _value(answer)
        if isinstance(value, dict):
            terms = [escaped(term) for term in type_terms(value)]
            asked = [(key, one) for key, one in question.items() if _is_id(one)]
            for key, one in _scalars(value):
                if not _is_id(one) or not any(one == other for _key, other in asked):
                    continue
                known = self.known.get(one) if isinstance(one, str) else None
                if known is not None and known.name:
                    terms.append(f'json:{key}="{{{{{known.name}}}}}"')
                else:
                    terms.append(escaped(equals_term(key, one)))
            if terms:
                return " ".join(dict.fromkeys(terms))
            if keys := [key for key in value if key.isidentifier()][:3]:
                return " ".join(f"json:{key}" for key in keys)
        text = answer.payload.decode(errors="replace")
        line = text.split("\n")[0][:_MAX_BEGINNING]
        return escaped(quote(line)) if line.strip() else f"size={len(answer.payload)}"


def _value(message: RecordedMessage | None) -> Value:
    try:
        return None if message is None else message.value()
    except DecodeError:
        return None


def _texts(value: Value, path: str, depth: int = 0) -> Iterator[tuple[str, str]]:
    """Yield the texts of a value with their paths."""
    if isinstance(value, str):
        if path:
            yield path, value
    elif isinstance(value, dict) and depth < 20:
        for key, inner in value.items():
            if key.isidentifier():
                yield from _texts(inner, f"{path}.{key}" if path else key, depth + 1)
    elif isinstance(value, list) and depth < 20:
        for index, inner in enumerate(value[:20]):
            yield from _texts(inner, f"{path}[{index}]", depth + 1)


def _scalars(value: Value) -> Iterator[tuple[str, Any]]:
    """Yield the members of an object that are no objects or lists."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key.isidentifier() and not isinstance(inner, dict | list):
                yield key, inner


def _is_id(value: object) -> bool:
    """Whether a value may tell a question from others."""
    if isinstance(value, bool) or value is None:
        return False
    if isinstance(value, str):
        return 0 < len(value) <= _MAX_VALUE and value.isprintable()
    return isinstance(value, int)


def _can_be_written(text: str) -> bool:
    """Whether the text is read back as it is, as a message of an .http file."""
    (request,) = read(f"WS ws://h/\n\n{text}\n===\n").requests
    return [one.text for one in request.parts if isinstance(one, MessageText)] == [text] and len(
        request.parts
    ) == 1


def export(source: ExportSource, found: Found, losses: Losses) -> Iterator[Piece]:
    """Yield the file. What is neither a text nor a binary message is left out."""
    messages: list[RecordedMessage] = []
    for block, entries in found:
        for one in exported(block, entries):
            if one.direction is Direction.NONE:
                losses[Loss.EVENTS] += 1
            elif one.kind not in (Kind.TEXT, Kind.BINARY):
                losses[Loss.CLOSES if one.kind is Kind.CLOSE else Loss.CONTROL_FRAMES] += 1
            elif len(messages) < MAX_MESSAGES:
                messages.append(RecordedMessage(*one))
            else:
                losses[Loss.UNWRITABLE_MESSAGES] += 1
    losses[Loss.HANDSHAKES] += max(len(source.handshakes) - 1, 0)
    name = " ".join((source.title or "Recording").split())
    address = _with_variables(escaped(without_secrets(source.address))) or "ws://{{host}}/"
    lines = _Writer(turns(messages), losses).lines(name, address, _subprotocol(source))
    yield Piece("".join(f"{line}\n" for line in lines).encode())


def _with_variables(address: str) -> str:
    """Return an address with variables in place of the secrets that were left out."""
    return _MASKED.sub(lambda found: f"{found[1] or ''}{{{{{_variable(found[1])}}}}}", address)


def _variable(parameter: str | None) -> str:
    name = "".join(one for one in parameter or "" if one.isalnum() or one == "_")
    return name or "secret"


def _subprotocol(source: ExportSource) -> str:
    for _number, report in source.handshakes[:1]:
        try:
            found = json.loads(report).get("subprotocol")
        except (ValueError, AttributeError):
            return ""
        return found if isinstance(found, str) else ""
    return ""


SCENARIO = ExportFormat(
    "scenario",
    ".http",
    export,
    frozenset(
        (
            Loss.EVENTS,
            Loss.CONTROL_FRAMES,
            Loss.CLOSES,
            Loss.HANDSHAKES,
            Loss.UNWRITABLE_MESSAGES,
        )
    ),
)
