"""WAMP 2 (wamp-proto.org), in JSON, MessagePack or CBOR."""

from __future__ import annotations

from dataclasses import dataclass

from spacebeam.decode.decoder import Context, Message, Value
from spacebeam.decode.protocols.keys import MAX_TEXT, key, recent, remember, text, written_id

_INTEGERS = frozenset(
    ("request", "request_type", "session", "subscription", "registration", "publication")
)
_NAMES = ("realm", "reason", "method", "topic", "procedure", "error")
_TEXTS = frozenset((*_NAMES, "signature"))
_OBJECTS = frozenset(("details", "options", "extra"))


@dataclass(frozen=True, slots=True)
class _Layout:
    """A type of message: its fields in their order, and what it asks and answers."""

    type: str
    fields: tuple[str, ...]
    required: int  # of the fields
    asks: str = ""  # the kind of the request; its id is in the key too
    answers: str = ""


def _layout(kind: str, fields: str, asks: str = "", answers: str = "") -> _Layout:
    """Return a layout of fields that are divided by spaces; optional ones have a question mark."""
    names = fields.split()
    required = sum(not name.endswith("?") for name in names)
    return _Layout(kind, tuple(name.rstrip("?") for name in names), required, asks, answers)


_ERROR = 8
_LAYOUTS = {
    1: _layout("HELLO", "realm details"),
    2: _layout("WELCOME", "session details"),
    3: _layout("ABORT", "details reason args? kwargs?"),
    4: _layout("CHALLENGE", "method extra"),
    5: _layout("AUTHENTICATE", "signature extra"),
    6: _layout("GOODBYE", "details reason"),
    _ERROR: _layout("ERROR", "request_type request details error args? kwargs?"),
    16: _layout("PUBLISH", "request options topic args? kwargs?", "PUBLISH"),
    17: _layout("PUBLISHED", "request publication", "", "PUBLISH"),
    32: _layout("SUBSCRIBE", "request options topic", "SUBSCRIBE"),
    33: _layout("SUBSCRIBED", "request subscription", "", "SUBSCRIBE"),
    34: _layout("UNSUBSCRIBE", "request subscription", "UNSUBSCRIBE"),
    35: _layout("UNSUBSCRIBED", "request details?", "", "UNSUBSCRIBE"),
    36: _layout("EVENT", "subscription publication details args? kwargs?"),
    48: _layout("CALL", "request options procedure args? kwargs?", "CALL"),
    49: _layout("CANCEL", "request options"),
    50: _layout("RESULT", "request details args? kwargs?", "", "CALL"),
    64: _layout("REGISTER", "request options procedure", "REGISTER"),
    65: _layout("REGISTERED", "request registration", "", "REGISTER"),
    66: _layout("UNREGISTER", "request registration", "UNREGISTER"),
    67: _layout("UNREGISTERED", "request details?", "", "UNREGISTER"),
    68: _layout("INVOCATION", "request registration details args? kwargs?", "INVOCATION"),
    69: _layout("INTERRUPT", "request options"),
    70: _layout("YIELD", "request options args? kwargs?", "", "INVOCATION"),
}
# The handshake has no ids; a challenge is an answer to HELLO, but not the last one.
_HANDSHAKE = {
    "HELLO": ("session", ""),
    "CHALLENGE": ("challenge", "session"),
    "AUTHENTICATE": ("", "challenge"),
    "WELCOME": ("", "session"),
    "ABORT": ("", "session"),
}
# A topic is said once, in SUBSCRIBE; SUBSCRIBED gives it a number, which events have. The same with
# procedures.
_CONFIRMATIONS = {"SUBSCRIBE": "SUBSCRIBED", "REGISTER": "REGISTERED"}
_NUMBERED = {
    "SUBSCRIBED": ("EVENT", "subscription"),
    "REGISTERED": ("INVOCATION", "registration"),
}
_BY_NUMBER = {
    "EVENT": ("subscription", "topic"),
    "INVOCATION": ("registration", "procedure"),
}


class Wamp:
    """WAMP 2. Events and invocations have the topic or procedure of their subscription."""

    name = "WAMP"

    def confidence(self, value: Value, context: Context) -> float:
        """Return 0.95 for a message if the subprotocol says so, and 0.9 for HELLO and WELCOME."""
        if not isinstance(value, list):
            return 0
        layout = _layout_of(value)
        if layout is None:
            return 0
        if context.subprotocol.startswith("wamp.2."):
            return 0.95
        if layout.type not in ("HELLO", "WELCOME"):
            return 0
        details = value[2]
        return 0.9 if isinstance(details, dict) and isinstance(details.get("roles"), dict) else 0

    def messages(self, value: Value, context: Context) -> tuple[Message, ...]:
        """Return the message, with the fields that are neither its name nor its id as value."""
        if not isinstance(value, list):
            return ()
        layout = _layout_of(value)
        if layout is None:
            return ()
        fields = dict(zip(layout.fields, value[1:], strict=False))
        request = fields.pop("request", None)
        name = self._name(layout.type, fields, request, context)
        asks, answers = _pair(layout, fields, request)
        written = written_id(fields.get("session") if request is None else request)
        is_last = layout.type != "CHALLENGE" and not _is_set(fields, "progress")
        is_error = layout.type in ("ERROR", "ABORT")
        return (Message(layout.type, fields, name, written, asks, answers, is_last, is_error),)

    def _name(self, kind: str, fields: dict[str, Value], request: Value, context: Context) -> str:
        """Return a message's name, and take it from its fields; or the one of its number."""
        name = next((text(fields.pop(field)) for field in _NAMES if field in fields), "")
        memory = recent(context, self.name)
        if kind in _CONFIRMATIONS:
            confirmed = f"{_CONFIRMATIONS[kind]} {written_id(request)}"
            remember(context, self.name, confirmed, name)
        elif kind in _NUMBERED:
            about, field = _NUMBERED[kind]
            asked = memory.get(f"{kind} {written_id(request)}")
            remember(context, self.name, f"{about} {written_id(fields[field])}", asked)
        elif kind in _BY_NUMBER:
            field, own = _BY_NUMBER[kind]
            details = fields["details"]
            name = text(details.get(own)) if isinstance(details, dict) else ""
            name = name or memory.get(f"{kind} {written_id(fields[field])}")
        return name[:MAX_TEXT]


def _pair(layout: _Layout, fields: dict[str, Value], request: Value) -> tuple[str, str]:
    """Return what a message asks and answers."""
    if request is None:
        return _HANDSHAKE.get(layout.type, ("", ""))
    asks, answers = layout.asks, layout.answers
    if layout.type == "PUBLISH" and not _is_set(fields, "acknowledge"):
        asks = ""
    elif layout.type == "ERROR":
        number = fields["request_type"]
        answered = _LAYOUTS.get(number) if isinstance(number, int) else None
        answers = answered.asks if answered else ""
    return key(asks, request) if asks else "", key(answers, request) if answers else ""


def _is_set(fields: dict[str, Value], option: str) -> bool:
    options = fields.get("options", fields.get("details"))
    return isinstance(options, dict) and options.get(option) is True


def _layout_of(value: list[Value]) -> _Layout | None:
    """Return the layout of a message; none if it has other fields."""
    number = value[0] if value else None
    if isinstance(number, bool) or not isinstance(number, int):
        return None
    layout = _LAYOUTS.get(number)
    if layout is None or not layout.required < len(value) <= len(layout.fields) + 1:
        return None
    return layout if all(map(_fits, layout.fields, value[1:])) else None


def _fits(field: str, value: Value) -> bool:
    if field in _INTEGERS:
        return isinstance(value, int) and not isinstance(value, bool)
    if field in _TEXTS:
        return isinstance(value, str)
    return field not in _OBJECTS or isinstance(value, dict)
