"""The person's recordings: a folder with a file each."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from spacebeam.library.open_recordings import OpenRecordings, files_open_here
from spacebeam.library.recording_info import MAX_TITLE, RecordingInfo, RecordingState, read_info
from spacebeam.library.retention import RetentionPolicy, expired
from spacebeam.protocol.endpoint import EndpointError, parse
from spacebeam.recording import info
from spacebeam.recording.errors import RecordingError
from spacebeam.recording.file import SUFFIX, Identity, identity, is_being_written

_DELETED = ".deleted"  # what can still be brought back
_BESIDE = ("-wal", "-shm")  # what SQLite keeps beside a file
_MAX_HOST = 60  # characters of a file's name
_OF_A_TAB = (
    "A tab has this recording, and goes on with it when it connects again. "
    "Close that tab, then delete it."
)
_OF_ANOTHER = "This recording is still being written by another program. End it there first."
_EMPTY_TIME = 3600.0  # seconds after which a file that nothing was written to is no promise


def default_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Where recordings are (XDG Base Directory Specification)."""
    home = Path(environment.get("XDG_DATA_HOME", ""))
    if not home.is_absolute():  # the specification wants it ignored then
        home = Path("~/.local/share").expanduser()
    return home / "spacebeam" / "recordings"


class DeletedRecording:
    """A recording that was deleted and can be brought back, until it is forgotten."""

    def __init__(self, path: Path, aside: Path) -> None:
        self.path = path  # where it was, and is when it is brought back
        self._aside = aside

    def undo(self) -> None:
        """Bring it back. Raises RecordingError."""
        if self.path.exists():
            raise RecordingError(f"There is another {self.path} now. Move it, and try again.")
        try:
            _move(self._aside / self.path.name, self.path)
            self._aside.rmdir()
        except OSError as error:
            raise RecordingError(
                f"The recording cannot be brought back: {error.strerror}. It is in {self._aside} "
                "until Spacebeam is started the next time."
            ) from error

    def forget(self) -> None:
        """Remove it for good."""
        with suppress(OSError):  # it is tried again when the program is started
            shutil.rmtree(self._aside)


class Recordings:
    """The recordings in `folder`, which is made when it is needed.

    What looks at the disk may take a while: it is for a worker thread. A recording that is `opened`
    is changed through that one, on the main loop.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.opened = OpenRecordings()

    def new_path(self, address: str, when: float) -> Path:
        """A name that no other recording has, for one of `address` that begins at a Unix time.

        Where the folder cannot be made, whoever writes there will say so.
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
        """All of them, the newest first; a damaged one too."""
        here = files_open_here()
        found = []
        with suppress(OSError):
            for path in list(self.folder.iterdir()):
                if path.suffix == SUFFIX and path.is_file() and not path.name.startswith("."):
                    with suppress(OSError):  # it is gone by now
                        found.append(self._look(path, here))
        # A file that nothing was written to yet is somebody's promise.
        found = [one for one in found if one.size or one.state is RecordingState.BEING_WRITTEN]
        return sorted(found, key=lambda one: (one.began, one.path.name), reverse=True)

    def rename(self, path: Path, title: str) -> None:
        """Give it a title, or take it; the file's name stays. Raises RecordingError."""
        self._set_fact(path, "title", title.strip()[:MAX_TITLE])

    def set_starred(self, path: Path, *, is_starred: bool) -> None:
        """Starred ones are not removed with time. Raises RecordingError."""
        self._set_fact(path, "starred", int(is_starred))

    def delete(self, path: Path) -> DeletedRecording:
        """Put it aside, so that it can be brought back. Raises RecordingError."""
        if self._is_being_written(path, files_open_here()):
            raise RecordingError(_OF_A_TAB if self.opened.is_live(path) else _OF_ANOTHER)
        try:
            trash = self.folder / _DELETED
            trash.mkdir(mode=0o700, exist_ok=True)
            aside = Path(tempfile.mkdtemp(dir=trash))
            _move(path, aside / path.name)
        except OSError as error:
            raise RecordingError(
                f"{path.name} cannot be deleted: {error.strerror}. Is {self.folder} yours?"
            ) from error
        return DeletedRecording(path, aside)

    def forget_deleted(self) -> str:
        """Remove what an earlier run left deleted; returns why not, or nothing."""
        try:
            shutil.rmtree(self.folder / _DELETED)
        except FileNotFoundError:
            return ""
        except OSError as error:
            return f"Deleted recordings cannot be removed: {error.strerror}."
        return ""

    def tidy(self, keeping: RetentionPolicy, now: float) -> list[Path]:
        """Remove what is not to be kept any longer; returns what is gone."""
        gone = []
        for one in expired(self.listed(), keeping, now):
            if not self.opened.of(one.path):  # since it was listed
                with suppress(RecordingError):  # it is tried again in an hour
                    self.delete(one.path).forget()
                    gone.append(one.path)
        self._remove_empty(now)
        return gone

    def _look(self, path: Path, here: set[Identity]) -> RecordingInfo:
        is_open = bool(self.opened.of(path)) or identity(path) in here
        return read_info(path, is_open=is_open, is_being_written=self._is_being_written(path, here))

    def _is_being_written(self, path: Path, here: set[Identity]) -> bool:
        if self.opened.of(path):
            return self.opened.is_live(path)
        try:
            if identity(path) in here:
                return False  # it is read here; asking would take SQLite's locks from it
        except OSError:
            return False
        return is_being_written(path)

    def _set_fact(self, path: Path, name: str, value: str | int) -> None:
        others = self.opened.of(path)
        for recording in others:
            try:
                recording.set_fact(name, value)
            except NotImplementedError:  # it is only read
                continue
            break
        else:
            info.set_fact(path, name, value)
        for recording in others:
            recording.facts[name] = value

    def _remove_empty(self, now: float) -> None:
        here = files_open_here()
        with suppress(OSError):
            for path in list(self.folder.glob(f"*{SUFFIX}")):
                status = path.stat()
                if (
                    not status.st_size
                    and now - status.st_mtime > _EMPTY_TIME
                    and not self.opened.of(path)
                    and not self._is_being_written(path, here)
                ):
                    path.unlink()


def _host(address: str) -> str:
    """The host as part of a file's name; it may be a stranger's word."""
    try:
        host = parse(address).display_host
    except EndpointError:
        host = ""
    safe = re.sub(r"[^A-Za-z0-9.-]+", "-", host)[:_MAX_HOST].strip(".-")
    return safe or "recording"


def _reserve(path: Path) -> bool:
    """Make an empty file, so that nobody else takes the name; whether it was free."""
    if any(path.with_name(path.name + suffix).exists() for suffix in _BESIDE):
        return False
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    except FileExistsError:
        return False
    except OSError:
        return True
    return True


def _move(path: Path, target: Path) -> None:
    """Move a file with what SQLite keeps beside it; all or nothing. Raises OSError."""
    path.rename(target)
    moved = [(path, target)]
    try:
        for suffix in _BESIDE:
            here, there = (one.with_name(one.name + suffix) for one in (path, target))
            if here.exists():
                here.rename(there)
                moved.append((here, there))
    except OSError:
        for here, there in reversed(moved):
            there.rename(here)
        raise
