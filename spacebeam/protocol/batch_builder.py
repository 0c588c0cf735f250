"""A batch in the making: which entries a received block holds, and where they lie."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property
from itertools import accumulate, takewhile

from spacebeam.protocol.batch import Batch, Data, Direction, Kind, Origin, single
from spacebeam.protocol.frames import not_text

_LONG = 64 * 1024  # bytes; a message from this size on is not copied into a batch with others
_MUCH = 1024 * 1024  # bytes beside the block


class BatchBuilder:
    """A batch in the making: entries in place in the received block, and others beside it."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.clear()

    def clear(self) -> None:
        """Begin another batch from the same block."""
        self.starts = array("I")
        self.ends = array("I")
        self.kinds = bytearray()
        self.long: tuple[Kind, Data, Origin | None] | None = None
        self._beside: list[Data] = []
        self._beside_count = 0  # entries
        self._end = len(self._data)
        self._origins: dict[int, Origin | int] = {}

    @cached_property
    def block(self) -> bytearray:
        """The same bytes, in which headers are blanked when they are scanned."""
        return bytearray(self._data)

    def __len__(self) -> int:
        return len(self.kinds) + (self.long is not None)

    @property
    def is_full(self) -> bool:
        """Whether it should be handed on before more is added."""
        return self.long is not None or self._end - len(self._data) > _MUCH

    def add(self, kind: Kind, payload: Data, origin: Origin | None = None) -> None:
        if len(payload) >= _LONG:
            self.long = (kind, payload, origin)
            return
        if origin is not None:
            self._origins[len(self.kinds)] = origin
        self.kinds.append(kind)
        self.starts.append(self._end)
        self._end += len(payload)
        self.ends.append(self._end)
        self._beside.append(payload)
        self._beside_count += 1

    def add_unpacked(self, kind: Kind, payloads: list[bytes], sizes: list[int]) -> None:
        """Add messages of one compressed frame each, of these sizes. Checks texts as UTF-8."""
        texts = b"".join(payloads)
        if is_good := kind is not Kind.TEXT or texts.isascii() or all(map(_is_text, payloads)):
            good = payloads
        else:
            good = list(takewhile(_is_text, payloads))
        first = len(self.kinds)
        self._origins.update(zip(range(first, first + len(good)), sizes, strict=False))
        bounds = array("I", accumulate(map(len, good), initial=self._end))
        self.starts += bounds[:-1]
        self.ends += bounds[1:]
        self._end = bounds[-1]
        self._beside.append(texts)
        self._beside_count += len(good)
        self.kinds += bytes((kind,)) * len(good)
        if not is_good:
            raise not_text()

    def add_in_place(self, kind: Kind, start: int, end: int) -> None:
        """Add one message that lies in the block. Checks a text as UTF-8."""
        self.starts.append(start)
        self.ends.append(end)
        self.kinds.append(kind)
        if kind is Kind.TEXT and not _is_text(self._data[start:end]):
            self._forget_from(len(self.ends) - 1)
            raise not_text()

    def keep_within(self, first: int, limit: int) -> bool:
        """Whether all from `first` on fit; from the first that does not, all are forgotten."""
        for place in range(first, len(self.starts)):
            if self.ends[place] - self.starts[place] > limit:
                self._forget_from(place)
                return False
        return True

    def check_text(self, first: int, position: int, end: int) -> None:
        """Check the texts from `first` on, which lie between two positions, all in one go."""
        texts = self.block[position:end]
        if texts.isascii():
            return
        try:
            texts.decode()
        except UnicodeDecodeError as error:
            self._forget_from(bisect_right(self.ends, position + error.start, first))
            raise not_text() from None

    def _forget_from(self, place: int) -> None:
        del self.starts[place:], self.ends[place:], self.kinds[place:]

    def batches(self, time: float) -> Iterator[Batch]:
        """What is in it, though it be nothing."""
        if self.kinds or self.long is None:
            yield self._batch(time)
        if self.long is not None:
            kind, payload, origin = self.long
            yield single(time, Direction.RECEIVED, kind, payload, origin)

    def _batch(self, time: float) -> Batch:
        starts, ends = self.starts, self.ends
        if not self._beside:
            data = self._data
        elif self._beside_count < len(self.kinds):
            data = b"".join((self._data, *self._beside))
        else:  # nothing lies in the block itself
            data = b"".join(self._beside)
            shift = len(self._data)
            bounds = array("I", [0, *[end - shift for end in self.ends]])
            starts, ends = bounds[:-1], bounds[1:]
        return Batch(time, Direction.RECEIVED, data, bytes(self.kinds), starts, ends, self._origins)


def _is_text(payload: bytes) -> bool:
    if payload.isascii():
        return True
    try:
        payload.decode()
    except UnicodeDecodeError:
        return False
    return True
