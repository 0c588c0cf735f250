"""What the exporters of HAR and of Playwright's traces share: an entry for each connection.

A message is an object as in Chrome's `_webSocketMessages`: binary ones are Base64, and
`_webSocketClose` is HTTP Toolkit's.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from base64 import b64encode
from json.encoder import encode_basestring

from spacebeam.exchange.exporters.exporter import ExportedEntry, ExportSource
from spacebeam.exchange.exporters.har_request import HarRequest, har_request
from spacebeam.exchange.losses import Loss, Losses
from spacebeam.net import events
from spacebeam.net.close_reason import CloseCause
from spacebeam.protocol.batch import Direction, Kind, split_close

_TYPES = {Direction.NONE: "send", Direction.SENT: "send", Direction.RECEIVED: "receive"}


class HarConnections(ABC):
    """Divides entries into connections, and makes the text of their messages."""

    def __init__(self, source: ExportSource, losses: Losses) -> None:
        self.losses = losses
        self._source = source
        self._next = 0  # index of the next handshake
        self._request: HarRequest | None = None  # of the connection that is being written
        self._last = 0.0  # time of the newest entry
        self._close = ""

    @abstractmethod
    def begun(self, request: HarRequest) -> None:
        """Begin a connection."""

    @abstractmethod
    def message(self, entry: ExportedEntry, type_: str, opcode: int, data: str) -> None:
        """Add a message to it; `data` is JSON."""

    @abstractmethod
    def ended(self, took: float, close: str) -> None:
        """End it, `took` milliseconds after its begin. `close` is JSON, or empty."""

    def add(self, entry: ExportedEntry) -> None:
        """Add an entry, in a new connection if it is the first one after a handshake."""
        handshakes = self._source.handshakes
        place = self._next
        while place < len(handshakes) and handshakes[place][0] < entry.number:
            place += 1
        if self._request is None or place != self._next:
            self.end()
            report = handshakes[place - 1][1] if place else ""
            self._begin(har_request(self._source.address, report, entry.time))
            self._next = place
        self._last = max(self._last, entry.time)
        match entry.kind:
            case Kind.TEXT:
                self._add(entry, self._text(entry.payload))
            case Kind.BINARY:
                self._add(entry, _base64(entry.payload))
            case Kind.EVENT:
                self._add_event(entry)
            case _:
                self._add_control_frame(entry)

    def end(self) -> None:
        """End the connection that is being written, if there is one."""
        request, self._request = self._request, None
        if request is not None:
            self.ended(max(self._last - request.began, 0.0) * 1000, self._close)

    def _begin(self, request: HarRequest) -> None:
        self.losses[Loss.SECRETS] += request.masked
        self._request, self._last, self._close = request, request.began, ""
        self.begun(request)

    def _add(self, entry: ExportedEntry, data: str) -> None:
        self.message(entry, _TYPES[entry.direction], int(entry.kind), data)

    def _text(self, payload: bytes) -> str:
        try:
            return encode_basestring(payload.decode())
        except UnicodeDecodeError:  # of a raw frame
            self.losses[Loss.INVALID_TEXTS] += 1
            return encode_basestring(payload.decode(errors="replace"))

    def _add_event(self, entry: ExportedEntry) -> None:
        event = events.from_payload(entry.payload)
        if isinstance(event, events.Closed):
            if event.cause is not CloseCause.CLOSE_FRAME:
                words = encode_basestring(self._source.words(entry.kind, entry.payload))
                self.message(entry, "error", -1, words)
                self._close = '"aborted"'
        elif not isinstance(event, events.Connected):
            self.losses[Loss.EVENTS] += 1

    def _add_control_frame(self, entry: ExportedEntry) -> None:
        if entry.kind is Kind.CLOSE and not self._close and self._request is not None:
            code, reason = split_close(entry.payload)
            since = max(entry.time - self._request.began, 0.0)
            self._close = (
                f'{{"code": {int(code)}, "reason": {encode_basestring(reason)}, '
                f'"timestamp": {since:.6f}}}'
            )
        if self._source.has_control_frames:
            self._add(entry, _base64(entry.payload))
        elif entry.kind is not Kind.CLOSE:
            self.losses[Loss.CONTROL_FRAMES] += 1


def _base64(payload: bytes) -> str:
    return f'"{b64encode(payload).decode()}"'
