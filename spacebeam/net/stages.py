"""What takes time in a handshake: when each stage began and ended, and the bars that show it.

Pure: time is passed in, so window and terminal draw the same numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum


class HandshakeStage(Enum):
    """A part of a handshake that takes time."""

    DNS = "dns"
    TCP = "tcp"
    PROXY = "proxy"
    TLS_SETUP = "tls_setup"
    TLS = "tls"
    UPGRADE = "upgrade"

    @property
    def label(self) -> str:
        """What to call it before a person."""
        return _LABELS[self]

    @property
    def meaning(self) -> str:
        """What happens in it, in words."""
        return _MEANINGS[self]


_LABELS = {
    HandshakeStage.DNS: "DNS",
    HandshakeStage.TCP: "TCP",
    HandshakeStage.PROXY: "Proxy",
    HandshakeStage.TLS_SETUP: "TLS set-up",
    HandshakeStage.TLS: "TLS",
    HandshakeStage.UPGRADE: "Upgrade",
}
_MEANINGS = {
    HandshakeStage.DNS: "the name is looked up",
    HandshakeStage.TCP: "the connection is made, to the first address that answers",
    HandshakeStage.PROXY: "the proxy is asked for a way to the server",
    HandshakeStage.TLS_SETUP: "this computer reads the authorities that it trusts",
    HandshakeStage.TLS: "both sides agree on keys, and the certificate is checked",
    HandshakeStage.UPGRADE: "the request has been sent, the server answers",
}


@dataclass(frozen=True, slots=True)
class StageSpan:
    """When one stage was gone through, in milliseconds since the handshake began."""

    stage: HandshakeStage
    start: float
    end: float
    connection: int = 0  # which of the handshake's connections, counted from 0
    is_over: bool = True  # off: it failed, or was still under way when all was over

    @property
    def took(self) -> float:
        """Milliseconds."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class WaterfallSpan:
    """A span as it is drawn: both numbers are parts of the whole handshake, 0 to 1."""

    span: StageSpan
    offset: float
    length: float


def waterfall(spans: Sequence[StageSpan], total: float) -> tuple[WaterfallSpan, ...]:
    """The bars of `spans` in a handshake of `total` milliseconds, each within 0 to 1."""
    bars = []
    for span in spans:
        offset = _part(span.start, total)
        bars.append(WaterfallSpan(span, offset, max(0.0, _part(span.end, total) - offset)))
    return tuple(bars)


def _part(moment: float, total: float) -> float:
    return min(1.0, max(0.0, moment / total)) if total > 0 else 0.0


class StageClock:
    """Notes when stages begin and end; moments are seconds of any clock that only goes forward."""

    def __init__(self, now: float) -> None:
        self._began = now
        self._connection = -1
        self._done: list[StageSpan] = []
        self._running: dict[HandshakeStage, float] = {}

    @property
    def connection(self) -> int:
        """Which connection is under way, counted from 0."""
        return max(0, self._connection)

    def next_connection(self, now: float) -> None:
        """Another connection begins; what was under way on the one before has failed."""
        self._give_up(now)
        self._connection += 1

    def begin(self, stage: HandshakeStage, now: float) -> None:
        """A stage begins; one that is under way goes on."""
        self._running.setdefault(stage, now)

    def end(self, stage: HandshakeStage, now: float) -> None:
        """A stage that is under way is over."""
        start = self._running.pop(stage, None)
        if start is not None:
            self._done.append(self._span(stage, start, now, is_over=True))

    def spans(self, now: float) -> tuple[StageSpan, ...]:
        """All of them in the order they began; what is still under way lasts until `now`."""
        running = [
            self._span(stage, start, now, is_over=False) for stage, start in self._running.items()
        ]
        return tuple(sorted([*self._done, *running], key=lambda span: span.start))

    def milliseconds(self, now: float) -> float:
        """Since the handshake began."""
        return (now - self._began) * 1000

    def _give_up(self, now: float) -> None:
        for stage, start in self._running.items():
            self._done.append(self._span(stage, start, now, is_over=False))
        self._running.clear()

    def _span(self, stage: HandshakeStage, start: float, end: float, *, is_over: bool) -> StageSpan:
        return StageSpan(
            stage, self.milliseconds(start), self.milliseconds(end), self.connection, is_over
        )
