"""Plays the client's part of a recording to a server, and compares its answers."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import partial

from spacebeam.net.close_reason import CloseReason
from spacebeam.profiles.plan import ConnectionPlan
from spacebeam.protocol.batch import Kind
from spacebeam.scenario.inbox import Inbox, Received
from spacebeam.scenario.replay.comparing import (
    AnswerPair,
    PairVerdict,
    compared,
    shape_of,
)
from spacebeam.scenario.replay.script import RecordedMessage, Turn
from spacebeam.scenario.replay.substitution import Substitution
from spacebeam.scenario.scenario import DEFAULT_TIMEOUT
from spacebeam.search.matching.matcher import Matcher
from spacebeam.session.oauth.opening import SignInFlow
from spacebeam.session.outgoing import NotSentError
from spacebeam.session.recorder import SessionRecorder
from spacebeam.session.session import Session

_MESSAGES = (Kind.TEXT, Kind.BINARY)
_TOLD_AT_ONCE = 500  # turns
_SETTLE_S = 0.2  # at the end, for what comes beside the recorded answers


class Pace(StrEnum):
    """When the next message is sent."""

    ANSWERS = "answers"  # when the answers of the one before have come
    RECORDED = "recorded"  # as long after the one before as in the recording
    AT_ONCE = "at-once"
    STEP = "step"  # when the person says so


@dataclass(frozen=True, slots=True)
class ReplaySettings:
    """How a recording is played."""

    pace: Pace = Pace.ANSWERS
    speed: float = 1.0  # of the recorded pace
    timeout: float = DEFAULT_TIMEOUT  # seconds to wait for the answers of a message, and at the end
    left_out: Sequence[str] = ()  # paths that are not compared
    captured: Sequence[str] = ()  # paths whose new values take the place of the old
    given: Mapping[str, str] = field(default_factory=dict)  # values by their paths
    matcher: Matcher | None = None  # of the received messages that are compared; None: all


@dataclass(frozen=True, slots=True)
class TurnResult:
    """A message that was sent, and its answers beside the recorded ones."""

    turn: Turn
    sent: str | bytes | None  # what was really sent; None: nothing, or it could not be sent
    pairs: tuple[AnswerPair, ...]
    seconds: float  # from sending to the last answer, or to the timeout


@dataclass(slots=True)
class ReplayResult:
    """What became of a replay."""

    turns: list[TurnResult] = field(default_factory=list)
    unsent: int = 0  # messages, as the connection had ended
    close_reason: CloseReason | None = None  # if the server closed before the end

    def count(self, verdict: PairVerdict) -> int:
        """Return how many answers have this verdict."""
        return sum(pair.verdict is verdict for one in self.turns for pair in one.pairs)

    @property
    def is_equal(self) -> bool:
        """Whether all was sent, and all answers are equal, but for what is left out."""
        good = (PairVerdict.EQUAL, PairVerdict.EQUAL_BUT)
        pairs = (pair for one in self.turns for pair in one.pairs)
        return not self.unsent and all(pair.verdict in good for pair in pairs)


class ReplayPlayer:
    """Plays turns over one connection. Answers belong to the turn in which they come.

    At a pace of its own, the answers of all turns are compared at the end: they may come late.
    """

    def __init__(
        self,
        turns: Sequence[Turn],
        settings: ReplaySettings,
        on_turn: Callable[[TurnResult], None] = lambda _result: None,
        step: Callable[[RecordedMessage], Awaitable[None]] | None = None,
        recorder: SessionRecorder | None = None,
        sign_in: SignInFlow | None = None,
    ) -> None:
        self._turns = turns
        self._settings = settings
        self._on_turn = on_turn
        self._step = step  # asks the person, with Pace.STEP
        self._session = Session(recorder)
        if sign_in is not None:
            self._session.sign_in = sign_in
        self._recorder = recorder
        self._inbox = Inbox(partial(self._session.hold, self), partial(self._session.release, self))
        self._session.observers.add(self._inbox)
        self._new: list[Received] = []  # answers that were not compared yet
        self._shapes: Counter[Hashable] = Counter()  # of these
        self._substitution = Substitution(settings.captured, settings.given)
        self.result = ReplayResult()

    async def run(self, plan: ConnectionPlan) -> ReplayResult:
        """Connect, play all turns, close. Raises HandshakeError.

        No protocol is spoken beside the turns, which have what was said to open it.
        """
        await self._session.open(replace(plan, spoken=None))
        try:
            if self._settings.pace in (Pace.ANSWERS, Pace.STEP):
                await self._play_by_answers()
            else:
                await self._play_by_time()
        finally:
            self.result.close_reason = self._inbox.close_reason
            await self._session.close()
            if self._recorder is not None:
                await self._recorder.until_written()
        return self.result

    async def _play_by_answers(self) -> None:
        for place, turn in enumerate(self._turns):
            if self._step is not None and turn.sent is not None:
                await self._step(turn.sent)
            began = time.monotonic()
            sent = await self._send(turn, place)
            if sent is None and turn.sent is not None:
                return
            await self._until(self._all_of(turn.answers))
            if turn is self._turns[-1]:
                await self._until(lambda: False, min(_SETTLE_S, self._settings.timeout))
            pairs = self._pairs(turn.answers)
            self._substitution.learn(pairs)
            self._tell(TurnResult(turn, sent, pairs, time.monotonic() - began))

    async def _play_by_time(self) -> None:
        settings = self._settings
        first = self._turns[0] if self._turns else Turn(None)
        start = first.sent.time if first.sent else first.answers[0].time if first.answers else 0.0
        began = time.monotonic()
        sent: list[str | bytes | None] = []
        for place, turn in enumerate(self._turns):
            if turn.sent is not None and settings.pace is Pace.RECORDED:
                due = began + (turn.sent.time - start) / settings.speed
                await self._until(lambda: False, max(due - time.monotonic(), 0.0))
            sent.append(await self._send(turn, place))
            if sent[-1] is None and turn.sent is not None:
                break
        recorded = [answer for turn in self._turns for answer in turn.answers]
        # In threads: a long recording would hold up the loop.
        await self._until(await asyncio.to_thread(self._all_of, recorded))
        await self._until(lambda: False, min(_SETTLE_S, settings.timeout))
        seconds = time.monotonic() - began
        pairs = await asyncio.to_thread(self._pairs, recorded)
        await self._tell_by_turn(sent, pairs, seconds)

    async def _tell_by_turn(
        self, sent: Sequence[str | bytes | None], every: Sequence[AnswerPair], seconds: float
    ) -> None:
        """Tell the turns; what came beside the recorded answers belongs to the last one."""
        pairs = iter(every)
        for place, (turn, message) in enumerate(zip(self._turns, sent, strict=False)):
            if place % _TOLD_AT_ONCE == 0:
                await asyncio.sleep(0)
            own = tuple(next(pairs) for _answer in turn.answers)
            if turn is self._turns[-1]:
                own = (*own, *pairs)
            self._tell(TurnResult(turn, message, own, seconds))

    def _tell(self, result: TurnResult) -> None:
        self.result.turns.append(result)
        self._on_turn(result)

    async def _send(self, turn: Turn, place: int) -> str | bytes | None:
        if turn.sent is None:
            return None
        message = self._substitution.applied(turn.sent)
        try:
            await self._session.send(message)
        except NotSentError:
            rest = self._turns[place:]
            self.result.unsent = sum(one.sent is not None for one in rest)
            return None
        return message

    async def _until(self, condition: Callable[[], bool], seconds: float | None = None) -> None:
        """Collect answers until a condition is true, or the time is over."""

        def collected() -> bool:
            self._collect()
            return condition()

        limit = self._settings.timeout if seconds is None else seconds
        await self._inbox.until(collected, asyncio.get_running_loop().time() + limit)

    def _collect(self) -> None:
        matcher = self._settings.matcher
        unread = self._inbox.unread
        for one in unread:
            if one.kind in _MESSAGES and (matcher is None or one.matches(matcher)):
                self._new.append(one)
                self._shapes[shape_of(one)] += 1
        if unread:
            self._inbox.pass_to(unread[-1])

    def _all_of(self, recorded: Sequence[RecordedMessage]) -> Callable[[], bool]:
        """Return whether each recorded answer has a new one of its shape, as a condition."""
        wanted = Counter(map(shape_of, recorded))
        return lambda: all(self._shapes[shape] >= count for shape, count in wanted.items())

    def _pairs(self, recorded: Sequence[RecordedMessage]) -> tuple[AnswerPair, ...]:
        new, self._new, self._shapes = self._new, [], Counter()
        return tuple(compared(recorded, new, self._settings.left_out))
