"""Which recordings this program has open: they are changed through what has them open.

A file that is open here must not be opened and closed beside SQLite: closing it lets go of the
locks that SQLite has on it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from spacebeam.recording.file import Identity
from spacebeam.recording.recording import Recording


@dataclass(frozen=True, slots=True)
class OpenRecording:
    """A recording that is open, and whether it still grows."""

    recording: Recording
    is_live: bool


class OpenRecordings:
    """The open recordings by their files. Filled by those that open them, on the main loop."""

    def __init__(self) -> None:
        self._opened: dict[Path, list[OpenRecording]] = {}

    def add(self, path: Path, recording: Recording, *, is_live: bool) -> None:
        """A recording is open, or is live no longer."""
        others = self._others(path, recording)
        self._opened[_whole(path)] = [*others, OpenRecording(recording, is_live)]

    def remove(self, path: Path, recording: Recording) -> None:
        """A recording is no longer open, or is elsewhere now."""
        others = self._others(path, recording)
        if others:
            self._opened[_whole(path)] = others
        else:
            self._opened.pop(_whole(path), None)

    def of(self, path: Path) -> tuple[Recording, ...]:
        """The recordings that are open at this path; the live one first."""
        opened = self._opened.get(_whole(path), [])
        return tuple(one.recording for one in sorted(opened, key=lambda one: not one.is_live))

    def is_live(self, path: Path) -> bool:
        """Whether this program writes it."""
        return any(one.is_live for one in self._opened.get(_whole(path), []))

    def _others(self, path: Path, recording: Recording) -> list[OpenRecording]:
        opened = self._opened.get(_whole(path), [])
        return [one for one in opened if one.recording is not recording]


def files_open_here() -> set[Identity]:
    """Every file that this process has a descriptor of, whoever opened it."""
    found: set[Identity] = set()
    try:
        descriptors = os.listdir("/dev/fd")
    except OSError:
        return found
    for descriptor in descriptors:
        try:
            status = os.fstat(int(descriptor))
        except OSError:  # it was that of the listing itself, or was closed since
            continue
        found.add((status.st_dev, status.st_ino))
    return found


def _whole(path: Path) -> Path:
    return Path(os.path.abspath(path))
