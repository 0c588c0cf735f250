"""A disk that loses power: what SQLite and this program write to it, and what a cut leaves.

A layer over SQLite's functions for files (its VFS) notes every write, sync, truncation, creation
and removal of this process, in order; the files are real. A cut leaves what was synced, and any
part of the rest: sectors of a write, truncations, sizes, and names in a folder are lost
independently of each other.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import random
import sqlite3  # loads the library  # noqa: F401
from collections.abc import Callable, Iterator
from ctypes import CFUNCTYPE, POINTER, Structure, c_char_p, c_int, c_int64, c_void_p, cast
from dataclasses import dataclass, field
from pathlib import Path

import pytest

_SECTOR_BYTES = 512
_OK = 0

# SQLite retains the address of the name.
_OPEN = CFUNCTYPE(c_int, c_void_p, c_void_p, c_void_p, c_int, c_void_p)
_DELETE = CFUNCTYPE(c_int, c_void_p, c_char_p, c_int)
_WRITE = CFUNCTYPE(c_int, c_void_p, c_void_p, c_int, c_int64)
_TRUNCATE = CFUNCTYPE(c_int, c_void_p, c_int64)
_SYNC = CFUNCTYPE(c_int, c_void_p, c_int)
_OPEN_FOLDER = CFUNCTYPE(c_int, c_char_p, c_void_p)
_SET_CALL = CFUNCTYPE(c_int, c_void_p, c_char_p, c_void_p)
_GET_CALL = CFUNCTYPE(c_void_p, c_void_p, c_char_p)


class _Vfs(Structure):
    """sqlite3_vfs, https://sqlite.org/c3ref/vfs.html."""

    _fields_ = (
        ("version", c_int),
        ("file_size", c_int),
        ("max_path", c_int),
        ("next", c_void_p),
        ("name", c_char_p),
        ("data", c_void_p),
        ("open", c_void_p),
        ("delete", c_void_p),
        ("others", c_void_p * 11),
        ("set_call", c_void_p),
        ("get_call", c_void_p),
        ("next_call", c_void_p),
    )


class _Methods(Structure):
    """sqlite3_io_methods, https://sqlite.org/c3ref/io_methods.html."""

    _fields_ = (
        ("version", c_int),
        ("close", c_void_p),
        ("read", c_void_p),
        ("write", c_void_p),
        ("truncate", c_void_p),
        ("sync", c_void_p),
        ("others", c_void_p * 13),
    )


class _OpenFile(Structure):
    """The beginning of every sqlite3_file."""

    _fields_ = (("methods", POINTER(_Methods)),)


@dataclass(frozen=True, slots=True)
class Event:
    """One step of writing, and when it was done."""

    time: float
    act: Callable[[Contents], None]


@dataclass(slots=True)
class _File:
    synced: bytearray = field(default_factory=bytearray)
    unsynced: list[tuple[int, bytes | None]] = field(default_factory=list)  # None: cut off there

    def sync(self) -> None:
        for at, data in self.unsynced:
            _apply(self.synced, at, data)
        self.unsynced.clear()

    def after_cut(self, dice: random.Random) -> bytes:
        """Return the content that a power cut leaves."""
        content, share = bytearray(self.synced), dice.choice((0.0, 0.1, 0.5, 0.9, 1.0))
        longest = len(content)
        for at, data in self.unsynced:
            if data is None:
                if dice.random() < share:
                    _apply(content, at, None)
                continue
            longest = max(longest, at + len(data))
            if dice.random() < 0.7:  # the write is lost or done as a whole
                if dice.random() < share:
                    _apply(content, at, data)
                continue
            for begin in range(0, len(data), _SECTOR_BYTES):
                if dice.random() < share:
                    _apply(content, at + begin, data[begin : begin + _SECTOR_BYTES])
        if dice.random() < 0.3:  # the size is on the disk, the bytes are not
            content.extend(bytes(max(0, longest - len(content))))
        return bytes(content)


def _apply(content: bytearray, at: int, data: bytes | None) -> None:
    if data is None:
        del content[at:]
        content.extend(bytes(max(0, at - len(content))))
        return
    content.extend(bytes(max(0, at - len(content))))
    content[at : at + len(data)] = data


@dataclass(slots=True)
class _Name:
    """A name in a folder: the file that it has on the disk, and those that it had since."""

    synced: _File | None = None
    since: list[_File | None] = field(default_factory=list)

    @property
    def now(self) -> _File | None:
        return self.since[-1] if self.since else self.synced


@dataclass(slots=True)
class Contents:
    """The state of the disk, as event after event is applied."""

    names: dict[str, _Name] = field(default_factory=dict)
    committed: list[tuple[float, int]] = field(default_factory=list)  # when, and how many entries

    def file(self, path: str) -> _File:
        """Return the file at `path`, created if there is none."""
        name = self.names.setdefault(path, _Name())
        found = name.now
        if found is None:
            found = _File()
            name.since.append(found)
        return found

    def create(self, path: str) -> None:
        self.file(path)

    def remove(self, path: str) -> None:
        self.names.setdefault(path, _Name()).since.append(None)

    def sync_folder(self, folder: str) -> None:
        for path, name in self.names.items():
            if os.path.dirname(path) == folder:
                name.synced = name.now
                name.since.clear()

    def write_after_cut(self, folder: Path, dice: random.Random) -> None:
        """Write the files that a power cut leaves."""
        for path, name in self.names.items():
            found = dice.choice([name.synced, *name.since])
            if found is not None:
                (folder / os.path.basename(path)).write_bytes(found.after_cut(dice))


class PowerCutDisk:
    """Notes what is written by this process, on a clock that only `advance` moves."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.now = 1000.0  # seconds

    def clock(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += seconds

    def note(self, act: Callable[[Contents], None]) -> None:
        self.events.append(Event(self.now, act))

    def committed(self, entries: int) -> None:
        """Note that so many entries are committed now."""
        now = self.now
        self.note(lambda disk: disk.committed.append((now, entries)))

    def cut(self, moments: list[int]) -> Iterator[tuple[Contents, float]]:
        """Yield the disk just before each of these events, and the time; `moments` ascend."""
        contents = Contents()
        done = 0
        for moment in moments:
            for event in self.events[done:moment]:
                event.act(contents)
            done = moment
            yield contents, self.events[min(moment, len(self.events) - 1)].time

    @contextlib.contextmanager
    def noting(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        """Note everything within the context."""
        layer = _Layer(self)
        for name in ("fsync", "fdatasync"):
            monkeypatch.setattr(os, name, self._noted_sync(getattr(os, name)))
        monkeypatch.setattr(os, "unlink", self._noted_unlink(os.unlink))
        layer.begin()
        try:
            yield
        finally:
            layer.end()
            monkeypatch.undo()

    def _noted_sync(self, sync: Callable[[int], None]) -> Callable[[int], None]:
        def noted(descriptor: int) -> None:
            sync(descriptor)
            path = os.readlink(f"/proc/self/fd/{descriptor}")
            if os.path.isdir(path):
                self.note(lambda disk: disk.sync_folder(path))
            else:
                self.note(lambda disk: disk.file(path).sync())

        return noted

    def _noted_unlink(self, unlink: Callable[..., None]) -> Callable[..., None]:
        def noted(path: str | Path, **rest: int | None) -> None:
            unlink(path, **rest)
            self.note(lambda disk: disk.remove(os.fspath(path)))

        return noted


class _Layer:
    """SQLite's functions for files, with a note of each change."""

    def __init__(self, disk: PowerCutDisk) -> None:
        self._disk = disk
        self._library = _library()
        self._library.sqlite3_vfs_find.restype = POINTER(_Vfs)
        self._system = self._library.sqlite3_vfs_find(None).contents
        self._methods: dict[int, _Methods] = {}  # by the address of the system's
        self._paths: dict[int, str] = {}  # by the address of the open file
        self._open = _OPEN(self._system.open)
        self._delete = _DELETE(self._system.delete)
        # References: SQLite has only the addresses.
        self._noted: list[object] = []

    def begin(self) -> None:
        self._layer = _Vfs.from_buffer_copy(self._system)
        self._layer.name = b"power-cut"
        self._layer.open = self._address(_OPEN(self._on_open))
        self._layer.delete = self._address(_DELETE(self._on_delete))
        get_call = _GET_CALL(self._system.get_call)
        self._open_folder = _OPEN_FOLDER(get_call(ctypes.addressof(self._system), b"openDirectory"))
        self._set_call(self._address(_OPEN_FOLDER(self._on_open_folder)))
        self._library.sqlite3_vfs_register(ctypes.byref(self._layer), 1)

    def end(self) -> None:
        self._set_call(None)
        self._library.sqlite3_vfs_register(ctypes.byref(self._system), 1)
        self._library.sqlite3_vfs_unregister(ctypes.byref(self._layer))

    def _set_call(self, address: int | None) -> None:
        set_call = _SET_CALL(self._system.set_call)
        assert set_call(ctypes.addressof(self._system), b"openDirectory", address) == _OK

    def _address(self, function: object) -> int | None:
        self._noted.append(function)
        return cast(function, c_void_p).value  # type: ignore[arg-type]

    # Calls by SQLite

    def _on_open(self, vfs: int, name: int | None, file: int, flags: int, out: int) -> int:
        status = self._open(vfs, name, file, flags, out)
        if status == _OK and name is not None:
            path = os.fsdecode(ctypes.string_at(name))
            self._paths[file] = path
            opened = _OpenFile.from_address(file)
            opened.methods = ctypes.pointer(self._noting_methods(opened.methods.contents))
            self._disk.note(lambda disk: disk.create(path))
        return int(status)

    def _on_delete(self, vfs: int, name: bytes, sync_folder: int) -> int:
        path = os.fsdecode(name)
        if os.path.exists(path):
            self._disk.note(lambda disk: disk.remove(path))
        return int(self._delete(vfs, name, sync_folder))

    def _on_open_folder(self, name: bytes, descriptor: int) -> int:
        """SQLite opens a folder only to sync it."""
        folder = os.path.dirname(os.fsdecode(name))
        self._disk.note(lambda disk: disk.sync_folder(folder))
        return int(self._open_folder(name, descriptor))

    def _noting_methods(self, system: _Methods) -> _Methods:
        address = ctypes.addressof(system)
        if address not in self._methods:
            self._methods[address] = made = _Methods.from_buffer_copy(system)
            write, truncate = _WRITE(system.write), _TRUNCATE(system.truncate)
            sync = _SYNC(system.sync)

            def on_write(file: int, data: int, size: int, at: int) -> int:
                path, written = self._paths[file], ctypes.string_at(data, size)
                self._disk.note(lambda disk: disk.file(path).unsynced.append((at, written)))
                return int(write(file, data, size, at))

            def on_truncate(file: int, size: int) -> int:
                path = self._paths[file]
                self._disk.note(lambda disk: disk.file(path).unsynced.append((size, None)))
                return int(truncate(file, size))

            def on_sync(file: int, flags: int) -> int:
                status = int(sync(file, flags))
                path = self._paths[file]
                self._disk.note(lambda disk: disk.file(path).sync())
                return status

            made.write = self._address(_WRITE(on_write))
            made.truncate = self._address(_TRUNCATE(on_truncate))
            made.sync = self._address(_SYNC(on_sync))
        return self._methods[address]


def _library() -> ctypes.CDLL:
    """Return the SQLite that Python's module uses; skip the test if it is a part of the module."""
    maps = Path("/proc/self/maps")
    lines = maps.read_text().splitlines() if maps.exists() else []
    paths = [line.split(maxsplit=5)[-1] for line in lines if "libsqlite3" in line]
    if not paths:
        pytest.skip("this Python's SQLite is not a library of the system")
    return ctypes.CDLL(paths[0])
