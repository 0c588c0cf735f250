"""A captured TCP connection, which may become a WebSocket."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import Enum
from ipaddress import ip_address

from spacebeam.exchange.importers.capture.http_heads import (
    Head,
    HeadScanner,
    address_of,
    report_of,
)
from spacebeam.exchange.importers.capture.segments import FIN, RST, SYN, End, Segment
from spacebeam.exchange.importers.capture.tcp_stream import Chunk, TcpStream
from spacebeam.exchange.importers.capture.websocket_streams import WebSocketStreams
from spacebeam.exchange.importers.importer import Begin, Item, Part
from spacebeam.exchange.importers.importer import End as EndItem
from spacebeam.exchange.losses import Loss, Losses
from spacebeam.net import events
from spacebeam.protocol.batch import Batch, Direction
from spacebeam.protocol.secrets import without_secrets

_MAX_EARLY = 1024 * 1024  # bytes of a client before its server has answered
_TLS = tuple(bytes((kind, 3)) for kind in (20, 21, 22, 23))  # of records (RFC 8446, section 5.1)

_HTTP2 = b"PRI "  # begins HTTP/2 (RFC 9113, section 3.4)


class State(Enum):
    """What is known of a connection."""

    UNKNOWN = "unknown"
    ENCRYPTED = "encrypted"
    HTTP2 = "http2"
    WEBSOCKET = "websocket"
    OVER = "over"


class Connection:
    """Both directions of a connection, until it ends."""

    def __init__(self, ends: tuple[End, End], losses: Losses, new_key: Callable[[], str]) -> None:
        """`new_key` returns the key of a new conversation, or "" if there is no room for one."""
        self.state = State.UNKNOWN
        self._key = ""  # of the conversation
        self._new_key = new_key
        self._losses = losses
        self._streams = {end: TcpStream() for end in ends}
        self._scanners = {end: HeadScanner() for end in ends}
        self._starts = dict.fromkeys(ends, b"")  # the first four bytes
        self._client: End | None = None  # who asked for a WebSocket
        self._request: Head | None = None
        self._early: list[Chunk] = []  # of the client, before the answer
        self._early_size = 0  # bytes
        self._frames: WebSocketStreams | None = None
        self._was_refused = False
        self._has_ended = False
        self.counted = 0  # of the bytes that are held, those that the capture counts already
        self._last = 0.0  # time of the newest entry
        self._time = 0.0  # of the newest segment

    @property
    def held(self) -> int:
        """Bytes that are held in memory."""
        held = sum(one.early_bytes for one in self._streams.values())
        return held + self._early_size + (0 if self._frames is None else self._frames.held)

    def begins_again(self, segment: Segment) -> bool:
        """Return whether a segment opens another connection between the same ends."""
        return bool(segment.flags & SYN) and not self._streams[segment.source].begins_with(segment)

    def take(self, segment: Segment, time: float) -> Iterator[Item]:
        """Yield what a segment adds. Raises ImportFileError."""
        if self.state is State.OVER:
            return
        self._time = time
        source = segment.source
        other = self._streams[segment.target]
        if segment.acknowledged >= 0:
            for chunk in other.acknowledge(segment.acknowledged, time):
                yield from self._feed(segment.target, chunk)
        for chunk in self._streams[source].add(segment, time):
            yield from self._feed(source, chunk)
        self._has_ended |= bool(segment.flags & (FIN | RST))
        is_reset = bool(segment.flags & RST)
        if is_reset or all(one.is_finished for one in self._streams.values()):
            yield from self.finish()

    def rest(self) -> Iterator[Item]:
        """Yield what waits for bytes that the capture does not have."""
        for end, stream in self._streams.items():
            for chunk in stream.rest(self._time):
                yield from self._feed(end, chunk)

    def finish(self) -> Iterator[Item]:
        """Yield the rest, and the end of the connection or of what the capture has of it."""
        if self.state is State.OVER:
            return
        yield from self.rest()
        frames, state = self._frames, self.state
        self.state = State.OVER
        if frames is not None:
            for batch in frames.ended(self._time, has_ended=self._has_ended):
                yield self._part(batch)
            yield EndItem(self._key, self._last)
        elif state is State.ENCRYPTED:
            self._losses[Loss.ENCRYPTED] += 1
        elif state is State.HTTP2:
            self._losses[Loss.HTTP2] += 1
        elif self._request is not None:
            self._losses[Loss.REFUSED] += 1
        elif any(self._starts.values()) and not self._was_refused:
            self._losses[Loss.OTHER_CONNECTIONS] += 1
        self._frames = None
        self._clear_early()

    def _feed(self, source: End, chunk: Chunk) -> Iterator[Item]:
        if self._frames is not None:
            yield from self._feed_frames(source, chunk)
        elif self.state is State.UNKNOWN:
            self._starts[source] = start = (self._starts[source] + chunk.data[:4])[:4]
            if self._request is not None and source == self._client:
                self._early.append(chunk)
                self._early_size += len(chunk.data)
                if self._early_size > _MAX_EARLY:
                    self._forget_request()
                return
            if start[:2] in _TLS or start == _HTTP2:
                self.state = State.HTTP2 if start == _HTTP2 else State.ENCRYPTED
                return
            for head in self._scanners[source].heads(chunk.data):
                if head.status:
                    yield from self._take_answer(source, head, chunk)
                else:
                    self._take_request(source, head)
                if self._frames is not None or (self._request and source == self._client):
                    break
            yield from self._after_heads(source, chunk)

    def _after_heads(self, source: End, chunk: Chunk) -> Iterator[Item]:
        """Take what follows a request for a WebSocket, or the answer that opens it."""
        if self._frames is not None:
            frames = Chunk(self._scanners[source].take(), chunk.time)
            yield from self._feed_frames(source, frames)
            assert self._client is not None
            for early in self._early:
                yield from self._feed_frames(self._client, early)
            self._clear_early()
        elif self._request is not None and source == self._client and not self._early:
            self._early.append(Chunk(self._scanners[source].take(), chunk.time))

    def _clear_early(self) -> None:
        self._early.clear()
        self._early_size = 0

    def _take_request(self, source: End, head: Head) -> None:
        if head.accept:
            self._client, self._request = source, head

    def _forget_request(self) -> None:
        self._was_refused = True
        self._losses[Loss.REFUSED] += 1
        self._request = None
        self._clear_early()

    def _take_answer(self, source: End, head: Head, chunk: Chunk) -> Iterator[Item]:
        request = self._request
        if request is None or source == self._client or 100 <= head.status < 101:
            return
        if not request.is_accepted_by(head):
            if head.status >= 101 and head.status not in (102, 103):
                self._forget_request()
            return
        self._key = self._new_key()
        if not self._key:
            self._losses[Loss.TOO_MANY_OPEN] += 1
            self.state, self._request = State.OVER, None
            self._was_refused = True
            self._clear_early()
            return
        address, port = source
        host = f"[{_shown(address)}]" if len(address) == 16 else _shown(address)
        url = address_of(request, f"{host}:{port}")
        self.state = State.WEBSOCKET
        self._frames = WebSocketStreams(self._losses, head.joined("sec-websocket-extensions"))
        yield Begin(self._key, chunk.time, url, report_of(request, head, url, chunk.time))
        connected = events.Connected(without_secrets(url))
        yield self._part(events.event(chunk.time, connected))

    def _feed_frames(self, source: End, chunk: Chunk) -> Iterator[Item]:
        assert self._frames is not None
        direction = Direction.SENT if source == self._client else Direction.RECEIVED
        for batch in self._frames.feed(direction, chunk):
            yield self._part(batch)

    def _part(self, batch: Batch) -> Part:
        self._last = max(self._last, batch.time)
        return Part(self._key, batch.compact(), {})


def _shown(address: bytes) -> str:
    return str(ip_address(address))
