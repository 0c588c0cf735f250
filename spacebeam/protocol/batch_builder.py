"""Build a batch from a received block: the entries in it and their positions."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property
from itertools import accumulate, takewhile

from spacebeam.protocol.batch import Batch, Data, Direction, Kind, Origin, single
from spacebeam.protocol.frames import not_text

_LONG = 64 * 1024  # bytes; a message of this size or more gets its own batch, uncopied
_MAX_EXTRA_SIZE = 1024 * 1024  # bytes of payloads that are not in the block


class BatchBuilder:
    """Collects entries: those in the block, and extra ones that were assembled or unpacked.

    With `checks_text`, a text that is not UTF-8 is an error.
    """

    def __init__(self, data: bytes, *, checks_text: bool = True) -> None:
        self._data = data
        self._checks_text = checks_text
        self.clear()

    def clear(self) -> None:
        """Begin another batch from the same block."""
        self.starts = array("I")
        self.ends = array("I")
        self.kinds = bytearray()
        self.long: tuple[Kind, Data, Origin | None] | None = None
        self._extra: list[Data] = []
        self._extra_count = 0  # entries
        self._end = len(self._data)
        self._origins: dict[int, Origin | int] = {}

    @cached_property
    def block(self) -> bytearray:
        """A copy of the block, in which `scan` blanks headers."""
        return bytearray(self._data)

    def __len__(self) -> int:
        return len(self.kinds) + (self.long is not None)

    @property
    def is_full(self) -> bool:
        """Whether the batches should be taken before more is added."""
        return self.long is not None or self._end - len(self._data) > _MAX_EXTRA_SIZE

    def add(self, kind: Kind, payload: Data, origin: Origin | None = None) -> None:
        """Add an entry whose payload is not in the block."""
        if len(payload) >= _LONG:
            self.long = (kind, payload, origin)
            return
        if origin is not None:
            self._origins[len(self.kinds)] = origin
        self.kinds.append(kind)
        self.starts.append(self._end)
        self._end += len(payload)
        self.ends.append(self._end)
        self._extra.append(payload)
        self._extra_count += 1

    def add_unpacked(self, kind: Kind, payloads: list[bytes], sizes: list[int]) -> None:
        """Add messages of one compressed frame each; `sizes` are their payload bytes on the wire.

        Raise ProtocolError at the first text that is not UTF-8; those before it are added.
        """
        texts = b"".join(payloads)
        is_checked = self._checks_text and kind is Kind.TEXT
        if is_valid := not is_checked or texts.isascii() or all(map(_is_text, payloads)):
            valid = payloads
        else:
            valid = list(takewhile(_is_text, payloads))
        first = len(self.kinds)
        self._origins.update(zip(range(first, first + len(valid)), sizes, strict=False))
        bounds = array("I", accumulate(map(len, valid), initial=self._end))
        self.starts += bounds[:-1]
        self.ends += bounds[1:]
        self._end = bounds[-1]
        self._extra.append(texts)
        self._extra_count += len(valid)
        self.kinds += bytes((kind,)) * len(valid)
        if not is_valid:
            raise not_text()

    def add_in_place(self, kind: Kind, start: int, end: int) -> None:
        """Add one message in the block. Raise ProtocolError for a text that is not UTF-8."""
        self.starts.append(start)
        self.ends.append(end)
        self.kinds.append(kind)
        if self._checks_text and kind is Kind.TEXT and not _is_text(self._data[start:end]):
            self._remove_from(len(self.ends) - 1)
            raise not_text()

    def remove_longer(self, first: int, limit: int) -> bool:
        """Remove the first entry from `first` on that is longer than `limit`, and all after it.

        Return whether there was none.
        """
        for place in range(first, len(self.starts)):
            if self.ends[place] - self.starts[place] > limit:
                self._remove_from(place)
                return False
        return True

    def check_text(self, first: int, position: int, end: int) -> None:
        """Check the texts from index `first` on, between two positions of the block, at once.

        Raise ProtocolError at the first that is not UTF-8, and remove it and all after it.
        """
        texts = self.block[position:end] if self._checks_text else b""
        if texts.isascii():
            return
        try:
            texts.decode()
        except UnicodeDecodeError as error:
            self._remove_from(bisect_right(self.ends, position + error.start, first))
            raise not_text() from None

    def _remove_from(self, place: int) -> None:
        del self.starts[place:], self.ends[place:], self.kinds[place:]

    def batches(self, time: float) -> Iterator[Batch]:
        """Return the collected entries; one empty batch if there are none."""
        if self.kinds or self.long is None:
            yield self._batch(time)
        if self.long is not None:
            kind, payload, origin = self.long
            yield single(time, Direction.RECEIVED, kind, payload, origin)

    def _batch(self, time: float) -> Batch:
        starts, ends = self.starts, self.ends
        if not self._extra:
            data = self._data
        elif self._extra_count < len(self.kinds):
            data = b"".join((self._data, *self._extra))
        else:  # no payload is in the block
            data = b"".join(self._extra)
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
