"""Reads the questions and answers of a recording while the main loop is idle."""

from __future__ import annotations

import time

from gi.repository import GLib, GObject

from spacebeam.decode.schemas import Schemas
from spacebeam.recording.recording import Recording
from spacebeam.search.decoding import schemas_of
from spacebeam.search.pair_index import PairIndex
from spacebeam.search.pair_paths import PairPaths
from spacebeam.ui.handlers import weak_handlers

_SLICE_S = 0.003  # of a turn of the main loop
_TELL_INTERVAL_S = 0.25


@weak_handlers
class PairReader(GObject.Object):
    """Has the index of one recording at a time. Emits `read` when more of it was read."""

    __gtype_name__ = "SpacebeamPairReader"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "read": (GObject.SignalFlags.RUN_FIRST, None, ()),
    }

    def __init__(self) -> None:
        super().__init__()
        self._paths: PairPaths | None = None
        self._schemas: Schemas | None = None
        self._index = PairIndex(Recording(), is_quick=True)
        self._told = 0  # number of the first entry that `read` was not emitted for
        self._told_at = 0.0  # by the monotonic clock
        self._source = 0
        self.reads_all = False  # read on too where the first messages are no questions

    def index(self, recording: Recording) -> PairIndex:
        """Return the index of a recording; it is a new one for another recording or schemas."""
        schemas = schemas_of(recording)
        if recording is not self._index.recording or schemas is not self._schemas:
            self._schemas = schemas
            self._index = PairIndex(recording, paths=self._paths, is_quick=True)
            self._told = 0
        return self._index

    def pair_by(self, paths: PairPaths | None) -> None:
        """Pair messages by these paths; by None as their protocol does."""
        recording, self._paths = self._index.recording, paths
        self._index = PairIndex(recording, paths=paths, is_quick=True)
        self._told = 0
        self.read_on(recording)

    def read_on(self, recording: Recording) -> None:
        """Read what is new in a recording, while the main loop is idle."""
        index = self.index(recording)
        if not self._source and (self.reads_all or not index.seems_empty):
            self._source = GLib.idle_add(self._on_idle, priority=GLib.PRIORITY_LOW)

    def close(self) -> None:
        """Stop reading, and let go of the recording."""
        if self._source:
            GLib.source_remove(self._source)
            self._source = 0
        self._index = PairIndex(Recording(), is_quick=True)

    def _on_idle(self) -> bool:
        index = self._index
        try:
            has_more = index.advance(_SLICE_S)
        except IndexError:  # discarded since the slice before
            has_more = True
        if index.seems_empty and not self.reads_all:
            has_more = False
        now = time.monotonic()
        if not has_more or now - self._told_at >= _TELL_INTERVAL_S:
            self._told_at = now
            if index.read_to != self._told:
                self._told = index.read_to
                self.emit("read")
        if has_more:
            return GLib.SOURCE_CONTINUE
        self._source = 0
        return GLib.SOURCE_REMOVE
