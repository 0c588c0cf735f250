"""One run of `spacebeam record`: the file, the messages to send, when to stop, which code."""

from __future__ import annotations

import asyncio
import os
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum, auto
from pathlib import Path

from spacebeam.cli import output
from spacebeam.cli.loop import on_signals
from spacebeam.cli.messages import complain, say, tell, tell_terminal
from spacebeam.cli.options.values import CloseOptions
from spacebeam.cli.printing import Quota
from spacebeam.cli.progress import ProgressLine, entries
from spacebeam.cli.session_run import SessionRun, close_advice
from spacebeam.cli.status import Status
from spacebeam.decode.preview import size
from spacebeam.net.close_reason import CloseReason
from spacebeam.net.report import HandshakeReport
from spacebeam.profiles.plan import ConnectionPlan
from spacebeam.protocol.batch import Batch
from spacebeam.recording.opening import create
from spacebeam.session.outgoing import NotSentError
from spacebeam.session.recorder import SessionRecorder
from spacebeam.wording.closing import close_words
from spacebeam.wording.recordings import storage_explanation, storage_words

_WRITE_TIMEOUT_S = 60.0  # for what a slow disk has yet to write at the end
_READER_TIMEOUT_S = 10.0  # for a slow reader of the last frames on standard error


class RecordStop(Enum):
    """Why the run ends."""

    ENDED = auto()  # by the server
    COUNTED = auto()  # as many messages came as were wanted
    TIME_UP = auto()
    INTERRUPTED = auto()


@dataclass(frozen=True, slots=True)
class RecordPlan:
    """The options of the command line, as values."""

    connection: ConnectionPlan
    path: Path
    messages: tuple[str, ...]  # to send over each connection
    time: float | None  # seconds to record
    count: int | None  # of received messages to record
    close: CloseOptions = field(default_factory=CloseOptions)
    is_verbose: bool = False


class RecordRun(SessionRun):
    """Connects, records what comes, and leaves for the first reason to."""

    def __init__(self, plan: RecordPlan) -> None:
        super().__init__(plan.connection, plan.close, RecordStop.ENDED, is_verbose=plan.is_verbose)
        self._plan = plan
        self._quota = Quota(plan.count, lambda: self._leave(RecordStop.COUNTED))
        self._progress = ProgressLine(lambda: (len(self._recording), self._recording.size))
        if self._frames is not None:
            self._progress.is_wanted = False
        self._sending: asyncio.Task[None] | None = None

    async def run(self) -> Status:
        """Record until there is a reason to leave; return the exit status."""
        loop = asyncio.get_running_loop()
        if not _made(self._plan.path):
            return Status.FAILED
        self._recording = create(self._plan.path, loop)
        recorder = SessionRecorder(recording=self._recording, select=self._select)
        recorder.on_storage_error = lambda: self._progress.aside(self._tell_fault)
        self._begin([] if self._frames is None else [self._frames], recorder)
        with on_signals(lambda: self._leave(RecordStop.INTERRUPTED)):
            if not await self._connect():
                self._recording.close()
                self._plan.path.unlink(missing_ok=True)
                return Status.FAILED
            self._progress.start()
            if self._plan.time is not None:
                loop.call_later(self._plan.time, self._leave, RecordStop.TIME_UP)
            await self._reason
            self._stop_sending()
            ending = await self._close_and_print()
        return self._verdict(ending, is_complete=self._save(recorder))

    def _select(self, batch: Batch) -> Batch:
        """The part of a batch that is recorded: as many messages as are wanted."""
        return self._quota.take(batch)

    def _tell_fault(self) -> None:
        fault = self._recording.storage_error
        if fault is None:
            tell("Recording resumed.")
        else:
            complain(storage_words(fault))

    # What the session tells

    def opened(self, report: HandshakeReport) -> None:
        """Send the messages over each connection."""
        self._sending = asyncio.create_task(self._send())

    def ended(self, reason: CloseReason) -> None:
        """Stop sending, and take the progress line away."""
        self._stop_sending()
        self._progress.stop()
        super().ended(reason)

    def _on_reconnecting_over(self) -> None:
        was_lost = self.is_lost
        super()._on_reconnecting_over()
        if was_lost and not self.is_lost:
            self._progress.start()

    async def _send(self) -> None:
        with suppress(NotSentError):  # how it ended is told anyway
            for message in self._plan.messages:
                await self._session.send(message, flush=False)

    def _stop_sending(self) -> None:
        if self._sending is not None:
            self._sending.cancel()

    # Leaving

    async def _close_and_print(self) -> CloseReason:
        """Close, and print the last frames."""
        if self._frames is not None:
            self._frames.allowance = output.WAITING_AT_THE_END
            self._session.release(self._frames)
        ending = await self._close()
        self._progress.stop()
        if self._frames is not None:
            with suppress(TimeoutError):
                async with asyncio.timeout(_READER_TIMEOUT_S):
                    await self._frames.drain()
        return ending

    def _save(self, recorder: SessionRecorder) -> bool:
        """Write everything; return whether that is done."""
        recording = self._recording
        is_complete = recorder.close(_WRITE_TIMEOUT_S)
        if is_complete:
            say(f"{entries(len(recording))} ({size(recording.size)}) kept in {self._plan.path}")
        else:
            why = recording.storage_error
            complain(
                f"Not everything could be written to {self._plan.path}. "
                + ("The disk is too slow." if why is None else storage_explanation(why))
            )
        return is_complete

    def _verdict(self, ending: CloseReason, *, is_complete: bool) -> Status:
        if not is_complete:
            return Status.FAILED
        if not self._quota.is_met:
            complain(f"{self._quota.received} of {self._quota.wanted} wanted messages came.")
            if self._reason.result() is RecordStop.ENDED:
                complain(close_advice(ending))
            return Status.CUT_SHORT
        if self.is_lost:
            return Status.CUT_SHORT
        if self._reason.result() is RecordStop.ENDED:
            if not self._is_good(ending):
                complain(close_advice(ending))
                return Status.CUT_SHORT
            tell_terminal(close_words(ending))
        return Status.DONE


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
