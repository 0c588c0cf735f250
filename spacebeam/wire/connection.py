"""A connection's life: from the handshake to the close, with an explanation for every ending."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum

from gi.repository import Gio, GLib

from spacebeam.wire.batch import Batch, Direction, Kind, event, split_close
from spacebeam.wire.close_code import CloseCode, is_legal
from spacebeam.wire.deflate import Deflate
from spacebeam.wire.ending import Ending, closed, lost
from spacebeam.wire.endpoint import Endpoint
from spacebeam.wire.frames import MAX_CONTROL_PAYLOAD, Opcode, ProtocolError, Role
from spacebeam.wire.gio_call import finished
from spacebeam.wire.handshake import Opened, shake_hands
from spacebeam.wire.options import Options
from spacebeam.wire.outbox import Outbox, Sent, sent_batch
from spacebeam.wire.receiver import DEFAULT_MAX_MESSAGE, Receiver
from spacebeam.wire.report import Report
from spacebeam.wire.sender import Sender

READ_SIZE = 256 * 1024
# Below GTK's redraws: a flood never takes a frame from the window.
READ_PRIORITY = GLib.PRIORITY_DEFAULT_IDLE
_PACKED_AT_ONCE = 64 * 1024  # bytes; compressing more would hold up the main loop


class State(IntEnum):
    """Where in its life a connection is; it only moves forward."""

    CONNECTING = 0
    OPEN = 1
    CLOSING = 2
    CLOSED = 3


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds that a connection keeps to."""

    max_message: int = DEFAULT_MAX_MESSAGE  # bytes, unpacked
    close_time: float = 5.0  # seconds that the peer has to answer a close frame
    linger_time: float = 1.0  # seconds that the server has to close the stream after that


class NotOpenError(Exception):
    """Nothing can be sent: the connection is not open, or ended while waiting."""


def _ignore(_batch: Batch) -> None:
    """Take no notice."""


@dataclass(eq=False)
class Connection:
    """One WebSocket from handshake to close.

    States move only forward: CONNECTING, OPEN, CLOSING, CLOSED. Whatever ends it, `ended` is
    resolved once, with an Ending that says why, in words. `sink` gets every entry in order.
    """

    sink: Callable[[Batch], None] = _ignore
    limits: Limits = field(default_factory=Limits)
    state: State = field(default=State.CONNECTING, init=False)
    report: Report | None = field(default=None, init=False)

    _role: Role = field(default=Role.CLIENT, init=False)
    _peer: str = field(default="server", init=False)

    async def open(self, endpoint: Endpoint, options: Options | None = None) -> None:
        """Connect as a client. Raises HandshakeError; nothing has been opened then."""
        opened = await shake_hands(endpoint, options or Options())
        self._start(opened)
        self.sink(event(time.time(), f"Connected to {endpoint.url}"))

    def accept(self, opened: Opened) -> None:
        """Take over a stream as a server."""
        self._role = Role.SERVER
        self._peer = "client"
        self._start(opened)

    def _start(self, opened: Opened) -> None:
        deflate = Deflate(opened.agreement, self._role) if opened.agreement else None
        self.report = opened.report
        self._opened: Opened | None = opened
        self._receiver = Receiver(self._role, deflate, self.limits.max_message)
        self._sender = Sender(self._role, deflate)
        self._outbox = Outbox(
            opened.stream.get_output_stream(), self._on_outbox_sent, self._on_outbox_failed
        )
        self._message_lock = asyncio.Lock()
        self._posting: set[asyncio.Task[None]] = set()
        self._may_read = asyncio.Event()
        self._may_read.set()
        self._held_controls: list[tuple[bytes, Sent]] = []
        self._is_inside_frame = False
        self._cut: Ending | None = None
        self._move(State.OPEN)
        self._reading = asyncio.create_task(self._read(opened.stream.get_input_stream()))
        self.ended = asyncio.create_task(self._live(opened.stream))

    def _move(self, state: State) -> None:
        assert state > self.state, f"{self.state.name} to {state.name}"
        self.state = state

    # Sending

    async def send(self, message: str | bytes) -> None:
        """Send text or binary; waits while the peer does not read. Raises NotOpenError."""
        await self._send(*_kind_and_payload(message))

    def post(self, message: str | bytes) -> bool:
        """Queue a message without waiting; returns whether there is room for another.

        For answers that have to leave before what the peer said next is acted upon. After False,
        wait for `room`. Raises NotOpenError.
        """
        self._require_open()
        kind, payload = _kind_and_payload(message)
        if self._posting or self._message_lock.locked() or len(payload) > _PACKED_AT_ONCE:
            task = asyncio.create_task(self._post_later(kind, payload))
            self._posting.add(task)
            task.add_done_callback(self._posting.discard)
            return False
        [frame] = self._sender.message(Opcode(kind), self._sender.pack(payload))
        self._outbox.put(frame, Sent(kind, payload))
        return not self._outbox.is_full

    async def _post_later(self, kind: Kind, payload: bytes) -> None:
        with contextlib.suppress(NotOpenError):
            await self._send(kind, payload)

    async def room(self) -> None:
        """Wait until what was posted has found its place and there is room for more."""
        while self._posting:
            await asyncio.wait(set(self._posting))
        await self._outbox.room()

    async def send_prepared(self, frames: bytes) -> None:
        """Send whole frames made beforehand; they are not reported to the sink."""
        self._require_open()
        async with self._message_lock:
            self._require_open()
            self._outbox.put(frames)
            await self._room()

    async def flush(self) -> None:
        """Wait until everything sent has left this program. Raises NotOpenError if it cannot."""
        self._require_open()
        await self._outbox.flush()
        self._require_open()

    def ping(self, payload: bytes = b"") -> None:
        """Send a ping (RFC 6455, section 5.5.2). Raises NotOpenError, or ValueError over 125 B."""
        if len(payload) > MAX_CONTROL_PAYLOAD:
            raise ValueError("a ping carries at most 125 bytes")
        self._require_open()
        self._put_control(Opcode.PING, payload)

    def _require_open(self) -> None:
        if self.state is not State.OPEN:
            raise NotOpenError("The connection is not open.")

    async def _room(self) -> None:
        await self._outbox.room()
        if self._outbox.is_stopped:
            raise NotOpenError("The connection ended before the message had left.")

    async def _send(self, kind: Kind, payload: bytes) -> None:
        self._require_open()
        await self._message_lock.acquire()  # first come, first sent
        sending = self._send_next(kind, payload)
        if len(payload) <= _PACKED_AT_ONCE:
            await sending
        else:
            # Whoever stops waiting does not stop the message: cut short, the frame would swallow
            # what follows, and the packer has it in its window.
            await asyncio.shield(asyncio.ensure_future(sending))

    async def _send_next(self, kind: Kind, payload: bytes) -> None:
        """Send the message whose turn it is, and end its turn."""
        try:
            self._require_open()
            packed = await self._packed(payload)
            self._require_open()  # nothing follows a close frame (RFC 6455, section 5.5.1)
            await self._put_message(Sent(kind, payload), packed)
            await self._room()
        finally:
            self._message_lock.release()

    async def _put_message(self, sent: Sent, packed: bytes) -> None:
        pieces = self._sender.message(Opcode(sent.kind), packed)
        piece = next(pieces)
        try:
            for following in pieces:
                self._is_inside_frame = True
                self._outbox.put(piece)
                await self._room()
                piece = following
            self._outbox.put(piece, sent)
        finally:
            self._is_inside_frame = False
        for control in self._held_controls:
            self._outbox.put(*control)
        self._held_controls.clear()

    async def _packed(self, payload: bytes) -> bytes:
        if len(payload) > _PACKED_AT_ONCE:
            return await asyncio.to_thread(self._sender.pack, payload)
        return self._sender.pack(payload)

    def _put_control(self, opcode: Opcode, payload: bytes) -> None:
        control = self._sender.control(opcode, payload), Sent(Kind(opcode), payload)
        if self._is_inside_frame:  # frames do not nest (RFC 6455, section 5.4)
            self._held_controls.append(control)
        else:
            self._outbox.put(*control)

    def _on_outbox_sent(self, sent: list[Sent]) -> None:
        self.sink(sent_batch(time.time(), sent))

    def _on_outbox_failed(self, error: GLib.Error) -> None:
        # What the peer said last may still be there to read; it is not waited for long.
        ending = lost(f"The connection to the {self._peer} was lost: {error.message}.")
        self._cut_after(self.limits.linger_time, ending)

    # Closing

    async def close(self, code: int = CloseCode.NORMAL, reason: str = "") -> Ending:
        """Say goodbye and wait for the end, which comes within `limits.close_time`.

        Raises ValueError for a code or reason that no close frame can hold.
        """
        if self.state is State.OPEN:
            payload = _close_payload(code, reason)
            self._begin_closing(payload)
        return await asyncio.shield(self.ended)

    def _begin_closing(self, payload: bytes) -> None:
        self._move(State.CLOSING)
        self._put_control(Opcode.CLOSE, payload)
        ending = lost(
            f"Disconnected; the {self._peer} did not answer the close frame "
            f"within {self.limits.close_time:g} s.",
            Direction.SENT,
        )
        self._cut_after(self.limits.close_time, ending)

    def _cut_after(self, delay: float, ending: Ending) -> None:
        loop = asyncio.get_running_loop()
        timer = loop.call_later(delay, self._cut_now, ending)
        self._reading.add_done_callback(lambda _task: timer.cancel())

    def _cut_now(self, ending: Ending) -> None:
        self._cut = ending
        self._reading.cancel()

    async def _live(self, stream: Gio.IOStream) -> Ending:
        await asyncio.wait({self._reading})
        ending = self._ending()
        await self._say_last_words(stream)
        await self._outbox.stop()
        self._move(State.CLOSED)
        await _close_stream(stream)
        self._opened = None
        self.sink(event(time.time(), ending.explanation))
        return ending

    def _ending(self) -> Ending:
        if not self._reading.cancelled():
            return self._reading.result()
        return self._cut or lost("The connection was dropped.", Direction.SENT)

    async def _say_last_words(self, stream: Gio.IOStream) -> None:
        """Let a close frame leave, and let the server close first (RFC 6455, section 7.1.1)."""
        if self._cut is not None:
            return
        try:
            async with asyncio.timeout(self.limits.linger_time):
                await self._outbox.flush()
                if self._role is Role.CLIENT and self._receiver.is_finished:
                    await _read_to_end(stream.get_input_stream())
        except (TimeoutError, GLib.Error):
            pass  # it is over either way

    # Receiving

    async def _read(self, stream: Gio.InputStream) -> Ending:
        """Read until something ends the conversation; returns what."""
        receiver = self._receiver
        while True:
            await self._may_read.wait()
            try:
                data = await _read_block(stream)
            except GLib.Error as error:
                return self._lost(error.message)
            if not data:
                return self._lost("it closed the stream without a close frame")
            for batch in receiver.feed(data, time.time()):
                for step in batch.steps():
                    self.sink(step)
                    if step.kinds[-1] == Kind.CLOSE:
                        return self._on_close_frame(step.payload(-1))
                    if step.kinds[-1] == Kind.PING:
                        self._answer_ping(step.payload(-1))
            if receiver.failure is not None:
                return self._fail(receiver.failure)

    def pause_reading(self) -> None:
        """Read no further block, so that the peer waits, until `resume_reading`."""
        self._may_read.clear()

    def resume_reading(self) -> None:
        """Read on."""
        self._may_read.set()

    def _answer_ping(self, payload: bytes) -> None:
        # While the peer does not read, answers would pile up; the next ping gets one
        # (RFC 6455, section 5.5.3).
        if self.state is State.OPEN and not self._outbox.is_full:
            self._put_control(Opcode.PONG, payload)

    def _on_close_frame(self, payload: bytes) -> Ending:
        code, reason = split_close(payload)
        if self.state is State.CLOSING:
            return closed(code, reason, Direction.SENT, self._peer)
        self._move(State.CLOSING)
        self._put_control(Opcode.CLOSE, payload[:2])
        return closed(code, reason, Direction.RECEIVED, self._peer)

    def _fail(self, failure: ProtocolError) -> Ending:
        if self.state is State.OPEN:
            self._move(State.CLOSING)
            self._put_control(Opcode.CLOSE, _close_payload(failure.code, failure.explanation))
        return Ending(
            failure.code,
            failure.explanation,
            Direction.SENT,
            f"Closed because of what the {self._peer} sent: {failure.explanation} "
            f"({int(failure.code)}).",
        )

    def _lost(self, why: str) -> Ending:
        where = " in the middle of a message" if self._receiver.is_inside_message else ""
        return lost(f"The connection to the {self._peer} was lost{where}: {why.rstrip('.')}.")


def _kind_and_payload(message: str | bytes) -> tuple[Kind, bytes]:
    if isinstance(message, str):
        return Kind.TEXT, message.encode()
    return Kind.BINARY, message


def _close_payload(code: int, reason: str) -> bytes:
    """A close frame's payload (RFC 6455, section 5.5.1)."""
    if code == CloseCode.NO_STATUS and not reason:
        return b""
    if not is_legal(code):
        raise ValueError(f"{code} is not a close code that may be sent")
    payload = code.to_bytes(2, "big") + reason.encode()
    if len(payload) > MAX_CONTROL_PAYLOAD:
        raise ValueError("a close reason has at most 123 bytes")
    return payload


async def _read_block(stream: Gio.InputStream) -> bytes:
    block = await finished(
        stream.read_bytes_async, stream.read_bytes_finish, READ_SIZE, READ_PRIORITY
    )
    return block.get_data() or b""


async def _read_to_end(stream: Gio.InputStream) -> None:
    while await _read_block(stream):
        pass


async def _close_stream(stream: Gio.IOStream) -> None:
    try:
        async with asyncio.timeout(1):
            await finished(stream.close_async, stream.close_finish, GLib.PRIORITY_DEFAULT)
    except (TimeoutError, GLib.Error):
        pass  # dropping the last reference closes it too
