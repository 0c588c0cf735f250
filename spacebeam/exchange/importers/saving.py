"""Saves imported conversations, each as a recording of its own."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from spacebeam.exchange.importers.importer import Begin, End, ImportFileError, Item, Part
from spacebeam.exchange.losses import Loss, Losses
from spacebeam.net.report_json import to_json
from spacebeam.net.report_secrets import without_its_secrets
from spacebeam.protocol.secrets import MASK, without_secrets
from spacebeam.recording.errors import StorageError
from spacebeam.recording.file_store import FileStore
from spacebeam.recording.opening import create
from spacebeam.recording.recording import Recording

NewPath = Callable[[str, float], Path]  # a new recording's, of an address and a Unix time

_MASK = json.dumps(MASK)[1:-1]
_MAX_PENDING_BYTES = 8 * 2**20
_POLL_S = 0.002
_CLOSE_TIMEOUT_S = 60.0
_REMOVE_TIMEOUT_S = 5.0  # before an unfinished file is removed
_TURN = 64  # items between two turns of the loop
_COMPANIONS = ("", "-wal", "-shm", "-journal")


class ImportStorageError(Exception):
    """A recording cannot be written."""

    def __init__(self, error: StorageError) -> None:
        super().__init__(str(error))
        self.error = error


@dataclass(frozen=True, slots=True)
class ImportedRecording:
    """A recording that was made."""

    path: Path
    address: str  # without secrets
    began: float  # Unix time in seconds
    entries: int
    size: int  # bytes of all payloads


@dataclass(slots=True)
class _OpenImport:
    path: Path
    recording: Recording
    store: FileStore


class Importing:
    """Writes the conversations of one file; `done` are those that are complete.

    After an ImportFileError, the unfinished ones have what came before the broken place. After any
    other exception they are removed.
    """

    def __init__(self, new_path: NewPath, losses: Losses) -> None:
        self.done: list[ImportedRecording] = []
        self.on_progress: Callable[[], None] = _ignore
        self._new_path = new_path
        self.losses = losses
        self._open: dict[str, _OpenImport] = {}

    async def save(self, items: Iterator[Item]) -> None:
        """Save all. Raises ImportFileError and ImportStorageError, OSError if reading fails."""
        try:
            for number, item in enumerate(items):
                await self._take(item)
                if number % _TURN == 0:
                    self.on_progress()
                    await asyncio.sleep(0)
        except ImportFileError:
            for key in list(self._open):
                await self._finish(key, None)
            raise
        finally:
            self._remove_unfinished()

    async def _take(self, item: Item) -> None:
        match item:
            case Begin():
                self._begin(item)
            case Part():
                opened = self._open[item.key]
                first = len(opened.recording)
                opened.recording.append(item.batch)
                for place, mark in item.marks.items():
                    opened.recording.set_mark(first + place, mark)
                await _until_pending(opened, _MAX_PENDING_BYTES)
            case End():
                await self._finish(item.key, item.ended)

    def _begin(self, item: Begin) -> None:
        address = without_secrets(item.address)
        path = self._new_path(address, item.began)
        recording = create(path, asyncio.get_running_loop())
        assert isinstance(recording.store, FileStore)
        self._open[item.key] = _OpenImport(path, recording, recording.store)
        recording.set_fact("address", address)
        recording.set_fact("began", item.began)
        if item.report is not None:
            report = to_json(without_its_secrets(item.report))
            self.losses[Loss.SECRETS] += report.count(_MASK)
            recording.add_handshake(report)

    async def _finish(self, key: str, ended: float | None) -> None:
        """Close a recording; without `ended`, it is marked as one that ended abruptly."""
        opened = self._open[key]
        recording = opened.recording
        if ended is not None:
            recording.mark_complete(max(ended, recording.ended))
        opened.store.flush()
        await _until_pending(opened, 0)
        del self._open[key]
        recording.close(_CLOSE_TIMEOUT_S)
        address = str(recording.facts.get("address", ""))
        began = float(recording.facts.get("began", 0.0))
        size, count = recording.size, len(recording)
        self.done.append(ImportedRecording(opened.path, address, began, count, size))

    def _remove_unfinished(self) -> None:
        for opened in self._open.values():
            opened.recording.close(_REMOVE_TIMEOUT_S)
            for suffix in _COMPANIONS:
                with suppress(OSError):
                    opened.path.with_name(opened.path.name + suffix).unlink()
        self._open.clear()


async def _until_pending(opened: _OpenImport, most: int) -> None:
    """Wait until at most `most` bytes are not written yet. Raises ImportStorageError."""
    while opened.store.pending_bytes > most or (most == 0 and not opened.store.is_written):
        if opened.recording.storage_error is not None:
            raise ImportStorageError(opened.recording.storage_error)
        await asyncio.sleep(_POLL_S)


def _ignore() -> None:
    """Do nothing."""
