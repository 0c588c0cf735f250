"""Speaks Socket.IO (EIO=4, and EIO=3 of version 2), and Engine.IO alone.

https://socket.io/docs/v4/socket-io-protocol/, https://socket.io/docs/v4/engine-io-protocol/
"""

from __future__ import annotations

from spacebeam.decode.decoder import Context, DecodeError, Value
from spacebeam.decode.socketio import SocketIoDecoder
from spacebeam.decode.speaking.speaker import (
    ANSWERED,
    NOTHING,
    Call,
    Parameters,
    Payload,
    Reaction,
    Speaker,
    Verb,
    only_verb,
)

_CODEC = SocketIoDecoder()
_PING, _PONG, _CLOSE, _NOOP = b"2", b"3", b"1", b"6"
_OLD = "3"  # of Engine.IO: there the client pings
_MAX_HANDSHAKE = 64 * 1024  # bytes that are read of a packet of the handshake
_PING_INTERVALS = (0.1, 3600.0)  # seconds; of a server's interval


class EngineIoSpeaker(Speaker):
    """Answers the server's pings; a message is sent as a packet."""

    name = "Engine.IO"
    verbs: tuple[Verb, ...] = (Verb.EMIT,)
    has_bodies = True
    has_name = False

    def __init__(self, parameters: Parameters) -> None:
        super().__init__(parameters)
        self._context = Context("text", "received", f"?EIO={parameters.version or 4}")

    def opening(self) -> tuple[Payload, ...]:
        """Return nothing: the server speaks first."""
        self.heartbeat = 0.0
        return ()

    def react(self, payload: bytes, *, is_text: bool) -> Reaction:
        """Answer a ping; the first packet tells how often version 3 pings."""
        if not is_text:
            return NOTHING
        if payload[:1] == b"0":
            return self._opened(payload)
        if payload[:1] == _PING:
            return Reaction((f"3{payload[1:].decode(errors='replace')}",), is_own=True)
        return ANSWERED if payload in (_PONG, _CLOSE, _NOOP) else NOTHING

    def _opened(self, payload: bytes) -> Reaction:
        value = _read(payload, self._context)
        data = value.get("data")
        interval = data.get("pingInterval") if isinstance(data, dict) else None
        if self.parameters.version == _OLD and isinstance(interval, int | float):
            least, most = _PING_INTERVALS
            self.heartbeat = min(max(interval / 1000, least), most)
        return self._begun()

    def _begun(self) -> Reaction:
        """Return what follows from the server's first packet."""
        return Reaction(is_ready=True, is_own=True)

    def beat(self) -> Payload:
        """Return a ping, which only version 3 sends."""
        return _PING.decode()

    def written(self, call: Call, number: int) -> tuple[Payload, ...]:
        """Return a message: the name, or the body if the call has one. Raises ValueError."""
        only_verb(call, self)
        body = call.arguments[0] if call.arguments else call.name
        if isinstance(body, bytes):
            return (b"\x04" + body if self.parameters.version == _OLD else body,)
        if not isinstance(body, str):
            raise ValueError("a message of Engine.IO is a text or bytes")
        return (f"4{body}",)

    def call_in(self, payload: Payload) -> Call | None:
        """Return the message of a packet."""
        is_message = isinstance(payload, str) and payload.startswith("4")
        return Call(Verb.EMIT, "", (payload[1:],)) if is_message else None


class SocketIoSpeaker(EngineIoSpeaker):
    """Joins a namespace with `auth`; an event has any number of arguments, of any type."""

    name = "Socket.IO"
    verbs = (Verb.EMIT, Verb.CALL)
    has_bodies = False
    has_name = True

    @property
    def _namespace(self) -> str:
        return self.parameters.scope or "/"

    def _begun(self) -> Reaction:
        is_old = self.parameters.version == _OLD
        if is_old and self._namespace == "/":
            return ANSWERED  # the server joins it
        packet: dict[str, Value] = {"type": "CONNECT", "nsp": self._namespace}
        if not is_old and self.parameters.auth is not None:
            packet["data"] = self.parameters.auth
        return Reaction((_CODEC.encode(packet).decode(),), is_own=True)

    def react(self, payload: bytes, *, is_text: bool) -> Reaction:
        """Answer pings, and learn from CONNECT and CONNECT_ERROR whether events can be sent."""
        if not is_text or payload[:2] not in (b"40", b"41", b"44"):
            return super().react(payload, is_text=is_text)
        packet = _read(payload, self._context)
        namespace = packet.get("nsp")
        if not isinstance(namespace, str) or namespace.partition("?")[0] != self._namespace:
            return ANSWERED
        match packet.get("type"):
            case "CONNECT":
                return Reaction(is_ready=True, is_own=True)
            case "DISCONNECT":
                return Reaction(refusal="the server has left the namespace", is_own=True)
        return Reaction(refusal=_reason(packet.get("data")), is_own=True)

    def closing(self) -> tuple[Payload, ...]:
        """Return DISCONNECT: the client leaves the namespace."""
        return (_CODEC.encode({"type": "DISCONNECT", "nsp": self._namespace}).decode(),)

    def written(self, call: Call, number: int) -> tuple[Payload, ...]:
        """Return an event and its attachments; with an id if it is to be acknowledged.

        Raises ValueError.
        """
        only_verb(call, self)
        attachments: list[bytes] = []
        data: list[Value] = [call.name]
        data += [_with_placeholders(one, attachments) for one in call.arguments]
        packet: dict[str, Value] = {"type": "EVENT", "nsp": self._namespace, "data": data}
        if attachments:
            packet |= {"type": "BINARY_EVENT", "attachments": len(attachments)}
        if call.verb is Verb.CALL:
            packet["id"] = number
        is_old = self.parameters.version == _OLD
        parts = (b"\x04" + one if is_old else one for one in attachments)
        return (_CODEC.encode(packet).decode(), *parts)

    def call_in(self, payload: Payload) -> Call | None:
        """Return an event without attachments."""
        if not isinstance(payload, str):
            return None
        packet = _read(payload.encode(errors="replace"), Context("text", "sent"))
        match packet:
            case {"type": "EVENT", "nsp": self._namespace, "data": [str(name), *arguments]}:
                verb = Verb.CALL if "id" in packet else Verb.EMIT
                return Call(verb, name, tuple(arguments))
        return None


def _read(payload: bytes, context: Context) -> dict[str, Value]:
    """Return a packet; an empty one if it is none or too long."""
    if len(payload) > _MAX_HANDSHAKE:
        return {}
    try:
        value = _CODEC.decode(payload, context).value
    except DecodeError:
        return {}
    return value if isinstance(value, dict) else {}


def _reason(data: Value) -> str:
    """Return why the server refuses; version 2 says a text."""
    message = data.get("message") if isinstance(data, dict) else data
    return message if isinstance(message, str) and message else "the server refuses the namespace"


def _with_placeholders(value: Value, attachments: list[bytes]) -> Value:
    """Return the value with a placeholder for all bytes, which become attachments."""
    match value:
        case bytes():
            attachments.append(value)
            return {"_placeholder": True, "num": len(attachments) - 1}
        case list():
            return [_with_placeholders(one, attachments) for one in value]
        case dict():
            return {key: _with_placeholders(one, attachments) for key, one in value.items()}
    return value
