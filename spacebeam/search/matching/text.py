"""Words and regular expressions, looked for in a whole block of payloads at once.

Slicing a million payloads out takes longer than searching them. So a search runs over the block's
bytes as they lie, and only what it finds is traced to its entry. Where nearly every entry has
something to find, the entries are looked at one by one instead.
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import repeat
from typing import TYPE_CHECKING

from spacebeam.protocol.batch import Data
from spacebeam.recording.block import Block
from spacebeam.search.matching import masks
from spacebeam.search.matching.byte_search import searching_rare
from spacebeam.search.matching.layout import Layout, region
from spacebeam.search.matching.masks import Mask

if TYPE_CHECKING:
    from spacebeam.search.regex import Regex

_FEW = 8  # one entry in so many is looked at by itself
_LARGE = 4096  # bytes; a larger payload is not copied to be looked at
_IS_FOUND = (0).__le__
# A regular expression goes on behind what it found with so many times the bytes it got on before:
# what it reads in vain, as `.*` may, stays in proportion to what it got through.
_REACH = 4


class WordTest:
    """The test for a word."""

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
        """Whether one entry passes."""
        return block.data.find(self._word, block.starts[place], block.ends[place]) >= 0

    def _each(self, block: Block, begin: int, end: int) -> Mask:
        starts, ends = block.starts[begin:end], block.ends[begin:end]
        return bytes(map(_IS_FOUND, map(block.data.find, repeat(self._word), starts, ends)))

    def _all(self, block: Block, begin: int, end: int) -> Mask:
        mask = bytearray(end - begin)
        position, limit = region(block, begin, end)
        search, size = searching_rare(block.data, self._word), len(self._word)
        starts, ends, layout = block.starts, block.ends, Layout(block)
        while (at := search(position, limit)) >= 0:
            place = bisect_right(starts, at) - 1
            # As Layout.locate does first, without the call.
            if place < 0 or at < starts[place] or at + size > ends[place]:
                place, position = layout.locate(at, at + size)
                position = max(position, at + 1)
            else:
                position = ends[place]
            if begin <= place < end:
                mask[place - begin] = 1
        return mask


class PatternTest:
    """The test for a regular expression."""

    def __init__(self, pattern: str, ignores_case: bool) -> None:
        # Loaded here: a search for a word has no use for it and waits for every import.
        from spacebeam.search.regex import compile_loose, compile_regex

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
            looked_at = masks.passing(among)
        else:
            assert self._loose is not None
            mask = self._all(self._loose, block, begin, end)
            looked_at = count
        self._is_frequent = masks.passing(mask) * _FEW > looked_at
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
        reach = limit - position
        while position < limit:
            stop = min(limit, position + reach)
            # A match that this cuts would be missed, so it reaches to an entry's end.
            place, behind = layout.entry_at(stop - 1)
            stop = min(limit, behind)
            match = loose.search(block.data, position, stop)
            if match is None:
                reach, position = _REACH * (stop - position), stop
                continue
            begun = position
            at = match.start()
            place, position = layout.entry_at(at)
            if begin <= place < end:
                is_inside = self._is_exact and match.end() <= block.ends[place]
                mask[place - begin] = is_inside or self._matches(block, place)
            position = max(position, at + 1)
            reach = _REACH * (position - begun)
        return mask


def payload(data: Data, start: int, end: int) -> Data | memoryview:
    """A payload; a copy only where it is small."""
    if start == 0 and end == len(data):
        return data
    return data[start:end] if end - start <= _LARGE else memoryview(data)[start:end]
