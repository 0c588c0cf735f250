"""Binary payloads of Phoenix channels, version 2 (assets/js/phoenix/serializer.js)."""

from __future__ import annotations

from spacebeam.decode.byte_ranges import ByteRanges, Range
from spacebeam.decode.decoder import Context, Data, Decoded, DecodeError, Value
from spacebeam.decode.protocols.phoenix import Phoenix, is_spoken
from spacebeam.decode.structured import ConnectionDecoder

_PUSH, _REPLY, _BROADCAST = 0, 1, 2
# Which parts have their sizes in front, a byte each. What a client pushes has a reference.
_CLIENT_PUSH = ("join reference", "reference", "topic", "event")
_PARTS = {
    _PUSH: ("join reference", "topic", "event"),
    _REPLY: ("join reference", "reference", "topic", "status"),
    _BROADCAST: ("topic", "event"),
}
_PROTOCOL = Phoenix()


class PhoenixBinaryDecoder(ConnectionDecoder):
    """Pushes, replies and broadcasts with bytes, as the arrays that JSON would have."""

    name = "Phoenix binary"
    kinds = ("binary",)

    def is_told(self, context: Context) -> bool:
        """Return whether the connection is a Phoenix socket's."""
        return is_spoken(context, "2")

    def confidence(self, payload: Data, context: Context) -> float:
        """Return 0.95 for a payload that fits, where the connection is a Phoenix socket's."""
        if context.kind != "binary" or payload[:1] not in (b"\0", b"\1", b"\2"):
            return 0
        if not is_spoken(context, "2"):
            return 0
        try:
            _read(payload, context.direction)
        except DecodeError:
            return 0
        return 0.95

    def decode(self, payload: Data, context: Context) -> Decoded:
        """Return `[join_ref, ref, topic, event, payload]`. Raises DecodeError."""
        value = _read(payload, context.direction)
        return Decoded(value, _PROTOCOL.messages(value, context))

    def ranges(self, payload: Data, context: Context) -> ByteRanges:
        """Return the bytes of each part; what is not in the payload has those of its kind.

        Raises DecodeError.
        """
        parts, begin = _parts(payload, context.direction)
        value, whole = _read(payload, context.direction), (0, len(payload))
        found = ByteRanges()
        found.add(whole)
        for name in ("join reference", "reference", "topic", "event"):
            found.add(parts.get(name, (0, 1)))
        content = value[-1]
        if isinstance(content, dict):
            found.add((parts["status"][0], len(payload)))
            found.add(parts["status"])
            content = content["response"]
        found.add_all(content, (begin, len(payload)))
        return found


def _parts(payload: Data, direction: str) -> tuple[dict[str, Range], int]:
    """Return where each part is, and where the content begins. Raises DecodeError."""
    kind = payload[0] if payload else -1
    if kind not in _PARTS:
        raise DecodeError("neither a push, a reply nor a broadcast", 0)
    names = _CLIENT_PUSH if (kind, direction) == (_PUSH, "sent") else _PARTS[kind]
    start = 1 + len(names)
    sizes = payload[1:start]
    if len(sizes) < len(names) or len(payload) < start + sum(sizes):
        raise DecodeError("cut off in its head", len(payload))
    parts: dict[str, Range] = {}
    for name, size in zip(names, sizes, strict=True):
        parts[name] = start, start + size
        start += size
    return parts, start


def _read(payload: Data, direction: str) -> list[Value]:
    places, begin = _parts(payload, direction)
    parts: dict[str, str] = {}
    for name, (start, end) in places.items():
        try:
            parts[name] = str(payload[start:end], "utf-8")
        except UnicodeDecodeError as error:
            raise DecodeError(f"the {name} is not UTF-8", start + error.start) from None
    content: Value = bytes(payload[begin:])
    event = parts.get("event", "phx_reply")
    if payload[0] == _REPLY:
        content = {"status": parts["status"], "response": content}
    join_ref, ref = parts.get("join reference") or None, parts.get("reference") or None
    return [join_ref, ref, parts["topic"], event, content]
