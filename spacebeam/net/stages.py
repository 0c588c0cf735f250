"""Stages of a handshake: when each began and ended, and the bars that show it.

Pure: times are passed in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum


class HandshakeStage(Enum):
    """A stage of a handshake."""

    DNS = "dns"
    TCP = "tcp"
    PROXY = "proxy"
    TLS_SETUP = "tls_setup"
    TLS = "tls"
    UPGRADE = "upgrade"


@dataclass(frozen=True, slots=True)
class StageSpan:
    """The time of one stage, in milliseconds since the handshake began."""

    stage: HandshakeStage
    start: float
    end: float
    connection: int = 0  # which of the handshake's connections, counted from 0
    is_over: bool = True  # off: it failed, or was in progress when the handshake ended

    @property
    def took(self) -> float:
        """The duration in milliseconds."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class WaterfallSpan:
    """A span to be drawn; both numbers are fractions of the whole handshake, from 0 to 1."""

    span: StageSpan
    offset: float
    length: float


def waterfall(spans: Sequence[StageSpan], total: float) -> tuple[WaterfallSpan, ...]:
    """Return the bars of `spans` in a handshake of `total` milliseconds."""
    bars = []
    for span in spans:
        offset = _part(span.start, total)
        bars.append(WaterfallSpan(span, offset, max(0.0, _part(span.end, total) - offset)))
    return tuple(bars)


def _part(moment: float, total: float) -> float:
    return min(1.0, max(0.0, moment / total)) if total > 0 else 0.0


class StageClock:
    """Records when stages begin and end; times are seconds of a monotonic clock."""

    def __init__(self, now: float) -> None:
        self._began = now
        self._connection = -1
        self._done: list[StageSpan] = []
        self._running: dict[HandshakeStage, float] = {}

    @property
    def connection(self) -> int:
        """The number of the current connection, counted from 0."""
        return max(0, self._connection)

    def next_connection(self, now: float) -> None:
        """Begin another connection; stages in progress on the previous one have failed."""
        self._end_unfinished(now)
        self._connection += 1

    def begin(self, stage: HandshakeStage, now: float) -> None:
        """Begin a stage, unless it is in progress."""
        self._running.setdefault(stage, now)

    def end(self, stage: HandshakeStage, now: float) -> None:
        """End a stage, if it is in progress."""
        start = self._running.pop(stage, None)
        if start is not None:
            self._done.append(self._span(stage, start, now, is_over=True))

    def spans(self, now: float) -> tuple[StageSpan, ...]:
        """Return all spans in the order they began; those in progress last until `now`."""
        running = [
            self._span(stage, start, now, is_over=False) for stage, start in self._running.items()
        ]
        return tuple(sorted([*self._done, *running], key=lambda span: span.start))

    def milliseconds(self, now: float) -> float:
        """Return the milliseconds since the handshake began."""
        return (now - self._began) * 1000

    def _end_unfinished(self, now: float) -> None:
        for stage, start in self._running.items():
            self._done.append(self._span(stage, start, now, is_over=False))
        self._running.clear()

    def _span(self, stage: HandshakeStage, start: float, end: float, *, is_over: bool) -> StageSpan:
        return StageSpan(
            stage, self.milliseconds(start), self.milliseconds(end), self.connection, is_over
        )
