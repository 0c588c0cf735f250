"""Opens a recording for a command, parses the filter, and finds the matching entries."""

from __future__ import annotations

import logging
import unicodedata
from bisect import bisect_left
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import click

from spacebeam.cli.messages import print_error, print_help_hint
from spacebeam.cli.terminal import SearchProgress
from spacebeam.decode.schemas import Schemas
from spacebeam.decode.visible import one_line
from spacebeam.recording.block import Block
from spacebeam.recording.errors import RecordingError
from spacebeam.recording.opening import open_read_only
from spacebeam.recording.recording import Recording
from spacebeam.search.decoding import connection_of
from spacebeam.search.filter import Filter, FilterError
from spacebeam.search.matching.masks import passing
from spacebeam.search.matching.matcher import Matcher
from spacebeam.search.pair_index import PairIndex
from spacebeam.search.parser import parse
from spacebeam.search.violations import lacks_schema
from spacebeam.wording.events import event_words
from spacebeam.wording.recordings import recording_error_words
from spacebeam.wording.search import unsearched_words

_log = logging.getLogger(__name__)

Places = Sequence[int]  # indexes of entries in a block, ascending


def open_recording(path: str) -> Recording | None:
    """Return the recording in a file; print an error and return None if it cannot be read."""
    try:
        recording = open_read_only(Path(path))
    except RecordingError as error:
        print_error(recording_error_words(error))
        return None
    _log.debug("opened a recording of %d entries", len(recording))
    return recording


def parse_filter(text: str) -> Filter | None:
    """Return the parsed filter; print its errors and return None if it is not valid."""
    found = parse(text)
    if not found.errors:
        return found
    for error in found.errors:
        print_error("\n".join(_marked(text, error)))
    context = click.get_current_context(silent=True)
    if context is not None:
        print_help_hint(context.command_path)
    return None


def parse_filters(texts: Iterable[str]) -> list[Filter] | None:
    """Return the parsed filters, or None as `parse_filter` does."""
    found = [parse_filter(text) for text in texts]
    filters = [one for one in found if one is not None]
    return filters if len(filters) == len(found) else None


def matcher_of(
    recording: Recording,
    wanted: Filter,
    hidden: Sequence[Filter] = (),
    schemas: Schemas | None = None,
) -> Matcher | None:
    """Return the matcher of the wanted entries; None if they are all. Raises UsageError."""
    if not wanted.terms and not hidden:
        return None
    if lacks_schema((wanted, *hidden), schemas):
        raise click.UsageError("is:invalid needs a JSON Schema: add --json-schema FILE.")
    connection = connection_of(recording, schemas=schemas)
    pairs = None
    if any(one.asks_for_pairs for one in (wanted, *hidden)):
        pairs = PairIndex(recording, schemas)
        pairs.advance()
    return Matcher(wanted, recording.stars, event_words, hidden, connection, pairs)


def _marked(text: str, error: FilterError) -> Iterator[str]:
    """Yield the lines of an error: the message, the filter, and a mark under the invalid part."""
    yield f"In the filter: {error.message}."
    yield f"  {one_line(text)}"
    before = _width(one_line(text[: error.start]))
    width = max(_width(one_line(text[error.start : error.end])), 1)
    yield f"  {' ' * before}^{'~' * (width - 1)}"


def _width(text: str) -> int:
    """Return the number of terminal columns of a text without control characters."""
    return sum(
        0 if unicodedata.combining(one) else 1 + (unicodedata.east_asian_width(one) in "WF")
        for one in text
    )


@dataclass(slots=True)
class MatchingEntries:
    """The entries of a recording that match a filter; all entries without a matcher.

    Unreadable blocks, and messages that are nested too deeply for the filter, are skipped and
    counted; `report_unread` prints both counts.
    """

    recording: Recording
    matcher: Matcher | None
    progress_words: str = ""  # shown while the entries are used too, as they are not printed
    count: int = field(default=0, init=False)  # entries that matched so far
    unread: int = field(default=0, init=False)  # blocks
    _error: str = field(default="", init=False)  # of the first unread block

    def read(
        self, start: int = 0, *, every_block: bool = False
    ) -> Generator[tuple[Block, Places], None, None]:
        """Yield blocks with the places of their matching entries, from entry number `start` on.

        A block without any is passed over, unless `every_block` is wanted.
        """
        total = self.recording.block_count
        needs_order = self.matcher is not None and self.matcher.needs_order
        first = 0 if needs_order else min(self.recording.block_index(start), total)
        progress = SearchProgress(total - first, self.progress_words or "Searching")
        for block in self._blocks(range(first, total), progress):
            begin = max(start - block.first, 0)
            places: Places = range(begin, len(block))
            if self.matcher is not None:
                places = self.matcher.matches(block, 0 if needs_order else begin)
                places = places[bisect_left(places, begin) :]
            if places or every_block:
                self.count += len(places)
                if not self.progress_words:
                    progress.clear()
                yield block, places

    @property
    def unsearched(self) -> int:
        """The number of messages so far that are nested too deeply for the filter."""
        return 0 if self.matcher is None else self.matcher.unsearched

    def count_all(self) -> int:
        """Return the number of matching entries."""
        total = self.recording.block_count
        for block in self._blocks(range(total), SearchProgress(total)):
            self.count += len(block) if self.matcher is None else passing(self.matcher.mask(block))
        return self.count

    def start_of_last(self, count: int) -> int:
        """Return the number of the first of the last `count` matching entries."""
        if self.matcher is None:
            return max(len(self.recording) - count, 0)
        if self.matcher.needs_order:
            return self._start_of_last_in_order(count)
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

    def _start_of_last_in_order(self, count: int) -> int:
        last: deque[int] = deque((0,) if count else (len(self.recording),), max(count, 1))
        for block, places in self.read():
            if count:
                last.extend([block.first + place for place in places[-count:]])
        self.count = self.unread = 0
        if self.matcher is not None:
            self.matcher.unsearched = 0
        return last[0]

    def report_unread(self) -> None:
        """Print how many blocks could not be read and how many messages were not searched."""
        if self.unsearched:
            print_error(unsearched_words(self.unsearched))
        if self.unread:
            blocks = "1 block" if self.unread == 1 else f"{self.unread:,} blocks"
            print_error(self._error)
            print_error(f"Could not read {blocks} of {self.recording.block_count:,}.")

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
