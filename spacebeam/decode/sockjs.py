"""SockJS (protocol 0.3.3): messages in arrays, often STOMP's frames or JSON texts."""

from __future__ import annotations

import re
from dataclasses import replace

from spacebeam.decode.byte_ranges import ByteRanges
from spacebeam.decode.decoder import Context, Data, Decoded, DecodeError, Message, Value
from spacebeam.decode.embedded import members_of, read_embedded
from spacebeam.decode.json_ranges import add_json
from spacebeam.decode.json_values import written
from spacebeam.decode.stomp import StompDecoder
from spacebeam.decode.structured import StructuredDecoder, aside
from spacebeam.decode.unfinished import MAX_IN_ROW, MAX_MESSAGES, has_enough

# The client makes up a server of three digits and a session of eight characters.
_ENDPOINT = re.compile(r"/[0-9]{3}/[a-z0-9_]{8}/websocket(?:[?#]|\Z)")
_FRAMES = re.compile(rb'o\Z|h\Z|a\["|a\[\]\Z|c\[\d|\["|\[\]\Z')
_FIRST_BYTES = b"oha[c"
_SURE = 0.95
_STOMP = StompDecoder()
_STOMP_FIELDS = {"command", "headers", "body"}


class SockJsDecoder(StructuredDecoder):
    """Frames of SockJS; what a message has inside is decoded too."""

    name = "SockJS"
    kinds = ("text",)
    first_bytes = _FIRST_BYTES

    def confidence(self, payload: Data, context: Context) -> float:
        """Return 0.95 where the endpoint has a session of SockJS and the payload is a frame."""
        if context.kind != "text" or not payload or payload[0] not in _FIRST_BYTES:
            return 0
        if "/websocket" not in context.endpoint or not _ENDPOINT.search(context.endpoint):
            return 0
        return _SURE if _FRAMES.match(payload[:8]) else 0

    def decode(self, payload: Data, context: Context) -> Decoded:
        """Return the frame with its messages. Raises DecodeError."""
        return self._decode(payload, context, MAX_MESSAGES)

    def decode_for_row(self, payload: Data, context: Context) -> Decoded:
        """Return the first messages. Raises DecodeError."""
        return self._decode(payload, context, MAX_IN_ROW)

    def _decode(self, payload: Data, context: Context, limit: int) -> Decoded:
        frame = bytes(payload[:1]).decode(errors="replace")
        if frame in ("o", "h"):
            if len(payload) > 1:
                raise DecodeError(f"unexpected data after {frame}", 1)
            kind = "open" if frame == "o" else "heartbeat"
            return Decoded({"frame": frame}, (Message(kind),))
        if frame not in ("a", "c", "["):
            raise DecodeError("no frame of SockJS", 0)
        begin = 0 if frame == "[" else 1
        listed = read_embedded(payload, begin)
        if not isinstance(listed, list):
            raise DecodeError("no array", begin)
        if frame == "c":
            return _closed(listed)
        values: list[Value] = []
        messages: list[Message] = []
        for text in listed:
            if has_enough(len(messages), limit, begin):
                break
            if not isinstance(text, str):
                raise DecodeError("a message is no text", begin)
            inside = _inside(text, context)
            values.append(inside.value)
            messages += inside.messages
        head: dict[str, Value] = {"frame": "a"} if frame == "a" else {}
        return Decoded({**head, "messages": values}, tuple(messages))

    def ranges(self, payload: Data, context: Context) -> ByteRanges:
        """Return the bytes of each message as it is written. Raises DecodeError."""
        value = self.decode(payload, aside(context)).value
        assert isinstance(value, dict)
        begin = int("frame" in value)
        found, whole, content = ByteRanges(), (0, len(payload)), (begin, len(payload))
        found.add(whole)
        if begin:
            found.add((0, begin))
        if len(payload) == begin:
            return found
        texts = ByteRanges()
        add_json(texts, listed := read_embedded(payload, begin), payload, *content)
        assert isinstance(listed, list)
        messages = value.get("messages")
        if isinstance(messages, list):
            found.add(texts.range(0))
            listed = messages
        for place, one in enumerate(listed, start=1):
            found.add_all(one, texts.range(place))
        return found

    def encode(self, value: Value) -> bytes:
        """Return a frame. Raises ValueError."""
        fields = members_of(value, "a frame")
        frame = fields.get("frame", "")
        if frame in ("o", "h"):
            return str(frame).encode()
        if frame == "c":
            listed: Value = [fields.get("code"), fields.get("reason")]
        elif frame in ("a", "") and isinstance(messages := fields.get("messages"), list):
            listed = [_written_inside(one) for one in messages]
        else:
            raise ValueError("frame is o, h, c, or a with messages")
        # A lone surrogate has no bytes in UTF-8; its escape is the same in Python and in JSON.
        return f"{frame}{written(listed)}".encode(errors="backslashreplace")


def _closed(listed: list[Value]) -> Decoded:
    match listed:
        case [int(code), str(reason)]:
            fields: dict[str, Value] = {"code": code, "reason": reason}
            return Decoded({"frame": "c", **fields}, (Message("close", fields),))
    raise DecodeError("close has a code and a reason", 1)


def _inside(text: str, context: Context) -> Decoded:
    """Return the value of a message: STOMP's frames, JSON, or the text itself."""
    content = text.encode(errors="surrogatepass")
    inner = replace(context, is_cut=False)
    if _STOMP.confidence(content, inner):
        try:
            decoded = _STOMP.decode(content, inner)
        except DecodeError:
            pass
        else:
            if not _is_part(decoded.value):
                return decoded
    value: Value = text
    if text[:1] in ("{", "["):
        try:
            value = read_embedded(content)
        except DecodeError:
            value = text
    return Decoded(value, (Message("message", value),))


def _is_part(value: Value) -> bool:
    """Return whether not all of a frame is there: SockJS cuts nothing."""
    values = value if isinstance(value, list) else [value]
    return any(isinstance(one, dict) and "part" in one for one in values)


def _written_inside(value: Value) -> str:
    """Return the text of a message. Raises ValueError."""
    if isinstance(value, str):
        return value
    frames = value if isinstance(value, list) else [value]
    if frames and all(isinstance(one, dict) and _is_stomp(one) for one in frames):
        try:
            return _STOMP.encode(value).decode()
        except UnicodeDecodeError:
            raise ValueError("a message is text") from None
    return written(value)


def _is_stomp(fields: dict[str, Value]) -> bool:
    return fields.keys() == _STOMP_FIELDS or fields.keys() == {"heart-beat"}
