"""Speaks STOMP 1.0 to 1.2: CONNECT, heart-beats, SEND and SUBSCRIBE.

https://stomp.github.io/stomp-specification-1.2.html
"""

from __future__ import annotations

from spacebeam.decode.decoder import Context, DecodeError, Value
from spacebeam.decode.speaking.speaker import (
    ANSWERED,
    NOTHING,
    Call,
    Payload,
    Reaction,
    Speaker,
    Verb,
    only_verb,
)
from spacebeam.decode.stomp import StompDecoder

_HEARTBEAT_MS = 10_000  # offered for both directions, as STOMP's usual client does
_MAX_READ = 64 * 1024  # bytes of a frame of the handshake
_CODEC = StompDecoder()


class StompSpeaker(Speaker):
    """Publish sends a body to a destination, Subscribe asks for the messages of one."""

    name = "STOMP"
    verbs = (Verb.PUBLISH, Verb.SUBSCRIBE)
    has_bodies = True

    def opening(self) -> tuple[Payload, ...]:
        """Return CONNECT, with user and password if there are any."""
        self.heartbeat = 0.0
        self._is_connected = False
        headers: dict[str, Value] = {"accept-version": "1.2,1.1,1.0"}
        headers["heart-beat"] = f"{_HEARTBEAT_MS},{_HEARTBEAT_MS}"
        if self.parameters.user:
            headers |= {"login": self.parameters.user, "passcode": self.parameters.password}
        return (_frame("CONNECT", headers),)

    def react(self, payload: bytes, *, is_text: bool) -> Reaction:
        """Learn from CONNECTED that the server accepts, and how often it wants heart-beats."""
        if not payload.strip(b"\r\n"):
            return ANSWERED
        if self._is_connected or not payload.startswith((b"CONNECTED", b"ERROR")):
            return NOTHING
        headers = _headers(payload)
        if payload.startswith(b"ERROR"):
            reason = headers.get("message")
            return Reaction(refusal=reason if isinstance(reason, str) else "ERROR", is_own=True)
        self._is_connected = True
        _sends, _comma, wants = str(headers.get("heart-beat", "")).partition(",")
        if wants.strip().isascii() and wants.strip().isdigit() and int(wants[:9]):
            self.heartbeat = max(int(wants[:9]), _HEARTBEAT_MS) / 1000
        return Reaction(is_ready=True, is_own=True)

    def beat(self) -> Payload:
        """Return a heart-beat."""
        return "\n"

    def closing(self) -> tuple[Payload, ...]:
        """Return DISCONNECT, without asking for a receipt."""
        return (_frame("DISCONNECT", {}),)

    def written(self, call: Call, number: int) -> tuple[Payload, ...]:
        """Return SEND or SUBSCRIBE. Raises ValueError."""
        only_verb(call, self)
        if not call.name:
            raise ValueError("enter a destination")
        if call.verb is Verb.SUBSCRIBE:
            return (_frame("SUBSCRIBE", {"id": f"sub-{number}", "destination": call.name}),)
        body = call.arguments[0] if call.arguments else ""
        if not isinstance(body, str | bytes) or len(call.arguments) > 1:
            raise ValueError("the body is one text, or bytes")
        size = len(body.encode()) if isinstance(body, str) else len(body)
        headers: dict[str, Value] = {"destination": call.name, "content-length": str(size)}
        return (_frame("SEND", headers, body),)

    def call_in(self, payload: Payload) -> Call | None:
        """Return the call of a frame that has no other headers."""
        if not isinstance(payload, str):
            return None
        try:
            value = _CODEC.decode(payload.encode(errors="replace"), Context("text", "sent")).value
        except DecodeError:
            return None
        match value:
            case {"command": "SEND", "headers": {"destination": str(name), **others}, "body": body}:
                is_known = others.keys() <= {"content-length"}
                return Call(Verb.PUBLISH, name, (body,)) if is_known else None
            case {"command": "SUBSCRIBE", "headers": {"destination": str(name), "id": _, **others}}:
                return None if others else Call(Verb.SUBSCRIBE, name)
        return None


def _frame(command: str, headers: dict[str, Value], body: Payload = "") -> Payload:
    """Return a frame: binary if its body is."""
    frame = _CODEC.encode({"command": command, "headers": headers, "body": body})
    return frame if isinstance(body, bytes) else frame.decode()


def _headers(payload: bytes) -> dict[str, Value]:
    """Return the headers of a frame; none if it is damaged or long."""
    if len(payload) > _MAX_READ:
        return {}
    try:
        value = _CODEC.decode(payload, Context("text", "received", subprotocol="v12.stomp")).value
    except DecodeError:
        return {}
    frame = value[0] if isinstance(value, list) and value else value
    headers = frame.get("headers") if isinstance(frame, dict) else None
    return headers if isinstance(headers, dict) else {}
