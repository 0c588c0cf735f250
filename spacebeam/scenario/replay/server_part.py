"""Plays the server's part of a recording to whoever connects: a mock without a line of code.

What was received in the recording is sent, as long after the client's message as it was recorded.
Which of the recorded messages a client's message stands for is told by their order, or by what is
in it; ids and the like that the client chooses now take the place of the recorded in the answers.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable, Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from spacebeam.decode.decoder import DecodeError, Value
from spacebeam.decode.registry import REGISTRY
from spacebeam.protocol.batch import Direction, Kind
from spacebeam.scenario.replay.comparing import AnswerPair, PairVerdict, compared
from spacebeam.scenario.replay.script import RecordedMessage, Turn
from spacebeam.scenario.replay.substitution import Substitution
from spacebeam.search.decoding import context_of


class Matching(StrEnum):
    """Which recorded message a client's message stands for."""

    ORDER = "order"  # the next one, whatever it says
    CONTENT = "content"  # an equal one, else one with the same keys and of the same type


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """How the server's part is played."""

    matching: Matching = Matching.CONTENT
    speed: float = 1.0  # of the recorded pace
    left_out: Sequence[str] = ()  # paths of the client's messages that are not compared
    captured: Sequence[str] = ()  # paths whose new values are put into the answers


@dataclass(frozen=True, slots=True)
class _Said:
    """A message of the client."""

    kind: Kind
    payload: bytes

    def value(self) -> Value:
        return REGISTRY.value(self.payload, context_of(self.kind, Direction.SENT))


class ServerPart:
    """Plays one recording to any number of clients; `on_unknown` is told what fits no message."""

    def __init__(
        self,
        turns: Sequence[Turn],
        settings: ServerSettings,
        on_unknown: Callable[[str | bytes], None] = lambda _message: None,
    ) -> None:
        self._turns = turns
        self._settings = settings
        self._on_unknown = on_unknown

    async def play(
        self,
        received: AsyncIterable[str | bytes],
        send: Callable[[str | bytes], Awaitable[Any]],
    ) -> None:
        """Play to one client, until it leaves. `send` may raise when the connection has ended."""
        client = _Client(self._turns, self._settings, send)
        try:
            client.begin()
            async for message in received:
                if not client.said(message):
                    self._on_unknown(message)
        finally:
            client.stop()


class _Client:
    def __init__(
        self,
        turns: Sequence[Turn],
        settings: ServerSettings,
        send: Callable[[str | bytes], Awaitable[Any]],
    ) -> None:
        self._settings = settings
        self._send = send
        self._greeting = [one for one in turns if one.sent is None]
        self._rest = [one for one in turns if one.sent is not None]
        self._used: list[Turn] = []  # they answer again when nothing else fits
        self._substitution = Substitution((*settings.captured,))
        self._sending: set[asyncio.Task[None]] = set()

    def begin(self) -> None:
        """Send what the server sent before the client said anything."""
        for turn in self._greeting:
            if turn.answers:
                self._start(turn, turn.answers[0].time)

    def said(self, message: str | bytes) -> bool:
        """Answer a message; False if it fits none of the recording."""
        is_text = isinstance(message, str)
        payload = message.encode() if isinstance(message, str) else message
        said = _Said(Kind.TEXT if is_text else Kind.BINARY, payload)
        turn = self._turn(said)
        if turn is None or turn.sent is None:
            return False
        if turn in self._rest:
            self._rest.remove(turn)
            self._used.append(turn)
        self._substitution.learn([AnswerPair(PairVerdict.DIFFERENT, turn.sent, said)])
        self._start(turn, turn.sent.time)
        return True

    def _turn(self, said: _Said) -> Turn | None:
        if self._settings.matching is Matching.ORDER:
            return self._rest[0] if self._rest else None
        return self._nearest(self._rest, said) or self._nearest(self._used, said)

    def _nearest(self, turns: Sequence[Turn], said: _Said) -> Turn | None:
        left_out = (*self._settings.left_out, *self._settings.captured)
        near: Turn | None = None
        for turn in turns:
            assert turn.sent is not None
            pair = compared([turn.sent], [said], left_out)[0]
            if pair.verdict in (PairVerdict.EQUAL, PairVerdict.EQUAL_BUT):
                return turn
            if near is None and pair.verdict is PairVerdict.DIFFERENT:
                near = turn
        return near if _has_fields(said) else None

    def _start(self, turn: Turn, since: float) -> None:
        task = asyncio.ensure_future(self._answer(turn.answers, since))
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    async def _answer(self, answers: Sequence[RecordedMessage], since: float) -> None:
        loop = asyncio.get_running_loop()
        began = loop.time()
        for one in answers:
            due = began + max(one.time - since, 0.0) / self._settings.speed
            if (wait := due - loop.time()) > 0:
                await asyncio.sleep(wait)
            await self._send(self._substitution.applied(one))

    def stop(self) -> None:
        """Send nothing more."""
        for task in self._sending:
            task.cancel()


def _has_fields(said: _Said) -> bool:
    """Whether a message has fields by which it can be near to another one."""
    try:
        return isinstance(said.value(), dict | list)
    except DecodeError:
        return False
