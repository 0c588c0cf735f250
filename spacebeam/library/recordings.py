"""The person's recordings: the files in a folder, and the open ones among them.

A file that is open here must not be opened and closed without SQLite: closing it would release the
locks that SQLite has on it. So an open recording is changed through the program's own object.
"""

from __future__ import annotations

import logging
import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from spacebeam.library.recording_cache import RecordingCache, default_cache, file_key
from spacebeam.library.recording_info import RecordingInfo, RecordingState, read_info
from spacebeam.library.retention import RetentionPolicy, expired
from spacebeam.library.titles import MAX_TITLE
from spacebeam.protocol.endpoint import EndpointError, parse
from spacebeam.recording import info
from spacebeam.recording.errors import RecordingError, RecordingFault
from spacebeam.recording.file import (
    SUFFIX,
    Identity,
    files_open_here,
    identity,
    is_being_written,
)
from spacebeam.recording.recording import Recording

_log = logging.getLogger(__name__)

_DELETED = ".deleted"  # the folder of recordings whose deletion can be undone
_COMPANIONS = ("-wal", "-shm")  # suffixes of the files that SQLite writes beside a database
_MAX_HOST = 60  # characters of a file's name
_PART_S = 0.3  # between two parts of a list
_EMPTY_FILE_AGE_S = 3600.0  # an older empty file is removed: its program has ended


def default_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Return the folder of recordings (XDG Base Directory Specification)."""
    home = Path(environment.get("XDG_DATA_HOME", ""))
    if not home.is_absolute():  # ignored, as the specification requires
        home = Path("~/.local/share").expanduser()
    return home / "spacebeam" / "recordings"


@dataclass(frozen=True, slots=True)
class OpenRecording:
    """An open recording, and whether this program still writes it."""

    recording: Recording
    is_live: bool


class OpenRecordings:
    """The open recordings of this program, by file. Use it on the main loop only."""

    def __init__(self) -> None:
        self._opened: dict[Path, list[OpenRecording]] = {}
        self._held: list[Path] = []

    def add(self, path: Path, recording: Recording, *, is_live: bool) -> None:
        """Add an open recording, or change whether it is live."""
        others = self._others(path, recording)
        self._opened[_absolute(path)] = [*others, OpenRecording(recording, is_live)]

    def remove(self, path: Path, recording: Recording) -> None:
        """Remove a recording that was closed or moved, if it is here."""
        others = self._others(path, recording)
        if others:
            self._opened[_absolute(path)] = others
        else:
            self._opened.pop(_absolute(path), None)

    def of(self, path: Path) -> tuple[Recording, ...]:
        """Return the open recordings of a file, the live one first."""
        opened = self._opened.get(_absolute(path), [])
        return tuple(one.recording for one in sorted(opened, key=lambda one: not one.is_live))

    def is_live(self, path: Path) -> bool:
        """Return whether this program writes the file."""
        return any(one.is_live for one in self._opened.get(_absolute(path), []))

    def hold(self, path: Path) -> None:
        """Let a recording that is not open yet not expire, until `release`."""
        self._held.append(_absolute(path))

    def release(self, path: Path) -> None:
        """Undo one `hold`."""
        self._held.remove(_absolute(path))

    def is_held(self, path: Path) -> bool:
        """Return whether a tab shows the recording once it is selected."""
        return _absolute(path) in self._held

    def _others(self, path: Path, recording: Recording) -> list[OpenRecording]:
        opened = self._opened.get(_absolute(path), [])
        return [one for one in opened if one.recording is not recording]


class DeletedRecording:
    """A deleted recording. The deletion can be undone until `forget` is called."""

    def __init__(self, path: Path, aside: Path) -> None:
        self.path = path  # before the deletion, and after `undo`
        self._aside = aside

    def undo(self) -> None:
        """Restore the recording. Raises RecordingError."""
        if self.path.exists():
            raise RecordingError(RecordingFault.NAME_TAKEN, self.path)
        try:
            _move(self._aside / self.path.name, self.path)
            self._aside.rmdir()
        except OSError as error:
            raise RecordingError(
                RecordingFault.CANNOT_RESTORE, self._aside, detail=error.strerror or ""
            ) from error

    def forget(self) -> None:
        """Remove the recording for good."""
        with suppress(OSError):  # the next start of the program removes it
            shutil.rmtree(self._aside)


class Recordings:
    """The recordings in `folder`, which is created when needed.

    Call methods that use the disk in a worker thread. A recording in `opened` is changed through
    that object, on the main loop.
    """

    def __init__(self, folder: Path, cache: Path | None = None) -> None:
        self.folder = folder
        self._cache = RecordingCache(folder, cache or default_cache())
        self.opened = OpenRecordings()

    def new_path(self, address: str, when: float) -> Path:
        """Reserve a file for a recording of `address` that begins at the Unix time `when`.

        If the folder cannot be created, the recording's writer reports the error.
        """
        stamp = time.strftime("%Y-%m-%d %H-%M-%S", time.localtime(when))
        name = f"{stamp} {_host(address)}"
        number = 1
        with suppress(OSError):
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        while True:
            path = self.folder / (name + (f" ({number})" if number > 1 else "") + SUFFIX)
            if _reserve(path):
                return path
            number += 1

    def listed(self) -> list[RecordingInfo]:
        """Return all recordings, the newest first, damaged ones included."""
        *_parts, every = self.listed_in_parts()
        return every

    def listed_in_parts(self) -> Iterator[list[RecordingInfo]]:
        """Yield the recordings that are remembered, then more and more, and at last all of them.

        They are in order, and never none before the last list.
        """
        here, paths = files_open_here(), self._paths()
        found: list[RecordingInfo] = []
        unknown: list[Path] = []
        for path in paths:
            info = self._remembered(path, here)
            if info is None:
                unknown.append(path)
            else:
                found.append(info)
        told = 0.0
        for path in sorted(unknown, reverse=True):  # most names begin with the time
            if found and time.monotonic() - told > _PART_S:
                yield in_order(found)
                told = time.monotonic()
            info = self._read_info(path, here)
            if info is not None:
                found.append(info)
        self._cache.retain({path.name for path in paths})
        self._cache.save()
        yield in_order(found)

    def infos(self, paths: Iterable[Path]) -> dict[Path, RecordingInfo | None]:
        """Return the info of each file; None for a file without a recording."""
        here = files_open_here()
        return {path: self._remembered(path, here) or self._read_info(path, here) for path in paths}

    def has(self, path: Path) -> bool:
        """Return whether a file would be listed, by its name."""
        is_ours = path.suffix == SUFFIX and not path.name.startswith(".")
        return is_ours and path.parent == self.folder

    def _paths(self) -> list[Path]:
        try:
            return [one for one in self.folder.iterdir() if self.has(one) and one.is_file()]
        except OSError:
            return []

    def rename(self, path: Path, title: str) -> None:
        """Set a recording's title, or remove it. The file's name stays. Raises RecordingError."""
        self._set_fact(path, "title", title.strip()[:MAX_TITLE])

    def set_starred(self, path: Path, *, is_starred: bool) -> None:
        """Star a recording, so that it never expires, or remove its star. Raises RecordingError."""
        self._set_fact(path, "starred", int(is_starred))

    def delete(self, path: Path) -> DeletedRecording:
        """Delete a recording; the deletion can be undone. Raises RecordingError."""
        deleted = self._delete(path)
        self._cache.forget(path)
        return deleted

    def _delete(self, path: Path) -> DeletedRecording:
        if self._is_being_written(path, files_open_here()):
            raise RecordingError(
                RecordingFault.OPEN_IN_TAB
                if self.opened.is_live(path)
                else RecordingFault.WRITTEN_ELSEWHERE,
                path,
            )
        try:
            trash = self.folder / _DELETED
            trash.mkdir(mode=0o700, exist_ok=True)
            aside = Path(tempfile.mkdtemp(dir=trash))
            _move(path, aside / path.name)
        except OSError as error:
            raise RecordingError(
                RecordingFault.CANNOT_DELETE, path, detail=error.strerror or ""
            ) from error
        return DeletedRecording(path, aside)

    def forget_deleted(self) -> str:
        """Remove deleted recordings of earlier runs for good. Returns the error, or ""."""
        try:
            shutil.rmtree(self.folder / _DELETED)
        except FileNotFoundError:
            return ""
        except OSError as error:
            return f"Deleted recordings cannot be removed: {error.strerror}."
        return ""

    def remove_expired(self, policy: RetentionPolicy, now: float) -> list[Path]:
        """Remove the recordings that have expired at the Unix time `now`; return their files."""
        removed = []
        for one in expired(self.listed(), policy, now):
            # It may have been opened since it was listed.
            if not self.opened.of(one.path) and not self.opened.is_held(one.path):
                with suppress(RecordingError):  # the next call tries again
                    self._delete(one.path).forget()
                    removed.append(one.path)
        self._cache.forget(*removed)
        if removed:
            _log.info("%d expired recordings were removed", len(removed))
        self._remove_empty_files(now)
        return removed

    def _remembered(self, path: Path, here: set[Identity]) -> RecordingInfo | None:
        """Return the info of a file that has not changed since it was read."""
        if self.opened.of(path):
            return None
        try:
            info = self._cache.get(path, file_key(path))
            if info is None:
                return None
            is_whole = info.state is RecordingState.COMPLETE
            if not is_whole and self._is_being_written(path, here):
                return None
            return replace(info, is_open=identity(path) in here)
        except OSError:
            return None

    def _read_info(self, path: Path, here: set[Identity]) -> RecordingInfo | None:
        """Read a file; None if there is none, or if it is reserved and empty."""
        try:
            key = file_key(path)
            is_open = bool(self.opened.of(path)) or identity(path) in here
            is_written = self._is_being_written(path, here)
            info = read_info(path, is_open=is_open, is_being_written=is_written)
            if file_key(path) == key:
                self._cache.put(key, info)
        except OSError:  # it was removed meanwhile
            return None
        return info if info.size or is_written else None

    def _is_being_written(self, path: Path, here: set[Identity]) -> bool:
        if self.opened.of(path):
            return self.opened.is_live(path)
        try:
            if identity(path) in here:
                return False  # open here to be read; a check would release SQLite's locks
        except OSError:
            return False
        return is_being_written(path)

    def _set_fact(self, path: Path, name: str, value: str | int) -> None:
        others = self.opened.of(path)
        for recording in others:
            try:
                recording.set_fact(name, value)
            except NotImplementedError:  # it is open for reading only
                continue
            break
        else:
            info.set_fact(path, name, value)
        for recording in others:
            recording.facts[name] = value

    def _remove_empty_files(self, now: float) -> None:
        here = files_open_here()
        with suppress(OSError):
            for path in list(self.folder.glob(f"*{SUFFIX}")):
                status = path.stat()
                if (
                    not status.st_size
                    and now - status.st_mtime > _EMPTY_FILE_AGE_S
                    and not self.opened.of(path)
                    and not self._is_being_written(path, here)
                ):
                    path.unlink()


def in_order(infos: Iterable[RecordingInfo]) -> list[RecordingInfo]:
    """Return recordings in the order of a list, the newest first."""
    return sorted(infos, key=place_of, reverse=True)


def place_of(info: RecordingInfo) -> tuple[float, str]:
    """Return the key of a recording's place in a list; the greatest comes first."""
    return info.began, info.path.name


def _absolute(path: Path) -> Path:
    """An absolute path; links are not followed."""
    return Path(os.path.abspath(path))


def _host(address: str) -> str:
    """Return an address's host as a safe part of a file name."""
    try:
        host = parse(address).display_host
    except EndpointError:
        host = ""
    safe = re.sub(r"[^A-Za-z0-9.-]+", "-", host)[:_MAX_HOST].strip(".-")
    return safe or "recording"


def _reserve(path: Path) -> bool:
    """Create an empty file to reserve its name; return False if the name is taken."""
    if any(path.with_name(path.name + suffix).exists() for suffix in _COMPANIONS):
        return False
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    except FileExistsError:
        return False
    except OSError:
        return True
    return True


def _move(path: Path, target: Path) -> None:
    """Move a database's files, all or none. Raises OSError."""
    path.rename(target)
    moved = [(path, target)]
    try:
        for suffix in _COMPANIONS:
            here, there = (one.with_name(one.name + suffix) for one in (path, target))
            if os.path.exists(here):
                here.rename(there)
                moved.append((here, there))
    except OSError:
        for here, there in reversed(moved):
            there.rename(here)
        raise
