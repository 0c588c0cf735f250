"""Phoenix channels: messages as arrays (version 2) and as objects (version 1).

https://hexdocs.pm/phoenix/writing_a_channels_client.html
"""

from __future__ import annotations

from dataclasses import dataclass

from spacebeam.decode.decoder import Context, Message, Value
from spacebeam.decode.protocols.keys import MAX_TEXT, key, text, written_id

_OWN_EVENTS = frozenset(("phx_join", "phx_leave", "phx_reply", "phx_close", "phx_error"))
_UNASKED = frozenset(("phx_reply", "phx_close", "phx_error"))  # a `ref` in these is another's
_KEYS = frozenset(("topic", "event", "payload", "ref"))


@dataclass(frozen=True, slots=True)
class _Parts:
    join_ref: str | None
    ref: str | None
    topic: str
    event: str
    payload: Value
    is_broadcast: bool


class Phoenix:
    """Phoenix channels. A message is named by its topic and event: “room:lobby new_msg”."""

    name = "Phoenix channels"

    def confidence(self, value: Value, context: Context) -> float:
        """Return 0.95 if the endpoint has a version (`vsn`), and 0.9 for an event of Phoenix's."""
        parts = _parts(value)
        if parts is None:
            return 0
        if is_spoken(context):
            return 0.95
        is_heartbeat = (parts.topic, parts.event) == ("phoenix", "heartbeat")
        return 0.9 if parts.event in _OWN_EVENTS or is_heartbeat else 0

    def messages(self, value: Value, _context: Context) -> tuple[Message, ...]:
        """Return the push, reply or broadcast."""
        parts = _parts(value)
        if parts is None:
            return ()
        payload = parts.payload
        pair = key(parts.topic, parts.ref)
        kind, asks, answers = "push", "" if parts.event in _UNASKED else pair, ""
        is_error = parts.event == "phx_error"
        if parts.event == "phx_reply":
            kind, answers = "reply", pair
            is_error = isinstance(payload, dict) and payload.get("status") == "error"
        elif parts.is_broadcast:
            kind = "broadcast"
        name = f"{parts.topic[:MAX_TEXT]} {parts.event[:MAX_TEXT]}"
        written = written_id(parts.ref)
        return (Message(kind, payload, name, written, asks, answers, is_error=is_error),)


def is_spoken(context: Context, version: str = "") -> bool:
    """Return whether an endpoint is a Phoenix socket's, of any version or of one."""
    path, _mark, query = context.endpoint.partition("?")
    if not path.endswith("/websocket"):
        return False
    return any(part.startswith(f"vsn={version}") for part in query.split("&"))


def _parts(value: Value) -> _Parts | None:
    if isinstance(value, list):
        if len(value) != 5:
            return None
        join_ref, ref, topic, event, payload = value
        is_broadcast = join_ref is None and ref is None
    elif isinstance(value, dict):
        if not value.keys() >= _KEYS or value.keys() - _KEYS - {"join_ref"}:
            return None
        topic, event, payload = value["topic"], value["event"], value["payload"]
        join_ref, ref, is_broadcast = value.get("join_ref"), value["ref"], False
    else:
        return None
    if not isinstance(topic, str) or not isinstance(event, str):
        return None
    if not isinstance(join_ref, str | None) or not isinstance(ref, str | None):
        return None
    return _Parts(join_ref, ref, text(topic), text(event), payload, is_broadcast)
