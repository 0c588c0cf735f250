"""A journal: the recording that a tab's connections are written down in.

It begins another recording where another address is talked to, and has the server wait while the
recording cannot take more.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from spacebeam.decode.preview import size
from spacebeam.net.connection import Connection
from spacebeam.net.report_json import kept_json
from spacebeam.protocol.batch import Batch
from spacebeam.protocol.endpoint import Endpoint
from spacebeam.protocol.secrets import without_secrets
from spacebeam.recording.block_store import StoreObserver
from spacebeam.recording.errors import StorageError
from spacebeam.recording.file_store import FileStore
from spacebeam.recording.recording import PRIVATE_BYTES, Recording

NewRecording = Callable[[str], Recording]  # a recording of what is said with this address


def in_memory(_address: str) -> Recording:
    """A recording that is kept nowhere."""
    return Recording()


@dataclass(eq=False)
class Journal:
    """Takes what connections say. `on_grown` and `on_changed` tell whoever shows it."""

    new_recording: NewRecording
    on_grown: Callable[[], None]
    on_changed: Callable[[], None]

    def __post_init__(self) -> None:
        self.recording = Recording()
        self._address = ""  # that it is of, in full
        self._connections: list[Connection] = []  # those that say something; the newest is last
        self._parting: list[Connection] = []  # those that say their last in an earlier recording
        self._observer = StoreObserver()  # of the recording
        self._is_held = False
        self._is_finished = False  # nothing is added to this recording
        self._remark = ""

    def listen(self, connection: Connection, endpoint: Endpoint, *, is_private: bool) -> None:
        """Write down what this connection will say, from its handshake on."""
        # Only then is there something to be written down: what fails makes no recording.
        connection.sink = partial(self._take_first, connection, endpoint, is_private)

    def note(self, batch: Batch) -> None:
        """Write down what happened between connections."""
        if not self._is_finished:
            self.recording.append(batch)
            self.on_grown()

    def settle(self) -> None:
        """Nothing more is to come for now: if it ends here, it did not end abruptly."""
        if len(self.recording) and not self._is_finished:
            self.recording.mark_complete(time.time())

    @property
    def remark(self) -> str:
        """What is unusual about the recording, in words; or nothing."""
        if self.recording.memory_limit is not None:
            held = f"The newest {size(PRIVATE_BYTES)} are held in memory."
            return f"Private: nothing of this is written to the disk. {held}"
        return self._remark

    def show(self, recording: Recording, remark: str = "") -> None:
        """Take up a recording of earlier; nothing is added to it."""
        self._switch(recording)
        self._is_finished = True
        self._remark = remark
        self.on_grown()

    def try_again(self) -> None:
        """Wait no longer to keep what could not be kept."""
        if isinstance(self.recording.store, FileStore):
            self.recording.store.retry()

    def move(self, path: Path, on_moved: Callable[[StorageError | None], None]) -> None:
        """Go on in another file; `on_moved` is told why it could not be, or None."""
        if isinstance(self.recording.store, FileStore):
            self.recording.store.move(path, on_moved)

    async def leave(self) -> None:
        """Let go of the recording, after all was said; what is in it is kept behind the scene."""
        self._switch(Recording())
        self.on_grown()
        if self._parting:
            await asyncio.wait([connection.ended for connection in self._parting])
            await asyncio.sleep(0)  # only now it is kept

    def _recording_for(self, endpoint: Endpoint, *, is_private: bool) -> Recording:
        now = self.recording
        is_same = self._address == endpoint.url
        if is_same and (now.memory_limit is not None) == is_private and not self._is_finished:
            return now
        if is_private:
            recording = Recording(memory_limit=PRIVATE_BYTES)
        else:
            recording = self.new_recording(endpoint.url)
        recording.set_fact("address", without_secrets(endpoint.url))
        return recording

    def _take_first(
        self, connection: Connection, endpoint: Endpoint, is_private: bool, batch: Batch
    ) -> None:
        recording = self._recording_for(endpoint, is_private=is_private)
        if recording is not self.recording:
            self._switch(recording, endpoint.url)
            recording.set_fact("began", batch.time)
        self._connections = [one for one in self._connections if not one.ended.done()]
        self._connections.append(connection)
        if self._is_held:
            connection.pause_reading()
        if connection.report is not None:
            recording.add_handshake(kept_json(connection.report))
        connection.sink = partial(self._take, recording)
        self._take(recording, batch)

    def _take(self, recording: Recording, batch: Batch) -> None:
        recording.append(batch)
        self.on_grown()

    def _switch(self, recording: Recording, address: str = "") -> None:
        before, self.recording = self.recording, recording
        speaking = []
        for connection in self._connections:
            if connection.ended.done():
                _silence(connection)
            else:
                speaking.append(connection)
        self._connections = []
        self._finish(before, speaking, is_whole=self._is_finished)
        self._address = address
        self._is_held = self._is_finished = False
        self._remark = ""
        self._observer = StoreObserver(
            on_full=self._on_recording_full,
            on_room=self._on_recording_room,
            on_storage_error=self._on_storage_error,
        )
        recording.observers.add(self._observer)

    def _finish(self, before: Recording, speaking: list[Connection], *, is_whole: bool) -> None:
        """Close a recording when they have said goodbye in it; until then they wait for it too."""
        before.observers.remove(self._observer)
        observer = StoreObserver(
            on_full=partial(_hold, speaking), on_room=partial(_go_on, speaking)
        )
        before.observers.add(observer)
        self._parting += speaking
        left = set(speaking)

        def on_ended(connection: Connection, _ended: object) -> None:
            left.discard(connection)
            if connection in self._parting:
                self._parting.remove(connection)
            _silence(connection)
            if not left:
                before.observers.remove(observer)
                _close(before, is_whole=is_whole)

        for connection in speaking:
            connection.ended.add_done_callback(partial(on_ended, connection))
        if not speaking:
            before.observers.remove(observer)
            _close(before, is_whole=is_whole)

    def _on_recording_full(self) -> None:
        self._is_held = True
        _hold(self._connections)

    def _on_recording_room(self) -> None:
        self._is_held = False
        _go_on(self._connections)

    def _on_storage_error(self, _error: StorageError | None) -> None:
        self.on_changed()


def _ignore(*_about: object) -> None:
    """Take no notice."""


def _silence(connection: Connection) -> None:
    """PyGObject may keep it for a while, with what it holds."""
    connection.sink = _ignore


def _hold(connections: list[Connection]) -> None:
    for connection in connections:
        connection.pause_reading()


def _go_on(connections: list[Connection]) -> None:
    for connection in connections:
        connection.resume_reading()


def _close(recording: Recording, *, is_whole: bool) -> None:
    if len(recording) and not is_whole and "ended" not in recording.facts:
        recording.mark_complete(time.time())
    recording.close()
