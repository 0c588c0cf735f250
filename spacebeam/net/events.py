"""What happens to a connection between its messages, as values without sentences.

The payload of an event entry is compact JSON in UTF-8, `{"type": "connected", "url": …}`. A
recording may come from a hostile author, so reading never raises: a payload that is no event
becomes a Note.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from spacebeam.net.close_reason import CloseCause, CloseReason
from spacebeam.net.failures import Failure
from spacebeam.protocol.batch import Batch, Direction, event_batch
from spacebeam.protocol.raw_frame import RawFrame

# Numbers of a hostile recording are refused outside these bounds.
Count = Annotated[int, Meta(ge=0, le=2**31)]
Size = Annotated[int, Meta(ge=0)]
Duration = Annotated[float, Meta(ge=0, le=1e12)]

ExpectingStep = Literal[
    "wait",
    "expect",
    "expect-next",
    "expect-none",
    "expect-close",
    "capture",
    "schema",
    "snapshot",
]

ExpectationOutcome = Literal["passed", "failed", "error"]  # error: it could not be tried

MAX_EVENT_PAYLOAD = 64 * 1024  # bytes; of a longer payload the Note has the beginning


class Connected(msgspec.Struct, frozen=True, tag="connected"):
    """The WebSocket handshake succeeded."""

    url: str  # without secrets


class ConnectFailed(msgspec.Struct, frozen=True, tag="connect-failed", omit_defaults=True):
    """An attempt to reconnect failed."""

    failure: Failure


class Closed(msgspec.Struct, frozen=True, tag="closed", omit_defaults=True):
    """The connection ended; the fields are those of CloseReason."""

    cause: CloseCause
    code: Annotated[int, Meta(ge=0, le=0xFFFF)]
    closed_by: Literal["none", "sent", "received"] = "none"
    reason: str = ""
    detail: str = ""
    is_inside_message: bool = False
    seconds: Duration | None = None
    limit: Size = 0

    @classmethod
    def of(cls, reason: CloseReason) -> Closed:
        """Return the event for a close reason."""
        return cls(
            reason.cause,
            int(reason.code),
            _DIRECTIONS[reason.closed_by],
            reason.reason,
            reason.detail,
            reason.is_inside_message,
            reason.seconds or None,
            reason.limit,
        )

    @property
    def close_reason(self) -> CloseReason:
        """Why the connection ended."""
        return CloseReason(
            self.cause,
            self.code,
            self.reason,
            Direction[self.closed_by.upper()],
            self.detail,
            self.is_inside_message,
            self.seconds or 0.0,
            self.limit,
        )


class RoundTrip(msgspec.Struct, frozen=True, tag="round-trip"):
    """A pong answered a ping of this side."""

    milliseconds: Duration


class Reconnecting(msgspec.Struct, frozen=True, tag="reconnecting"):
    """An attempt to reconnect begins."""

    attempt: Annotated[int, Meta(ge=1, le=2**31)]  # counted from 1
    attempts: Count  # maximum; 0: unlimited


class NotReconnected(msgspec.Struct, frozen=True, tag="not-reconnected"):
    """No further attempt is made."""

    attempts: Count  # made before; 0: the server's refusal is final


class RawFrameSent(msgspec.Struct, frozen=True, tag="raw-frame-sent", omit_defaults=True):
    """A frame was sent as it was written, valid or not."""

    fin: bool
    rsv: Annotated[int, Meta(ge=0, le=7)]  # the three reserved bits, 0 to 7, RSV1 the highest
    opcode: Annotated[int, Meta(ge=0, le=15)]
    masked: bool
    size: Size  # bytes of its payload
    length: Size  # as its header says
    length_form: Literal["shortest", "7-bit", "16-bit", "64-bit"] = "shortest"

    @classmethod
    def of(cls, frame: RawFrame) -> RawFrameSent:
        """Return the event for a frame."""
        return cls(
            frame.fin,
            frame.rsv,
            int(frame.opcode),
            bool(frame.mask),
            len(frame.payload),
            frame.length,
            frame.length_form.value,
        )


class Unread(msgspec.Struct, frozen=True, tag="unread", omit_defaults=True):
    """A captured stream could not be read here, or from here on."""

    direction: Literal["none", "sent", "received"]
    size: Size = 0  # bytes that the capture does not have
    detail: str = ""  # what breaks the protocol; then nothing after it is read

    @classmethod
    def of(cls, direction: Direction, size: int, detail: str = "") -> Unread:
        """Return the event for a place in one direction of a stream."""
        return cls(_DIRECTIONS[direction], size, detail)


class Expectation(msgspec.Struct, frozen=True, tag="expectation", omit_defaults=True):
    """A scenario expected something of the server, and it came or not.

    The entries before it are those that met it, or that came instead.
    """

    step: ExpectingStep  # named as its directive
    outcome: ExpectationOutcome
    milliseconds: Duration  # waited
    subjects: tuple[str, ...] = ()  # filters, a path, a name; with variables not replaced
    number: Count = 0  # of messages to wait for; of expect-close the code, 0: any


class Note(msgspec.Struct, frozen=True, tag="note"):
    """Plain text: a sentence of a version 1 recording, or a payload that is no event."""

    text: str


Event = (
    Connected
    | ConnectFailed
    | Closed
    | RoundTrip
    | Reconnecting
    | NotReconnected
    | RawFrameSent
    | Unread
    | Expectation
    | Note
)

_DIRECTIONS: dict[Direction, Literal["none", "sent", "received"]] = {
    Direction.NONE: "none",
    Direction.SENT: "sent",
    Direction.RECEIVED: "received",
}
_decoder = msgspec.json.Decoder(Event)


def to_payload(event: Event) -> bytes:
    """Return the payload of the entry for `event`."""
    try:
        return msgspec.json.encode(event)
    except UnicodeEncodeError:  # a lone surrogate, out of a file's name or a peer's header
        plain = msgspec.to_builtins(event)
        return msgspec.json.encode(_without_surrogates(plain))


def from_payload(payload: bytes | bytearray) -> Event:
    """Return the event of an entry. Never raises."""
    if len(payload) <= MAX_EVENT_PAYLOAD:
        try:
            event: Event = _decoder.decode(payload)
            return event
        except (ValueError, RecursionError):  # msgspec.DecodeError is a ValueError
            pass
    return Note(bytes(payload[:MAX_EVENT_PAYLOAD]).decode(errors="replace"))


def event(time: float, what: Event) -> Batch:
    """Return a batch with one event; `time` is Unix time in seconds."""
    return event_batch(time, to_payload(what))


def _without_surrogates(value: object) -> object:
    if isinstance(value, str):
        return value.encode(errors="replace").decode()
    if isinstance(value, dict):
        return {key: _without_surrogates(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_without_surrogates(one) for one in value]
    return value
