"""From received bytes to batches: the protocol's reading half, without sockets or clocks.

Plain frames, which nearly all are, take the short way (`frames.scan`): they are indexed where
they lie in the received block. Whatever is masked, compressed, fragmented, a control frame or cut
by the end of the block is put together piece by piece by the assembler.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator

from spacebeam.wire.assembler import Assembler
from spacebeam.wire.batch import Batch, Data, Direction, Kind, Origin, single
from spacebeam.wire.close_code import CloseCode
from spacebeam.wire.deflate import Deflate
from spacebeam.wire.frames import ProtocolError, Role, scan

DEFAULT_MAX_MESSAGE = 64 * 1024 * 1024

# Frames put together between two batches: a block holds 131,072 of them at most, which would take
# more than half a second in one go. Whoever reads the batches can do other things between them.
_AT_ONCE = 128
_LONG = 1024 * 1024  # bytes; a message from this size on is not copied into a batch with others
_PLAIN = {0x81: Kind.TEXT, 0x82: Kind.BINARY}  # first bytes: FIN, no RSV


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
        self._plain = _PLAIN if role is Role.CLIENT else {}
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

        Plain frames are all in one batch. A long message has a batch of its own, and where much has
        to be put together there are several, some of them perhaps empty, so that there is time
        for other things between them. Must be read to its end.
        """
        index = _Index(data)
        position = rounds = 0
        try:
            while position < len(data) and not self.is_finished:
                rounds += 1
                if rounds % _AT_ONCE == 0:
                    yield index.batch(time)
                    index = _Index(data)
                if self._assembler.is_idle:
                    position = self._take_plain(data, position, index)
                if position < len(data):
                    position = self._assembler.take(data, position, index.add)
                if index.long is not None:
                    yield from index.batches(time)
                    index = _Index(data)
        except ProtocolError as error:
            self.failure = error
        yield from index.batches(time)

    def _take_plain(self, data: bytes, position: int, index: _Index) -> int:
        while position < len(data) and (kind := self._plain.get(data[position])):
            first = len(index.starts)
            end = scan(data, position, data[position], index.starts, index.ends)
            if end == position:
                break
            index.kinds += bytes((kind,)) * (len(index.starts) - first)
            all_fit = self._max_message >= 65536 or index.keep_within(first, self._max_message)
            if kind is Kind.TEXT:
                index.check_text(first)
            if not all_fit:
                raise ProtocolError(CloseCode.MESSAGE_TOO_BIG, "a message over the size limit")
            position = end
        return position


class _Index:
    """A batch in the making: entries in place in the received block, and others beside it."""

    def __init__(self, data: bytes) -> None:
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.kinds = bytearray()
        self._data = data
        self.long: tuple[Kind, Data, Origin | None] | None = None
        self._beside: list[Data] = []
        self._end = len(data)
        self._origins: dict[int, Origin] = {}

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

    def keep_within(self, first: int, limit: int) -> bool:
        """Whether all from `first` on fit; from the first that does not, all are forgotten."""
        for place in range(first, len(self.starts)):
            if self.ends[place] - self.starts[place] > limit:
                self._forget_from(place)
                return False
        return True

    def check_text(self, first: int) -> None:
        """Check the texts from `first` on as UTF-8, all in one go (RFC 6455, section 8.1)."""
        data = self._data
        bounds = zip(self.starts[first:], self.ends[first:], strict=True)
        # A line feed continues no UTF-8 sequence, so a text cut short cannot borrow from the next.
        texts = b"\n".join([data[start:end] for start, end in bounds])
        if texts.isascii():
            return
        try:
            texts.decode()
        except UnicodeDecodeError as error:
            self._forget_from(self._place_of(first, error.start))
            raise ProtocolError(CloseCode.INVALID_PAYLOAD, "a text that is not UTF-8") from None

    def _place_of(self, first: int, offset: int) -> int:
        for place in range(first, len(self.starts)):
            size = self.ends[place] - self.starts[place]
            if offset <= size:
                return place
            offset -= size + 1
        raise AssertionError("an offset beyond the texts")

    def _forget_from(self, place: int) -> None:
        del self.starts[place:], self.ends[place:], self.kinds[place:]

    def batches(self, time: float) -> Iterator[Batch]:
        if self.kinds:
            yield self.batch(time)
        if self.long is not None:
            kind, payload, origin = self.long
            yield single(time, Direction.RECEIVED, kind, payload, origin)

    def batch(self, time: float) -> Batch:
        starts, ends = array("I", self.starts), array("I", self.ends)
        if not self._beside:
            data = self._data
        elif len(self._beside) < len(self.kinds):
            data = b"".join((self._data, *self._beside))
        else:  # nothing lies in the block itself
            data = b"".join(self._beside)
            shift = len(self._data)
            starts = array("I", [start - shift for start in starts])
            ends = array("I", [end - shift for end in ends])
        return Batch(time, Direction.RECEIVED, data, bytes(self.kinds), starts, ends, self._origins)
