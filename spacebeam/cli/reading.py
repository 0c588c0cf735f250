"""Reading a recording for a command: its file, the filter, and the entries that match."""

from __future__ import annotations

import logging
import unicodedata
from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from spacebeam.cli.messages import complain
from spacebeam.cli.terminal import SearchProgress
from spacebeam.decode.visible import one_line
from spacebeam.recording.block import Block
from spacebeam.recording.errors import RecordingError
from spacebeam.recording.opening import open_read_only
from spacebeam.recording.recording import Recording
from spacebeam.search.filter import Filter, FilterError
from spacebeam.search.matching.masks import passing
from spacebeam.search.matching.matcher import Matcher
from spacebeam.search.parser import parse
from spacebeam.wording.recordings import recording_error_words
from spacebeam.wording.search import unsearched_words

_log = logging.getLogger(__name__)

Places = Sequence[int]  # of entries in a block, in order


def open_recording(path: str) -> Recording | None:
    """Return the recording in a file; report an error and return None where it cannot be read."""
    try:
        recording = open_read_only(Path(path))
    except RecordingError as error:
        complain(recording_error_words(error))
        return None
    _log.debug("opened a recording of %d entries", len(recording))
    return recording


def parse_filter(text: str) -> Filter | None:
    """Return the filter that `text` means; report its errors and return None if it has some."""
    found = parse(text)
    if not found.errors:
        return found
    for mistake in found.errors:
        complain("\n".join(_marked(text, mistake)))
    return None


def _marked(text: str, mistake: FilterError) -> Iterator[str]:
    """What is wrong with a filter, and a mark under the part of its text."""
    yield f"In the filter: {mistake.message}."
    yield f"  {one_line(text)}"
    before = _width(one_line(text[: mistake.start]))
    width = max(_width(one_line(text[mistake.start : mistake.end])), 1)
    yield f"  {' ' * before}^{'~' * (width - 1)}"


def _width(text: str) -> int:
    """How many columns of a terminal `text` takes; it has no control characters."""
    return sum(
        0 if unicodedata.combining(one) else 1 + (unicodedata.east_asian_width(one) in "WF")
        for one in text
    )


@dataclass(slots=True)
class MatchingEntries:
    """The entries of a recording that match a filter; without a matcher, all of them.

    A block that cannot be read is passed over and counted, as is a message that is nested too
    deeply for the filter; `report_unread` reports both.
    """

    recording: Recording
    matcher: Matcher | None
    count: int = field(default=0, init=False)  # entries that matched so far
    unread: int = field(default=0, init=False)  # blocks
    _error: str = field(default="", init=False)  # of the first unread block

    def read(self, start: int = 0) -> Generator[tuple[Block, Places], None, None]:
        """Yield each block with the places of its matching entries, from entry `start` on."""
        total = self.recording.block_count
        first = min(self.recording.block_index(start), total)
        progress = SearchProgress(total - first)
        for block in self._blocks(range(first, total), progress):
            begin = max(start - block.first, 0)
            places: Places = range(begin, len(block))
            if self.matcher is not None:
                places = self.matcher.matches(block, begin)
            if places:
                self.count += len(places)
                progress.clear()
                yield block, places

    @property
    def unsearched(self) -> int:
        """Messages that are nested too deeply for the filter, so far."""
        return 0 if self.matcher is None else self.matcher.unsearched

    def count_all(self) -> int:
        """Return how many entries match."""
        total = self.recording.block_count
        for block in self._blocks(range(total), SearchProgress(total)):
            self.count += len(block) if self.matcher is None else passing(self.matcher.mask(block))
        return self.count

    def start_of_last(self, count: int) -> int:
        """Return the number of the first of the last `count` matching entries."""
        if self.matcher is None:
            return max(len(self.recording) - count, 0)
        left = count
        total = self.recording.block_count
        start = None
        for block in self._blocks(range(total - 1, -1, -1), SearchProgress(total)):
            if left == 0:
                break
            places = self.matcher.matches(block)
            if len(places) >= left:
                start = block.first + places[-left]
                break
            left -= len(places)
        self.unread = self.matcher.unsearched = 0  # the blocks from `start` on are read again
        if start is None:
            return 0 if left else len(self.recording)
        return start

    def report_unread(self) -> None:
        """Report the blocks that could not be read, and the messages that were not searched."""
        if self.unsearched:
            complain(unsearched_words(self.unsearched))
        if self.unread:
            blocks = "1 block" if self.unread == 1 else f"{self.unread:,} blocks"
            complain(self._error)
            complain(f"{blocks} of {self.recording.block_count:,} cannot be read. The rest was.")

    def _blocks(self, indices: Iterable[int], progress: SearchProgress) -> Iterator[Block]:
        try:
            for done, index in enumerate(indices):
                progress.show(done)
                try:
                    block = self.recording.block(index, use_cache=False)
                except RecordingError as error:
                    _log.warning("could not read block %d", index)
                    self.unread += 1
                    self._error = self._error or recording_error_words(error)
                else:
                    yield block
        finally:
            progress.clear()  # also after Ctrl+C
