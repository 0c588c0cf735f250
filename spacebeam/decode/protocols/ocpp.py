"""OCPP-J: the Open Charge Point Protocol 1.6, 2.0.1 and 2.1 over WebSocket (part 4 of each)."""

from __future__ import annotations

from spacebeam.decode.decoder import Context, Message, Value
from spacebeam.decode.protocols.keys import MAX_TEXT, key, text, written_id

_CALL, _CALLRESULT, _CALLERROR, _CALLRESULTERROR, _SEND = 2, 3, 4, 5, 6
_TYPES = {
    _CALL: "CALL",
    _CALLRESULT: "CALLRESULT",
    _CALLERROR: "CALLERROR",
    _CALLRESULTERROR: "CALLRESULTERROR",
    _SEND: "SEND",
}
_LENGTHS = {_CALL: 4, _CALLRESULT: 3, _CALLERROR: 5, _CALLRESULTERROR: 5, _SEND: 4}
# What only a charge point would say; each begins a connection or is part of every one.
_PROOFS = frozenset(
    (
        "BootNotification",
        "StatusNotification",
        "StartTransaction",
        "StopTransaction",
        "TransactionEvent",
        "MeterValues",
        "FirmwareStatusNotification",
        "RemoteStartTransaction",
        "RequestStartTransaction",
        "TriggerMessage",
        "SetChargingProfile",
        "NotifyReport",
    )
)


class Ocpp:
    """OCPP, of all versions: their frames are the same. The names of results are their calls'."""

    name = "OCPP"

    def confidence(self, value: Value, context: Context) -> float:
        """Return 0.95 for a frame if the subprotocol says so, and 0.9 for a charge point's call."""
        if not _is_frame(value):
            return 0
        assert isinstance(value, list)
        if context.subprotocol[:4].lower() == "ocpp":
            return 0.95
        is_call = value[0] == _CALL and isinstance(value[3], dict)
        return 0.9 if is_call and value[2] in _PROOFS else 0

    def messages(self, value: Value, _context: Context) -> tuple[Message, ...]:
        """Return the message of a frame; an error has `code`, `description` and `details`."""
        if not _is_frame(value):
            return ()
        assert isinstance(value, list)
        number, identifier = value[0], value[1]
        assert isinstance(number, int)
        name, written, pair = _TYPES[number], written_id(identifier), key("call", identifier)
        if number in (_CALL, _SEND):
            action = text(value[2])[:MAX_TEXT]
            return (Message(name, value[3], action, written, pair if number == _CALL else ""),)
        if number == _CALLRESULT:
            return (Message(name, value[2], "", written, answers=pair),)
        error: Value = {"code": value[2], "description": value[3], "details": value[4]}
        answers = pair if number == _CALLERROR else ""  # what refuses a result answers none
        return (Message(name, error, "", written, "", answers, is_error=True),)


def _is_frame(value: Value) -> bool:
    """Return whether a value is an array of a type's length, with a type, an id, and an action."""
    if not isinstance(value, list) or not 3 <= len(value) <= 5:
        return False
    number, identifier = value[0], value[1]
    if isinstance(number, bool) or not isinstance(number, int) or not isinstance(identifier, str):
        return False
    return _LENGTHS.get(number) == len(value) and (
        number == _CALLRESULT or isinstance(value[2], str)
    )
