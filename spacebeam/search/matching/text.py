"""Tests of words and regular expressions, which search a whole block of payloads at once.

Slicing a million payloads takes longer than searching them. So the search runs over the block's
bytes, and only a match is traced to its entry. If many entries match, they are searched one by one.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from itertools import repeat

from spacebeam.protocol.batch import Data
from spacebeam.recording.block import Block
from spacebeam.search.matching import masks
from spacebeam.search.matching.byte_search import rare_search_function
from spacebeam.search.matching.layout import Layout, region
from spacebeam.search.matching.masks import Mask
from spacebeam.search.regex import Regex, compile_loose, compile_regex
from spacebeam.search.words import either_case, either_case_regex, has_case

_FEW = 8  # fewer than one in this many entries are searched one by one
_MAX_COPY_SIZE = 4096  # bytes; a larger payload is not copied for a search
_IS_FOUND = (0).__le__
# A pattern such as `.*` reads to the end of what it is given. So after each match it is given only
# this many times the bytes between the last two matches, and reads each byte a few times at most.
_WINDOW_FACTOR = 4


def word_test(word: str, ignores_case: bool) -> WordTest | PatternTest:
    """Return the test of a word, exactly or in either case."""
    if not ignores_case or not has_case(word) or word.isascii():
        return WordTest(word, ignores_case and has_case(word))
    if either_case_regex(word) is None:
        return WordTest(word)
    return PatternTest(either_case(word), False)


class WordTest:
    """The test of a word; of ASCII, if it ignores case."""

    def __init__(self, word: str, ignores_case: bool = False) -> None:
        self._ignores_case = ignores_case
        self._word = (word.lower() if ignores_case else word).encode(errors="surrogatepass")
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
        start, end = block.starts[place], block.ends[place]
        if self._ignores_case:
            return self._word in block.data[start:end].lower()
        return block.data.find(self._word, start, end) >= 0

    def _data(self, block: Block, begin: int, end: int) -> tuple[Data, int]:
        """Return the bytes to search, and the offset of the first of them in the block."""
        if not self._ignores_case:
            return block.data, 0
        return bytes(block.data[begin:end]).lower(), begin

    def _each(self, block: Block, begin: int, end: int) -> Mask:
        data, offset = self._data(block, *region(block, begin, end))
        starts: Iterable[int] = block.starts[begin:end]
        ends: Iterable[int] = block.ends[begin:end]
        if offset:
            starts, ends = (map(offset.__rsub__, each) for each in (starts, ends))
        return bytes(map(_IS_FOUND, map(data.find, repeat(self._word), starts, ends)))

    def _all(self, block: Block, begin: int, end: int) -> Mask:
        mask = bytearray(end - begin)
        position, limit = region(block, begin, end)
        data, offset = self._data(block, position, limit)
        search, size = rare_search_function(data, self._word), len(self._word)
        starts, ends, layout = block.starts, block.ends, Layout(block)
        while (at := search(position - offset, limit - offset)) >= 0:
            at += offset
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
                mask[place - begin] = self.holds(block, place)
            searched = masks.passing(among)
        else:
            assert self._loose is not None
            mask = self._all(self._loose, block, begin, end)
            searched = count
        self._is_frequent = masks.passing(mask) * _FEW > searched
        return mask

    def holds(self, block: Block, place: int) -> bool:
        """Return whether one entry matches."""
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
                mask[place - begin] = is_inside or self.holds(block, place)
            position = max(position, at + 1)
            window = _WINDOW_FACTOR * (position - start)
        return mask


def payload(data: Data, start: int, end: int) -> Data | memoryview:
    """Return a payload; only a small one is copied."""
    if start == 0 and end == len(data):
        return data
    return data[start:end] if end - start <= _MAX_COPY_SIZE else memoryview(data)[start:end]
