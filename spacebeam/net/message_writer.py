"""The sending half of a connection: messages in their turn, control frames between frames.

Whatever is said goes through here, so that no frame is cut short and none stands inside another.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from itertools import zip_longest

from gi.repository import Gio

from spacebeam.net.write_queue import SentEntry, WriteQueue
from spacebeam.protocol.batch import Kind, Origin
from spacebeam.protocol.frame_encoder import FrameEncoder
from spacebeam.protocol.frames import MAX_CONTROL_PAYLOAD, Opcode
from spacebeam.protocol.raw_frame import RawFrame

_MAX_HELD = 1024  # control frames that may wait for the end of a long one
_PACKED_AT_ONCE = 64 * 1024  # bytes; compressing more would hold up the main loop


class NotOpenError(Exception):
    """Nothing can be sent: the connection is not open, or ended while waiting."""


class MessageWriter:
    """Says on a stream what it is told to, while `is_open` says that it may."""

    def __init__(
        self,
        stream: Gio.IOStream,
        sender: FrameEncoder,
        is_open: Callable[[], bool],
        on_sent: Callable[[list[SentEntry]], None],
        on_failed: Callable[[str], None],
    ) -> None:
        self._sender = sender
        self._is_open = is_open
        self._outbox = WriteQueue(stream, on_sent, on_failed)
        self._message_lock = asyncio.Lock()
        self._posting: set[asyncio.Task[None]] = set()
        self._held_controls: list[tuple[bytes, SentEntry]] = []
        self._is_inside_frame = False

    @property
    def is_full(self) -> bool:
        """Whether so much waits that no more should be said."""
        return self._outbox.is_full or len(self._held_controls) >= _MAX_HELD

    async def send(self, message: str | bytes) -> None:
        """Send text or binary; waits while the peer does not read. Raises NotOpenError."""
        await self._send(*kind_and_payload(message))

    def post(self, message: str | bytes) -> bool:
        """Queue a message without waiting; returns whether there is room for another.

        For answers that have to leave before what the peer said next is acted upon. After False,
        wait for `room`. Raises NotOpenError.
        """
        self._require_open()
        kind, payload = kind_and_payload(message)
        if self._posting or self._message_lock.locked() or len(payload) > _PACKED_AT_ONCE:
            task = asyncio.create_task(self._post_later(kind, payload))
            self._posting.add(task)
            task.add_done_callback(self._posting.discard)
            return False
        packed = self._sender.pack(payload)
        [frame] = self._sender.message(Opcode(kind), packed)
        self._outbox.put(frame, SentEntry(kind, payload, self._origin(len(frame), len(packed))))
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

    async def send_fragments(
        self, message: str | bytes, sizes: Sequence[int], between: Sequence[bytes] = ()
    ) -> None:
        """Send a message in fragments; after each but the last a ping, while there are any."""
        if any(size < 1 for size in sizes):
            raise ValueError("a fragment has at least one byte")
        if any(len(ping) > MAX_CONTROL_PAYLOAD for ping in between):
            raise ValueError("a ping carries at most 125 bytes")
        kind, payload = kind_and_payload(message)
        async with self._message_lock:
            self._require_open()
            packed = await self._packed(payload)
            frames = list(self._sender.fragments(Opcode(kind), packed, sizes))
            self._require_open()
            for frame, ping in zip_longest(frames[:-1], between[: len(frames) - 1]):
                self._outbox.put(frame)
                if ping is not None:
                    self.put_control(Opcode.PING, ping)
            origin = self._origin(sum(map(len, frames)), len(packed), sizes[: len(frames) - 1])
            self._outbox.put(frames[-1], SentEntry(kind, payload, origin))
            await self._room()

    async def send_raw(self, frame: RawFrame, on_close: Callable[[], None]) -> None:
        """Send a frame as it is, when its turn comes; `on_close` is called as a close leaves.

        It is reported as what it is, if it is anything, and then in words.
        """
        async with self._message_lock:
            is_long = len(frame.payload) > _PACKED_AT_ONCE
            data = await asyncio.to_thread(frame.encode) if is_long else frame.encode()
            kind = frame.kind
            self._outbox.put(data, None if kind is None else SentEntry(kind, frame.payload))
            # Behind the frame, so that nothing is said of one that has not left.
            self._outbox.put(
                b"", SentEntry(Kind.EVENT, f"Sent a raw frame: {frame.words()}".encode())
            )
            if frame.opcode == Opcode.CLOSE:
                on_close()
            await self._room()

    async def flush(self) -> None:
        """Wait until everything sent has left this program. Raises NotOpenError if it cannot."""
        self._require_open()
        await self._outbox.flush()
        self._require_open()

    def _require_open(self) -> None:
        if not self._is_open():
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
            task = asyncio.ensure_future(sending)
            task.add_done_callback(_take_outcome)
            await asyncio.shield(task)

    async def _send_next(self, kind: Kind, payload: bytes) -> None:
        """Send the message whose turn it is, and end its turn."""
        try:
            self._require_open()
            packed = await self._packed(payload)
            self._require_open()  # nothing follows a close frame (RFC 6455, section 5.5.1)
            await self._put_message(SentEntry(kind, payload), packed)
            await self._room()
        finally:
            self._message_lock.release()

    def _origin(self, wire_size: int, packed: int, sizes: Sequence[int] = ()) -> Origin | None:
        """How a message leaves that has so many bytes; None for one plain frame."""
        if not sizes and not self._sender.compresses:
            return None
        return Origin(wire_size, (*sizes, packed - sum(sizes)), self._sender.compresses)

    async def _put_message(self, sent: SentEntry, packed: bytes) -> None:
        pieces = self._sender.message(Opcode(sent.kind), packed)
        piece = next(pieces)
        wire_size = len(piece)
        try:
            for following in pieces:
                self._is_inside_frame = True
                self._outbox.put(piece)
                await self._room()
                piece = following
                wire_size += len(piece)
            origin = self._origin(wire_size, len(packed))
            self._outbox.put(piece, sent if origin is None else sent._replace(origin=origin))
        finally:
            self._is_inside_frame = False
        for control in self._held_controls:
            self._outbox.put(*control)
        self._held_controls.clear()

    async def _packed(self, payload: bytes) -> bytes:
        if len(payload) > _PACKED_AT_ONCE:
            return await asyncio.to_thread(self._sender.pack, payload)
        return self._sender.pack(payload)

    def put_control(self, opcode: Opcode, payload: bytes) -> None:
        """Queue a ping, pong or close frame behind the frame that is under way."""
        control = self._sender.control(opcode, payload), SentEntry(Kind(opcode), payload)
        if self._is_inside_frame:  # frames do not nest (RFC 6455, section 5.4)
            self._held_controls.append(control)
        else:
            self._outbox.put(*control)

    async def stop(self) -> None:
        """Say nothing more."""
        await self._outbox.stop()

    async def drain(self) -> None:
        """Wait until all that was said has left, or never will; also while closing."""
        await self._outbox.flush()


def _take_outcome(task: asyncio.Task[None]) -> None:
    """Whoever stopped waiting for a message need not hear that the connection ended."""
    error = None if task.cancelled() else task.exception()
    if error is not None and not isinstance(error, NotOpenError):
        raise error


def kind_and_payload(message: str | bytes) -> tuple[Kind, bytes]:
    """A message's kind, and its payload as it goes on the wire."""
    if isinstance(message, str):
        return Kind.TEXT, message.encode()
    return Kind.BINARY, message
