"""The recordings that an assistant can read: those of one folder, a page at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from spacebeam.assistant.conversations import ToolProblem
from spacebeam.assistant.shapes import (
    MAX_PAGE_BYTES,
    MAX_TEXT,
    ToolMessage,
    ToolPage,
    ToolRecording,
    tool_message,
)
from spacebeam.library.recordings import Recordings, in_order
from spacebeam.protocol.batch import Direction
from spacebeam.protocol.secrets import without_secrets
from spacebeam.recording.entry import Entry
from spacebeam.recording.errors import RecordingError
from spacebeam.recording.opening import open_read_only
from spacebeam.recording.recording import Recording
from spacebeam.search.decoding import connection_of
from spacebeam.search.filter import Filter
from spacebeam.search.matching.matcher import Matcher
from spacebeam.search.pair_index import PairIndex
from spacebeam.search.parser import parse
from spacebeam.wording.events import event_words
from spacebeam.wording.recordings import recording_error_words

_NAMES = {Direction.SENT: "sent", Direction.RECEIVED: "received", Direction.NONE: ""}


class ReadableRecordings:
    """The recordings of a folder, by the names of their files."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._recordings = Recordings(folder)

    def listed(self, count: int) -> list[ToolRecording]:
        """Return the newest recordings."""
        infos = in_order(self._recordings.listed())[:count]
        return [
            ToolRecording(
                one.path.name, without_secrets(one.address), one.began, one.entries, one.size
            )
            for one in infos
        ]

    def page(self, name: str, filter_: str, first: int, count: int) -> ToolPage:
        """Return entries from the number `first` on that match a filter. Raises ToolProblem."""
        wanted = parse(filter_)
        if wanted.errors:
            raise ToolProblem(f"The filter is not valid: {wanted.errors[0].message}.")
        if wanted.asks_for_schema:
            raise ToolProblem("is:invalid needs a JSON Schema, which a recording does not have.")
        path = self._folder / name
        if Path(name).name != name or path.suffix != ".beam":
            raise ToolProblem("A recording is named as list_recordings does.")
        try:
            recording = open_read_only(path)
        except RecordingError as error:
            raise ToolProblem(recording_error_words(error)) from None
        with closing(recording):
            try:
                return _page(recording, wanted, first - 1, count)
            except RecordingError as error:
                raise ToolProblem(recording_error_words(error)) from None


def _page(recording: Recording, wanted: Filter, first: int, count: int) -> ToolPage:
    matcher = None
    if wanted.terms:
        pairs = PairIndex(recording) if wanted.asks_for_pairs else None
        connection = connection_of(recording)
        matcher = Matcher(wanted, recording.stars, event_words, connection=connection, pairs=pairs)
        matcher.prepare(len(recording))
    found: list[ToolMessage] = []
    size = 0
    for entry in _matching(recording, matcher, max(first, 0)):
        size += min(entry.size, MAX_TEXT)
        if len(found) >= count or (found and size > MAX_PAGE_BYTES):
            return ToolPage(found, entry.number + 1)
        found.append(_told(entry))
    return ToolPage(found)


def _matching(recording: Recording, matcher: Matcher | None, first: int) -> Iterator[Entry]:
    needs_order = matcher is not None and matcher.needs_order
    start = 0 if needs_order else recording.block_index(first)
    for index in range(start, recording.block_count):
        block = recording.block(index, use_cache=False)
        begin = 0 if needs_order else max(first - block.first, 0)
        places = range(begin, len(block)) if matcher is None else matcher.matches(block, begin)
        for place in places:
            if block.first + place >= first:
                yield block.entry(place, MAX_TEXT)


def _told(entry: Entry) -> ToolMessage:
    return tool_message(
        entry.number + 1,
        entry.time,
        _NAMES[entry.direction],
        entry.kind,
        bytes(entry.payload),
        entry.size,
    )
