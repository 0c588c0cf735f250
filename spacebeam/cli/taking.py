"""Taking down what a server says: one recording on the terminal, from its beginning to its end."""

from __future__ import annotations

import asyncio
import os
import time
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum, auto
from functools import partial
from pathlib import Path
from typing import Any

from spacebeam.cli import output
from spacebeam.cli.link import GRACE, Link
from spacebeam.cli.loop import on_signals, unless
from spacebeam.cli.messages import complain, say, tell, tell_terminal
from spacebeam.cli.printing import Quota
from spacebeam.cli.progress import ProgressLine, entries
from spacebeam.cli.status import Status
from spacebeam.cli.talk_options import TalkOptions
from spacebeam.cli.verbose import Narrator
from spacebeam.decode.preview import size
from spacebeam.net.close_reason import CloseReason
from spacebeam.net.connection import Connection, ConnectionLimits
from spacebeam.net.handshake import HandshakeError
from spacebeam.net.message_writer import NotOpenError
from spacebeam.net.options import HandshakeOptions
from spacebeam.net.reconnect import GivenUpError
from spacebeam.net.report import HandshakeReport
from spacebeam.net.report_json import kept_json
from spacebeam.protocol.batch import Batch
from spacebeam.protocol.close import CloseCode
from spacebeam.protocol.endpoint import Endpoint
from spacebeam.protocol.secrets import without_secrets
from spacebeam.recording.block_store import StoreObserver
from spacebeam.recording.opening import create
from spacebeam.recording.recording import Recording

_PATIENCE = 60.0  # seconds that a slow disk has for what waits to be written
_SLOW_READER = 10.0  # seconds that the reader of standard error has for the last frames
_GOOD_CODES = (CloseCode.NORMAL, CloseCode.GOING_AWAY, CloseCode.NO_STATUS)


class RecordStop(Enum):
    """Why it is over."""

    ENDED = auto()  # by the server
    COUNTED = auto()  # as many messages came as were wanted
    TIME_UP = auto()
    INTERRUPTED = auto()


@dataclass(frozen=True, slots=True)
class RecordPlan:
    """What a person asked for."""

    endpoint: Endpoint
    handshake: HandshakeOptions
    talk: TalkOptions
    path: Path
    messages: tuple[str, ...]  # to send whenever a connection came about
    time: float | None  # seconds that it is to last
    count: int | None  # of received messages
    max_message: int  # bytes
    close_time: float  # seconds that the server has to say goodbye too


class Taking:
    """Connects, keeps what comes, and leaves for the first reason to."""

    def __init__(self, plan: RecordPlan) -> None:
        self._plan = plan
        limits = ConnectionLimits(plan.max_message, plan.close_time, linger_time=GRACE / 2)
        self._link = Link(plan.endpoint, plan.handshake, plan.talk, limits, self._on_entries)
        self._quota = Quota(plan.count, lambda: self._leave(RecordStop.COUNTED))
        self._progress = ProgressLine(lambda: (len(self._recording), self._recording.size))
        self._is_lost = False  # without a connection, and one is wanted; that was told
        self._frames = self._told_frames() if plan.talk.is_verbose else None
        self._link.watchers.append(self)

    def _told_frames(self) -> output.Output:
        self._progress.is_wanted = False
        frames = output.Output(output.error_descriptor())
        frames.on_full = partial(self._link.hold, frames)
        frames.on_room = partial(self._link.release, frames)
        self._link.watchers.append(Narrator(frames.write))
        return frames

    async def run(self) -> Status:
        """Record; returns how it went."""
        loop = asyncio.get_running_loop()
        self._reason: asyncio.Future[RecordStop] = loop.create_future()
        if not _made(self._plan.path):
            return Status.FAILED
        self._recording = self._kept(loop)
        with on_signals(lambda: self._leave(RecordStop.INTERRUPTED)):
            if not await self._connect():
                self._recording.close()
                self._plan.path.unlink(missing_ok=True)
                return Status.FAILED
            self._progress.start()
            ending = await self._listen()
            self._progress.stop()
            await self._tell_last_frames()
        return self._verdict(ending, is_whole=self._close())

    def _kept(self, loop: asyncio.AbstractEventLoop) -> Recording:
        recording = create(self._plan.path, loop)
        recording.observers.add(
            StoreObserver(
                on_full=partial(self._link.hold, self),
                on_room=partial(self._link.release, self),
                on_storage_error=lambda _error: self._progress.aside(self._tell_fault),
            )
        )
        return recording

    def _tell_fault(self) -> None:
        fault = self._recording.storage_error
        if fault is None:
            tell("It is being kept again.")
        else:
            complain(str(fault))

    def _leave(self, reason: RecordStop) -> None:
        if not self._reason.done():
            self._reason.set_result(reason)

    # The connection

    async def _connect(self) -> bool:
        """Connect; False if that failed or the person did not want to wait."""
        try:
            return await unless(self._reason, self._link.open())
        except HandshakeError as error:
            complain(str(error.failure))
        except GivenUpError as error:
            complain(str(error))
        return False

    async def _listen(self) -> CloseReason:
        """Until there is a reason to leave; returns how the last connection ended."""
        loop = asyncio.get_running_loop()
        if self._plan.time is not None:
            loop.call_later(self._plan.time, self._leave, RecordStop.TIME_UP)
        while True:
            connection = self._link.connection
            assert connection is not None
            sending = asyncio.create_task(self._send(connection))
            either: set[asyncio.Future[Any]] = {connection.ended, self._reason}
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            sending.cancel()
            if self._reason.done():
                return await self._say_goodbye(connection)
            ending: CloseReason = connection.ended.result()
            if not self._link.may_come_back(ending) or not await self._come_back(ending):
                self._leave(RecordStop.ENDED)
                return ending

    async def _send(self, connection: Connection) -> None:
        with suppress(NotOpenError):  # how it ended is told anyway
            for message in self._plan.messages:
                await connection.send(message)

    async def _come_back(self, ending: CloseReason) -> bool:
        """Have a connection again after one ended; False where that is not to be."""
        self._progress.stop()
        self._is_lost = True
        try:
            self._is_lost = not await unless(self._reason, self._link.come_back(ending))
        except GivenUpError as error:
            complain(str(error))
        if not self._is_lost:
            self._progress.start()
        return not self._is_lost

    async def _say_goodbye(self, connection: Connection) -> CloseReason:
        if self._frames is not None:
            self._frames.allowance = output.WAITING_AT_THE_END
            self._link.release(self._frames)
        words = self._plan.talk.goodbye
        return await connection.close(words.code, words.reason, even_illegal=words.even_illegal)

    async def _tell_last_frames(self) -> None:
        if self._frames is not None:
            with suppress(TimeoutError):
                async with asyncio.timeout(_SLOW_READER):
                    await self._frames.drain()

    # Keeping

    def watch(self, connection: Connection) -> None:
        """Keep the handshake of a connection that is about to be opened, before its entries."""
        told = connection.sink

        def sink(batch: Batch) -> None:
            connection.sink = told
            if connection.report is not None:
                self._begin(batch.time)
                self._recording.add_handshake(kept_json(connection.report))
            told(batch)

        connection.sink = sink

    def tell(self, report: HandshakeReport) -> None:
        """A handshake that failed is told, and not kept."""

    def _begin(self, when: float) -> None:
        if "began" not in self._recording.facts:
            address = without_secrets(self._plan.endpoint.url)
            self._recording.set_fact("address", address)
            self._recording.set_fact("began", when)

    def _on_entries(self, batch: Batch) -> None:
        self._recording.append(self._quota.take(batch))

    def _close(self) -> bool:
        """Have everything written; returns whether it is."""
        recording = self._recording
        recording.mark_complete(time.time())
        is_whole = recording.close(_PATIENCE)
        if is_whole:
            say(f"{entries(len(recording))} ({size(recording.size)}) kept in {self._plan.path}")
        else:
            why = recording.storage_error
            complain(
                f"Not everything could be written to {self._plan.path}. "
                + ("The disk is too slow." if why is None else why.what)
            )
        return is_whole

    def _verdict(self, ending: CloseReason, *, is_whole: bool) -> Status:
        if not is_whole:
            return Status.FAILED
        if not self._quota.is_met:
            complain(f"{self._quota.received} of {self._quota.wanted} wanted messages came.")
            if self._reason.result() is RecordStop.ENDED:
                complain(ending.explanation)
            return Status.CUT_SHORT
        if self._is_lost:
            return Status.CUT_SHORT
        if self._reason.result() is RecordStop.ENDED:
            if not self._is_good(ending):
                complain(ending.explanation)
                return Status.CUT_SHORT
            tell_terminal(ending.explanation)
        return Status.DONE

    def _is_good(self, ending: CloseReason) -> bool:
        """Whether it ended as usual, or with the code that the person wanted."""
        is_wanted = ending.is_clean and ending.code == self._plan.talk.goodbye.code
        return is_wanted or ending.code in _GOOD_CODES


def _made(path: Path) -> bool:
    """Make the file; False, and said why, where that cannot be or there is one."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600))
    except FileExistsError:
        complain(
            f"There is already a file {path}, and no recording takes its place. "
            "Choose another name, or remove it first."
        )
    except OSError as error:
        complain(f"The recording {path} cannot be made: {error.strerror}.")
    else:
        return True
    return False
