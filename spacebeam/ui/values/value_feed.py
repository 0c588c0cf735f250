"""Reads a tab's pinned values between frames: a sample, then all, then what comes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from gi.repository import GLib

from spacebeam.decode.schemas import Schemas
from spacebeam.recording.recording import Recording
from spacebeam.search.decoding import connection_of
from spacebeam.search.pair_index import PairIndex
from spacebeam.search.series.reader import SeriesReader
from spacebeam.ui.handlers import weak_handlers, weakly
from spacebeam.ui.inspector.sliced_task import SlicedTask

_SLICE_S = 0.003
_INTERVAL_MS = 250


@weak_handlers
class ValueFeed:
    """Calls `on_read` when there are other values, four times a second at most."""

    def __init__(
        self, on_read: Callable[[], object], pairs: Callable[[Recording], PairIndex]
    ) -> None:
        self._on_read = weakly(on_read)
        self._pairs_of = weakly(pairs)
        self._task = SlicedTask(_SLICE_S, self._on_task_done)
        self._timer = 0
        self._told = -1  # number of entries that were there when `on_read` was called
        self._is_told_again = False  # more was read since
        self._recording: Recording | None = None
        self._schemas: Schemas | None = None  # that the messages were read by
        self._pairs: PairIndex | None = None  # whose latencies were read
        self.reader: SeriesReader | None = None

    def start(self, recording: Recording, paths: Sequence[str]) -> None:
        """Read the values at these paths: from the beginning, or go on with the same ones."""
        reader, connection = self.reader, connection_of(recording)
        pairs = self._pairs_of(recording)
        if (
            reader is None
            or recording is not self._recording
            or connection.schemas is not self._schemas
            or pairs is not self._pairs
            or [one.path for one in reader.series] != list(paths)
        ):
            self.stop()
            self._recording, self._schemas = recording, connection.schemas
            self._pairs = pairs
            reader = self.reader = SeriesReader(recording, paths, connection, pairs=pairs)
        self._told = -1
        if not self._timer:
            self._timer = GLib.timeout_add(_INTERVAL_MS, self._on_timer)
        self._task.start(self._sample(reader))

    def pause(self) -> None:
        """Read no more until `start`."""
        self._task.stop()
        if self._timer:
            GLib.source_remove(self._timer)
            self._timer = 0

    def stop(self) -> None:
        """Read no more, and forget what was read."""
        self.pause()
        self.reader = self._recording = self._pairs = None

    def _sample(self, reader: SeriesReader) -> Iterator[None]:
        while reader.sample(0.0):
            self._is_told_again = True  # a part of the sample is spread over all the time, too
            yield
        reader.peek()

    def _rest(self, reader: SeriesReader) -> Iterator[None]:
        while reader.advance(_SLICE_S):  # a whole slice, as each begins with reading a block
            self._is_told_again = True
            yield

    def _on_task_done(self) -> None:
        reader = self.reader
        if reader is None:
            return
        self._tell()
        if not reader.is_current:
            self._task.start(self._rest(reader))

    def _on_timer(self) -> bool:
        reader, recording = self.reader, self._recording
        if reader is None or recording is None:
            self._timer = 0
            return GLib.SOURCE_REMOVE
        is_other = connection_of(recording).schemas is not self._schemas
        if is_other or self._pairs_of(recording) is not self._pairs:
            self.start(recording, [one.path for one in reader.series])
            return GLib.SOURCE_REMOVE  # it has made another timer
        if len(recording) != self._told:
            reader.peek()
            self._tell()
        elif self._is_told_again:
            self._tell()
        if not reader.is_current and not self._task.is_busy:
            self._task.start(self._rest(reader))
        return GLib.SOURCE_CONTINUE

    def _tell(self) -> None:
        self._told = 0 if self._recording is None else len(self._recording)
        self._is_told_again = False
        self._on_read()
