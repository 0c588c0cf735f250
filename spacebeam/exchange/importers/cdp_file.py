"""Imports event logs of the Chrome DevTools Protocol: a list, or an event on each line.

Times are seconds of a clock of the browser's own; the handshake has the Unix time beside it.
"""

from __future__ import annotations

from binascii import a2b_base64
from collections.abc import Iterator
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
from spacebeam.protocol.batch import Direction, Kind

_MAX_OPEN = 64  # conversations at once; each has a file
_DIRECTIONS = {
    "Network.webSocketFrameSent": Direction.SENT,
    "Network.webSocketFrameReceived": Direction.RECEIVED,
}
_KINDS = {int(kind): kind for kind in Kind if kind is not Kind.EVENT}


def read_list(file: BinaryIO, losses: Losses) -> Iterator[Item]:
    """Yield the conversations in a list of events. Raises ImportFileError."""
    stream = JsonStream(file)
    reader = _Reader(losses)
    try:
        for _item in stream.items():
            yield from reader.take(stream.value())
        stream.end()
    except ImportFileError:
        yield from reader.rest()
        raise
    yield from reader.end()


def read_lines(file: BinaryIO, losses: Losses) -> Iterator[Item]:
    """Yield the conversations in lines of events. Raises ImportFileError."""
    reader = _Reader(losses)
    try:
        for number, line in lines(file):
            try:
                found = msgspec.json.decode(line)
            except (ValueError, RecursionError):
                raise ImportFileError(ImportFault.NOT_JSON, line=number) from None
            yield from reader.take(found)
    except ImportFileError:
        yield from reader.rest()
        raise
    yield from reader.end()


class _Socket:
    """One WebSocket of the log."""

    def __init__(self, key: str, url: str) -> None:
        self.key = key
        self.parts = PartMaker(key)
        self.entry = HarEntry()
        self.url = url
        self.offset: float | None = None  # Unix time less the browser's
        self.is_begun = False
        self.last = 0.0


class _Reader:
    def __init__(self, losses: Losses) -> None:
        self._losses = losses
        self._open: dict[str, _Socket] = {}
        self._count = 0

    def take(self, found: Any) -> Iterator[Item]:
        """Take an event of the log; others than those of WebSockets are passed over."""
        if not isinstance(found, dict) or not isinstance(found.get("params"), dict):
            return
        method, params = found.get("method"), found["params"]
        if not isinstance(method, str) or not method.startswith("Network.webSocket"):
            return
        socket = self._socket(params)
        if socket is None:
            self._losses[Loss.INVALID_MESSAGES] += method in _DIRECTIONS
        elif method in _DIRECTIONS:
            yield from self._frame(socket, _DIRECTIONS[method], params)
        elif method == "Network.webSocketWillSendHandshakeRequest":
            wall, clock = valid_time(params.get("wallTime")), valid_time(params.get("timestamp"))
            socket.offset = None if wall is None or clock is None else wall - clock
            socket.entry.take("request", _message(params.get("request"), socket.url))
        elif method == "Network.webSocketHandshakeResponseReceived":
            socket.entry.take("response", _message(params.get("response"), socket.url))
            yield from self._begin(socket, self._time(socket, params))
        elif method == "Network.webSocketFrameError":
            note = events.Note(str(params.get("errorMessage"))[:1000])
            yield from self._add(socket, params, Direction.NONE, Kind.EVENT, note)
        elif method == "Network.webSocketClosed":
            del self._open[str(params["requestId"])]
            yield from self._finished(socket)

    def rest(self) -> Iterator[Item]:
        """Yield the entries that were not yielded yet."""
        for socket in self._open.values():
            yield from socket.parts.rest()

    def end(self) -> Iterator[Item]:
        """End the conversations that are open at the end of the log."""
        for socket in self._open.values():
            yield from self._finished(socket)

    def _socket(self, params: dict[str, Any]) -> _Socket | None:
        name = params.get("requestId")
        if not isinstance(name, str):
            return None
        if name not in self._open and len(self._open) < _MAX_OPEN:
            url = params.get("url")
            self._open[name] = _Socket(str(self._count), url if isinstance(url, str) else "")
            self._count += 1
            if self._count > MAX_CONVERSATIONS:
                raise ImportFileError(ImportFault.TOO_MANY)
        return self._open.get(name)

    def _begin(self, socket: _Socket, time: float) -> Iterator[Item]:
        if socket.is_begun:
            return
        socket.is_begun = True
        entry = socket.entry
        if not entry.has_request:
            entry.take("request", {"url": socket.url})
        entry.began = time
        yield Begin(socket.key, time, entry.url, entry.report())
        connected = events.to_payload(events.Connected(entry.safe_url))
        yield from socket.parts.add(time, Direction.NONE, Kind.EVENT, connected)

    def _finished(self, socket: _Socket) -> Iterator[Item]:
        if socket.is_begun:
            yield from socket.parts.rest()
            yield End(socket.key, socket.last)
        else:
            self._losses[Loss.REFUSED] += 1

    def _frame(
        self, socket: _Socket, direction: Direction, params: dict[str, Any]
    ) -> Iterator[Item]:
        response = params.get("response")
        told = response if isinstance(response, dict) else {}
        opcode, data = told.get("opcode"), told.get("payloadData")
        kind = _KINDS.get(opcode) if isinstance(opcode, int) else None
        if kind is None or not isinstance(data, str):
            self._losses[Loss.INVALID_MESSAGES] += 1
            return
        try:
            payload = utf8(data) if kind is Kind.TEXT else a2b_base64(data, strict_mode=True)
        except ValueError:
            payload = utf8(data) if data and kind is not Kind.BINARY else b""
            self._losses[Loss.INVALID_MESSAGES] += bool(data) and kind is Kind.BINARY
        yield from self._add(socket, params, direction, kind, payload)

    def _add(
        self,
        socket: _Socket,
        params: dict[str, Any],
        direction: Direction,
        kind: Kind,
        told: bytes | events.Note,
    ) -> Iterator[Item]:
        time = self._time(socket, params)
        yield from self._begin(socket, time)
        socket.last = max(socket.last, time)
        payload = told if isinstance(told, bytes) else events.to_payload(told)
        yield from socket.parts.add(time, direction, kind, payload)

    def _time(self, socket: _Socket, params: dict[str, Any]) -> float:
        clock = valid_time(params.get("timestamp"))
        if clock is None:
            self._losses[Loss.WRONG_TIMES] += 1
            return socket.last
        time = valid_time(clock + socket.offset) if socket.offset is not None else None
        self._losses[Loss.WRONG_TIMES] += time is None
        return clock if time is None else time


def _message(found: Any, url: str) -> dict[str, Any]:
    """Return a request or response in the form of a HAR: its headers are an object here."""
    told = found if isinstance(found, dict) else {}
    headers = told.get("headers")
    pairs = [list(pair) for pair in headers.items()] if isinstance(headers, dict) else []
    return {"url": url, "status": told.get("status"), "headers": pairs}
