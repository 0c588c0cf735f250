"""Records a session: chooses each connection's recording, and pauses reading for a slow disk."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from spacebeam.net.clock import Clock
from spacebeam.net.close_reason import CloseReason
from spacebeam.net.report import HandshakeReport
from spacebeam.net.report_json import to_json
from spacebeam.profiles.plan import ConnectionPlan
from spacebeam.protocol.batch import Batch
from spacebeam.protocol.secrets import without_secrets
from spacebeam.recording.block_store import StoreObserver
from spacebeam.recording.errors import StorageError
from spacebeam.recording.file_store import FileStore
from spacebeam.recording.recording import PRIVATE_BYTES, Recording
from spacebeam.session.observer import Observer
from spacebeam.session.session_connection import SessionConnection

if TYPE_CHECKING:
    from spacebeam.session.session import Session

NewRecording = Callable[[str], Recording]  # returns the recording for an address


def in_memory(_address: str) -> Recording:
    """Return a recording without a file."""
    return Recording()


def _ignore(*_about: object) -> None:
    """Do nothing."""


class _OpenRecording:
    """A recording and its connections; their reading pauses while the block store is full."""

    def __init__(self, recording: Recording, *, is_read_only: bool = False) -> None:
        self.recording = recording
        self.is_read_only = is_read_only
        self._connections: set[SessionConnection] = set()
        self._clock = Clock()  # of the newest connection
        self._is_full = False
        self._is_closing = False  # the recording is closed when the last connection ends
        self._observer = StoreObserver()

    def watch(self, on_storage_error: Callable[[StorageError | None], None]) -> None:
        """Observe the block store, and pause reading while it is full."""
        self.recording.observers.remove(self._observer)
        self._observer = StoreObserver(
            on_full=self._on_full, on_room=self._on_room, on_storage_error=on_storage_error
        )
        self.recording.observers.add(self._observer)

    def add(self, connection: SessionConnection) -> None:
        """Add a connection that has just been opened."""
        self._connections.add(connection)
        self._clock = connection.connection.clock
        if self._is_full:
            connection.hold(self)

    def remove(self, connection: SessionConnection | None) -> None:
        """Remove a connection that has ended; after the last one the recording is complete."""
        if connection is not None:
            self._connections.discard(connection)
        if self._connections:
            return
        if not self._is_closing:
            self.settle()
        elif self.recording.storage_error is None:
            self._close()

    def close_after_connections(self) -> list[SessionConnection]:
        """Close the recording when its last connection ends; return the connections that are open.

        Their last entries are recorded too. While there is a storage error, the recording stays
        open: its pending entries would be lost.
        """
        self._is_closing = True
        self.watch(self._on_storage_error_while_closing)
        connections = list(self._connections)
        self.remove(None)
        return connections

    def settle(self) -> None:
        """Mark the recording as complete; adding an entry removes the mark."""
        if len(self.recording) and not self.is_read_only:
            self.recording.mark_complete(max(self._clock.now(), self.recording.ended))

    def _close(self) -> None:
        self.recording.observers.remove(self._observer)
        self._observer = StoreObserver()  # its methods would keep the recording in a cycle
        if "ended" not in self.recording.facts:
            self.settle()
        self.recording.close()

    def _on_storage_error_while_closing(self, error: StorageError | None) -> None:
        if error is None and not self._connections:
            self._close()

    def _on_full(self) -> None:
        self._is_full = True
        for connection in self._connections:
            connection.hold(self)

    def _on_room(self) -> None:
        self._is_full = False
        for connection in self._connections:
            connection.release(self)


class _RestRecorder(Observer):
    """Records the last entries of a replaced connection in its own recording."""

    def __init__(self, opened: _OpenRecording, connection: SessionConnection) -> None:
        self._open = opened
        self._connection = connection

    def entries(self, batch: Batch) -> None:
        self._open.recording.append(batch)

    def ended(self, reason: CloseReason) -> None:
        self._open.remove(self._connection)


class SessionRecorder(Observer):
    """Writes a session's entries into a recording.

    Connections to the same address share a recording. A different address begins a new recording,
    and so does a change between private and not. A private recording is in memory only. A failed
    handshake begins no recording.
    """

    def __init__(
        self,
        new_recording: NewRecording = in_memory,
        *,
        recording: Recording | None = None,
        select: Callable[[Batch], Batch] | None = None,
    ) -> None:
        """Create a recorder.

        The first connection is recorded in `recording` if that is given. Of each batch, the part
        that `select` returns is recorded.
        """
        self.on_storage_error: Callable[[], None] = _ignore  # it began or ended
        self._new_recording = new_recording
        self._select = select
        self._session: Session | None = None
        self._address: str | None = None if recording is not None else ""  # None: any
        self._open = _OpenRecording(Recording() if recording is None else recording)
        self._open.watch(self._on_storage_error)
        self._connection: SessionConnection | None = None  # the connection that is recorded
        self._rest: list[SessionConnection] = []  # replaced, in earlier recordings

    @property
    def recording(self) -> Recording:
        """The newest recording, or the earlier one that is shown."""
        return self._open.recording

    def attach(self, session: Session) -> None:
        """Record this session."""
        self._session = session

    # Calls by the session

    def opened(self, report: HandshakeReport) -> None:
        """Begin a new recording if needed, and record the handshake."""
        assert self._session is not None
        connection = self._session.current
        assert connection is not None
        self._choose_recording(connection.plan, report.secret_names)
        self._connection = connection
        self._open.add(connection)
        self.recording.add_handshake(to_json(report))

    def entries(self, batch: Batch) -> None:
        """Record a batch."""
        if self._open.is_read_only:
            return
        if self._select is not None:
            batch = self._select(batch)
        recording = self._open.recording
        if "began" not in recording.facts:
            recording.set_fact("began", batch.time)
        recording.append(batch)

    def ended(self, reason: CloseReason) -> None:
        """Mark the recording as complete, unless it has another open connection."""
        self._open.remove(self._connection)
        self._connection = None

    def replaced(self) -> Observer | None:
        """Record the last entries of the connection in the same recording as before."""
        connection, self._connection = self._connection, None
        return None if connection is None else _RestRecorder(self._open, connection)

    # Calls by the window and the terminal

    def show(self, recording: Recording) -> None:
        """Show an earlier recording; nothing is added to it."""
        self._switch(_OpenRecording(recording, is_read_only=True))
        self._address = ""

    def retry(self) -> None:
        """Try again at once to write after a storage error."""
        if isinstance(self.recording.store, FileStore):
            self.recording.store.retry()

    def move(self, path: Path, on_moved: Callable[[StorageError | None], None]) -> None:
        """Continue in a new file; `on_moved` gets None, or the reason if that failed."""
        if isinstance(self.recording.store, FileStore):
            self.recording.store.move(path, on_moved)

    async def close_recording(self) -> None:
        """Close the recording, and wait until the last connection has ended.

        Pending entries are written in the background.
        """
        self._switch(_OpenRecording(Recording()))
        self._address = ""
        if self._rest:
            await asyncio.wait([one.connection.ended for one in self._rest])

    async def until_written(self) -> None:
        """Mark the recording as complete, and wait until everything is written."""
        self._open.settle()
        if isinstance(self.recording.store, FileStore):
            await self.recording.store.until_written()

    @property
    def unwritten_entries(self) -> int:
        """The number of entries that are not in the recording's file yet."""
        store = self.recording.store
        return len(self.recording) - store.written_entries if isinstance(store, FileStore) else 0

    def close(self, timeout: float) -> bool:
        """Write everything, for `timeout` seconds at most; return whether all is written."""
        self._open.settle()
        return self.recording.close(timeout)

    def _choose_recording(self, plan: ConnectionPlan, secret_names: frozenset[str]) -> None:
        now, url = self._open, plan.typed_endpoint.url
        is_private = now.recording.memory_limit is not None
        if self._address == url and is_private == plan.is_private and not now.is_read_only:
            return
        recording = now.recording
        if self._address is not None:
            if plan.is_private:
                recording = Recording(memory_limit=PRIVATE_BYTES)
            else:
                recording = self._new_recording(url)
            self._switch(_OpenRecording(recording))
        self._address = url
        recording.set_fact("address", without_secrets(url, secret_names))

    def _switch(self, opened: _OpenRecording) -> None:
        before, self._open = self._open, opened
        self._rest = [
            one for one in self._rest if not one.is_over
        ] + before.close_after_connections()
        self._connection = None
        opened.watch(self._on_storage_error)

    def _on_storage_error(self, _error: StorageError | None) -> None:
        self.on_storage_error()
