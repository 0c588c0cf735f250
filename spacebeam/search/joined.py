"""What entries say that depends on earlier ones: attachments, packets in parts, streams.

A row or the inspector asks for single entries anywhere in a recording. Most state begins close by:
it is read from `REACH` entries before, with what was negotiated at the connection's beginning. What
was read is saved in checkpoints, from which reading goes on. A compressed stream has no place to
begin at but its first message or a checkpoint.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from spacebeam.decode.decoder import Context, Data, MessageSpan, Value
from spacebeam.decode.registry import REGISTRY
from spacebeam.decode.structured import message_words, shortened
from spacebeam.decode.zlib_stream import ZlibStreamDecoder
from spacebeam.protocol.batch import Kind
from spacebeam.recording.block import Block
from spacebeam.recording.recording import Recording
from spacebeam.search.conversation_reader import ConversationReader, Read, conversation_at

REACH = 2000  # entries that are read before and after one; attachments are at most 1,024
_HEAD = 64  # entries at the beginning of a connection in which formats are negotiated
_MAX_SUMMARIZED = 64 * 1024  # bytes of a payload; of a longer one the beginning is shown
_BEGINNING = 2048  # bytes
_MAX_CHECKPOINTS = 128  # of a stream, 40 KiB each
_MIN_STRIDE = 512  # entries between two checkpoints
_SPANNING = frozenset(
    one.name for one in REGISTRY.decoders if getattr(one, "spans_payloads", False)
)


@dataclass(frozen=True, slots=True)
class Joined:
    """What an entry says, read after those before it."""

    summary: str  # on one line, safe to show
    span: MessageSpan
    first: int  # number of the entry in which its first message begins
    received: int = 0  # attachments of its message so far
    value: Value = None  # of an entry that is read whole: the message with its attachments
    context: Context | None = None  # of an entry that is read whole: with the decoders' memory

    @property
    def is_awaiting(self) -> bool:
        """Whether the entry begins a message of which attachments are missing."""
        return not self.span.attachment and self.received < self.span.attachments


@dataclass(frozen=True, slots=True, order=True)
class Checkpoint:
    """What is remembered before an entry."""

    number: int = 0  # of the entry
    memory: Mapping[str, object] = field(default_factory=dict, compare=False)
    begun: Mapping[str, int] = field(default_factory=dict, compare=False)  # as in JoinedRun


@dataclass(frozen=True, slots=True)
class _Head:
    """What the beginning of a connection says."""

    after: Checkpoint
    is_spanning: bool  # whether a payload had a format that spans payloads

    def is_complete(self, begun: int, after: int) -> bool:
        """Return whether it was read, of a connection with the entries from `begun` to `after`."""
        return self.after.number >= min(begun + _HEAD, after)

    @property
    def is_stream(self) -> bool:
        """Whether each message needs all before it."""
        return any(key.startswith(ZlibStreamDecoder.name) for key in self.after.memory)

    @property
    def negotiated(self) -> dict[str, object]:
        """What is remembered of the connection; of a direction's position nothing."""
        memory = self.after.memory
        return {key: one for key, one in memory.items() if not key.endswith((" sent", " received"))}


class JoinedRun:
    """Reads entries in order from a checkpoint on."""

    def __init__(
        self, recording: Recording, begin: Checkpoint, target: int, *, head_end: int = 0
    ) -> None:
        self.position = begin.number  # of the next entry to read
        self.target = target  # number of the entry for which it reads
        self.head_end = head_end  # where a run ends that reads the beginning of a connection
        self.is_spanning = False  # whether a payload had a format that spans payloads
        self.checkpoints: list[Checkpoint] = []  # that were passed
        resumed = begin.number, begin.memory
        self._reader = ConversationReader(recording, resumed=resumed)
        self._begun = dict(begin.begun)  # entries whose message is unfinished, by direction
        self._awaiting: dict[int, tuple[Joined, bool]] = {}  # and whether its value is wanted

    @property
    def awaiting(self) -> dict[int, bool]:
        """The wanted entries of which attachments are still to be read, and whether as a whole."""
        return {number: is_whole for number, (_joined, is_whole) in self._awaiting.items()}

    @property
    def checkpoint(self) -> Checkpoint:
        """What is remembered where the run is."""
        return Checkpoint(self.position, self._reader.memory, dict(self._begun))

    def read(
        self, block: Block, end: int, wanted: Collection[int], whole: Collection[int] = ()
    ) -> dict[int, Joined | None]:
        """Read the entries of a block to the place `end`. Return what the wanted ones say.

        It is None for an entry that says the same alone. `whole` entries come with their value and
        the decoders' memory.
        """
        found: dict[int, Joined | None] = {}
        here = range(self.position, block.first + end)
        for number in sorted(one for one in wanted if one in here):
            self._read_to(block, number, found)
            found[number] = self._read_one(block, number, number in whole, found)
        self._read_to(block, block.first + end, found)
        last = self.checkpoints[-1].number if self.checkpoints else -_MIN_STRIDE
        # What is unfinished may have many megabytes.
        if self.position - last >= _MIN_STRIDE and not self._begun:
            self.checkpoints.append(self.checkpoint)
        return found

    def _read_to(self, block: Block, end: int, found: dict[int, Joined | None]) -> None:
        begin, self.position = self.position, end
        for read in self._reader.read(block, begin - block.first, end - block.first):
            self._note(block.first + read.place, read, found)

    def _read_one(
        self, block: Block, number: int, is_whole: bool, found: dict[int, Joined | None]
    ) -> Joined | None:
        """Read a wanted entry: first how it is shown, then what it changes in the memory."""
        entry = block.entry(number - block.first)
        if entry.kind not in (Kind.TEXT, Kind.BINARY):
            self._read_to(block, number + 1, found)
            return None
        context = self._reader.context(number, entry.kind, entry.direction)
        before = replace(context, memory=dict(context.memory))
        summary = _summary(entry.payload, before)
        self.position = number + 1
        place = number - block.first
        for read in self._reader.read(block, place, place + 1):
            first = self._note(number, read, found)
            if read.reading.decoder not in _SPANNING:
                continue
            span = read.reading.span
            shown = before if is_whole else None
            joined = Joined(summary, span, first, span.attachment, None, shown)
            if joined.is_awaiting:
                self._awaiting[number] = joined, is_whole
            return joined
        return None

    def _note(self, number: int, read: Read, found: dict[int, Joined | None]) -> int:
        """Remember where a message began; return the number of that entry."""
        reading, direction = read.reading, read.direction
        span = reading.span
        self.is_spanning |= reading.decoder in _SPANNING
        first = self._begun.pop(direction, number) if span.continues else number
        if span.is_unfinished:
            is_same = span.continues and not reading.messages
            self._begun[direction] = first if is_same else number
        if span.attachment and first in self._awaiting:
            found[first] = self._with_attachment(first, read)
        return first

    def _with_attachment(self, first: int, read: Read) -> Joined:
        """Return what the first entry of a message says once another attachment was read."""
        (joined, is_whole), reading = self._awaiting[first], read.reading
        joined = replace(joined, received=reading.span.attachment)
        self._awaiting[first] = joined, is_whole
        if not joined.is_awaiting:
            del self._awaiting[first]
            words = "; ".join(map(message_words, reading.messages))
            value = reading.value if is_whole else None
            joined = replace(joined, summary=shortened(words), value=value)
        return joined


class JoinedReader:
    """Knows where to begin to read for an entry of a recording, and what was read before."""

    def __init__(self) -> None:
        self._heads: dict[int, _Head] = {}  # by the number of the connection's first entry
        self._checkpoints: list[Checkpoint] = []
        self._newest = Checkpoint()  # where the last run ended
        self._stride = _MIN_STRIDE

    def is_alone(self, recording: Recording, number: int) -> bool:
        """Return whether each payload of an entry's connection is known to say all by itself."""
        begun, after = conversation_at(recording, number)
        head = self._heads.get(begun)
        return head is not None and not head.is_spanning and head.is_complete(begun, after)

    def run(self, recording: Recording, number: int) -> JoinedRun | None:
        """Return where to read from for an entry; None if its payload says all by itself.

        If the run has a `head_end`, it has to be read to there before another is asked for.
        """
        begun, after = conversation_at(recording, number)
        start = Checkpoint(max(begun, recording.first_number))
        head = self._heads.get(begun)
        if head is None or not head.is_complete(begun, min(after, len(recording))):
            if head is not None and head.after.number >= start.number:
                start = head.after
            end = min(max(begun, recording.first_number) + _HEAD, after, len(recording))
            return JoinedRun(recording, start, number, head_end=end)
        if not head.is_spanning:
            return None
        if start.number > begun:
            start = replace(start, memory=head.negotiated)
        place = bisect_right(self._checkpoints, Checkpoint(number))
        known = (*self._checkpoints[max(place - 1, 0) : place], self._newest)
        nearest = max((start, *(one for one in known if one.number <= number)))
        if nearest.number == start.number:  # a checkpoint there is of the connection before
            nearest = start
        if number - nearest.number > REACH and not head.is_stream:
            nearest = Checkpoint(number - REACH, head.negotiated)
        return JoinedRun(recording, nearest, number)

    def finish(self, recording: Recording, run: JoinedRun) -> None:
        """Save what a run has read."""
        self._newest = run.checkpoint
        if run.head_end:
            begun, _after = conversation_at(recording, run.position - 1)
            before = self._heads.get(begun)
            is_spanning = run.is_spanning or (before is not None and before.is_spanning)
            self._heads[begun] = _Head(self._newest, is_spanning)
        for one in run.checkpoints:
            self._save(one)

    def _save(self, checkpoint: Checkpoint) -> None:
        place = bisect_right(self._checkpoints, checkpoint)
        around = self._checkpoints[max(place - 1, 0) : place + 1]
        if all(abs(one.number - checkpoint.number) >= self._stride for one in around):
            self._checkpoints.insert(place, checkpoint)
        if len(self._checkpoints) > _MAX_CHECKPOINTS:
            self._stride *= 2
            del self._checkpoints[1::2]


def _summary(payload: Data, context: Context) -> str:
    if len(payload) > _MAX_SUMMARIZED:
        return REGISTRY.summary(payload[:_BEGINNING], replace(context, is_cut=True))
    return REGISTRY.summary(payload, context)
