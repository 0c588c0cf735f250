"""Discord's gateway (discord.com/developers/docs/events/gateway), in JSON."""

from __future__ import annotations

from spacebeam.decode.decoder import Context, Message, Value
from spacebeam.decode.protocols.keys import MAX_MESSAGES, MAX_TEXT, text, written_id

_DISPATCH = 0
_TYPES = {
    _DISPATCH: "DISPATCH",
    1: "HEARTBEAT",
    2: "IDENTIFY",
    3: "PRESENCE_UPDATE",
    4: "VOICE_STATE_UPDATE",
    6: "RESUME",
    7: "RECONNECT",
    8: "REQUEST_GUILD_MEMBERS",
    9: "INVALID_SESSION",
    10: "HELLO",
    11: "HEARTBEAT_ACK",
    31: "REQUEST_SOUNDBOARD_SOUNDS",
}
_IDENTITY = frozenset(("token", "intents", "properties"))
_HOST = "://gateway"
_ASKS = {"HEARTBEAT": "heartbeat", "IDENTIFY": "session", "RESUME": "session"}
_ANSWERS = {"HEARTBEAT_ACK": "heartbeat", "INVALID_SESSION": "session"}
_SESSION_EVENTS = ("READY", "RESUMED")  # dispatched as answers to IDENTIFY and RESUME


class DiscordGateway:
    """Discord's gateway. A dispatch is named by its event; its id is the sequence number."""

    name = "Discord gateway"

    def confidence(self, value: Value, context: Context) -> float:
        """Return 0.95 for a payload if the endpoint says so, and 0.9 for HELLO and IDENTIFY."""
        if isinstance(value, list):
            value = value[0] if value else None
        if not isinstance(value, dict) or _type(value) is None:
            return 0
        if _HOST in context.endpoint and ".discord.gg" in context.endpoint:
            return 0.95
        kind, data = _type(value), value["d"]
        if not isinstance(data, dict):
            return 0
        if kind == "HELLO":
            return 0.9 if isinstance(data.get("heartbeat_interval"), int) and "t" in value else 0
        return 0.9 if kind == "IDENTIFY" and data.keys() >= _IDENTITY else 0

    def messages(self, value: Value, _context: Context) -> tuple[Message, ...]:
        """Return the messages of a payload, or of several in a list."""
        values = value[:MAX_MESSAGES] if isinstance(value, list) else [value]
        return tuple(message for message in map(_message, values) if message is not None)


def _message(value: Value) -> Message | None:
    if not isinstance(value, dict) or (kind := _type(value)) is None:
        return None
    event = text(value.get("t"))[:MAX_TEXT]
    asks, answers = _ASKS.get(kind, ""), _ANSWERS.get(kind, "")
    if kind == "DISPATCH" and event in _SESSION_EVENTS:
        answers = "session"
    is_error = kind == "INVALID_SESSION"
    written = written_id(value.get("s"))
    return Message(kind, value["d"], event, written, asks, answers, is_error=is_error)


def _type(value: dict[str, Value]) -> str | None:
    """Return the name of a payload's operation code; None if it is no payload."""
    operation = value.get("op")
    if isinstance(operation, bool) or not isinstance(operation, int) or "d" not in value:
        return None
    return _TYPES.get(operation)
