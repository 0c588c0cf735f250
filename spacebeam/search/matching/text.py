"""Tests of words and regular expressions, which search a whole block of payloads at once.

Slicing a million payloads takes longer than searching them. So the search runs over the block's
bytes, and only a match is traced to its entry. If many entries match, they are searched one by one.
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import repeat

from spacebeam.protocol.batch import Data
from spacebeam.recording.block import Block
from spacebeam.search.matching import masks
from spacebeam.search.matching.byte_search import rare_search_function
from spacebeam.search.matching.layout import Layout, region
from spacebeam.search.matching.masks import Mask
from spacebeam.search.regex import Regex, compile_loose, compile_regex

_FEW = 8  # fewer than one in this many entries are searched one by one
_MAX_COPY_SIZE = 4096  # bytes; a larger payload is not copied for a search
_IS_FOUND = (0).__le__
# A pattern such as `.*` reads to the end of what it is given. So after each match it is given only
# this many times the bytes between the last two matches, and reads each byte a few times at most.
_WINDOW_FACTOR = 4


class WordTest:
    """The test of a word."""

    def __init__(self, word: str) -> None:
        self._word = word.encode(errors="surrogatepass")
        self._is_frequent = False  # in the block before

    def __call__(self, block: Block, begin: int, end: int, among: Mask) -> Mask:
        count = end - begin
        if not self._word:
            return masks.all_pass(count)
        if masks.passing(among) * _FEW < count:
            mask = bytearray(count)
            for place in masks.candidates(among, begin):
                mask[place - begin] = self.holds(block, place)
            return mask
        found = self._each(block, begin, end) if self._is_frequent else self._all(block, begin, end)
        self._is_frequent = masks.passing(found) * _FEW > count
        return found

    def holds(self, block: Block, place: int) -> bool:
        """Return whether one entry matches."""
        return block.data.find(self._word, block.starts[place], block.ends[place]) >= 0

    def _each(self, block: Block, begin: int, end: int) -> Mask:
        starts, ends = block.starts[begin:end], block.ends[begin:end]
        return bytes(map(_IS_FOUND, map(block.data.find, repeat(self._word), starts, ends)))

    def _all(self, block: Block, begin: int, end: int) -> Mask:
        mask = bytearray(end - begin)
        position, limit = region(block, begin, end)
        search, size = rare_search_function(block.data, self._word), len(self._word)
        starts, ends, layout = block.starts, block.ends, Layout(block)
        while (at := search(position, limit)) >= 0:
            place = bisect_right(starts, at) - 1
            # The first part of Layout.locate, without a call.
            if place < 0 or at < starts[place] or at + size > ends[place]:
                place, position = layout.locate(at, at + size)
                position = max(position, at + 1)
            else:
                position = ends[place]
            if begin <= place < end:
                mask[place - begin] = 1
        return mask


class PatternTest:
    """The test of a regular expression."""

    def __init__(self, pattern: str, ignores_case: bool) -> None:
        self._regex = compile_regex(pattern, ignores_case)
        self._loose, self._is_exact = compile_loose(pattern, ignores_case)
        self._is_frequent = False  # in the block before

    def __call__(self, block: Block, begin: int, end: int, among: Mask) -> Mask:
        count = end - begin
        is_each = self._loose is None or self._is_frequent
        if is_each or masks.passing(among) * _FEW < count:
            mask = bytearray(count)
            for place in masks.candidates(among, begin):
                mask[place - begin] = self._matches(block, place)
            searched = masks.passing(among)
        else:
            assert self._loose is not None
            mask = self._all(self._loose, block, begin, end)
            searched = count
        self._is_frequent = masks.passing(mask) * _FEW > searched
        return mask

    def _matches(self, block: Block, place: int) -> bool:
        start, end = block.starts[place], block.ends[place]
        if self._is_exact:
            return self._regex.search(block.data, start, end) is not None
        return self._regex.search(payload(block.data, start, end)) is not None

    def _all(self, loose: Regex, block: Block, begin: int, end: int) -> bytearray:
        mask = bytearray(end - begin)
        position, limit = region(block, begin, end)
        layout = Layout(block)
        window = limit - position
        while position < limit:
            stop = min(limit, position + window)
            # A match that is cut would be missed, so the window ends with an entry.
            place, after = layout.entry_at(stop - 1)
            stop = min(limit, after)
            match = loose.search(block.data, position, stop)
            if match is None:
                window, position = _WINDOW_FACTOR * (stop - position), stop
                continue
            start = position
            at = match.start()
            place, position = layout.entry_at(at)
            if begin <= place < end:
                is_inside = self._is_exact and match.end() <= block.ends[place]
                mask[place - begin] = is_inside or self._matches(block, place)
            position = max(position, at + 1)
            window = _WINDOW_FACTOR * (position - start)
        return mask


def payload(data: Data, start: int, end: int) -> Data | memoryview:
    """Return a payload; only a small one is copied."""
    if start == 0 and end == len(data):
        return data
    return data[start:end] if end - start <= _MAX_COPY_SIZE else memoryview(data)[start:end]
