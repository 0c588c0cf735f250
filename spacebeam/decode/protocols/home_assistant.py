"""Home Assistant's WebSocket API (developers.home-assistant.io/docs/api/websocket)."""

from __future__ import annotations

from spacebeam.decode.decoder import Context, Message, Value
from spacebeam.decode.protocols.keys import (
    MAX_MESSAGES,
    MAX_TEXT,
    key,
    recent,
    remember,
    text,
    written_id,
)

_ENDPOINT = "/api/websocket"
_PHASE = {  # of authentication: what a type asks and answers
    "auth_required": ("auth_required", ""),
    "auth": ("auth", "auth_required"),
    "auth_ok": ("", "auth"),
    "auth_invalid": ("", "auth"),
}
_ANSWERS = frozenset(("result", "event", "pong"))
_COMMANDS = frozenset(
    (
        "call_service",
        "fire_event",
        "get_config",
        "get_panels",
        "get_services",
        "get_states",
        "ping",
        "render_template",
        "subscribe_entities",
        "subscribe_events",
        "subscribe_trigger",
        "supported_features",
        "unsubscribe_events",
        "validate_config",
    )
)


class HomeAssistant:
    """Home Assistant. The events of a subscription answer the command that made it."""

    name = "Home Assistant"

    def confidence(self, value: Value, context: Context) -> float:
        """Return 0.95 for a message if the endpoint says so, and 0.9 for a server's greeting."""
        if isinstance(value, list):
            value = value[0] if value else None
        if not isinstance(value, dict):
            return 0
        kind = text(value.get("type"))
        is_greeting = kind in ("auth_required", "auth_ok") and bool(text(value.get("ha_version")))
        if is_greeting:
            return 0.9
        path = context.endpoint.partition("?")[0]
        return 0.95 if path.endswith(_ENDPOINT) and _is_known(kind, value) else 0

    def messages(self, value: Value, context: Context) -> tuple[Message, ...]:
        """Return the message, or those of an array."""
        values = value[:MAX_MESSAGES] if isinstance(value, list) else [value]
        found = (self._message(one, context) for one in values)
        return tuple(message for message in found if message is not None)

    def _message(self, value: Value, context: Context) -> Message | None:
        if not isinstance(value, dict) or not text(value.get("type")):
            return None
        kind, identifier = text(value["type"])[:MAX_TEXT], value.get("id")
        content = {name: one for name, one in value.items() if name not in ("type", "id")}
        written, pair = written_id(identifier), key("command", identifier)
        if kind in _PHASE:
            asks, answers = _PHASE[kind]
            is_error = kind == "auth_invalid"
            return Message(kind, content, asks=asks, answers=answers, is_error=is_error)
        if kind not in _ANSWERS:
            if _is_subscription(kind):
                remember(context, self.name, pair, kind)
            return Message(kind, content, _name(content), written, pair)
        is_error = kind == "result" and content.get("success") is False
        is_last = is_error or not (kind == "event" or recent(context, self.name).get(pair))
        return Message(kind, content, "", written, "", pair, is_last, is_error)


def _is_known(kind: str, value: dict[str, Value]) -> bool:
    """Return whether a message is of a type that Home Assistant's API has."""
    if kind in _PHASE:
        return True
    if not isinstance(value.get("id"), int):
        return False
    if kind in _ANSWERS:
        return kind == "pong" or "success" in value or "event" in value
    return kind in _COMMANDS or "/" in kind


def _is_subscription(kind: str) -> bool:
    """Return whether a command has events after its result."""
    last = kind.rpartition("/")[2]
    return last.startswith("subscribe") or kind in ("render_template", "assist_pipeline/run")


def _name(content: dict[str, Value]) -> str:
    """Return the service that is called, or the type of event."""
    domain, service = text(content.get("domain")), text(content.get("service"))
    if domain and service:
        return f"{domain[:MAX_TEXT]}.{service[:MAX_TEXT]}"
    return text(content.get("event_type"))[:MAX_TEXT]
