"""The sending half of a connection: messages in order, control frames between frames.

Everything that is sent goes through here, so that no frame is incomplete or inside another.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from itertools import zip_longest

from gi.repository import Gio

from spacebeam.net.events import RawFrameSent, to_payload
from spacebeam.net.write_queue import SentEntry, WriteQueue
from spacebeam.protocol.batch import Kind, Origin
from spacebeam.protocol.frame_encoder import FrameEncoder
from spacebeam.protocol.frames import MAX_CONTROL_PAYLOAD, Opcode
from spacebeam.protocol.raw_frame import RawFrame

MAX_HELD_CONTROLS = 1024  # control frames that wait for the end of a long data frame
_MAX_INLINE_SIZE = 64 * 1024  # bytes; longer payloads are encoded in a thread


class NotOpenError(Exception):
    """The connection is not open; `has_ended` says that it ended while the message waited."""

    def __init__(self, *, has_ended: bool = False) -> None:
        super().__init__("ended" if has_ended else "not open")
        self.has_ended = has_ended


class MessageWriter:
    """Writes messages and control frames to the stream, in order, while the connection is open."""

    def __init__(
        self,
        stream: Gio.IOStream,
        encoder: FrameEncoder,
        is_open: Callable[[], bool],
        on_sent: Callable[[list[SentEntry]], None],
        on_failed: Callable[[str], None],
    ) -> None:
        self._encoder = encoder
        self._is_open = is_open
        self._queue = WriteQueue(stream, on_sent, on_failed)
        self._message_lock = asyncio.Lock()
        self._posting: set[asyncio.Task[None]] = set()
        self._held_controls: list[tuple[bytes, SentEntry]] = []
        self._is_inside_frame = False

    @property
    def is_full(self) -> bool:
        """Whether so much is queued that nothing more should be sent."""
        return self._queue.is_full or len(self._held_controls) >= MAX_HELD_CONTROLS

    async def send(self, message: str | bytes) -> None:
        """Send text or binary; wait while the peer does not read. Raise NotOpenError."""
        await self._send(*kind_and_payload(message))

    def post(self, message: str | bytes) -> bool:
        """Queue a message without waiting; return whether there is room for another.

        Use it for answers that must leave before the peer's next message is handled. After False,
        wait for `room`. Raise NotOpenError.
        """
        self._require_open()
        kind, payload = kind_and_payload(message)
        if self._posting or self._message_lock.locked() or len(payload) > _MAX_INLINE_SIZE:
            task = asyncio.create_task(self._post_later(kind, payload))
            self._posting.add(task)
            task.add_done_callback(self._posting.discard)
            return False
        packed = self._encoder.pack(payload)
        [frame] = self._encoder.message(Opcode(kind), packed)
        self._queue.put(frame, SentEntry(kind, payload, self._origin(len(frame), len(packed))))
        return not self._queue.is_full

    async def _post_later(self, kind: Kind, payload: bytes) -> None:
        with contextlib.suppress(NotOpenError):
            await self._send(kind, payload)

    async def room(self) -> None:
        """Wait until posted messages are queued and there is room for more."""
        while self._posting:
            await asyncio.wait(set(self._posting))
        await self._queue.room()

    async def send_prepared(self, frames: bytes) -> None:
        """Send whole encoded frames; they are not reported as sent."""
        self._require_open()
        async with self._message_lock:
            self._require_open()
            self._queue.put(frames)
            await self._room()

    async def send_fragments(
        self, message: str | bytes, sizes: Sequence[int], between: Sequence[bytes] = ()
    ) -> None:
        """Send a message in fragments of these payload sizes, in bytes on the wire.

        The rest after the last size is a fragment of its own. `between` has payloads of pings, one
        to be sent after each fragment but the last. Raise NotOpenError, or ValueError for sizes
        that are not positive and pings of more than 125 bytes.
        """
        if any(size < 1 for size in sizes):
            raise ValueError("a fragment has at least one byte")
        if any(len(ping) > MAX_CONTROL_PAYLOAD for ping in between):
            raise ValueError("a ping carries at most 125 bytes")
        kind, payload = kind_and_payload(message)
        async with self._message_lock:
            self._require_open()
            packed = await self._packed(payload)
            frames = list(self._encoder.fragments(Opcode(kind), packed, sizes))
            self._require_open()
            for frame, ping in zip_longest(frames[:-1], between[: len(frames) - 1]):
                self._queue.put(frame)
                if ping is not None:
                    self.put_control(Opcode.PING, ping)
            origin = self._origin(sum(map(len, frames)), len(packed), sizes[: len(frames) - 1])
            self._queue.put(frames[-1], SentEntry(kind, payload, origin))
            await self._room()

    async def send_raw(self, frame: RawFrame, on_close: Callable[[], None]) -> None:
        """Send a frame as it is, in its turn; call `on_close` when it has the opcode of a close.

        It is reported as an entry of its kind, if it has one, and then as an event.
        """
        async with self._message_lock:
            is_long = len(frame.payload) > _MAX_INLINE_SIZE
            data = await asyncio.to_thread(frame.encode) if is_long else frame.encode()
            kind = frame.kind
            self._queue.put(data, None if kind is None else SentEntry(kind, frame.payload))
            # Queued after the frame, so that the event is reported only once the frame has left.
            self._queue.put(b"", SentEntry(Kind.EVENT, to_payload(RawFrameSent.of(frame))))
            if frame.opcode == Opcode.CLOSE:
                on_close()
            await self._room()

    async def flush(self) -> None:
        """Wait until everything sent has left this program. Raise NotOpenError if it cannot."""
        self._require_open()
        await self._queue.flush()
        self._require_open()

    def _require_open(self) -> None:
        if not self._is_open():
            raise NotOpenError

    async def _room(self) -> None:
        await self._queue.room()
        if self._queue.is_stopped:
            raise NotOpenError(has_ended=True)

    async def _send(self, kind: Kind, payload: bytes) -> None:
        self._require_open()
        await self._message_lock.acquire()  # first come, first sent
        sending = self._send_next(kind, payload)
        if len(payload) <= _MAX_INLINE_SIZE:
            await sending
        else:
            # A cancelled caller does not cancel the message: an incomplete frame would swallow the
            # next one, and the compressor has the message in its window.
            task = asyncio.ensure_future(sending)
            task.add_done_callback(_retrieve_outcome)
            await asyncio.shield(task)

    async def _send_next(self, kind: Kind, payload: bytes) -> None:
        """Send a message whose turn it is, then release the lock."""
        try:
            self._require_open()
            packed = await self._packed(payload)
            self._require_open()  # nothing follows a close frame (RFC 6455, section 5.5.1)
            await self._put_message(SentEntry(kind, payload), packed)
            await self._room()
        finally:
            self._message_lock.release()

    def _origin(self, wire_size: int, packed: int, sizes: Sequence[int] = ()) -> Origin | None:
        """Return the origin of a message with these sizes in bytes; None for one plain frame."""
        if not sizes and not self._encoder.compresses:
            return None
        return Origin(wire_size, (*sizes, packed - sum(sizes)), self._encoder.compresses)

    async def _put_message(self, sent: SentEntry, packed: bytes) -> None:
        pieces = self._encoder.message(Opcode(sent.kind), packed)
        piece = next(pieces)
        wire_size = len(piece)
        try:
            for following in pieces:
                self._is_inside_frame = True
                self._queue.put(piece)
                await self._room()
                piece = following
                wire_size += len(piece)
            origin = self._origin(wire_size, len(packed))
            self._queue.put(piece, sent if origin is None else sent._replace(origin=origin))
        finally:
            self._is_inside_frame = False
        for control in self._held_controls:
            self._queue.put(*control)
        self._held_controls.clear()

    async def _packed(self, payload: bytes) -> bytes:
        if len(payload) > _MAX_INLINE_SIZE:
            return await asyncio.to_thread(self._encoder.pack, payload)
        return self._encoder.pack(payload)

    def put_control(self, opcode: Opcode, payload: bytes) -> None:
        """Queue a ping, pong or close frame after the frame that is being written."""
        control = self._encoder.control(opcode, payload), SentEntry(Kind(opcode), payload)
        if self._is_inside_frame:  # frames do not nest (RFC 6455, section 5.4)
            self._held_controls.append(control)
        else:
            self._queue.put(*control)

    async def stop(self) -> None:
        """Write nothing more."""
        await self._queue.stop()

    async def drain(self) -> None:
        """Wait until the queue is empty or stopped; also while closing."""
        await self._queue.flush()


def _retrieve_outcome(task: asyncio.Task[None]) -> None:
    """Retrieve a task's outcome; a cancelled caller is not told that the connection ended."""
    error = None if task.cancelled() else task.exception()
    if error is not None and not isinstance(error, NotOpenError):
        raise error


def kind_and_payload(message: str | bytes) -> tuple[Kind, bytes]:
    """Return a message's kind and its payload in bytes."""
    if isinstance(message, str):
        return Kind.TEXT, message.encode()
    return Kind.BINARY, message
