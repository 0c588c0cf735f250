"""The messages that a scenario's connection received, and waiting for one that matches."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from spacebeam.decode.decoder import Value
from spacebeam.decode.registry import REGISTRY
from spacebeam.net.close_reason import CloseReason
from spacebeam.protocol.batch import Batch, Direction, Kind
from spacebeam.recording.block import Block
from spacebeam.search.decoding import context_of
from spacebeam.search.filter import Filter, HasQuality, Quality
from spacebeam.search.matching.matcher import Matcher
from spacebeam.session.observer import Observer

_MESSAGES = (Kind.TEXT, Kind.BINARY)
_CONTROL = {Quality.PING: Kind.PING, Quality.PONG: Kind.PONG}
MAX_UNREAD = 10_000  # messages; reading pauses when a scenario has not looked at so many
_KEPT = 100  # messages that were passed, for the account of what came instead


@dataclass(frozen=True, slots=True)
class Received:
    """A received message or control frame."""

    number: int  # counts from 1, of the connection
    time: float  # Unix time in seconds
    kind: Kind
    payload: bytes
    block: Block
    place: int

    def matches(self, matcher: Matcher) -> bool:
        """Whether a filter matches it."""
        return bool(matcher.matches(self.block, self.place, self.place + 1))

    def value(self) -> Value:
        """Return the decoded value. Raises DecodeError."""
        return REGISTRY.value(self.payload, context_of(self.kind, Direction.RECEIVED))


class Expected:
    """A filter, and which kinds of entries it is about: messages, unless it names others."""

    def __init__(self, filter: Filter) -> None:
        self.filter = filter
        self.matcher = Matcher(filter)
        named = (one.condition for one in filter.terms if isinstance(one.condition, HasQuality))
        control = {_CONTROL[one.quality] for one in named if one.quality in _CONTROL}
        self._kinds = frozenset(control or _MESSAGES)

    def concerns(self, received: Received) -> bool:
        """Whether this is a message, or the kind of control frame that the filter names."""
        return received.kind in self._kinds

    def is_met_by(self, received: Received) -> bool:
        """Whether the filter matches it."""
        return self.concerns(received) and received.matches(self.matcher)


class Inbox(Observer):
    """Collects what is received. Steps read on from `position`."""

    def __init__(self, hold: Callable[[], None], release: Callable[[], None]) -> None:
        self.received: list[Received] = []  # the earliest that were passed are dropped
        self.position = 0  # in `received`, of the first one that no step has passed
        self.close_reason: CloseReason | None = None
        self.has_more = False  # a condition has stopped before the last message, to go on soon
        self._hold, self._release = hold, release  # reading from the server
        self._count = 0  # of all that were received
        self._changed: asyncio.Future[None] | None = None

    @property
    def unread(self) -> list[Received]:
        """What no step has passed."""
        return self.received[self.position :]

    def unread_messages(self) -> int:
        """Return the number of texts and binary messages that no step has passed."""
        return sum(one.kind in _MESSAGES for one in self.unread)

    def pass_to(self, received: Received) -> None:
        """Pass what was received, up to this one, which is passed too."""
        self.position = self.received.index(received, self.position) + 1
        if self.position > 2 * _KEPT:
            del self.received[: self.position - _KEPT]
            self.position = _KEPT
        if len(self.received) - self.position < MAX_UNREAD:
            self._release()

    def pass_messages(self, count: int) -> None:
        """Pass so many texts and binary messages, and what came before them."""
        messages = [one for one in self.unread if one.kind in _MESSAGES]
        if messages[:count]:
            self.pass_to(messages[:count][-1])

    def entries(self, batch: Batch) -> None:
        """Collect a batch's received messages and control frames."""
        if batch.direction is not Direction.RECEIVED:
            return
        block = Block(0, batch)
        for place, kind in enumerate(batch.kinds):
            if kind in _MESSAGES or kind in (Kind.PING, Kind.PONG):
                payload = bytes(batch.data[batch.starts[place] : batch.ends[place]])
                self._count += 1
                self.received.append(
                    Received(self._count, batch.time, Kind(kind), payload, block, place)
                )
        if len(self.received) - self.position >= MAX_UNREAD:
            self._hold()
        self._wake()

    def ended(self, reason: CloseReason) -> None:
        """Remember why the connection ended."""
        self.close_reason = reason
        self._wake()

    async def until(self, condition: Callable[[], bool], deadline: float) -> bool:
        """Wait until a condition is true; False if it is not at the deadline or after the end.

        `deadline` is a time of the loop, in seconds. What came in time is looked at, even later.
        """
        loop = asyncio.get_running_loop()
        in_time: int | None = None  # number of the last message that came before the deadline
        while not condition():
            if self.has_more:
                self.has_more = False
                if in_time is None and loop.time() >= deadline:
                    in_time = self._count
                if in_time is None or self._passed < in_time:
                    await asyncio.sleep(0)  # the loop has more to do
                    continue
            if self.close_reason is not None or loop.time() >= deadline:
                return False
            self._changed = loop.create_future()
            timer = loop.call_at(deadline, self._wake)
            try:
                await self._changed
            finally:
                timer.cancel()
        return True

    @property
    def _passed(self) -> int:
        """The number of the last message that was passed."""
        return self.received[self.position - 1].number if self.position else 0

    def _wake(self) -> None:
        if self._changed is not None and not self._changed.done():
            self._changed.set_result(None)
