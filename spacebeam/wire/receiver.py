"""From received bytes to batches: the protocol's reading half, without sockets or clocks.

Plain frames, which nearly all are, take the short way (`frames.scan`): they are indexed where
they lie in the received block. Whatever is masked, compressed, fragmented, a control frame or cut
by the end of the block is put together piece by piece by the assembler.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate, takewhile
from operator import sub

from spacebeam.wire.assembler import PACKED_PIECE, Assembler
from spacebeam.wire.batch import Batch, Data, Direction, Kind, Origin, single
from spacebeam.wire.close_code import CloseCode
from spacebeam.wire.deflate import Deflate
from spacebeam.wire.frames import ProtocolError, Role, scan

DEFAULT_MAX_MESSAGE = 64 * 1024 * 1024

_LONG = 1024 * 1024  # bytes; a message from this size on is not copied into a batch with others
_NOT_TEXT = "a text that is not UTF-8"
_PLAIN = {0x81: Kind.TEXT, 0x82: Kind.BINARY}  # first bytes: FIN, no RSV
_PACKED = {0xC1: Kind.TEXT, 0xC2: Kind.BINARY}  # FIN and RSV1 (RFC 7692, section 7.2.3)


class Receiver:
    """Reads one direction of a WebSocket: `feed` it blocks, get batches.

    The first violation ends it: `failure` says what the peer did, all before it is in the batch,
    and what follows is passed over, as is what follows a close frame (RFC 6455, section 7.1.7).
    """

    def __init__(
        self,
        role: Role,
        deflate: Deflate | None = None,
        max_message: int = DEFAULT_MAX_MESSAGE,
    ) -> None:
        self.failure: ProtocolError | None = None
        self._max_message = max_message
        self._deflate = deflate
        self._plain = _PLAIN if role is Role.CLIENT else {}
        self._packed = _PACKED if role is Role.CLIENT and deflate is not None else {}
        self._assembler = Assembler(role, deflate, max_message)

    @property
    def is_finished(self) -> bool:
        """Whether a close frame or a violation has ended this direction."""
        return self._assembler.is_closed or self.failure is not None

    @property
    def is_inside_message(self) -> bool:
        """Whether a message has begun that is not complete."""
        return self._assembler.is_inside_message

    def feed(self, data: bytes, time: float) -> Iterator[Batch]:
        """The entries that `data` completes. It may end anywhere, in a frame or in a header.

        All in one batch, but that a long message has a batch of its own, and that what unpacks to
        much comes in several, between which others may have a turn; some of those are empty. Must
        be read to its end.
        """
        index = _Index(data)
        position = 0
        try:
            while position < len(data) and not self.is_finished:
                if self._assembler.is_idle:
                    position = self._take_whole(data, position, index)
                if position < len(data) and not index.is_full:
                    position = self._assembler.take(data, position, index.add)
                if index.is_full or self._assembler.unpacked > _LONG:
                    self._assembler.unpacked = 0
                    yield from index.batches(time)
                    index = _Index(data)
        except ProtocolError as error:
            self.failure = error
        if len(index):
            yield from index.batches(time)

    def _take_whole(self, data: bytes, position: int, index: _Index) -> int:
        """Read whole unfragmented messages as far as there are any."""
        before = -1
        while before < position < len(data) and not index.is_full:
            before = position
            if (kind := self._plain.get(data[position])) is not None:
                position = self._take_plain(data, position, index, kind)
            elif (kind := self._packed.get(data[position])) is not None:
                position = self._take_packed(data, position, index, kind)
        return position

    def _take_plain(self, data: bytes, position: int, index: _Index, kind: Kind) -> int:
        first = len(index.starts)
        end = scan(index.block, position, data[position], index.starts, index.ends)
        index.kinds += bytes((kind,)) * (len(index.starts) - first)
        all_fit = self._max_message >= 65536 or index.keep_within(first, self._max_message)
        if kind is Kind.TEXT and len(index.ends) > first:
            index.check_text(first, position, index.ends[-1])
        if not all_fit:
            raise ProtocolError(CloseCode.MESSAGE_TOO_BIG, "a message over the size limit")
        return end

    def _take_packed(self, data: bytes, position: int, index: _Index, kind: Kind) -> int:
        """Unpack messages of one frame each, until they have made much."""
        assert self._deflate is not None
        starts: list[int] = []
        ends: list[int] = []
        scan(index.block, position, data[position], starts, ends)
        sizes = list(map(sub, ends, starts))
        if sizes and max(sizes) > PACKED_PIECE:
            first = next(at for at, size in enumerate(sizes) if size > PACKED_PIECE)
            del starts[first:], ends[first:]
        payloads: list[bytes] = []
        try:
            self._deflate.unpack_all(data, starts, ends, self._max_message, payloads)
        finally:  # what came before a fault is handed on
            index.add_unpacked(kind, payloads, sizes)
        return ends[len(payloads) - 1] if payloads else position


class _Index:
    """A batch in the making: entries in place in the received block, and others beside it."""

    def __init__(self, data: bytes) -> None:
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.kinds = bytearray()
        self._data = data
        self.block = bytearray(data)  # scanned: its headers are blanked
        self.long: tuple[Kind, Data, Origin | None] | None = None
        self._beside: list[Data] = []
        self._end = len(data)
        self._beside_count = 0  # entries
        self._origins: dict[int, Origin | int] = {}

    def __len__(self) -> int:
        return len(self.kinds) + (self.long is not None)

    @property
    def is_full(self) -> bool:
        """Whether it should be handed on before more is added."""
        return self.long is not None or self._end - len(self._data) > _LONG

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
        bounds = list(accumulate(map(len, good), initial=self._end))
        self.starts += bounds[:-1]
        self.ends += bounds[1:]
        self._end = bounds[-1]
        self._beside.append(texts)
        self._beside_count += len(good)
        self.kinds += bytes((kind,)) * len(good)
        if not is_good:
            raise ProtocolError(CloseCode.INVALID_PAYLOAD, _NOT_TEXT)

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
            raise ProtocolError(CloseCode.INVALID_PAYLOAD, _NOT_TEXT) from None

    def _forget_from(self, place: int) -> None:
        del self.starts[place:], self.ends[place:], self.kinds[place:]

    def batches(self, time: float) -> Iterator[Batch]:
        if self.kinds or self.long is None:
            yield self._batch(time)
        if self.long is not None:
            kind, payload, origin = self.long
            yield single(time, Direction.RECEIVED, kind, payload, origin)

    def _batch(self, time: float) -> Batch:
        starts, ends = array("I", self.starts), array("I", self.ends)
        if not self._beside:
            data = self._data
        elif self._beside_count < len(self.kinds):
            data = b"".join((self._data, *self._beside))
        else:  # nothing lies in the block itself
            data = b"".join(self._beside)
            shift = len(self._data)
            starts = array("I", [start - shift for start in starts])
            ends = array("I", [end - shift for end in ends])
        return Batch(time, Direction.RECEIVED, data, bytes(self.kinds), starts, ends, self._origins)


def _is_text(payload: bytes) -> bool:
    try:
        payload.decode()
    except UnicodeDecodeError:
        return False
    return True
