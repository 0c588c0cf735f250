"""SignalR's hub protocol in MessagePack: messages after their length, as 7 bits a byte."""

from __future__ import annotations

from collections.abc import Iterator

from spacebeam.decode.byte_ranges import ByteRanges, count_of
from spacebeam.decode.decoder import Context, Data, Decoded, DecodeError, Message, Value
from spacebeam.decode.embedded import members_of
from spacebeam.decode.message_pack import MessagePackDecoder
from spacebeam.decode.signalr import MEMORY, message_of
from spacebeam.decode.structured import StructuredDecoder, aside
from spacebeam.decode.unfinished import MAX_IN_ROW, MAX_MESSAGES, has_enough

_JUDGED = 64  # messages whose lengths are looked at
_SURE, _LIKELY = 0.95, 0.8
_ARRAYS = range(0x91, 0x98)  # first bytes of the arrays that messages are
_TYPES = range(1, 10)
_EMPTY_HEADERS = 0x80
_LONGEST_LENGTH = 5  # bytes
_ERROR, _VOID, _RESULT = 1, 2, 3  # kinds of a completion
_PACK = MessagePackDecoder()
_NOTHING = Context()

Fields = dict[str, Value]
# Of the fields in the arrays; an error is elsewhere where a message closes the connection.
_PLACES = {"type": 0, "headers": 1, "invocationId": 2, "target": 3, "arguments": 4, "streamIds": 5}
_PLACES |= {"item": 3, "result": 4, "error": 4, "sequenceId": 1, "allowReconnect": 2}


class SignalRMessagePackDecoder(StructuredDecoder):
    """Messages of SignalR in MessagePack, with the names that they have in JSON."""

    name = "SignalR MessagePack"
    kinds = ("binary",)
    spans_payloads = True

    def confidence(self, payload: Data, context: Context) -> float:
        """Return 0.95 after the handshake, 0.8 for calls whose lengths fit."""
        if context.kind != "binary" or len(payload) < 3 or context.is_cut:
            return 0
        # Most payloads are judged by the first message; its length has one or two bytes, or more.
        place = 1 if payload[0] < 0x80 else 2
        if payload[place] not in _ARRAYS and payload[place - 1] < 0x80:
            return 0
        is_known = context.memory.get(MEMORY) == "messagepack"
        try:
            for count, (begin, _end) in enumerate(message_ranges(payload)):
                if payload[begin] not in _ARRAYS or payload[begin + 1] not in _TYPES:
                    return 0
                is_call = payload[begin + 1] <= 5 and payload[begin + 2] == _EMPTY_HEADERS
                if not is_known and not is_call:
                    return 0
                if count >= _JUDGED:
                    break
        except (DecodeError, IndexError):
            return 0
        return _SURE if is_known else _LIKELY

    def decode(self, payload: Data, context: Context) -> Decoded:
        """Return the messages of the payload. Raises DecodeError."""
        return self._decode(payload, context, MAX_MESSAGES)

    def decode_for_row(self, payload: Data, context: Context) -> Decoded:
        """Return the first messages. Raises DecodeError."""
        return self._decode(payload, context, MAX_IN_ROW)

    def _decode(self, payload: Data, context: Context, limit: int) -> Decoded:
        records: list[Value] = []
        messages: list[Message] = []
        for begin, end in message_ranges(payload):
            if has_enough(len(messages), limit, begin):
                break
            try:
                items = _PACK.decode(payload[begin:end], _NOTHING).value
            except DecodeError as error:
                raise DecodeError(str(error), begin + error.offset) from None
            if not isinstance(items, list) or not items:
                raise DecodeError("a message is no array", begin)
            record = _named(items) if type(items[0]) is int else None
            records.append(items if record is None else record)
            messages.append(message_of({"type": items[0]} if record is None else record, context))
        is_one = len(records) == 1 and isinstance(records[0], dict)
        return Decoded(records[0] if is_one else records, tuple(messages))

    def ranges(self, payload: Data, context: Context) -> ByteRanges:
        """Return the bytes of the values of each message. Raises DecodeError."""
        value = self.decode(payload, aside(context)).value
        found = ByteRanges()
        records = value if isinstance(value, list) else [value]
        if isinstance(value, list):
            found.add((0, len(payload)))
        for record, (begin, end) in zip(records, message_ranges(payload), strict=True):
            inside = _PACK.ranges(payload[begin:end], _NOTHING)
            if isinstance(record, dict):
                _add_record(found, record, inside, begin)
            else:
                found.add_part(inside, 0, len(inside), begin)
        return found

    def encode(self, value: Value) -> bytes:
        """Return messages with their lengths. Raises ValueError."""
        found = bytearray()
        for record in value if isinstance(value, list) else [value]:
            items = record if isinstance(record, list) else _items(members_of(record, "a message"))
            message = _PACK.encode(items)
            found += _length(len(message)) + message
        return bytes(found)


def _add_record(found: ByteRanges, record: Fields, inside: ByteRanges, begin: int) -> None:
    """Add the ranges of a record, of which `inside` has those of the array that it was."""
    found.add_part(inside, 0, 1, begin)
    starts = [1]
    for item in _items(record):
        starts.append(starts[-1] + count_of(item))
    for name, one in record.items():
        place = _PLACES[name] if name != "error" or record["type"] == 3 else 1
        found.add_part(inside, starts[place], count_of(one), begin)


def message_ranges(payload: Data) -> Iterator[tuple[int, int]]:
    """Yield where messages begin and end. Raises DecodeError."""
    begin = 0
    while begin < len(payload):
        size, place = 0, begin
        for shift in range(0, 7 * _LONGEST_LENGTH, 7):
            if place >= len(payload):
                raise DecodeError("ends in a length", len(payload))
            byte = payload[place]
            size |= (byte & 0x7F) << shift
            place += 1
            if byte < 0x80:
                break
        else:
            raise DecodeError("a length of more than five bytes", begin)
        if size > len(payload) - place:
            raise DecodeError("a message is longer than the payload", begin)
        yield place, place + size
        begin = place + size


def _length(size: int) -> bytes:
    found = bytearray()
    while size >= 0x80:
        found.append(size & 0x7F | 0x80)
        size >>= 7
    return bytes((*found, size))


def _named(items: list[Value]) -> Fields | None:
    """Return a message with the names of JSON, or None if it is not of a known form."""
    match items:
        case [1 | 4, dict(), str() | None, str(target), list(arguments), *streams]:
            return _call(items, target, arguments, streams)
        case [2, dict(), str(), item]:
            return _head(items) | {"item": item}
        case [3, dict(), str(), int(kind), *rest]:
            return _completion(items, kind, rest)
        case [5, dict(), str()]:
            return _head(items)
        case [6]:
            return {"type": 6}
        case [7, str() | None as error]:
            return {"type": 7, "error": error}
        case [7, str() | None as error, bool(can_reconnect)]:
            return {"type": 7, "error": error, "allowReconnect": can_reconnect}
        case [8 | 9, int(number)]:
            return {"type": items[0], "sequenceId": number}
    return None


def _head(items: list[Value]) -> Fields:
    """Return type, headers and id, as far as there are any."""
    fields: Fields = {"type": items[0]}
    if items[1]:
        fields["headers"] = items[1]
    if items[2] is not None:
        fields["invocationId"] = items[2]
    return fields


def _call(
    items: list[Value], target: str, arguments: list[Value], streams: list[Value]
) -> Fields | None:
    fields = _head(items) | {"target": target, "arguments": arguments}
    match streams:
        case []:
            return fields
        case [list(ids)]:
            return fields | {"streamIds": ids}
    return None


def _completion(items: list[Value], kind: int, rest: list[Value]) -> Fields | None:
    match kind, rest:
        case 1, [str(error)]:
            return _head(items) | {"error": error}
        case 2, []:
            return _head(items)
        case 3, [result]:
            return _head(items) | {"result": result}
    return None


def _items(fields: Fields) -> list[Value]:
    """Return the array of a message; the way back of `_named`. Raises ValueError."""
    kind = fields.get("type")
    items: list[Value] = [kind, fields.get("headers", {}), fields.get("invocationId")]
    match kind:
        case 1 | 4:
            items += [fields.get("target"), fields.get("arguments", [])]
            items += [fields["streamIds"]] if "streamIds" in fields else []
        case 2:
            items.append(fields.get("item"))
        case 3:
            items += _result(fields)
        case 6:
            items = [kind]
        case 7:
            items = [kind, fields.get("error")]
            items += [fields["allowReconnect"]] if "allowReconnect" in fields else []
        case 8 | 9:
            items = [kind, fields.get("sequenceId")]
    if _named(items) is None:
        raise ValueError("a message has a type from 1 to 9 and what belongs to it")
    return items


def _result(fields: Fields) -> list[Value]:
    if "error" in fields:
        return [_ERROR, fields["error"]]
    return [_RESULT, fields["result"]] if "result" in fields else [_VOID]
