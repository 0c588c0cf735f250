"""Reads the values of a block's payloads: of JSON, and of other formats with keys and indexes.

Parsing a payload takes ten times as long as a search for bytes in it. So if a payload with a wanted
value must contain certain text, that is searched first.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import islice

from spacebeam.decode.decoder import Context, DecodeError, Value
from spacebeam.decode.json_values import TooDeepError, may_be_json, read_json
from spacebeam.decode.registry import MAX_DEEP_SIZE, REGISTRY
from spacebeam.protocol.batch import Direction, Kind
from spacebeam.recording.block import Block
from spacebeam.search.decoding import context_of
from spacebeam.search.json_path import JsonPath
from spacebeam.search.matching import masks
from spacebeam.search.matching.masks import Mask
from spacebeam.search.matching.text import PatternTest, WordTest

Hint = WordTest | PatternTest
"""A test of a text that every payload with a wanted value contains, unless it has a backslash."""

_NO_CONNECTION = Context()
_SAMPLE_SIZE = 16  # entries
MESSAGE_KINDS = bytes(kind in (Kind.TEXT, Kind.BINARY) for kind in range(256))
_BEGINNINGS_OF_JSON = b"{[ \t\r\n\xef"
_ESCAPE = "\\"


@dataclass(slots=True)
class DeepPayloads:
    """The payloads of a block that are nested deeply: reading a megabyte takes half a second."""

    unsearched: set[int] = field(default_factory=set)  # places of those that are too large for it
    postponed: set[int] = field(default_factory=set)  # places of those that were not read
    is_postponing: bool = False  # read none of them now


class BlockValues:
    """The values of a block's payloads; what decoders remember begins with the block."""

    def __init__(self, block: Block, connection: Context) -> None:
        self._block = block
        self._connection = replace(connection, memory={})
        self._contexts: dict[tuple[int, int], Context] = {}  # by kind and direction

    def read(self, place: int, max_deep_size: int = MAX_DEEP_SIZE) -> Value:
        """Return what `Registry.value` does; the context is made late, as it takes long.

        Raises DecodeError, TooDeepError, RecursionError or ValueError.
        """
        block = self._block
        payload = block.data[block.starts[place] : block.ends[place]]
        if may_be_json(payload) and not self._connection.chosen:
            try:
                value = read_json(payload, max_deep_size)
            except TooDeepError:
                raise
            except DecodeError:
                pass
            else:
                if not isinstance(value, str):  # a string may have more inside
                    return value
        return REGISTRY.value(payload, self._context(place), max_deep_size)

    def direction(self, place: int) -> Direction:
        """Return the direction of an entry."""
        run = bisect_right(self._block.run_places, place) - 1
        return Direction(self._block.run_directions[run])

    def _context(self, place: int) -> Context:
        run = bisect_right(self._block.run_places, place) - 1
        key = self._block.kinds[place], self._block.run_directions[run]
        context = self._contexts.get(key)
        if context is None:
            kind, direction = Kind(key[0]), Direction(key[1])
            connection = self._connection
            context = context_of(kind, direction, chosen=connection.chosen, connection=connection)
            self._contexts[key] = context
        return context


class PathHints:
    """Finds the entries that may have a value at a path, by the bytes of their payloads."""

    def __init__(
        self, path: JsonPath, connection: Context = _NO_CONNECTION, more: Iterable[Hint] = ()
    ) -> None:
        self._escape = WordTest(_ESCAPE)
        self._hints: list[Hint] = []
        if connection.chosen:  # a format that writes values in another way than JSON
            return
        self._hints += more
        longest = max(filter(is_plain, path.keys), key=len, default="")
        if longest and not path.is_computed:
            self._hints.append(WordTest(f'"{longest}"'))

    def narrowed(self, block: Block, begin: int, end: int, among: Mask) -> Mask:
        """Return the mask of the messages among the entries that may have the value."""
        among = masks.both(among, block.kinds[begin:end].translate(MESSAGE_KINDS))
        hinting = [hint for hint in self._hints if _is_selective(hint, block, begin, among)]
        others = _of_other_formats(block, begin, end, among) if hinting else b""
        for hint in hinting:
            found = hint(block, begin, end, among)
            escaped = self._escape(block, begin, end, masks.both(among, masks.inverted(found)))
            among = masks.both(among, masks.either(masks.either(found, escaped), others))
        return among


def is_plain(text: str) -> bool:
    """Return whether JSON can contain a text without escaping it."""
    return bool(text) and not any(character < " " or character in '"\\' for character in text)


def _is_selective(hint: Hint, block: Block, begin: int, among: Mask) -> bool:
    """Return whether a hint excludes any entry of a sample: a key may be in every message."""
    sample = islice(masks.candidates(among, begin), _SAMPLE_SIZE)
    return not all(hint.holds(block, place) for place in sample)


def _of_other_formats(block: Block, begin: int, end: int, among: Mask) -> Mask:
    """Return the entries in which keys and values may be written in another way than JSON's."""
    mask = bytearray(end - begin)
    data, kinds, starts, ends = block.data, block.kinds, block.starts, block.ends
    for place in masks.candidates(among, begin):
        is_json = (
            kinds[place] == Kind.TEXT
            and starts[place] < ends[place]
            and data[starts[place]] in _BEGINNINGS_OF_JSON
        )
        mask[place - begin] = not is_json
    return mask
