"""The test of a `gap:` term: entries whose sequence number does not follow the one before.

Unlike other tests, it knows the entries before: those that the other terms of the filter match.
"""

from __future__ import annotations

from spacebeam.decode.decoder import Context
from spacebeam.decode.json_values import TooDeepError
from spacebeam.decode.registry import MAX_DEEP_SIZE
from spacebeam.protocol.batch import Kind
from spacebeam.recording.block import Block
from spacebeam.search.json_path import compile_path
from spacebeam.search.matching import masks
from spacebeam.search.matching.masks import Mask
from spacebeam.search.matching.payload_values import BlockValues, DeepPayloads, PathHints
from spacebeam.search.series.sequence import Break, Sequences, sequence_number

_CONNECTED = b'{"type":"connected"'  # the beginning of an event's payload


class GapTest:
    """Finds gaps, duplicates and numbers out of order; entries are tested from the first on.

    A call may go back to a place of the call before. After any other jump, the first number
    follows.
    """

    def __init__(self, path: str, deep: DeepPayloads, connection: Context) -> None:
        compiled = compile_path(path)
        self._find = compiled.find
        self._hints = PathHints(compiled, connection)
        self._deep = deep
        self._connection = connection
        self._sequences = Sequences()
        self._next = 0  # number of the next entry
        # Of the call before: the number of its first entry, the sequences there, and its mask.
        self._begin = 0
        self._before = Sequences()
        self._among: Mask = b""

    def __call__(self, block: Block, begin: int, end: int, among: Mask) -> Mask:
        first = block.first + begin
        if first != self._next:
            self._go_to(block, first)
        self._begin, self._before, self._among = first, self._sequences.copy(), among
        self._next = block.first + end
        return self._test(block, begin, end, among)

    def _go_to(self, block: Block, first: int) -> None:
        if not max(self._begin, block.first) <= first < self._next or self._begin < block.first:
            self._sequences = Sequences()
            return
        self._sequences = self._before
        self._test(block, self._begin - block.first, first - block.first, self._among)

    def _test(self, block: Block, begin: int, end: int, among: Mask) -> Mask:
        mask = bytearray(end - begin)
        values = BlockValues(block, self._connection)
        wanted = self._hints.narrowed(block, begin, end, among[: end - begin])
        max_deep_size = 0 if self._deep.is_postponing else MAX_DEEP_SIZE
        for place in masks.candidates(with_connections(wanted, block, begin, end), begin):
            if block.kinds[place] == Kind.EVENT:
                self._sequences.connect()
                continue
            try:
                number = sequence_number(self._find(values.read(place, max_deep_size)))
            except (TooDeepError, RecursionError):
                deep = self._deep
                (deep.postponed if deep.is_postponing else deep.unsearched).add(place)
                continue
            except ValueError:  # no such value
                continue
            if number is not None:
                found, _expected = self._sequences.take(values.direction(place), number)
                mask[place - begin] = found is not Break.NONE
        return mask


def with_connections(mask: Mask, block: Block, begin: int, end: int) -> Mask:
    """Return a mask of messages with the events that say that a connection began."""
    place = block.kinds.find(Kind.EVENT, begin, end)
    if place < 0:
        return mask
    mask = bytearray(mask)
    while place >= 0:
        start = block.starts[place]
        mask[place - begin] = block.data[start : start + len(_CONNECTED)] == _CONNECTED
        place = block.kinds.find(Kind.EVENT, place + 1, end)
    return mask
