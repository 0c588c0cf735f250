"""Reads the messages of a recording in order, and pairs them."""

from __future__ import annotations

import sys
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from itertools import accumulate
from typing import NamedTuple

from spacebeam.decode.conversation import Conversation, Reading
from spacebeam.decode.decoder import Context, Data
from spacebeam.decode.json_values import may_be_json
from spacebeam.decode.schemas import Schemas
from spacebeam.protocol.batch import Direction, Kind
from spacebeam.recording.block import Block
from spacebeam.recording.recording import Recording
from spacebeam.search.decoding import connection_of, context_of
from spacebeam.search.pair_paths import PairPaths

_MESSAGES = bytes((Kind.TEXT, Kind.BINARY))
_KINDS = {int(kind): context_of(kind).kind for kind in Kind}
_DIRECTIONS = {one: context_of(Kind.TEXT, one).direction for one in Direction}
_MAX_QUICK_JSON = 256 * 1024  # bytes that C reads in 3 ms
_MAX_QUICK = 32 * 1024  # bytes of another format
_ALWAYS_QUICK = 2048  # bytes, whatever is in them
_MAX_QUICK_DEPTH = 900  # levels; deeper JSON is read by Python
_MAX_BRACKETS = 16_000  # so that counting the levels is quick too
_STEPS = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}
_NO_BRACKETS = bytes(one for one in range(256) if one not in _STEPS)


class Read(NamedTuple):
    """A message that was read."""

    place: int  # in its block
    time: float  # Unix time in seconds
    size: int  # bytes of its payload
    reading: Reading
    direction: str  # as in Context


class ConversationReader:
    """Reads the blocks of a recording, which are given in order.

    A handshake begins a conversation of its own: the ids of the one before are used again.
    """

    def __init__(
        self,
        recording: Recording,
        schemas: Schemas | None = None,
        paths: PairPaths | None = None,
        *,
        is_quick: bool = False,
        resumed: tuple[int, Mapping[str, object]] | None = None,
    ) -> None:
        """`paths` pair the messages in place of their protocol.

        If `is_quick`, payloads that may take longer than a frame are passed over. `resumed` is the
        number of the first entry that will be read, and what decoders remember before it.
        """
        self._recording = recording
        self._schemas = schemas
        self._paths = paths
        self._is_quick = is_quick
        self._begun = 0  # number of the first entry after the handshake
        self._has_read = False  # a message of the conversation
        self._unanswered = 0  # questions of earlier connections
        number, memory = resumed or (recording.first_number, {})
        self._conversation = self._begin(number, memory)
        if resumed is not None:
            self._begun = conversation_at(recording, number)[0]
            self._has_read = True

    @property
    def unanswered(self) -> int:
        """The number of questions without an answer so far."""
        return self._unanswered + self._conversation.pairing.unanswered

    def read(self, block: Block, begin: int, end: int) -> Iterator[Read]:
        """Yield the messages at the places from `begin` to `end`."""
        run = bisect_right(block.run_places, begin) - 1
        stop = run_end = begin
        direction, time, name = Direction.NONE, 0.0, ""
        for place in range(begin, end):
            if place >= run_end:
                time, direction = block.run_times[run], Direction(block.run_directions[run])
                name, run = _DIRECTIONS[direction], run + 1
                run_end = block.run_places[run] if run < len(block.run_places) else end
            if place >= stop:
                stop = self._enter(block.first + place) - block.first
            kind = block.kinds[place]
            if kind not in _MESSAGES:
                continue
            start, after = block.starts[place], block.ends[place]
            payload = block.data[start:after]
            if self._is_quick and after - start > _ALWAYS_QUICK and _is_slow(payload):
                continue
            self._has_read = True
            reading = self._conversation.read(
                block.first + place, time, _KINDS[kind], name, payload
            )
            yield Read(place, time, after - start, reading, name)

    def context(self, number: int, kind: Kind, direction: Direction) -> Context:
        """Return what is known about an entry's payload once all before it are read."""
        self._enter(number)
        return self._conversation.context(_KINDS[kind], _DIRECTIONS[direction])

    @property
    def memory(self) -> dict[str, object]:
        """A copy of what the decoders remember."""
        return self._conversation.memory

    def _enter(self, number: int) -> int:
        """Begin a conversation if the entry is the first of one; return where the next begins."""
        begun, after = conversation_at(self._recording, number)
        if not self._has_read or begun != self._begun:
            self._unanswered += self._conversation.pairing.unanswered
            self._conversation = self._begin(number)
        self._begun = begun
        return after

    def _begin(self, number: int, memory: Mapping[str, object] | None = None) -> Conversation:
        self._has_read = False
        connection = connection_of(self._recording, number, self._schemas)
        paths = self._paths
        find = None if paths is None else paths.messages
        return Conversation(connection, find_messages=find, memory=memory)


def conversation_at(recording: Recording, number: int) -> tuple[int, int]:
    """Return the number of the first entry of an entry's conversation, and of the next one."""
    handshakes = recording.handshakes
    at = bisect_right(handshakes, number, key=lambda one: one[0])
    begun = handshakes[at - 1][0] if at > 1 else 0  # the first one stands for what is before it
    following = max(at, 1)
    return begun, handshakes[following][0] if following < len(handshakes) else sys.maxsize


def _is_slow(payload: Data) -> bool:
    """Return whether decoding a payload may take longer than a frame."""
    if not may_be_json(payload):
        return len(payload) > _MAX_QUICK
    if len(payload) > _MAX_QUICK_JSON:
        return True
    brackets = payload.translate(None, _NO_BRACKETS)
    if len(brackets) < _MAX_QUICK_DEPTH:
        return False
    if len(brackets) > _MAX_BRACKETS:
        return True
    return max(accumulate(map(_STEPS.__getitem__, brackets))) > _MAX_QUICK_DEPTH
