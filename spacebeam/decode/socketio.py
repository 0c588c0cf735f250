"""Socket.IO over Engine.IO: versions 3 and 4 (EIO=4), and version 2 (EIO=3).

https://socket.io/docs/v4/socket-io-protocol/, https://socket.io/docs/v4/engine-io-protocol/
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from spacebeam.decode.byte_ranges import ByteRanges, Range
from spacebeam.decode.decoder import (
    Context,
    Data,
    Decoded,
    DecodeError,
    Message,
    MessageSpan,
    Value,
)
from spacebeam.decode.embedded import encoded, members_of, read_embedded
from spacebeam.decode.json_ranges import add_json, whole_ranges
from spacebeam.decode.json_values import written
from spacebeam.decode.structured import ConnectionDecoder, aside

MAX_ATTACHMENTS = 1024  # of one packet
MAX_ATTACHED_SIZE = 16 * 1024 * 1024  # bytes of a packet and its attachments

_ENGINE_TYPES = ("open", "close", "ping", "pong", "message", "upgrade", "noop")
_TYPES = ("CONNECT", "DISCONNECT", "EVENT", "ACK", "CONNECT_ERROR", "BINARY_EVENT", "BINARY_ACK")
_CODES = {name: code for code, name in enumerate(_TYPES)} | {"ERROR": 4}
_MESSAGE = ord("4")
_ENGINE_CODES = (b"0", b"1", b"2", b"3", b"5", b"6")
_FIRST_BYTES = b"0123456"
_HEAD = re.compile(rb"4(?:([56])(\d{1,20})-|([0-4]))(?:(/[^,]*)(?:,|\Z))?(\d{0,20})")
_LONGEST_HEAD = 1024  # bytes that are judged
_PLAIN = re.compile(rb"[156]\Z|[23](?:probe)?\Z|0\{")
_OPEN = re.compile(rb'0\{[^{}]*"(?:sid|pingInterval)":')
_GUESSED = re.compile(rb'4(?:2|51?\d-)(?:/[^,]*,)?\d{0,20}\["')
_MARK = 4  # first byte of a binary message of Engine.IO 3
_SURE, _PROVEN, _GUESS = 0.95, 0.9, 0.45


@dataclass(frozen=True, slots=True)
class _Packet:
    """A Socket.IO packet; `attachments` is how many binary messages follow it."""

    type: str
    namespace: str
    id: int | None
    data: Value
    attachments: int | None = None

    def value(self) -> Value:
        fields: dict[str, Value] = {"type": self.type, "nsp": self.namespace}
        if self.id is not None:
            fields["id"] = self.id
        if self.attachments is not None:
            fields["attachments"] = self.attachments
        if self.data is not None:
            fields["data"] = self.data
        return fields


@dataclass(frozen=True, slots=True)
class _Pending:
    """A packet that waits for attachments."""

    packet: _Packet
    received: tuple[bytes, ...]
    size: int  # bytes so far


class SocketIoDecoder(ConnectionDecoder):
    """Packets of Socket.IO; an event ends with the last of its attachments."""

    name = "Socket.IO"
    kinds = ("text", "binary")
    spans_payloads = True
    opening_bytes = _FIRST_BYTES

    def is_told(self, context: Context) -> bool:
        """Return whether the endpoint has Engine.IO's version."""
        return "EIO=" in context.endpoint

    def confidence(self, payload: Data, context: Context) -> float:
        """Return 0.95 where the endpoint or an earlier packet says so and the payload fits."""
        if context.kind == "binary":
            return _SURE if isinstance(context.memory.get(_key(context)), _Pending) else 0
        if not payload or payload[0] not in _FIRST_BYTES or context.kind != "text":
            return 0
        if "EIO=" in context.endpoint or (context.memory and self.name in context.memory):
            return _SURE if _fits(payload[:_LONGEST_HEAD]) else 0
        if payload[0] != _MESSAGE:
            return _PROVEN if _OPEN.match(payload[:_LONGEST_HEAD]) else 0
        if not payload.endswith(b"]") or context.is_cut:
            return 0
        return _GUESS if _GUESSED.match(payload[:_LONGEST_HEAD]) else 0

    def decode(self, payload: Data, context: Context) -> Decoded:
        """Return the packet, with the last of its attachments the whole one. Raises DecodeError."""
        if context.kind == "binary":
            return self._attachment(payload, context)
        if not payload or payload[0] not in _FIRST_BYTES:
            raise DecodeError("no Engine.IO packet", 0)
        if payload[0] != _MESSAGE:
            decoded = _engine_packet(payload)
            if payload[0] == ord("0"):
                context.memory[self.name] = "open"
            return decoded
        context.memory.pop(_key(context), None)
        packet = _read_packet(payload, context)
        if not packet.attachments:
            return Decoded(packet.value(), (_message(packet, context),))
        if packet.attachments > MAX_ATTACHMENTS:
            raise DecodeError(f"more than {MAX_ATTACHMENTS:,} attachments", 2)
        context.memory[_key(context)] = _Pending(packet, (), len(payload))
        span = MessageSpan(is_unfinished=True, attachments=packet.attachments)
        return Decoded(packet.value(), span=span)

    def ranges(self, payload: Data, context: Context) -> ByteRanges:
        """Return the bytes of a packet's parts; of an attachment all of it. Raises DecodeError."""
        value = self.decode(payload, aside(context)).value
        head = _HEAD.match(payload) if context.kind == "text" else None
        if not isinstance(value, dict) or (head is None and payload[:1] not in _ENGINE_CODES):
            return whole_ranges(value, payload)
        found = ByteRanges()
        found.add((0, len(payload)))
        parts = {"type": (0, 1)} if head is None else _parts(head)
        for key, one in value.items():
            if key == "data":
                begin = 1 if head is None else head.end()
                if payload[begin:] == b"probe":
                    found.add((begin, len(payload)))
                else:
                    add_json(found, one, payload, begin, len(payload))
            else:
                found.add(parts[key])
        return found

    def encode(self, value: Value) -> bytes:
        """Return the packet without its attachments, or an attachment (EIO=4)."""
        if isinstance(value, bytes):
            return value
        fields = members_of(value, "a packet")
        if isinstance(attachment := fields.get("attachment"), bytes):
            return attachment
        kind = fields.get("type")
        if kind in _ENGINE_TYPES and kind != "message":
            return _written_engine_packet(str(kind), fields.get("data"))
        if not isinstance(kind, str) or kind not in _CODES:
            raise ValueError(f"type is one of {', '.join(_TYPES + _ENGINE_TYPES)}")
        return _written_packet(_CODES[kind], fields)

    def _attachment(self, payload: Data, context: Context) -> Decoded:
        content = bytes(payload)
        if "EIO=3" in context.endpoint and content[:1] == bytes((_MARK,)):
            content = content[1:]
        pending = context.memory.pop(_key(context), None)
        if not isinstance(pending, _Pending):
            return Decoded(content)  # its packet came before the beginning of the reading
        size = pending.size + len(content)
        if size > MAX_ATTACHED_SIZE:
            raise DecodeError(f"attachments of more than {MAX_ATTACHED_SIZE:,} bytes", 0)
        received = (*pending.received, content)
        count = pending.packet.attachments or 0
        if len(received) < count:
            context.memory[_key(context)] = _Pending(pending.packet, received, size)
            span = MessageSpan(True, True, len(received), count)
            return Decoded({"attachment": content, "number": len(received), "of": count}, (), span)
        head = pending.packet
        try:
            data = _with_attachments(head.data, dict(enumerate(received)))
        except ValueError as error:
            raise DecodeError(str(error), len(payload)) from None
        packet = _Packet(head.type, head.namespace, head.id, data)
        span = MessageSpan(True, False, count, count)
        return Decoded(packet.value(), (_message(packet, context),), span)


def _parts(head: re.Match[bytes]) -> dict[str, Range]:
    """Return the bytes of the parts before a packet's data."""
    binary, count, plain, namespace, number = map(head.span, range(1, 6))
    type_ = 0, max(binary[1], plain[1])
    return {
        "type": type_,
        "nsp": namespace if namespace[1] > 0 else type_,  # "/" is not written
        "id": number,
        "attachments": count,
    }


def _key(context: Context) -> str:
    return "Socket.IO received" if context.direction == "received" else "Socket.IO sent"


def _fits(head: Data) -> bool:
    """Return whether a text begins like a packet."""
    if head[0] != _MESSAGE:
        return _PLAIN.match(head) is not None
    match = _HEAD.match(head)
    return match is not None and head[match.end() : match.end() + 1] in b'[{"'


def _engine_packet(payload: Data) -> Decoded:
    """Return a packet of Engine.IO itself. Raises DecodeError."""
    kind = _ENGINE_TYPES[payload[0] - ord("0")]
    fields: dict[str, Value] = {"type": kind}
    data: Value = None
    if kind == "open":
        data = read_embedded(payload, 1)
        if not isinstance(data, dict):
            raise DecodeError("the handshake is no object", 1)
    elif len(payload) > 1:
        if payload[1:] != b"probe" or kind not in ("ping", "pong"):
            raise DecodeError(f"unexpected data after {kind}", 1)
        data = "probe"
    if data is not None:
        fields["data"] = data
    key = "ping probe" if data == "probe" else "ping"
    message = Message(
        kind,
        data,
        asks=key if kind == "ping" else "",
        answers=key if kind == "pong" else "",
    )
    return Decoded(fields, (message,))


def _read_packet(payload: Data, context: Context) -> _Packet:
    """Return the packet in a message of Engine.IO. Raises DecodeError."""
    head = _HEAD.match(payload)
    if head is None:
        raise DecodeError("no Socket.IO packet", min(len(payload), 1))
    binary_code, attachments, code, namespace, digits = head.groups()
    kind = _TYPES[int(binary_code or code)]
    data = read_embedded(payload, head.end()) if head.end() < len(payload) else None
    has_digits = bool(digits) and kind in ("EVENT", "ACK", "BINARY_EVENT", "BINARY_ACK")
    if "EIO=3" in context.endpoint and kind == "CONNECT_ERROR":
        kind = "ERROR"
    if (digits and not has_digits) or not _is_valid(kind, data):
        raise DecodeError(f"wrong data of {kind}", head.end())
    return _Packet(
        kind,
        bytes(namespace or b"/").decode(errors="replace"),
        int(digits) if digits else None,
        data,
        int(attachments) if attachments else None,
    )


def _is_valid(kind: str, data: Value) -> bool:
    match kind:
        case "EVENT" | "BINARY_EVENT":
            return isinstance(data, list) and bool(data) and _is_name(data[0])
        case "ACK" | "BINARY_ACK":
            return isinstance(data, list)
        case "CONNECT":
            return data is None or isinstance(data, dict)
        case "DISCONNECT":
            return data is None
    return data is not None


def _is_name(value: Value) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool)


def _message(packet: _Packet, context: Context) -> Message:
    """Return the message of a packet with all its attachments."""
    namespace = packet.namespace.partition("?")[0]
    name, value = "", packet.data
    asks = answers = ""
    match packet.type:
        case "EVENT" | "BINARY_EVENT":
            assert isinstance(packet.data, list)
            name, value = str(packet.data[0]), packet.data[1:]
            asks = "" if packet.id is None else f"ACK {namespace} {packet.id}"
        case "ACK" | "BINARY_ACK":
            answers = "" if packet.id is None else f"ACK {namespace} {packet.id}"
        case "CONNECT" if _is_answer(packet, context):
            answers = f"CONNECT {namespace}"
        case "CONNECT":
            asks = f"CONNECT {namespace}"
        case "CONNECT_ERROR" | "ERROR":
            answers = f"CONNECT {namespace}"
    return Message(
        packet.type,
        value,
        name or ("" if namespace == "/" else namespace),
        "" if packet.id is None else str(packet.id),
        asks,
        answers,
        is_error=packet.type in ("CONNECT_ERROR", "ERROR"),
    )


def _is_answer(packet: _Packet, context: Context) -> bool:
    """Return whether a CONNECT is the server's: version 4 says its `sid`, version 2 nothing."""
    if "EIO=3" in context.endpoint:
        return context.direction == "received"
    return isinstance(packet.data, dict) and "sid" in packet.data and packet.data.keys() <= _OWN


_OWN = {"sid", "pid"}


def _with_attachments(value: Value, attachments: dict[int, bytes]) -> Value:
    """Return the value with each placeholder replaced, once. Raises ValueError."""
    match value:
        case {"_placeholder": True, "num": int(number)}:
            if number not in attachments:
                raise ValueError(f"there is no attachment {number}, or it is used twice")
            return attachments.pop(number)
        case list():
            return [_with_attachments(one, attachments) for one in value]
        case dict():
            return {key: _with_attachments(one, attachments) for key, one in value.items()}
    return value


def _written_engine_packet(kind: str, data: Value) -> bytes:
    code = str(_ENGINE_TYPES.index(kind))
    if kind == "open":
        return _written_json(code, members_of(data, "data"))
    if data is None:
        return code.encode()
    if data != "probe" or kind not in ("ping", "pong"):
        raise ValueError(f"{kind} has no such data")
    return f"{code}probe".encode()


def _written_packet(code: int, fields: dict[str, Value]) -> bytes:
    """Return the text of a packet. Raises ValueError."""
    namespace, number, data = fields.get("nsp", "/"), fields.get("id"), fields.get("data")
    attachments = fields.get("attachments")
    if not isinstance(namespace, str) or namespace[:1] != "/" or "," in namespace:
        raise ValueError("nsp begins with a slash and has no comma")
    if number is not None and not _is_count(number):
        raise ValueError("id is a number of at most 20 digits")
    if number is not None and _TYPES[code].split("_")[-1] not in ("EVENT", "ACK"):
        raise ValueError("only events and acknowledgements have an id")
    if not _is_valid(_TYPES[code], data):
        raise ValueError(f"wrong data of {_TYPES[code]}")
    if (code in (5, 6)) is not _is_count(attachments):
        raise ValueError("BINARY_EVENT and BINARY_ACK have a number of attachments, no others")
    head = f"4{code}" + (f"{attachments}-" if isinstance(attachments, int) else "")
    head += f"{namespace}," if namespace != "/" else ""
    head += "" if number is None else str(number)
    return encoded(head) if data is None else _written_json(head, data)


def _is_count(value: Value) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**20


def _written_json(head: str, data: Value) -> bytes:
    try:
        text = written(data)
    except ValueError:
        raise ValueError("attachments are messages of their own, data has placeholders") from None
    # A lone surrogate has no bytes in UTF-8; its escape is the same in Python and in JSON.
    return encoded(head) + text.encode(errors="backslashreplace")
