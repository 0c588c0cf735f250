"""Binary payloads of Phoenix channels, version 2 (assets/js/phoenix/serializer.js)."""

from __future__ import annotations

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


def _read(payload: Data, direction: str) -> Value:
    kind = payload[0] if payload else -1
    if kind not in _PARTS:
        raise DecodeError("neither a push, a reply nor a broadcast", 0)
    names = _CLIENT_PUSH if (kind, direction) == (_PUSH, "sent") else _PARTS[kind]
    start = 1 + len(names)
    sizes = payload[1:start]
    if len(sizes) < len(names) or len(payload) < start + sum(sizes):
        raise DecodeError("cut off in its head", len(payload))
    parts: dict[str, str] = {}
    for name, size in zip(names, sizes, strict=True):
        try:
            parts[name] = str(payload[start : start + size], "utf-8")
        except UnicodeDecodeError as error:
            raise DecodeError(f"the {name} is not UTF-8", start + error.start) from None
        start += size
    content: Value = bytes(payload[start:])
    event = parts.get("event", "phx_reply")
    if kind == _REPLY:
        content = {"status": parts["status"], "response": content}
    join_ref, ref = parts.get("join reference") or None, parts.get("reference") or None
    return [join_ref, ref, parts["topic"], event, content]
