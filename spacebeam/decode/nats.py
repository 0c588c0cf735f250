"""NATS over WebSocket (docs.nats.io, reference of the client protocol)."""

from __future__ import annotations

import re
from dataclasses import dataclass

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
from spacebeam.decode.embedded import body_bytes, text_or_bytes
from spacebeam.decode.json_ranges import ranges_of_parts, whole_ranges
from spacebeam.decode.nats_operation import (
    OPERATIONS,
    Fields,
    add_operation,
    begins_operation,
    read_line,
    with_body,
    written_operation,
)
from spacebeam.decode.preview import text_preview
from spacebeam.decode.structured import ConnectionDecoder, aside
from spacebeam.decode.unfinished import (
    MAX_IN_ROW,
    MAX_MESSAGES,
    MAX_UNFINISHED,
    Unfinished,
    from_middle,
    has_enough,
)

_MAX_REQUESTS = 256  # subjects for replies that are remembered in a direction
_MAX_SUBJECT = 1024  # characters of one
_FIRST_TWO = frozenset((b"IN", b"CO", b"PU", b"HP", b"MS", b"HM", b"pu", b"hp", b"ms", b"hm"))
_FIRST_BYTES = bytes(sorted({one[0] for one in _FIRST_TWO}))
_BEGINNING = re.compile(rf"(?:{OPERATIONS})(?:[ \t]|\r\n)".encode(), re.IGNORECASE)
_PROOF = re.compile(rb'(?:INFO \{"server_id"|CONNECT \{[^\r\n]*"(?:verbose|pedantic)":)')
_NEXT = re.compile(rf"\r\n(?=(?:{OPERATIONS})(?:[ \t]|\r\n)|\Z)".encode())
_JUDGED = 4096  # bytes
_SURE, _PROVEN, _LIKELY = 0.95, 0.9, 0.8
_STATUS = re.compile(r"NATS/[0-9.]+ +([45][0-9][0-9])")


@dataclass(frozen=True, slots=True)
class _Pending:
    """The beginning of an operation."""

    received: Unfinished
    searched: int  # bytes in which its line does not end
    needed: int  # bytes of it, as far as they are known


class NatsDecoder(ConnectionDecoder):
    """Operations of NATS: several in a payload, or one over several payloads."""

    name = "NATS"
    kinds = ("text", "binary")
    spans_payloads = True
    opening_bytes = _FIRST_BYTES

    def is_told(self, context: Context) -> bool:
        """Return no: neither a subprotocol nor an endpoint names it."""
        return False

    def confidence(self, payload: Data, context: Context) -> float:
        """Return 0.9 after INFO or CONNECT, 0.8 for a message that is as long as it says."""
        is_known = bool(context.memory) and self.name in context.memory
        if is_known and _key(context) in context.memory:
            return _SURE
        if not is_known and bytes(payload[:2]) not in _FIRST_TWO:
            return 0
        if context.kind not in ("text", "binary"):
            return 0
        head = payload[:_JUDGED]
        if is_known:
            return _SURE if _BEGINNING.match(head) else 0
        if _PROOF.match(head):
            return _PROVEN
        is_message = payload[:1].upper() in b"PMH" and _BEGINNING.match(head)
        return _LIKELY if is_message and _is_whole(payload, context) else 0

    def decode(self, payload: Data, context: Context) -> Decoded:
        """Return the operations that end in the payload. Raises DecodeError."""
        return self._decode(payload, context, MAX_MESSAGES)

    def decode_for_row(self, payload: Data, context: Context) -> Decoded:
        """Return the first operations. Raises DecodeError."""
        return self._decode(payload, context, MAX_IN_ROW)

    def _decode(self, payload: Data, context: Context, limit: int) -> Decoded:
        pending = context.memory.pop(_key(context), None)
        if not isinstance(pending, _Pending):
            if not begins_operation(payload):
                return from_middle(payload, _NEXT, lambda rest: self._decode(rest, context, limit))
            pending = _Pending(Unfinished(), 0, 0)
        known = pending.received.size
        try:
            return self._operations(pending, payload, context, limit)
        except DecodeError as error:
            offset = min(max(error.offset - known, 0), len(payload))
            raise DecodeError(str(error), offset) from None

    def ranges(self, payload: Data, context: Context) -> ByteRanges:
        """Return the bytes of the parts of whole operations. Raises DecodeError."""
        continues = _key(context) in context.memory
        decoded = self.decode(payload, aside(context))
        is_whole = not continues and not decoded.span.is_unfinished and begins_operation(payload)
        if not is_whole or not decoded.messages:
            return whole_ranges(decoded.value, payload)
        return ranges_of_parts(decoded.value, payload, add_operation)

    def beginning(self, payload: Data, _context: Context) -> str:
        """Return the beginning as it is: what stands first is a line of text."""
        return text_preview(payload)

    def encode(self, value: Value) -> bytes:
        """Return operations, or a part of one. Raises ValueError."""
        match value:
            case list():
                return b"".join(map(self.encode, value))
            case {"part": part}:
                return body_bytes(part, "part")
        return written_operation(value)

    def _operations(
        self, pending: _Pending, payload: Data, context: Context, limit: int
    ) -> Decoded:
        """Return the operations that end in the payload, and keep the beginning of another."""
        continues = pending.received.size > 0
        received = pending.received.added(payload)
        data, needed, searched = received.data, pending.needed, pending.searched
        values: list[Value] = []
        messages: list[Message] = []
        begin = 0
        while begin < len(data) and needed <= len(data) - begin:
            if has_enough(len(messages), limit, begin):
                return Decoded(values, tuple(messages), MessageSpan(continues))
            found = read_line(data, begin, searched)
            searched = len(data)
            if found is None:
                break
            if found.end > len(data):
                needed = found.end - begin
                break
            fields = with_body(data, found)
            values.append(fields)
            messages.append(_message(fields, context))
            begin, needed, searched = found.end, 0, found.end
        if rest := len(data) - begin:
            if needed > MAX_UNFINISHED:
                raise DecodeError(f"an operation of {needed:,} bytes in several messages", begin)
            if not begins_operation(data, begin):
                raise DecodeError("no operation of NATS", begin)
            if begin:
                received = Unfinished().added(data[begin:])
            # With the length known, the line is read again once all is there.
            searched = 0 if needed else rest
            context.memory[_key(context)] = _Pending(received, searched, needed)
            part: dict[str, Value] = {"part": text_or_bytes(payload[-min(rest, len(payload)) :])}
            values.append(part | {"bytes": rest} | ({"of": needed} if needed else {}))
        span = MessageSpan(continues, rest > 0)
        return Decoded(values[0] if len(values) == 1 else values, tuple(messages), span)


def _is_whole(payload: Data, context: Context) -> bool:
    """Return whether the first operation is all there, and the payload or another follows.

    Of a payload that is cut only its line is looked at.
    """
    try:
        found = read_line(payload, 0, 0)
    except DecodeError:
        return False
    if found is None or found.end == found.body:
        return False
    if found.end > len(payload):
        return context.is_cut
    follows = found.end == len(payload) or begins_operation(payload, found.end)
    return payload[found.end - 2 : found.end] == b"\r\n" and follows


def _key(context: Context) -> str:
    return "NATS received" if context.direction == "received" else "NATS sent"


def _message(fields: Fields, context: Context) -> Message:
    """Return the message of an operation, and remember what later ones refer to."""
    context.memory.setdefault(NatsDecoder.name, True)
    kind, subject = str(fields["op"]), str(fields.get("subject", ""))
    sid = str(fields.get("sid", ""))
    match kind:
        case "PUB" | "HPUB" | "MSG" | "HMSG":
            return _publication(kind, subject, sid, fields, context)
        case "SUB":
            queue = fields.get("queue")
            return Message(kind, queue and {"queue": queue}, subject, sid, asks=f"sid {sid}")
        case "UNSUB":
            return Message(kind, fields.get("max_msgs"), id=sid)
        case "PING":
            return Message(kind, asks="PING")
        case "PONG":
            return Message(kind, answers="PING")
        case "-ERR":
            return Message(kind, fields["message"], is_error=True)
    return Message(kind, fields.get("options"))


def _publication(kind: str, subject: str, sid: str, fields: Fields, context: Context) -> Message:
    """Return the message of a publication: a request, a reply, or one of a subscription."""
    asks = answers = ""
    reply_to = fields.get("reply_to")
    requests = _requests(context, is_own=False)
    if subject in requests:
        answers = f"reply {subject}"
        context.memory[_requests_key(context, is_own=False)] = {
            one: None for one in requests if one != subject
        }
    elif sid:
        answers = f"sid {sid}"
    if isinstance(reply_to, str):
        asks = f"reply {reply_to}"
        if len(reply_to) <= _MAX_SUBJECT:
            newest = [*_requests(context, is_own=True), reply_to][-_MAX_REQUESTS:]
            context.memory[_requests_key(context, is_own=True)] = dict.fromkeys(newest)
    return Message(
        kind,
        fields["payload"],
        subject,
        sid,
        asks,
        answers,
        is_last=not answers.startswith("sid "),
        is_error=_STATUS.match(str(fields.get("status_line", ""))) is not None,
    )


def _requests(context: Context, *, is_own: bool) -> dict[str, None]:
    """Return the subjects of replies that a direction's requests wait for."""
    requests = context.memory.get(_requests_key(context, is_own=is_own))
    return requests if isinstance(requests, dict) else {}


def _requests_key(context: Context, *, is_own: bool) -> str:
    is_sent = (context.direction == "sent") is is_own
    return "NATS requests sent" if is_sent else "NATS requests received"
