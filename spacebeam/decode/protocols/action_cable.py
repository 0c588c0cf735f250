"""Action Cable of Ruby on Rails (actioncable-v1-json).

https://docs.anycable.io/misc/action_cable_protocol
"""

from __future__ import annotations

from spacebeam.decode.decoder import Context, Message, Value
from spacebeam.decode.protocols.keys import MAX_TEXT, inner_value, key, text, written_id

_COMMANDS = frozenset(("subscribe", "unsubscribe", "message"))
_ANSWERS = frozenset(("confirm_subscription", "reject_subscription"))
_TYPES = frozenset(("welcome", "disconnect", "ping")) | _ANSWERS


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
        inner = inner_value(identifier)
        return 0.9 if isinstance(inner, dict) and isinstance(inner.get("channel"), str) else 0

    def messages(self, value: Value, _context: Context) -> tuple[Message, ...]:
        """Return the command or message. What a channel sends answers its subscription."""
        if not isinstance(value, dict):
            return ()
        identifier, kind, command = value.get("identifier"), value.get("type"), value.get("command")
        inner = inner_value(text(identifier))
        channel = text(inner.get("channel"))[:MAX_TEXT] if isinstance(inner, dict) else ""
        written, pair = written_id(identifier), key("subscription", identifier)
        if isinstance(command, str) and command in _COMMANDS:
            if command != "message":
                asks = pair if command == "subscribe" else ""
                return (Message(command, inner, channel, written, asks),)
            data = inner_value(text(value.get("data")))
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
