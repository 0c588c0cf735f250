"""Going through a recording's blocks: past those that are damaged, and saying how far it is."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from operator import length_hint

from spacebeam.cli.messages import complain, write
from spacebeam.recording.block import Block
from spacebeam.recording.errors import RecordingError
from spacebeam.recording.recording import Recording

_PATIENCE = 1.0  # seconds, after which a person wants to know
_INTERVAL = 0.2  # seconds between two words about it
_CLEAR = "\r\x1b[K"


class Scan:
    """The blocks with these indices, read in passing. Those that cannot be read are left out, and
    counted: whoever goes through the rest says so in the end, with `complain`."""

    def __init__(
        self, recording: Recording, indices: Iterable[int], *, is_silent: bool = False
    ) -> None:
        self.unread = 0  # blocks
        self._recording = recording
        self._indices = indices
        self._expected = length_hint(indices)
        self._fault = ""  # why the first of them cannot be read
        self._told = time.monotonic() + _PATIENCE - _INTERVAL
        self._is_shown = False
        self._is_wanted = not is_silent and sys.stderr is not None and sys.stderr.isatty()

    def __iter__(self) -> Iterator[Block]:
        try:
            for done, index in enumerate(self._indices):
                if self._is_wanted:
                    self._tell(done)
                try:
                    block = self._recording.block(index, use_cache=False)
                except RecordingError as error:
                    self.unread += 1
                    self._fault = self._fault or str(error)
                else:
                    yield block
        finally:
            self.clear()  # also where it is left early, as by Ctrl+C

    def complain(self) -> None:
        """Say what could not be read, if there was something."""
        if self.unread:
            complain(self._fault)
            complain(f"{blocks(self.unread)} of {self._expected:,} cannot be read. The rest was.")

    def clear(self) -> None:
        """Take the line about it away: something else is to be said."""
        if self._is_shown:
            self._is_shown = False
            write(_CLEAR, sys.stderr)

    def _tell(self, done: int) -> None:
        now = time.monotonic()
        if now - self._told > _INTERVAL:
            self._told, self._is_shown = now, True
            share = done / max(self._expected, done, 1)
            write(f"{_CLEAR}{share:.0%} was looked at", sys.stderr)


def blocks(count: int) -> str:
    """So many of them, in words."""
    return "1 block" if count == 1 else f"{count:,} blocks"
