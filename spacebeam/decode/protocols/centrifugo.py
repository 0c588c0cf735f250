"""Centrifugo's client protocol, version 2, in JSON.

https://centrifugal.dev/docs/transports/client_protocol

Several messages in one payload are on lines of their own: their value is a list.
"""

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

_ENDPOINT = "/connection/websocket"
_METHODS = (
    "connect",
    "subscribe",
    "unsubscribe",
    "publish",
    "presence",
    "presence_stats",
    "history",
    "refresh",
    "sub_refresh",
    "rpc",
    "ping",
    "send",
)
_PUSHES = (
    "pub",
    "join",
    "leave",
    "unsubscribe",
    "message",
    "subscribe",
    "connect",
    "disconnect",
    "refresh",
)
_OTHER = {"sent": "received", "received": "sent"}


class Centrifugo:
    """Centrifugo. Commands and pushes are named by their channel or method."""

    name = "Centrifugo"

    def confidence(self, value: Value, context: Context) -> float:
        """Return 0.95 for a message if the endpoint says so, and 0.9 for an answer to `connect`."""
        if isinstance(value, list):
            value = value[0] if value else None
        if not isinstance(value, dict):
            return 0
        if _ENDPOINT in context.endpoint:
            is_known = _method(value) or "push" in value or ("id" in value and "error" in value)
            return 0.95 if is_known else 0
        return 0.9 if _is_welcome(value) and "id" in value else 0

    def messages(self, value: Value, context: Context) -> tuple[Message, ...]:
        """Return the commands, replies and pushes."""
        values = value[:MAX_MESSAGES] if isinstance(value, list) else [value]
        found = (self._message(one, context) for one in values)
        return tuple(message for message in found if message is not None)

    def _message(self, value: Value, context: Context) -> Message | None:
        if not isinstance(value, dict):
            return None
        push = value.get("push")
        if isinstance(push, dict):
            return _push(push)
        is_command = self._is_command(value, context)
        if not value:
            asks, answers = ("", "ping") if is_command else ("ping", "")
            return Message("pong" if is_command else "ping", asks=asks, answers=answers)
        identifier = value.get("id")
        written, pair = written_id(identifier), key("command", identifier)
        if "error" in value and "id" in value:
            return Message("error reply", value["error"], "", written, "", pair, is_error=True)
        method = _method(value)
        if not method:
            return None
        content = value[method]
        if not is_command:
            return Message(f"reply {method}", content, "", written, answers=pair)
        name = ""
        if isinstance(content, dict):
            name = text(content.get("method" if method == "rpc" else "channel"))[:MAX_TEXT]
        return Message(f"command {method}", content, name, written, pair)

    def _is_command(self, value: dict[str, Value], context: Context) -> bool:
        """Return whether the client says it: the side that the server does not welcome."""
        if _is_welcome(value):
            remember(context, self.name, "client", _OTHER.get(context.direction, ""))
        return context.direction == (recent(context, self.name).get("client") or "sent")


def _method(value: dict[str, Value]) -> str:
    return next((name for name in _METHODS if isinstance(value.get(name), dict)), "")


def _is_welcome(value: dict[str, Value]) -> bool:
    """Return whether a value is the reply to `connect`, which a command is not like."""
    connect = value.get("connect")
    return isinstance(connect, dict) and bool(text(connect.get("client"))) and "version" in connect


def _push(push: dict[str, Value]) -> Message | None:
    kind = next((name for name in _PUSHES if name in push), "")
    if not kind:
        return None
    return Message(f"push {kind}", push[kind], text(push.get("channel"))[:MAX_TEXT])
