"""SignalR in JSON (ASP.NET Core, docs/specs/HubProtocol.md): records that end with 0x1E."""

from __future__ import annotations

import re

from spacebeam.decode.byte_ranges import ByteRanges
from spacebeam.decode.decoder import Context, Data, Decoded, DecodeError, Message, Value
from spacebeam.decode.embedded import members_of, read_embedded
from spacebeam.decode.json_ranges import add_json
from spacebeam.decode.json_values import written
from spacebeam.decode.structured import StructuredDecoder, aside
from spacebeam.decode.unfinished import MAX_IN_ROW, MAX_MESSAGES, has_enough

END = 0x1E  # of a record
MEMORY = "SignalR"  # what the connection speaks, as its handshake says: "json", "messagepack"
_TYPES = {
    1: "Invocation",
    2: "StreamItem",
    3: "Completion",
    4: "StreamInvocation",
    5: "CancelInvocation",
    6: "Ping",
    7: "Close",
    8: "Ack",
    9: "Sequence",
}
_MAX_UPLOADS = 256  # streams of a direction whose invocations are remembered
_MAX_KEY = 1024  # characters of one
_JUDGED = 1024  # bytes
_HANDSHAKE = re.compile(rb'\{[^{}]*"protocol"\s*:\s*"[^"]+"')
_RECORD = re.compile(rb'\{(?:[^\x1e]*"type"\s*:\s*\d|\}\x1e\Z|"error"\s*:)')
_SURE, _PROVEN = 0.95, 0.9


class SignalRDecoder(StructuredDecoder):
    """Records of SignalR in JSON, and the handshake of its other protocols."""

    name = "SignalR"
    first_bytes = b"{"
    spans_payloads = True

    def confidence(self, payload: Data, context: Context) -> float:
        """Return 0.95 after the handshake, 0.9 for records with a type."""
        if payload[:1] != b"{" or payload[-1:] != b"\x1e" or context.is_cut:
            return 0
        if MEMORY in context.memory:
            return _SURE
        head = payload[:_JUDGED]
        if _HANDSHAKE.match(head):
            return _SURE
        return _PROVEN if _RECORD.match(head) else 0

    def decode(self, payload: Data, context: Context) -> Decoded:
        """Return the records of the payload. Raises DecodeError."""
        return self._decode(payload, context, MAX_MESSAGES)

    def decode_for_row(self, payload: Data, context: Context) -> Decoded:
        """Return the first records. Raises DecodeError."""
        return self._decode(payload, context, MAX_IN_ROW)

    def _decode(self, payload: Data, context: Context, limit: int) -> Decoded:
        if payload[-1:] != bytes((END,)):
            raise DecodeError("no record of SignalR: it does not end with 1E", len(payload))
        records: list[Value] = []
        messages: list[Message] = []
        begin = 0
        while begin < len(payload):
            if has_enough(len(messages), limit, begin):
                break
            end = payload.index(END, begin)
            record = read_embedded(payload, begin, end)
            if not isinstance(record, dict):
                raise DecodeError("a record is no object", begin)
            records.append(record)
            messages.append(message_of(record, context))
            begin = end + 1
        return Decoded(records[0] if len(records) == 1 else records, tuple(messages))

    def ranges(self, payload: Data, context: Context) -> ByteRanges:
        """Return the bytes of the values of each record. Raises DecodeError."""
        value = self.decode(payload, aside(context)).value
        records = value if isinstance(value, list) else [value]
        found = ByteRanges()
        if isinstance(value, list):
            found.add((0, len(payload)))
        begin = 0
        for record in records:
            end = payload.index(END, begin)
            add_json(found, record, payload, begin, end)
            begin = end + 1
        return found

    def encode(self, value: Value) -> bytes:
        """Return records in JSON. Raises ValueError."""
        if isinstance(value, list):
            return b"".join(map(self.encode, value))
        text = written(members_of(value, "a record"))
        # A lone surrogate has no bytes in UTF-8; its escape is the same in Python and in JSON.
        return text.encode(errors="backslashreplace") + bytes((END,))


def message_of(record: dict[str, Value], context: Context) -> Message:
    """Return the message of a record, and remember what later ones refer to."""
    code, identifier = record.get("type"), record.get("invocationId")
    if code is None:
        return _handshake(record, context)
    kind = _TYPES.get(code, str(code)) if isinstance(code, int) else "unknown"
    key = f"invocation {identifier}" if isinstance(identifier, str) else ""
    target = record.get("target")
    name = target if isinstance(target, str) else ""
    shown = identifier if isinstance(identifier, str) else ""
    match kind:
        case "Invocation" | "StreamInvocation":
            _remember_uploads(record, name, context)
            return Message(kind, record.get("arguments"), name, shown, asks=key)
        case "StreamItem" | "Completion":
            return _answer(kind, record, shown, context)
        case "CancelInvocation" | "Ping":
            return Message(kind, id=shown)
        case "Close":
            error = record.get("error")
            return Message(kind, error, is_error=error is not None)
        case "Ack" | "Sequence":
            return Message(kind, record.get("sequenceId"))
    return Message(kind, {key: one for key, one in record.items() if key != "type"}, name, shown)


def _handshake(record: dict[str, Value], context: Context) -> Message:
    if "protocol" in record:
        protocol = record["protocol"]
        context.memory[MEMORY] = protocol if isinstance(protocol, str) else ""
        return Message("handshake request", record, asks="handshake")
    context.memory.setdefault(MEMORY, "")
    is_error = "error" in record
    return Message("handshake response", record, answers="handshake", is_error=is_error)


def _answer(kind: str, record: dict[str, Value], identifier: str, context: Context) -> Message:
    """Return the message of an item or completion: of an invocation, or of an uploaded stream."""
    uploads = _uploads(context)
    is_error = record.get("error") is not None
    value = record.get("error") if is_error else record.get("result", record.get("item"))
    is_last = kind == "Completion"
    if identifier in uploads:  # by the side that invoked: it is no answer
        name = uploads[identifier]
        if is_last:
            context.memory[_key(context)] = {
                key: one for key, one in uploads.items() if key != identifier
            }
        return Message(kind, value, name, identifier, is_last=is_last, is_error=is_error)
    answers = f"invocation {identifier}" if identifier else ""
    return Message(kind, value, "", identifier, answers=answers, is_last=is_last, is_error=is_error)


def _remember_uploads(record: dict[str, Value], target: str, context: Context) -> None:
    """Remember the streams that an invocation uploads."""
    streams = record.get("streamIds")
    if not isinstance(streams, list):
        return
    new = [(one, target) for one in streams[:_MAX_UPLOADS] if isinstance(one, str)]
    new = [pair for pair in new if len(pair[0]) + len(target) <= _MAX_KEY]
    if new:
        uploads = [*_uploads(context).items(), *new]
        context.memory[_key(context)] = dict(uploads[-_MAX_UPLOADS:])


def _uploads(context: Context) -> dict[str, str]:
    uploads = context.memory.get(_key(context))
    return uploads if isinstance(uploads, dict) else {}


def _key(context: Context) -> str:
    return "SignalR received" if context.direction == "received" else "SignalR sent"
