"""Imports a file into a folder of its own; the recordings that the person wants are moved.

So a cancelled import leaves nothing, and what a file has is shown before it is in the library.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spacebeam.exchange.importers.importer import ImportFileError
from spacebeam.exchange.importers.registry import recognised
from spacebeam.exchange.importers.saving import Importing, ImportStorageError
from spacebeam.exchange.losses import Losses
from spacebeam.library.recordings import Recordings
from spacebeam.recording.file import SUFFIX
from spacebeam.wording.exchange import import_fault_words
from spacebeam.wording.i18n import _
from spacebeam.wording.recordings import storage_explanation
from spacebeam.worker.frames import FrameReader

_PREFIX = ".import-"
_STALE_S = 24 * 60 * 60.0  # a folder that a killed program left
_INTERVAL_S = 0.1  # between two words about the progress

Tell = Callable[[dict[str, Any]], None]


def run(path: str, folder: str, *, reader: FrameReader, tell: Tell) -> None:
    """Import a file; tell what it has, and move the recordings that the window then asks for.

    Raises EOFError if the person cancels.
    """
    if _is_collection(Path(path)):
        from spacebeam.worker import collection_job

        collection_job.run(Path(path), reader=reader, tell=tell)
        return
    _remove_stale(Path(folder))
    try:
        Path(folder).mkdir(mode=0o700, parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=folder))
    except OSError as error:
        tell({"found": [], "losses": {}, "problem": _unwritable(folder, error)})
        return
    try:
        job = _Job(Path(path), staging, tell)
        tell(job.imported())
        taken = job.take(reader.json()["take"], Recordings(Path(folder)))
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    tell({"taken": taken})


def _is_collection(path: Path) -> bool:
    """Whether a file or folder has saved connections, perhaps broken ones, and no recordings."""
    from spacebeam.exchange.collections.importers.registry import recognise

    try:
        return path.is_dir() or recognise(path) is not None
    except ImportFileError:
        return True
    except OSError:
        return False


@dataclass(slots=True)
class _Job:
    path: Path
    staging: Path
    tell: Tell
    importing: Importing | None = None
    _told_at: float = 0.0

    def imported(self) -> dict[str, Any]:
        """Import the file; return what it has, and why it could not be read whole."""
        self.importing = importing = Importing(self._staged, Losses())
        problem = ""
        try:
            with open(self.path, "rb") as file:
                format_, content = recognised(file)
                total = max(os.fstat(file.fileno()).st_size, 1)
                self.tell({"format": format_.name, "total": total})
                importing.on_progress = lambda: self._tell_progress(file.tell())
                asyncio.run(importing.save(format_.read(content, importing.losses)))
        except ImportFileError as error:
            problem = import_fault_words(
                error.fault, line=error.line, offset=error.offset, member=error.member
            )
        except ImportStorageError as error:
            problem = storage_explanation(error.error)
        except BrokenPipeError:
            raise  # the window has ended
        except OSError as error:
            words = _("Could not read the file: {reason}.")
            problem = words.format(reason=os.strerror(error.errno or errno.EIO))
        losses = {one.value: count for one, count in importing.losses.items() if count}
        found = [[one.address, one.began, one.entries, one.size] for one in importing.done]
        return {"found": found, "losses": losses, "problem": problem}

    def take(self, chosen: list[int], recordings: Recordings) -> list[str]:
        """Move recordings into the library; return their files."""
        assert self.importing is not None
        taken = []
        for place in chosen:
            one = self.importing.done[place]
            path = recordings.new_path(one.address, one.began)
            os.replace(one.path, path)
            taken.append(str(path))
        return taken

    def _staged(self, _address: str, _began: float) -> Path:
        descriptor, name = tempfile.mkstemp(suffix=SUFFIX, dir=self.staging)
        os.close(descriptor)
        return Path(name)

    def _tell_progress(self, read: int) -> None:
        now = time.monotonic()
        if now - self._told_at >= _INTERVAL_S:
            self._told_at = now
            self.tell({"read": read})


def _remove_stale(folder: Path) -> None:
    with contextlib.suppress(OSError):
        for one in folder.glob(f"{_PREFIX}*"):
            if time.time() - one.stat().st_mtime > _STALE_S:
                shutil.rmtree(one, ignore_errors=True)


def _unwritable(folder: str, error: OSError) -> str:
    words = _("Nothing can be written in {folder}: {reason}.")
    return words.format(folder=folder, reason=os.strerror(error.errno or errno.EIO))
