"""One run of `spacebeam record`: creates the file, records, stops, and sets the exit code."""

from __future__ import annotations

import asyncio
import errno
import json
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

from spacebeam.cli import output
from spacebeam.cli.loop import on_signals, unless
from spacebeam.cli.messages import print_error, print_line, print_note, print_text
from spacebeam.cli.printing import Quota
from spacebeam.cli.progress import ProgressLine, entries
from spacebeam.cli.session_run import RunPlan, SessionRun
from spacebeam.cli.status import Status
from spacebeam.cli.terminal import colored_json
from spacebeam.decode.preview import size
from spacebeam.net.close_reason import CloseReason
from spacebeam.net.events import Closed, ConnectFailed, Event, to_payload
from spacebeam.net.handshake import HandshakeError
from spacebeam.protocol.batch import Batch
from spacebeam.recording.file import has_room_for_log
from spacebeam.recording.opening import create
from spacebeam.session.observer import Observer
from spacebeam.session.on_connect import OnConnect
from spacebeam.session.recorder import SessionRecorder
from spacebeam.session.session import Session
from spacebeam.wording.recordings import storage_explanation, storage_words

_WRITE_TIMEOUT_S = 60.0  # at the end, for pending entries on a slow disk
_READER_TIMEOUT_S = 10.0  # at the end, for a slow reader of standard error


class RecordStop(Enum):
    """Why the run ends."""

    ENDED = auto()  # by the server
    COUNTED = auto()  # --count messages were received
    TIME_UP = auto()
    INTERRUPTED = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPlan(RunPlan):
    """The values of the command line's options."""

    path: Path
    messages: tuple[str | bytes, ...]  # to send over each connection
    time: float | None  # seconds to record
    count: int | None  # received messages to record
    as_json: bool = False
    on_connect: Callable[[], tuple[str | bytes, ...]] = tuple  # sent before the messages


class RecordRun(SessionRun):
    """Connects, records, and disconnects for the first reason to stop."""

    def __init__(self, plan: RecordPlan) -> None:
        super().__init__(plan, RecordStop.ENDED)
        self._plan = plan
        self._quota = Quota(plan.count, lambda: self._leave(RecordStop.COUNTED))
        self._progress = ProgressLine(lambda: (len(self._recording), self._recording.size))
        if self._frames is not None:
            self._progress.is_wanted = False
        self._is_over = False  # the connection has ended

    async def run(self) -> Status:
        """Record until there is a reason to stop; return the exit status."""
        loop = asyncio.get_running_loop()
        if not _create_file(self._plan.path):
            return Status.UNWRITABLE
        self._recording = create(self._plan.path, loop)
        self._interrupted = loop.create_future()
        self._recorder = SessionRecorder(recording=self._recording, select=self._select)
        self._recorder.on_storage_error = lambda: self._progress.print_above(
            self._print_storage_error
        )
        self._begin([] if self._frames is None else [self._frames], self._recorder, self._observers)
        with on_signals(self._on_interrupt):
            if not await self._connect():
                self._recording.close()
                self._plan.path.unlink(missing_ok=True)
                return self._not_connected(RecordStop.INTERRUPTED)
            self._progress.start()
            if self._plan.time is not None:
                loop.call_later(self._plan.time, self._leave, RecordStop.TIME_UP)
            await self._reason
            self._on_connect.stop()
            ending = await self._close_and_print()
            await self._until_written()
        self._report(ending)  # first, as standard output may fail
        is_complete = await self._save()
        if self._plan.as_json:
            self._print_json(Closed.of(ending), is_complete=is_complete)
        return self._verdict(ending, is_complete=is_complete)

    def _observers(self, session: Session) -> Sequence[Observer]:
        plan = self._plan
        self._on_connect = OnConnect(session, lambda: (*plan.on_connect(), *plan.messages))
        return (self._on_connect,)

    def _select(self, batch: Batch) -> Batch:
        """Return the part of a batch to record: --count messages at most."""
        return self._quota.take(batch, self._session.speech.own)

    def _print_storage_error(self) -> None:
        error = self._recording.storage_error
        if error is None:
            print_note("Recording resumed.")
        else:
            print_error(storage_words(error, can_move=False))
            if self._is_over:
                self._print_waiting()

    def _on_interrupt(self) -> None:
        self._interrupted.set_result(None)
        self._leave(RecordStop.INTERRUPTED)

    def _on_refused(self, error: HandshakeError | None) -> None:
        if self._plan.as_json and error is not None:
            self._print_json(ConnectFailed(error.failure), is_complete=False)

    # Calls by the session

    def ended(self, reason: CloseReason) -> None:
        """Remove the progress line."""
        self._progress.stop()
        super().ended(reason)

    def _on_reconnecting_over(self) -> None:
        was_lost = self.is_lost
        super()._on_reconnecting_over()
        if was_lost and not self.is_lost:
            self._progress.start()

    # Stopping

    async def _close_and_print(self) -> CloseReason:
        """Disconnect, and print the last frames."""
        if self._frames is not None:
            self._frames.max_pending = output.MAX_PENDING_BYTES_WHILE_CLOSING
            self._session.release(self._frames)
        ending = await self._close()
        self._progress.stop()
        if self._frames is not None:
            with suppress(TimeoutError):
                async with asyncio.timeout(_READER_TIMEOUT_S):
                    await self._frames.drain()
        return ending

    async def _until_written(self) -> None:
        """Wait until everything is written, or for Ctrl+C."""
        self._is_over = True
        if self._recording.storage_error is not None and not self._interrupted.done():
            self._print_waiting()
        await unless(self._interrupted, self._recorder.until_written())

    def _print_waiting(self) -> None:
        print_note(
            f"The connection has ended; {self._unwritten()} not written yet. "
            "Waiting until they can be written; Ctrl+C discards them."
        )

    def _unwritten(self) -> str:
        count = self._recorder.unwritten_entries
        verb = "is" if count == 1 else "are"
        return f"{count:,} of {entries(len(self._recording))} {verb}"

    async def _save(self) -> bool:
        """Write what is pending, as far as possible; return whether all is written."""
        recording = self._recording
        is_complete = self._recorder.close(_WRITE_TIMEOUT_S)
        await asyncio.sleep(0)  # the store counts what the thread has written
        if is_complete and not self._plan.as_json:
            print_line(
                f"{entries(len(recording))} ({size(recording.size)}) recorded in {self._plan.path}"
            )
        if not is_complete:
            why = recording.storage_error
            print_error(
                f"Not everything could be written to {self._plan.path}: {self._unwritten()} lost. "
                + ("The disk is too slow." if why is None else storage_explanation(why))
            )
        return is_complete

    def _print_json(self, last: Event, *, is_complete: bool) -> None:
        """Print the outcome as a JSON object, with the event that ended the run."""
        outcome = {
            "file": str(self._plan.path),
            "entries": len(self._recording),
            "bytes": self._recording.size,
            "complete": is_complete,
            "event": json.loads(to_payload(last)),
        }
        # DEL is the one control character that JSON does not escape.
        line = json.dumps(outcome).replace("\x7f", "\\u007f")
        print_text(colored_json(f"{line}\n"))

    def _verdict(self, ending: CloseReason, *, is_complete: bool) -> Status:
        if not is_complete:
            return Status.UNWRITABLE
        if not self._quota.is_met:
            print_error(f"Received {self._quota.received} of {self._quota.wanted} messages.")
            return Status.CUT_SHORT
        is_over = self._reason.result() is RecordStop.ENDED
        if self.is_lost or (is_over and not self._is_good(ending)):
            return Status.CUT_SHORT
        return Status.DONE


def _create_file(path: Path) -> bool:
    """Create the file; print an error and return False if that fails or the file exists."""
    try:
        if not has_room_for_log(path):
            raise OSError(errno.ENAMETOOLONG, os.strerror(errno.ENAMETOOLONG))
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600))
    except FileExistsError:
        print_error(
            f"The file {path} already exists and is not overwritten. "
            "Choose another name, or remove the file first."
        )
    except OSError as error:
        print_error(f"Could not create the recording {path}: {error.strerror}.")
    else:
        return True
    return False
