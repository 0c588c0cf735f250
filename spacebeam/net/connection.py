"""A connection's life: from the handshake to the close, with an explanation for every ending."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import IntEnum

from gi.repository import Gio, GLib

from spacebeam.net.close_reason import CloseReason, closed, lost, refused
from spacebeam.net.gio_call import finished, turn
from spacebeam.net.handshake import OpenedStream, open_stream
from spacebeam.net.message_writer import MessageWriter, NotOpenError
from spacebeam.net.options import HandshakeOptions
from spacebeam.net.report import HandshakeReport
from spacebeam.net.stream_reader import LONG_READ_SIZE, READ_PRIORITY, READ_SIZE, StreamReader
from spacebeam.net.write_queue import SentEntry, in_words, sent_batch
from spacebeam.protocol.batch import Batch, Direction, Kind, event, split_close
from spacebeam.protocol.close import CloseCode, close_payload
from spacebeam.protocol.deflate import Deflate
from spacebeam.protocol.endpoint import Endpoint
from spacebeam.protocol.frame_decoder import DEFAULT_MAX_MESSAGE, FrameDecoder
from spacebeam.protocol.frame_encoder import FrameEncoder
from spacebeam.protocol.frames import MAX_CONTROL_PAYLOAD, Opcode, ProtocolError, Role
from spacebeam.protocol.lifecycle import Keepalive, RoundTrips
from spacebeam.protocol.raw_frame import RawFrame
from spacebeam.protocol.secrets import without_secrets

_WORK_AT_ONCE = 0.002  # seconds; less than half of what a frame can spare


class ConnectionState(IntEnum):
    """Where in its life a connection is; it only moves forward."""

    CONNECTING = 0
    OPEN = 1
    CLOSING = 2
    CLOSED = 3


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """Bounds that a connection keeps to."""

    max_message: int = DEFAULT_MAX_MESSAGE  # bytes, unpacked
    close_time: float = 5.0  # seconds that the peer has to answer a close frame
    linger_time: float = 1.0  # seconds that the server has to close the stream after that


def _ignore(_batch: Batch) -> None:
    """Take no notice."""


@dataclass(eq=False)
class Connection:
    """One WebSocket from handshake to close.

    States move only forward: CONNECTING, OPEN, CLOSING, CLOSED. Whatever ends it, `ended` is
    resolved once, with an CloseReason that says why, in words. `sink` gets every entry in order.
    """

    sink: Callable[[Batch], None] = _ignore
    limits: ConnectionLimits = field(default_factory=ConnectionLimits)
    state: ConnectionState = field(default=ConnectionState.CONNECTING, init=False)
    report: HandshakeReport | None = field(default=None, init=False)
    answers_pings: bool = field(default=True, init=False)  # off: the peer sees no pong
    round_trip: float | None = field(default=None, init=False)  # the newest, in seconds

    _role: Role = field(default=Role.CLIENT, init=False)
    _peer: str = field(default="server", init=False)

    async def open(self, endpoint: Endpoint, options: HandshakeOptions | None = None) -> None:
        """Connect as a client. Raises HandshakeError; nothing has been opened then."""
        opened = await open_stream(endpoint, options or HandshakeOptions())
        self._start(opened)
        # It stands in whatever is written down.
        where = without_secrets(endpoint.url, opened.report.secret_names)
        self._tell(event(time.time(), f"Connected to {where}"))

    def accept(self, opened: OpenedStream) -> None:
        """Take over a stream as a server."""
        self._role = Role.SERVER
        self._peer = "client"
        self._start(opened)

    def _start(self, opened: OpenedStream) -> None:
        deflate = Deflate(opened.agreement, self._role) if opened.agreement else None
        self.report = opened.report
        self._opened: OpenedStream | None = opened
        self._receiver = FrameDecoder(self._role, deflate, self.limits.max_message)
        self._speaker = MessageWriter(
            opened.stream,
            FrameEncoder(self._role, deflate),
            lambda: self.state is ConnectionState.OPEN,
            self._on_speaker_sent,
            self._on_speaker_failed,
        )
        self._may_read = asyncio.Event()
        self._may_read.set()
        self._cut: CloseReason | None = None
        self._round_trips = RoundTrips()
        self._heard = 0  # bytes that were read
        self._move(ConnectionState.OPEN)
        self._reading = asyncio.create_task(self._read(StreamReader(opened.stream)))
        self.ended = asyncio.create_task(self._live(opened.stream))

    def _move(self, state: ConnectionState) -> None:
        assert state > self.state, f"{self.state.name} to {state.name}"
        self.state = state

    # Sending

    async def send(self, message: str | bytes) -> None:
        """Send text or binary; waits while the peer does not read. Raises NotOpenError."""
        await self._said().send(message)

    def post(self, message: str | bytes) -> bool:
        """Queue a message without waiting; returns whether there is room for another.

        For answers that have to leave before what the peer said next is acted upon. After False,
        wait for `room`. Raises NotOpenError.
        """
        return self._said().post(message)

    async def room(self) -> None:
        """Wait until what was posted has found its place and there is room for more."""
        await self._speaker.room()

    async def send_prepared(self, frames: bytes) -> None:
        """Send whole frames made beforehand; they are not reported to the sink."""
        await self._said().send_prepared(frames)

    async def flush(self) -> None:
        """Wait until everything sent has left this program. Raises NotOpenError if it cannot."""
        await self._said().flush()

    async def send_fragments(
        self, message: str | bytes, sizes: Sequence[int], between: Sequence[bytes] = ()
    ) -> None:
        """Send a message in fragments of these payload sizes, in bytes on the wire.

        What is left after the last size is a fragment of its own. After each but the last goes a
        ping, while `between` has payloads for them. Raises NotOpenError, or ValueError for sizes
        that are not positive and pings of more than 125 bytes.
        """
        await self._said().send_fragments(message, sizes, between)

    async def send_raw(self, frame: RawFrame) -> None:
        """Send a frame as it is, between others, while the stream stands: behind a close too.

        One with the opcode of a close begins the closing, whatever it holds, so that the end
        comes within `limits.close_time`. Raises NotOpenError.
        """
        if self.state not in (ConnectionState.OPEN, ConnectionState.CLOSING):
            raise NotOpenError("The connection is not open.")
        await self._speaker.send_raw(frame, self._on_raw_close)

    def ping(self, payload: bytes = b"") -> asyncio.Future[float]:
        """Send a ping (RFC 6455, section 5.5.2); the future is its round trip in seconds.

        It is cancelled where no pong comes before the end. Raises NotOpenError, or ValueError for
        more than 125 bytes.
        """
        if len(payload) > MAX_CONTROL_PAYLOAD:
            raise ValueError("a ping carries at most 125 bytes")
        self._said().put_control(Opcode.PING, payload)
        return self._round_trips.sent(payload, time.monotonic())

    def keep_alive(self, keepalive: Keepalive) -> None:
        """Ping at an interval from now on, and end the connection when the peer is silent."""
        self._beating = asyncio.create_task(self._beat(keepalive))
        self._reading.add_done_callback(lambda _task: self._beating.cancel())

    async def _beat(self, keepalive: Keepalive) -> None:
        number = 0
        while self.state is ConnectionState.OPEN:
            await asyncio.sleep(keepalive.interval)
            await self._may_read.wait()  # an answer would not be read
            if self.state is not ConnectionState.OPEN:
                return
            heard = self._heard
            number += 1
            pong = self.ping(b"keepalive %d" % number)
            await asyncio.wait({pong}, timeout=keepalive.limit)
            # A peer that is busy sending is alive, though its pong stands behind all that.
            if not pong.done() and self._heard == heard and self._may_read.is_set():
                self._cut_now(
                    lost(
                        f"The {self._peer} is silent: it answered no ping "
                        f"within {keepalive.limit:g} s."
                    )
                )
                return

    def _said(self) -> MessageWriter:
        if self.state is not ConnectionState.OPEN:
            raise NotOpenError("The connection is not open.")
        return self._speaker

    def _on_speaker_sent(self, sent: list[SentEntry]) -> None:
        self._tell(sent_batch(time.time(), sent))

    def _on_speaker_failed(self, why: str) -> None:
        # What the peer said last may still be there to read; it is not waited for long.
        ending = lost(f"The connection to the {self._peer} was lost: {why}.")
        self._cut_after(self.limits.linger_time, ending)

    # Closing

    async def close(
        self, code: int = CloseCode.NORMAL, reason: str = "", *, even_illegal: bool = False
    ) -> CloseReason:
        """Say goodbye and wait for the end, which comes within `limits.close_time`.

        Raises ValueError for a code or reason that no close frame can hold; `even_illegal` sends
        codes that RFC 6455 forbids, to see what a server makes of them.
        """
        if self.state is ConnectionState.OPEN:
            payload = close_payload(code, reason, even_illegal=even_illegal)
            self._begin_closing(payload)
        return await asyncio.shield(self.ended)

    def _begin_closing(self, payload: bytes) -> None:
        self._move(ConnectionState.CLOSING)
        self._speaker.put_control(Opcode.CLOSE, payload)
        self._expect_close()

    def _on_raw_close(self) -> None:
        if self.state is ConnectionState.OPEN:
            self._move(ConnectionState.CLOSING)
            self._expect_close()

    def _expect_close(self) -> None:
        ending = lost(
            f"Disconnected; the {self._peer} did not answer the close frame "
            f"within {self.limits.close_time:g} s.",
            Direction.SENT,
        )
        self._cut_after(self.limits.close_time, ending)

    def _cut_after(self, delay: float, ending: CloseReason) -> None:
        loop = asyncio.get_running_loop()
        timer = loop.call_later(delay, self._cut_now, ending)
        self._reading.add_done_callback(lambda _task: timer.cancel())

    def _cut_now(self, ending: CloseReason) -> None:
        self._cut = ending
        self._reading.cancel()

    async def _live(self, stream: Gio.IOStream) -> CloseReason:
        await asyncio.wait({self._reading})
        ending = self._ending()
        await self._say_last_words(stream)
        await self._speaker.stop()
        self._round_trips.give_up()
        self._move(ConnectionState.CLOSED)
        await _close_stream(stream)
        self._opened = None
        self._tell(event(time.time(), ending.explanation))
        return ending

    def _ending(self) -> CloseReason:
        if not self._reading.cancelled():
            return self._reading.result()
        return self._cut or lost("The connection was dropped.", Direction.SENT)

    async def _say_last_words(self, stream: Gio.IOStream) -> None:
        """Let a close frame leave, and let the server close first (RFC 6455, section 7.1.1)."""
        if self._cut is not None:
            return
        try:
            async with asyncio.timeout(self.limits.linger_time):
                await self._speaker.drain()
                if self._role is Role.CLIENT and self._receiver.is_finished:
                    await _read_to_end(StreamReader(stream))
        except (TimeoutError, GLib.Error, OSError):
            pass  # it is over either way

    def _tell(self, batch: Batch) -> None:
        """Hand a batch to the sink; where that fails, nobody listens any more, and it is over."""
        try:
            self.sink(batch)
        except Exception as error:  # noqa: BLE001  # the sink may be anybody's
            context = {"message": "a connection's sink failed", "exception": error}
            asyncio.get_running_loop().call_exception_handler(context)
            self.drop()

    def drop(self) -> None:
        """End at once, without a close frame, because this program cannot take in more."""
        self._cut_now(lost("The connection was dropped: this program failed to take in more."))

    # Receiving

    async def _read(self, inlet: StreamReader) -> CloseReason:
        """Read until something ends the conversation; returns what."""
        began = time.monotonic()
        while True:
            await self._may_read.wait()
            if time.monotonic() - began > _WORK_AT_ONCE:
                await turn(READ_PRIORITY)
                began = time.monotonic()
            try:
                is_long = self._receiver.is_inside_long_frame
                data = await inlet.read(LONG_READ_SIZE if is_long else READ_SIZE)
            except (GLib.Error, OSError) as error:
                return self._lost(in_words(error))
            self._heard += len(data)
            if not data:
                return self._lost("it closed the stream without a close frame")
            ending = await self._take(data)
            if ending is not None:
                return ending

    async def _take(self, data: bytes) -> CloseReason | None:
        """Take in a block, with turns for others where it makes much work; returns an ending."""
        began = time.monotonic()
        for batch in self._receiver.feed(data, time.time()):
            ending = self._take_batch(batch)
            if ending is not None:
                return ending
            await self._may_read.wait()  # little on the wire may be much
            if time.monotonic() - began > _WORK_AT_ONCE:
                await turn(READ_PRIORITY)
                began = time.monotonic()
        failure = self._receiver.failure
        return None if failure is None else self._fail(failure)

    def _take_batch(self, batch: Batch) -> CloseReason | None:
        for step in batch.steps():
            self._tell(step)
            if self._cut is not None:
                return self._cut
            if step.kinds[-1] == Kind.CLOSE:
                return self._on_close_frame(step.payload(-1))
            if step.kinds[-1] == Kind.PING:
                self._answer_ping(step.payload(-1))
            if step.kinds[-1] == Kind.PONG:
                self._on_pong(step.payload(-1))
        return None

    def pause_reading(self) -> None:
        """Read no further block, so that the peer waits, until `resume_reading`."""
        self._may_read.clear()

    def resume_reading(self) -> None:
        """Read on."""
        self._may_read.set()

    def _answer_ping(self, payload: bytes) -> None:
        # While the peer does not read, answers would pile up; the next ping gets one
        # (RFC 6455, section 5.5.3).
        may_answer = self.answers_pings and self.state is ConnectionState.OPEN
        if may_answer and not self._speaker.is_full:
            self._speaker.put_control(Opcode.PONG, payload)

    def _on_pong(self, payload: bytes) -> None:
        took = self._round_trips.answered(payload, time.monotonic())
        if took is not None:
            self.round_trip = took
            self._tell(event(time.time(), f"Round trip: {took * 1000:.1f} ms"))

    def _on_close_frame(self, payload: bytes) -> CloseReason:
        code, reason = split_close(payload)
        if self.state is ConnectionState.CLOSING:
            return closed(code, reason, Direction.SENT, self._peer)
        self._move(ConnectionState.CLOSING)
        self._speaker.put_control(Opcode.CLOSE, payload[:2])
        return closed(code, reason, Direction.RECEIVED, self._peer)

    def _fail(self, failure: ProtocolError) -> CloseReason:
        if self.state is ConnectionState.OPEN:
            self._move(ConnectionState.CLOSING)
            self._speaker.put_control(
                Opcode.CLOSE, close_payload(failure.code, failure.explanation)
            )
        return refused(failure, self._peer, self.limits.max_message)

    def _lost(self, why: str) -> CloseReason:
        where = " in the middle of a message" if self._receiver.is_inside_message else ""
        return lost(f"The connection to the {self._peer} was lost{where}: {why.rstrip('.')}.")


async def _read_to_end(inlet: StreamReader) -> None:
    while await inlet.read():
        pass


async def _close_stream(stream: Gio.IOStream) -> None:
    try:
        async with asyncio.timeout(1):
            await finished(stream.close_async, stream.close_finish, GLib.PRIORITY_DEFAULT)
    except (TimeoutError, GLib.Error):
        pass  # dropping the last reference closes it too
