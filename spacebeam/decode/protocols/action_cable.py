"""Action Cable of Ruby on Rails (actioncable-v1-json).

https://docs.anycable.io/misc/action_cable_protocol
"""

from __future__ import annotations

from spacebeam.decode.decoder import Context, DecodeError, Message, Value
from spacebeam.decode.json_values import read_json
from spacebeam.decode.protocols.keys import MAX_TEXT, key, text, written_id

_COMMANDS = frozenset(("subscribe", "unsubscribe", "message"))
_ANSWERS = frozenset(("confirm_subscription", "reject_subscription"))
_TYPES = frozenset(("welcome", "disconnect", "ping")) | _ANSWERS
_MAX_INNER = 64 * 1024  # characters of JSON inside a text; longer ones stay text


class ActionCable:
    """Action Cable. A message is named by its channel and action: “ChatChannel#speak”."""

    name = "Action Cable"

    def confidence(self, value: Value, context: Context) -> float:
        """Return 0.95 if the subprotocol says so, and 0.9 for a channel that is identified."""
        if not isinstance(value, dict):
            return 0
        kind = value.get("type")
        is_typed = isinstance(kind, str) and kind in _TYPES
        is_command = text(value.get("command")) in _COMMANDS
        identifier = text(value.get("identifier"))
        if context.subprotocol.startswith("actioncable-"):
            is_data = bool(identifier) and "message" in value
            return 0.95 if is_typed or is_command or is_data else 0
        if not is_command and kind not in ("confirm_subscription", "reject_subscription"):
            return 0
        inner = _inner(identifier)
        return 0.9 if isinstance(inner, dict) and isinstance(inner.get("channel"), str) else 0

    def messages(self, value: Value, _context: Context) -> tuple[Message, ...]:
        """Return the command or message. What a channel sends answers its subscription."""
        if not isinstance(value, dict):
            return ()
        identifier, kind, command = value.get("identifier"), value.get("type"), value.get("command")
        inner = _inner(text(identifier))
        channel = text(inner.get("channel"))[:MAX_TEXT] if isinstance(inner, dict) else ""
        written, pair = written_id(identifier), key("subscription", identifier)
        if isinstance(command, str) and command in _COMMANDS:
            if command != "message":
                asks = pair if command == "subscribe" else ""
                return (Message(command, inner, channel, written, asks),)
            data = _inner(text(value.get("data")))
            action = text(data.get("action")) if isinstance(data, dict) else ""
            name = f"{channel}#{action[:MAX_TEXT]}" if action else channel
            return (Message(command, data, name, written),)
        if isinstance(kind, str) and kind in _ANSWERS:
            is_rejected = kind == "reject_subscription"
            return (Message(kind, inner, channel, written, "", pair, is_rejected, is_rejected),)
        if isinstance(kind, str) and kind in _TYPES:
            rest = {name: one for name, one in value.items() if name != "type"}
            return (Message(kind, rest),)
        if pair and "message" in value:
            return (Message("message", value["message"], channel, written, "", pair, False),)
        return ()


def _inner(written: str) -> Value:
    """Return the value of JSON in a text; the text if it is none, or long, or nested deeply."""
    if written[:1] not in ("{", "[") or len(written) > _MAX_INNER:
        return written
    try:
        return read_json(written.encode(errors="surrogatepass"), max_deep_size=0)
    except DecodeError:
        return written
