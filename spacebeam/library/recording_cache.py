"""Remembers what was read of each recording's file, so that a list need not open the files again.

It is a file of JSON Lines in the person's cache folder, and has nothing that is not in the
recordings. Whatever is wrong with it, it is made again.
"""

from __future__ import annotations

import errno
import json
import logging
import os
import tempfile
import threading
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from spacebeam.library.recording_info import RecordingInfo, RecordingState

_log = logging.getLogger(__name__)

_VERSION = 1
_MAX_ENTRIES = 20_000
_MAX_LINE = 8192  # bytes
# A file that changed less than this before it was read may change again within the same tick of
# the file system's clock, unnoticed.
_MIN_AGE_NS = 2_000_000_000
_STATES = (RecordingState.COMPLETE, RecordingState.ENDED_ABRUPTLY)
_FIELDS: Mapping[str, tuple[type, ...]] = {
    "size": (int,),
    "title": (str,),
    "address": (str,),
    "began": (float, int),
    "ended": (float, int),
    "entries": (int,),
    "is_starred": (bool,),
}

FileKey = tuple[int, ...]  # of a file in its present state


def default_cache(environment: Mapping[str, str] = os.environ) -> Path:
    """Return the path of the cache's file (XDG Base Directory Specification)."""
    home = Path(environment.get("XDG_CACHE_HOME", ""))
    if not home.is_absolute():  # ignored, as the specification requires
        home = Path("~/.cache").expanduser()
    return home / "spacebeam" / "recordings.jsonl"


def file_key(path: Path) -> FileKey:
    """Return what changes whenever the file or its log changes. Raises OSError."""
    found = path.stat()
    key = found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns
    try:
        log = os.stat(f"{path}-wal")
    except OSError as error:
        if error.errno not in (errno.ENOENT, errno.ENAMETOOLONG):
            raise
        return key
    return *key, log.st_ino, log.st_size, log.st_mtime_ns, log.st_ctime_ns


def is_settled(key: FileKey) -> bool:
    """Return whether the next change of the file will change its key."""
    newest = max(key[2], key[3], *key[6:8])
    return time.time_ns() - newest > _MIN_AGE_NS


class RecordingCache:
    """The infos of the recordings in a folder, in memory and in the file `path`.

    Threads may share it. None of its methods raises OSError.
    """

    def __init__(self, folder: Path, path: Path) -> None:
        self._folder = folder
        self._path = path
        self._lock = threading.Lock()
        self._is_loaded = self._is_changed = False
        self._found: dict[str, tuple[FileKey, RecordingInfo]] = {}

    def get(self, path: Path, key: FileKey) -> RecordingInfo | None:
        """Return the info of the file, if it was read in this state."""
        with self._lock:
            self._load()
            before, info = self._found.get(path.name, ((), None))
        return info if before == key else None

    def put(self, key: FileKey, info: RecordingInfo) -> None:
        """Remember the info of a file that was read in this state, unless that may still change."""
        if info.state in _STATES and is_settled(key):
            with self._lock:
                self._found[info.path.name] = key, info
                self._is_changed = True

    def retain(self, names: Collection[str]) -> None:
        """Forget all files but those with these names."""
        with self._lock:
            self._load()
            for name in self._found.keys() - names:
                del self._found[name]
                self._is_changed = True

    def forget(self, *paths: Path) -> None:
        """Forget files, also on the disk."""
        with self._lock:
            self._load()
            for path in paths:
                self._is_changed |= self._found.pop(path.name, None) is not None
        self.save()

    def save(self) -> None:
        """Write the file if there is something new."""
        with self._lock:
            if not self._is_changed:
                return
            self._is_changed = False
            lines = [json.dumps(self._header), *map(_to_line, list(self._found.items()))]
        try:
            _write(self._path, lines[: _MAX_ENTRIES + 1])
        except OSError as error:
            _log.debug("the list of recordings was not cached: %s", error.strerror)

    @property
    def _header(self) -> dict[str, Any]:
        return {"version": _VERSION, "folder": str(self._folder)}

    def _load(self) -> None:
        if self._is_loaded:
            return
        self._is_loaded = True
        with suppress(OSError, ValueError, TypeError, KeyError, RecursionError):
            for name, key, info in self._read():
                self._found.setdefault(name, (key, info))

    def _read(self) -> Iterator[tuple[str, FileKey, RecordingInfo]]:
        with self._path.open("rb") as file:
            if json.loads(file.readline(_MAX_LINE)) != self._header:
                return
            for _number in range(_MAX_ENTRIES):
                line = file.readline(_MAX_LINE)
                if not line:
                    return
                yield _from_line(line, self._folder)


def _to_line(entry: tuple[str, tuple[FileKey, RecordingInfo]]) -> str:
    name, (key, info) = entry
    values = {field: getattr(info, field) for field in _FIELDS}
    return json.dumps({"name": name, "key": key, "state": info.state.name, **values})


def _from_line(line: bytes, folder: Path) -> tuple[str, FileKey, RecordingInfo]:
    """Read a line. Raises ValueError, TypeError or KeyError."""
    read = json.loads(line)
    name, key = read["name"], tuple(map(int, read["key"]))
    if Path(name).name != name:
        raise ValueError(name)
    values = {field: read[field] for field in _FIELDS}
    if any(type(values[field]) not in types for field, types in _FIELDS.items()):
        raise TypeError(name)
    return name, key, RecordingInfo(folder / name, RecordingState[read["state"]], **values)


def _write(path: Path, lines: list[str]) -> None:
    """Replace the file; another program sees the old one or the new one. Raises OSError."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f"{path.name}.")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in lines)
        os.replace(temporary, path)
    except OSError:
        with suppress(OSError):
            os.unlink(temporary)
        raise
