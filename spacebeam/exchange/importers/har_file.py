"""Imports HAR: each WebSocket of Chrome, Playwright, mitmproxy, HTTP Toolkit or Firefox.

The messages of a connection are read one by one, so a file of any length takes the memory of one
message.
"""

from __future__ import annotations

from binascii import a2b_base64
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

import msgspec

from spacebeam.exchange.importers.har_entry import HarEntry
from spacebeam.exchange.importers.importer import (
    MAX_CONVERSATIONS,
    Begin,
    End,
    ImportFault,
    ImportFileError,
    Item,
    PartMaker,
    utf8,
    valid_time,
)
from spacebeam.exchange.importers.json_lines_file import lines
from spacebeam.exchange.importers.json_stream import JsonStream
from spacebeam.exchange.losses import Loss, Losses
from spacebeam.net import events
from spacebeam.net.close_reason import CloseCause
from spacebeam.protocol.batch import Direction, Kind

_DIRECTIONS = {
    "send": Direction.SENT,
    "sent": Direction.SENT,
    "receive": Direction.RECEIVED,
    "received": Direction.RECEIVED,
}
_CONTROL = (Kind.CLOSE, Kind.PING, Kind.PONG)
Attached = Callable[[str], BinaryIO | None]
_WRONG_GAPS = ("Playwright", "1.61.0")  # its times grow a thousand times too slowly


def _no_file(_name: str) -> BinaryIO | None:
    return None


def read(file: BinaryIO, losses: Losses, attached: Attached = _no_file) -> Iterator[Item]:
    """Yield the conversations of a HAR. Raises ImportFileError.

    `attached` opens a file that an entry's `_file` names; its lines are the messages.
    """
    stream = JsonStream(file)
    for key in stream.members():
        if key == "log":
            yield from _log(stream, losses, attached)
        else:
            stream.value()
    stream.end()


def read_trace(file: BinaryIO, losses: Losses, attached: Attached) -> Iterator[Item]:
    """Yield the conversations of a Playwright trace's network. Raises ImportFileError.

    Each line is an object with a HAR entry.
    """
    stream = JsonStream(file)
    yield from _entries(stream, _snapshots(stream), losses, attached)


def _snapshots(stream: JsonStream) -> Iterator[None]:
    """Stop at the entry of each object."""
    while stream.peek():
        for key in stream.members():
            if key == "snapshot":
                yield
            else:
                stream.value()


def _log(stream: JsonStream, losses: Losses, attached: Attached) -> Iterator[Item]:
    creator: Any = None
    for key in stream.members():
        if key == "creator":
            creator = stream.value()
        elif key == "entries":
            told = creator if isinstance(creator, dict) else {}
            has_wrong_gaps = (told.get("name"), told.get("version")) == _WRONG_GAPS
            yield from _entries(stream, stream.items(), losses, attached, has_wrong_gaps)
        else:
            stream.value()


def _entries(
    stream: JsonStream,
    places: Iterator[None],
    losses: Losses,
    attached: Attached,
    has_wrong_gaps: bool = False,
) -> Iterator[Item]:
    """Yield the conversations of the entries at which `places` stops."""
    count = 0  # conversations
    for number, _place in enumerate(places):
        reader = _Reader(stream, losses, str(number), has_wrong_gaps, attached)
        yield from reader.items()
        count += reader.is_begun
        if count > MAX_CONVERSATIONS:
            raise stream.error(ImportFault.TOO_MANY)


class _Reader:
    """Reads one entry of a HAR, whose keys may be in any order."""

    def __init__(
        self,
        stream: JsonStream,
        losses: Losses,
        key: str,
        has_wrong_gaps: bool,
        attached: Attached,
    ) -> None:
        self._stream = stream
        self._losses = losses
        self._key = key
        self._has_wrong_gaps = has_wrong_gaps
        self._attached = attached
        self._entry = HarEntry()
        self._parts = PartMaker(key)
        self.is_begun = False
        self._last = 0.0  # time of the newest entry

    def items(self) -> Iterator[Item]:
        """Yield the conversation of this entry, if it is one. Raises ImportFileError."""
        try:
            yield from self._items()
        except ImportFileError:
            yield from self._parts.rest()
            raise

    def _items(self) -> Iterator[Item]:
        late: list[Any] = []  # messages that come before the request
        for key in self._stream.members():
            if key != "_webSocketMessages":
                self._entry.take(key, self._stream.value())
            elif self._stream.peek() != "[":
                self._stream.value()
            elif self._entry.has_request:
                for _item in self._stream.items():
                    yield from self._message(self._stream.value())
            else:
                late = self._stream.value()
        for one in late:
            yield from self._message(one)
        if not self.is_begun and self._entry.is_websocket:
            yield from self._attached_messages()
        yield from self._end()

    def _attached_messages(self) -> Iterator[Item]:
        name = self._entry.file
        file = self._attached(name) if name else None
        try:
            for number, line in lines(file) if file is not None else ():
                try:
                    found = msgspec.json.decode(line)
                except (ValueError, RecursionError):
                    raise ImportFileError(ImportFault.NOT_JSON, line=number) from None
                yield from self._message(found)
        except ImportFileError as error:
            error.member = name
            raise

    def _begin(self) -> Iterator[Item]:
        if self.is_begun:
            return
        self.is_begun = True
        entry = self._entry
        self._last = entry.began
        yield Begin(self._key, entry.began, entry.url, entry.report())
        connected = events.to_payload(events.Connected(entry.safe_url))
        yield from self._parts.add(entry.began, Direction.NONE, Kind.EVENT, connected)

    def _end(self) -> Iterator[Item]:
        entry = self._entry
        if not self.is_begun:
            if not entry.is_websocket:
                self._losses[Loss.OTHER_REQUESTS] += 1
                return
            if not entry.is_accepted:
                self._losses[Loss.REFUSED] += 1
                return
            self._losses[Loss.NO_MESSAGES] += 1
            yield from self._begin()
        closed = _closed(entry.close)
        if closed is not None:
            payload = events.to_payload(closed)
            yield from self._parts.add(self._last, Direction.NONE, Kind.EVENT, payload)
        yield from self._parts.rest()
        yield End(self._key, self._last)

    def _message(self, found: Any) -> Iterator[Item]:
        if not isinstance(found, dict):
            self._losses[Loss.INVALID_MESSAGES] += 1
            return
        data = found.get("data")
        text = data if isinstance(data, str) else ""
        if found.get("type") == "error":
            if self.is_begun or self._entry.is_accepted:
                yield from self._begin()
                note = events.to_payload(events.Note(text[: events.MAX_EVENT_PAYLOAD // 8]))
                yield from self._add(found, Direction.NONE, Kind.EVENT, note)
            return
        direction = _DIRECTIONS.get(str(found.get("type")))
        message = _payload(found.get("opcode", 1), text, found.get("code"))
        if direction is None or message is None or (data is not None and text is not data):
            self._losses[Loss.INVALID_MESSAGES] += 1
            return
        yield from self._begin()
        yield from self._add(found, direction, *message)

    def _add(
        self, found: dict[str, Any], direction: Direction, kind: Kind, payload: bytes
    ) -> Iterator[Item]:
        time = self._time(found.get("time"))
        self._last = max(self._last, time)
        yield from self._parts.add(time, direction, kind, payload)

    def _time(self, value: Any) -> float:
        """Return a message's time; of a message without one, that of the message before it."""
        # In milliseconds it is later than any time in seconds.
        is_milliseconds = type(value) in (int, float) and value > 1e11
        time = valid_time(value, 0.001 if is_milliseconds else 1.0)
        if time is None:
            self._losses[Loss.WRONG_TIMES] += 1
            return self._last
        if self._has_wrong_gaps:
            self._losses[Loss.WRONG_TIMES] += 1
            began = self._entry.began
            return valid_time(began + 1000 * (time - began)) or time
        return time


def _payload(opcode: Any, text: str, code: Any) -> tuple[Kind, bytes] | None:
    """Return the kind and payload of a message; None if it has none."""
    if opcode in (None, 0, 1):
        return Kind.TEXT, utf8(text)
    if opcode == 2:
        payload = _from_base64(text)
        return None if payload is None else (Kind.BINARY, payload)
    if opcode not in _CONTROL:
        return None
    payload = _from_base64(text)
    if payload is None:
        payload = utf8(text)
    if opcode == Kind.CLOSE and type(code) is int and 0 < code < 2**16:
        return Kind.CLOSE, code.to_bytes(2, "big") + payload
    return Kind(opcode), payload


def _from_base64(text: str) -> bytes | None:
    try:
        return a2b_base64(text, strict_mode=True) if text else b""
    except ValueError:
        return None


def _closed(found: Any) -> events.Closed | None:
    """Return how the connection ended, as HTTP Toolkit writes it."""
    if found == "aborted":
        return events.Closed(CloseCause.STREAM_CLOSED, 1006)
    if not isinstance(found, dict):
        return None
    code, reason = found.get("code"), found.get("reason")
    if type(code) is not int or not 0 < code < 2**16:
        code = 1005
    return events.Closed(
        CloseCause.CLOSE_FRAME, code, reason=reason[:123] if isinstance(reason, str) else ""
    )
