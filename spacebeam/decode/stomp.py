"""STOMP 1.0 to 1.2 over WebSocket (https://stomp.github.io/stomp-specification-1.2.html)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from spacebeam.decode.byte_ranges import ByteRanges
from spacebeam.decode.decoder import (
    Context,
    Data,
    Decoded,
    DecodeError,
    Message,
    MessageSpan,
    Value,
)
from spacebeam.decode.embedded import body_bytes, encoded, text_or_bytes
from spacebeam.decode.json_ranges import whole_ranges
from spacebeam.decode.stomp_frame import (
    COMMANDS,
    Frame,
    Progress,
    add_frame,
    begins_frame,
    find_frame,
    read_frame,
    skip_ends_of_lines,
    written_frame,
)
from spacebeam.decode.structured import ConnectionDecoder, aside
from spacebeam.decode.unfinished import (
    MAX_IN_ROW,
    MAX_MESSAGES,
    MAX_UNFINISHED,
    Unfinished,
    from_middle,
    has_enough,
)

_REMEMBERED = 256  # receipts and subscriptions of a connection
_MAX_KEY = 1024  # characters of one that is remembered
_FIRST_BYTES = b"CSUANBDMRE\n\r"
_FIRST_TWO = frozenset(name[:2].encode() for name in COMMANDS.split("|"))
_ENDS_OF_LINES = (b"\n", b"\r")
_BEGINNING = re.compile(rf"[\r\n]*(?:{COMMANDS})\r?\n".encode())
_WHOLE_HEAD = re.compile(rf"(?:{COMMANDS})\r?\n(?:[^:\n\0]+:[^\n\0]*\n)*\r?\n".encode())
_JUDGED = 4096  # bytes
_NEXT_FRAME = re.compile(rf"\0[\r\n]*(?=(?:{COMMANDS})\r?\n|\Z)".encode())
_VERSION = re.compile(r"v1([0-2])\.stomp")
_SURE, _PROVEN = 0.95, 0.9
_NAMES = {"BEGIN": "transaction", "COMMIT": "transaction", "ABORT": "transaction"}
_NAMES |= {"ERROR": "message"}  # the header that names the frame, of others the destination
_IDS = {
    "SUBSCRIBE": ("id",),
    "UNSUBSCRIBE": ("id",),
    "MESSAGE": ("message-id",),
    "ACK": ("id", "message-id"),
    "NACK": ("id", "message-id"),
    "RECEIPT": ("receipt-id",),
    "ERROR": ("receipt-id",),
}


@dataclass(frozen=True, slots=True)
class _Connection:
    """What both directions know."""

    version: str = ""
    is_connecting: bool = False
    receipts: dict[str, str] = field(default_factory=dict)  # of subscriptions, with their keys
    acknowledged: tuple[str, ...] = ()  # subscriptions whose messages are acknowledged


@dataclass(frozen=True, slots=True)
class _Pending:
    """The beginning of a frame."""

    received: Unfinished
    progress: Progress


class StompDecoder(ConnectionDecoder):
    """Frames of STOMP: several in a payload, or one over several payloads."""

    name = "STOMP"
    kinds = ("text", "binary")
    spans_payloads = True
    opening_bytes = _FIRST_BYTES.rstrip()  # of heart-beats it is known whose they are

    def is_told(self, context: Context) -> bool:
        """Return whether the subprotocol is one of STOMP."""
        return "stomp" in context.subprotocol

    def confidence(self, payload: Data, context: Context) -> float:
        """Return 0.95 with a subprotocol of STOMP, 0.9 for a whole head of a frame."""
        first = bytes(payload[:2])
        if first not in _FIRST_TWO and not context.memory and first[:1] not in _ENDS_OF_LINES:
            return 0
        is_known = "stomp" in context.subprotocol
        if is_known and _key(context) in context.memory:
            return _SURE
        if payload[:1] not in _FIRST_BYTES or not payload:
            return 0
        if context.kind not in ("text", "binary"):
            return 0
        head = bytes(payload[:_JUDGED])
        if is_known or self.name in context.memory:
            return _SURE if _BEGINNING.match(head) or not head.strip(b"\r\n") else 0
        if not _WHOLE_HEAD.match(head):
            return 0
        is_whole = context.is_cut or payload[-3:].rstrip(b"\r\n").endswith(b"\0")
        return _PROVEN if is_whole else 0

    def decode(self, payload: Data, context: Context) -> Decoded:
        """Return the frames that end in the payload. Raises DecodeError."""
        return self._decode(payload, context, MAX_MESSAGES)

    def decode_for_row(self, payload: Data, context: Context) -> Decoded:
        """Return the first frames. Raises DecodeError."""
        return self._decode(payload, context, MAX_IN_ROW)

    def _decode(self, payload: Data, context: Context, limit: int) -> Decoded:
        key = _key(context)
        pending = context.memory.pop(key, None)
        if not isinstance(pending, _Pending):
            if payload and skip_ends_of_lines(payload, 0) == len(payload):
                return Decoded({"heart-beat": bytes(payload).decode()}, (Message("heart-beat"),))
            pending = _Pending(Unfinished(), Progress())
            start = skip_ends_of_lines(payload, 0)
            if not begins_frame(payload, start):
                return from_middle(
                    payload, _NEXT_FRAME, lambda rest: self._decode(rest, context, limit)
                )
            payload, skipped = payload[start:], start
        else:
            skipped = 0
        known = pending.received.size
        try:
            return self._frames(pending, payload, context, limit)
        except DecodeError as error:
            offset = min(max(error.offset - known, 0), len(payload)) + skipped
            raise DecodeError(str(error), offset) from None

    def ranges(self, payload: Data, context: Context) -> ByteRanges:
        """Return the bytes of headers and bodies of whole frames. Raises DecodeError."""
        is_continued = _key(context) in context.memory
        decoded = self.decode(payload, inner := aside(context))
        span, begin = decoded.span, skip_ends_of_lines(payload, 0)
        is_whole = begin < len(payload) and not (is_continued or span.is_unfinished)
        if not is_whole or not begins_frame(payload, begin):
            return whole_ranges(decoded.value, payload)
        found = ByteRanges()
        if isinstance(decoded.value, list):
            found.add((0, len(payload)))
        while begin < len(payload):
            progress = find_frame(payload, Progress(begin, begin), _version(inner))
            add_frame(found, payload, progress, _version(inner))
            begin = skip_ends_of_lines(payload, progress.end + 1)
        return found

    def encode(self, value: Value) -> bytes:
        """Return frames of STOMP 1.2, or a part of one. Raises ValueError."""
        match value:
            case list():
                return b"".join(map(self.encode, value))
            case {"heart-beat": str(ends_of_lines)} if not ends_of_lines.strip("\r\n"):
                return encoded(ends_of_lines)
            case {"part": part}:
                return body_bytes(part, "part")
        return written_frame(value)

    def _frames(self, pending: _Pending, payload: Data, context: Context, limit: int) -> Decoded:
        """Return the frames that end in the payload, and keep the beginning of another."""
        continues = pending.received.size > 0
        received, found = pending.received.added(payload), pending.progress
        data = received.data
        values: list[Value] = []
        messages: list[Message] = []
        while found.begin < len(data):
            if has_enough(len(messages), limit, found.begin):
                return Decoded(values, tuple(messages), MessageSpan(continues))
            version = _version(context)
            found = find_frame(data, found, version)
            if not found.is_whole:
                break
            frame = read_frame(data, found, version)
            values.append(frame.value())
            messages.append(_message(frame, context))
            begin = skip_ends_of_lines(data, found.end + 1)
            if begin < len(data) and not begins_frame(data, begin):
                raise DecodeError("no command of STOMP", begin)
            found = Progress(begin, begin)
        rest = len(data) - found.begin
        if rest > 0:
            if rest > MAX_UNFINISHED:
                raise DecodeError(f"more than {MAX_UNFINISHED:,} bytes of one frame", found.begin)
            if found.begin:
                received = Unfinished().added(data[found.begin :])
            found = found.moved(found.begin)
            context.memory[_key(context)] = _Pending(received, found)
            part: dict[str, Value] = {"part": text_or_bytes(payload[-rest:]), "bytes": rest}
            values.append(part | ({"of": found.end + 1} if found.end else {}))
        span = MessageSpan(continues, rest > 0)
        return Decoded(values[0] if len(values) == 1 else values, tuple(messages), span)


def _key(context: Context) -> str:
    return "STOMP received" if context.direction == "received" else "STOMP sent"


def _version(context: Context) -> str:
    """Return the version that was agreed; an empty text where it is not known."""
    if match := _VERSION.search(context.subprotocol):
        return f"1.{match[1]}"
    return _connection(context).version


def _connection(context: Context) -> _Connection:
    connection = context.memory.get(StompDecoder.name)
    return connection if isinstance(connection, _Connection) else _Connection()


def _message(frame: Frame, context: Context) -> Message:
    """Return the message of a frame, and remember what later ones refer to."""
    before = _connection(context)
    name = frame.header(_NAMES.get(frame.command, "destination"))
    identifier = next(filter(None, map(frame.header, _IDS.get(frame.command, ()))), "")
    answers = _answers(frame, name, identifier, before)
    asks = _asks(frame, name, identifier, before)
    context.memory[StompDecoder.name] = _after(before, frame, asks)
    return Message(
        frame.command,
        text_or_bytes(frame.body) if frame.body else frame.value()["headers"],
        name,
        identifier,
        asks,
        answers,
        is_last=not answers.startswith("subscription "),
        is_error=frame.command in ("ERROR", "NACK"),
    )


def _asks(frame: Frame, name: str, identifier: str, connection: _Connection) -> str:
    """Return the key of a frame's answers."""
    match frame.command:
        case "CONNECT" | "STOMP":
            return "CONNECT"
        case "SUBSCRIBE":
            return f"subscription {identifier or name}"
        case "MESSAGE":
            acknowledged = frame.header("ack")
            if not acknowledged and _subscription(frame, name) in connection.acknowledged:
                acknowledged = identifier
            return f"ack {acknowledged}" if acknowledged else ""
    receipt = frame.header("receipt")
    return f"receipt {receipt}" if receipt else ""


def _answers(frame: Frame, name: str, identifier: str, connection: _Connection) -> str:
    """Return the key of what a frame answers."""
    match frame.command:
        case "CONNECTED":
            return "CONNECT"
        case "MESSAGE":
            return _subscription(frame, name)
        case "ACK" | "NACK":
            return f"ack {identifier}"
        case "RECEIPT" | "ERROR" if identifier:
            return connection.receipts.get(identifier, f"receipt {identifier}")
        case "ERROR" if connection.is_connecting:
            return "CONNECT"
    return ""


def _subscription(frame: Frame, name: str) -> str:
    return f"subscription {frame.header('subscription') or name}"


def _after(connection: _Connection, frame: Frame, asks: str) -> _Connection:
    """Return what is known of the connection after a frame."""
    match frame.command:
        case "CONNECT" | "STOMP":
            return replace(connection, is_connecting=True)
        case "CONNECTED":
            version = frame.header("version") or "1.0"
            return replace(connection, version=version, is_connecting=False)
        case "SUBSCRIBE":
            return _with_subscription(connection, frame, asks)
    return connection


def _with_subscription(connection: _Connection, frame: Frame, key: str) -> _Connection:
    """Remember which receipt belongs to a subscription, and whether messages are acknowledged."""
    receipts, acknowledged = connection.receipts, connection.acknowledged
    receipt = frame.header("receipt")
    if receipt and len(receipt) + len(key) <= _MAX_KEY:
        newest = list(receipts.items())[1 - _REMEMBERED :]
        receipts = dict([*newest, (receipt, key)])
    if frame.header("ack") not in ("", "auto") and len(key) <= _MAX_KEY:
        others = [one for one in acknowledged if one != key]
        acknowledged = (*others[1 - _REMEMBERED :], key)
    return replace(connection, receipts=receipts, acknowledged=acknowledged)
