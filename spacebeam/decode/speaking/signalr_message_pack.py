"""Speaks SignalR in MessagePack: binary messages after their lengths.

ASP.NET Core, docs/specs/HubProtocol.md, "MessagePack (MsgPack) encoding"
"""

from __future__ import annotations

from itertools import islice

from spacebeam.decode.decoder import Context, DecodeError
from spacebeam.decode.message_pack import MessagePackDecoder
from spacebeam.decode.signalr_message_pack import SignalRMessagePackDecoder, message_ranges
from spacebeam.decode.speaking.signalr import CLOSE, MAX_RECORDS, PING, Record, SignalRSpeaker
from spacebeam.decode.speaking.speaker import Payload

_MAX_READ = 64 * 1024  # bytes of a message that may be the protocol's own
_ARRAYS = range(0x91, 0x94)  # first bytes of a ping and of a close message
_CALL = {"type", "invocationId", "target", "arguments"}
_CODEC = SignalRMessagePackDecoder()
_PACK = MessagePackDecoder()


class SignalRMessagePackSpeaker(SignalRSpeaker):
    """Calls as of SignalR in JSON; their arguments and results can have bytes."""

    name = "SignalR (MessagePack)"
    protocol = "messagepack"

    def encoded(self, record: Record) -> Payload:
        """Return a record as a message after its length. Raises ValueError."""
        return _CODEC.encode(record)

    def records(self, payload: bytes, *, is_text: bool) -> list[Record]:
        """Return the first messages of a payload, as far as they are the protocol's own."""
        try:
            ranges = [] if is_text else list(islice(message_ranges(payload), MAX_RECORDS))
        except DecodeError:
            return []
        return [_own_record(payload[begin:end]) for begin, end in ranges]

    def record_in(self, payload: Payload) -> Record:
        """Return the only message of a sent payload; an empty one if it has other parts."""
        if not isinstance(payload, bytes) or len(payload) < 2:
            return {}
        try:
            value = _CODEC.decode(payload, Context("binary", "sent")).value
        except DecodeError:
            return {}
        return value if isinstance(value, dict) and value.keys() <= _CALL else {}


def _own_record(message: bytes) -> Record:
    """Return a ping or a close message; an empty record for any other, which may be long."""
    is_own = len(message) > 1 and message[0] in _ARRAYS and message[1] in (PING, CLOSE)
    if not is_own or len(message) > _MAX_READ:
        return {}
    try:
        items = _PACK.decode(message, Context()).value
    except DecodeError:
        return {}
    match items:
        case [kind, error, *_]:
            return {"type": kind, "error": error}
        case [kind]:
            return {"type": kind}
    return {}
