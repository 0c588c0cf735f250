"""A WebSocket connection: its stream, tasks and timers. See protocol.lifecycle for the rules."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from gi.repository import Gio, GLib

from spacebeam.net.clock import Clock
from spacebeam.net.close_reason import CloseCause, CloseReason, closed, refused
from spacebeam.net.events import Closed, Connected, RoundTrip, event
from spacebeam.net.handshake import OpenedStream, open_stream
from spacebeam.net.message_writer import MessageWriter, NotOpenError
from spacebeam.net.options import ConnectionLimits as ConnectionLimits
from spacebeam.net.options import HandshakeOptions
from spacebeam.net.pings import PingFutures, wait_for_silence
from spacebeam.net.read_loop import ReadLoop
from spacebeam.net.report import HandshakeReport
from spacebeam.net.stream_reader import StreamReader
from spacebeam.net.stream_writer import close_stream
from spacebeam.net.write_queue import in_words, sent_batch
from spacebeam.protocol.batch import Batch, Direction, Kind
from spacebeam.protocol.close import CloseCode
from spacebeam.protocol.deflate import Deflate
from spacebeam.protocol.endpoint import Endpoint
from spacebeam.protocol.frame_decoder import FrameDecoder
from spacebeam.protocol.frame_encoder import FrameEncoder
from spacebeam.protocol.frames import Role
from spacebeam.protocol.lifecycle import ConnectionState as ConnectionState
from spacebeam.protocol.lifecycle import ControlFrame, Keepalive, Lifecycle, ping_frame
from spacebeam.protocol.raw_frame import RawFrame

_log = logging.getLogger(__name__)


@dataclass(eq=False)
class Connection:
    """One WebSocket connection, from the handshake to the close.

    `sink` receives every entry in order; `ended` resolves to the reason of the close.
    """

    sink: Callable[[Batch], None] = lambda _batch: None
    limits: ConnectionLimits = field(default_factory=ConnectionLimits)
    clock: Clock = field(default_factory=Clock)  # of its entries' times
    report: HandshakeReport | None = field(default=None, init=False)
    answers_pings: bool = field(default=True, init=False)  # off: no pong is sent
    round_trip: float | None = field(default=None, init=False)  # of the newest pong, in seconds

    _role: Role = field(default=Role.CLIENT, init=False)
    _lifecycle: Lifecycle = field(default_factory=Lifecycle, init=False)

    @property
    def state(self) -> ConnectionState:
        """The state of the connection; it only moves forward."""
        return self._lifecycle.state

    async def open(self, endpoint: Endpoint, options: HandshakeOptions | None = None) -> None:
        """Connect as a client. Raise HandshakeError if no connection could be made."""
        opened = await open_stream(endpoint, options or HandshakeOptions())
        self._start(opened)
        self._emit(event(self.clock.now(), Connected(opened.report.url)))

    def accept(self, opened: OpenedStream) -> None:
        """Take over a stream as a server."""
        self._role = Role.SERVER
        self._start(opened)

    def _start(self, opened: OpenedStream) -> None:
        deflate = Deflate(opened.agreement, self._role) if opened.agreement else None
        self.report = opened.report
        self._opened: OpenedStream | None = opened
        self._decoder = FrameDecoder(
            self._role, deflate, self.limits.max_message, checks_text=self.limits.checks_text
        )
        self._writer = MessageWriter(
            opened.stream,
            FrameEncoder(self._role, deflate),
            lambda: self._lifecycle.is_open,
            lambda sent: self._emit(sent_batch(self.clock.now(), sent)),
            self._on_writer_failed,
        )
        self._read_loop = ReadLoop(
            StreamReader(opened.stream, opened.unread),
            self._decoder,
            self._receive_batch,
            self.clock,
        )
        self._abort_reason: CloseReason | None = None
        self._pings = PingFutures()
        self._lifecycle.move(ConnectionState.OPEN)
        _log.debug("connection %x: open as %s", id(self), self._role.name.lower())
        self._reading = asyncio.create_task(self._read())
        self.ended = asyncio.create_task(self._run(opened.stream))

    async def send(self, message: str | bytes) -> None:
        """Send text or binary; wait while the peer does not read. Raise NotOpenError."""
        await self._open_writer().send(message)

    def post(self, message: str | bytes) -> bool:
        """Queue a message without waiting; return False if `room` is to be awaited before more."""
        return self._open_writer().post(message)

    async def room(self) -> None:
        """Wait until posted messages are queued and there is room for more."""
        await self._writer.room()

    async def send_prepared(self, frames: bytes) -> None:
        """Send whole encoded frames. The sink does not receive them."""
        await self._open_writer().send_prepared(frames)

    async def flush(self) -> None:
        """Wait until everything sent has left this program. Raise NotOpenError if it cannot."""
        await self._open_writer().flush()

    async def send_fragments(
        self, message: str | bytes, sizes: Sequence[int], between: Sequence[bytes] = ()
    ) -> None:
        """Send a message in fragments, with pings in between; see MessageWriter."""
        await self._open_writer().send_fragments(message, sizes, between)

    async def send_raw(self, frame: RawFrame) -> None:
        """Send a frame as it is, also after a close frame. Raise NotOpenError.

        A frame with the opcode of a close begins closing, whatever its payload.
        """
        if self.state not in (ConnectionState.OPEN, ConnectionState.CLOSING):
            raise NotOpenError
        await self._writer.send_raw(frame, self._on_raw_close)

    def ping(self, payload: bytes = b"") -> asyncio.Future[float]:
        """Send a ping (RFC 6455, section 5.5.2); the future is its round trip in seconds.

        It is cancelled if no pong comes before the connection ends. Raise NotOpenError, or
        ValueError for more than 125 bytes.
        """
        frame = ping_frame(payload)
        self._open_writer().put_control(*frame)
        return self._pings.sent(payload, time.monotonic())

    def keep_alive(self, keepalive: Keepalive) -> None:
        """Ping at an interval from now on, and end the connection when the peer is silent."""
        task = asyncio.create_task(self._keep_alive(keepalive))
        self._reading.add_done_callback(lambda _task: task.cancel())

    async def _keep_alive(self, keepalive: Keepalive) -> None:
        if await wait_for_silence(
            keepalive, self.ping, self._read_loop, lambda: self._lifecycle.is_open
        ):
            self._abort(CloseReason(CloseCause.SILENT, seconds=keepalive.limit))

    def _open_writer(self) -> MessageWriter:
        if not self._lifecycle.is_open:
            raise NotOpenError
        return self._writer

    def _on_writer_failed(self, detail: str) -> None:
        # The peer's last bytes may still be there to read; the wait for them is short.
        reason = CloseReason(CloseCause.IO_ERROR, detail=detail)
        self._abort_after(self.limits.linger_time, reason)

    async def close(
        self, code: int = CloseCode.NORMAL, reason: str = "", *, even_illegal: bool = False
    ) -> CloseReason:
        """Send a close frame and wait for the end, which comes within `limits.close_time`.

        Raise ValueError for a code or reason that no close frame can hold; `even_illegal` sends
        codes that RFC 6455 forbids, to test a server.
        """
        frame = self._lifecycle.close(code, reason, even_illegal=even_illegal)
        if frame is not None:
            self._put(frame)
            self._expect_close()
        return await asyncio.shield(self.ended)

    def _put(self, frame: ControlFrame | None) -> None:
        if frame is not None:
            self._writer.put_control(*frame)

    def _on_raw_close(self) -> None:
        if self._lifecycle.raw_close_sent():
            self._expect_close()

    def _expect_close(self) -> None:
        limit = self.limits.close_time
        reason = CloseReason(CloseCause.CLOSE_UNANSWERED, closed_by=Direction.SENT, seconds=limit)
        self._abort_after(limit, reason)

    def _abort_after(self, delay: float, reason: CloseReason) -> None:
        timer = asyncio.get_running_loop().call_later(delay, self._abort, reason)
        self._reading.add_done_callback(lambda _task: timer.cancel())

    def _abort(self, reason: CloseReason) -> None:
        """Stop reading and close the stream without a closing handshake."""
        self._abort_reason = reason
        self._reading.cancel()

    async def _run(self, stream: Gio.IOStream) -> CloseReason:
        """Wait for the end of reading, then close the stream. Return the close reason."""
        await asyncio.wait({self._reading})
        if self._reading.cancelled():
            dropped = CloseReason(CloseCause.DROPPED, closed_by=Direction.SENT)
            reason = self._abort_reason or dropped
        else:
            reason = self._reading.result()
        await self._linger(stream)
        await self._writer.stop()
        self._pings.cancel_all()
        self._lifecycle.move(ConnectionState.CLOSED)
        await close_stream(stream)
        self._opened = None
        cause = reason.cause.value
        _log.debug("connection %x: closed with %d, %s", id(self), reason.code, cause)
        self._emit(event(self.clock.now(), Closed.of(reason)))
        return reason

    async def _linger(self, stream: Gio.IOStream) -> None:
        """Let a close frame leave, and the server close the stream first (RFC 6455, 7.1.1)."""
        if self._abort_reason is not None:
            return
        try:
            async with asyncio.timeout(self.limits.linger_time):
                await self._writer.drain()
                if self._role is Role.CLIENT and self._decoder.is_finished:
                    await StreamReader(stream).read_to_end()
        except (TimeoutError, GLib.Error, OSError):
            pass  # the stream is closed in any case

    def _emit(self, batch: Batch) -> None:
        """Hand a batch to the sink. A sink that raises ends the connection."""
        try:
            self.sink(batch)
        except Exception as error:  # noqa: BLE001  # a sink may raise anything
            context = {"message": "a connection's sink failed", "exception": error}
            asyncio.get_running_loop().call_exception_handler(context)
            self.drop()

    def drop(self) -> None:
        """End at once, without a close frame, because this program cannot take in more."""
        self._abort(CloseReason(CloseCause.OBSERVER_FAILED))

    async def _read(self) -> CloseReason:
        """Read until the connection ends; return the close reason."""
        try:
            reason = await self._read_loop.run()
        except (GLib.Error, OSError) as error:
            return self._lost(CloseCause.IO_ERROR, in_words(error).rstrip("."))
        if reason is not None:
            return reason
        failure = self._decoder.failure
        if failure is not None:
            _log.debug("connection %x: protocol error %d", id(self), failure.code)
            self._put(self._lifecycle.fail(failure))
            return refused(failure, self.limits.max_message)
        return self._lost(CloseCause.STREAM_CLOSED)

    def _receive_batch(self, batch: Batch) -> CloseReason | None:
        for step in batch.steps():
            self._emit(step)
            if self._abort_reason is not None:
                return self._abort_reason
            if step.kinds[-1] == Kind.CLOSE:
                close = self._lifecycle.receive_close(step.payload(-1))
                self._put(close.answer)
                reason = closed(close.code, close.reason, close.closed_by)
                return replace(reason, is_inside_message=self._decoder.is_inside_message)
            if step.kinds[-1] == Kind.PING:
                self._on_ping(step.payload(-1))
            if step.kinds[-1] == Kind.PONG:
                self._on_pong(step.payload(-1))
        return None

    def pause_reading(self) -> None:
        """Read no further block until `resume_reading`, so that the peer has to wait."""
        self._read_loop.pause()

    def resume_reading(self) -> None:
        """Read again."""
        self._read_loop.resume()

    def _on_ping(self, payload: bytes) -> None:
        # A later ping is answered once the queue has room (RFC 6455, section 5.5.3).
        if self.answers_pings and not self._writer.is_full:
            self._put(self._lifecycle.receive_ping(payload))

    def _on_pong(self, payload: bytes) -> None:
        took = self._pings.answered(payload, time.monotonic())
        if took is not None:
            self.round_trip = took
            self._emit(event(self.clock.now(), RoundTrip(round(took * 1000, 3))))

    def _lost(self, cause: CloseCause, detail: str = "") -> CloseReason:
        is_inside = self._decoder.is_inside_message
        if self._lifecycle.state is ConnectionState.CLOSING:  # the peer may end it so too
            cause, closed_by = CloseCause.CLOSE_UNANSWERED, Direction.SENT
            return CloseReason(cause, closed_by=closed_by, is_inside_message=is_inside)
        return CloseReason(cause, detail=detail, is_inside_message=is_inside)
