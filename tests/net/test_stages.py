"""The stages of a handshake, from literal times."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from spacebeam.net.stages import HandshakeStage, StageClock, StageSpan, waterfall


def test_stages_are_in_milliseconds_since_the_handshake_began() -> None:
    clock = StageClock(100.0)
    clock.next_connection(100.5)
    clock.begin(HandshakeStage.DNS, 100.5)
    clock.end(HandshakeStage.DNS, 101.0)
    clock.begin(HandshakeStage.TCP, 101.0)
    clock.begin(HandshakeStage.TCP, 101.5)  # the next address is tried
    clock.end(HandshakeStage.TCP, 102.0)
    assert clock.spans(103.0) == (
        StageSpan(HandshakeStage.DNS, 500.0, 1000.0),
        StageSpan(HandshakeStage.TCP, 1000.0, 2000.0),
    )
    assert clock.milliseconds(103.0) == 3000.0


def test_a_stage_in_progress_lasts_until_now() -> None:
    clock = StageClock(0.0)
    clock.begin(HandshakeStage.TLS, 0.25)
    clock.end(HandshakeStage.DNS, 0.5)  # never began
    assert clock.spans(1.0) == (StageSpan(HandshakeStage.TLS, 250.0, 1000.0, is_over=False),)


def test_a_new_connection_ends_the_stages_of_the_previous_one() -> None:
    clock = StageClock(0.0)
    clock.next_connection(0.0)
    clock.begin(HandshakeStage.UPGRADE, 0.0)
    clock.next_connection(0.5)
    clock.begin(HandshakeStage.TCP, 0.75)
    clock.end(HandshakeStage.TCP, 1.0)
    assert clock.connection == 1
    assert clock.spans(2.0) == (
        StageSpan(HandshakeStage.UPGRADE, 0.0, 500.0, connection=0, is_over=False),
        StageSpan(HandshakeStage.TCP, 750.0, 1000.0, connection=1),
    )


def test_bars_are_fractions_of_the_total() -> None:
    first, second = waterfall(
        (StageSpan(HandshakeStage.TCP, 0.0, 5.0), StageSpan(HandshakeStage.TLS, 5.0, 20.0)), 20.0
    )
    assert (first.offset, first.length) == (0.0, 0.25)
    assert (second.offset, second.length) == (0.25, 0.75)


@given(st.lists(st.tuples(st.floats(0, 1e9), st.floats(0, 1e9)), max_size=5), st.floats(0, 1e9))
def test_bars_stay_within_the_total(moments: list[tuple[float, float]], total: float) -> None:
    spans = [StageSpan(HandshakeStage.DNS, start, start + took) for start, took in moments]
    for bar in waterfall(spans, total):
        assert 0 <= bar.offset <= 1
        assert bar.length >= 0
        assert bar.offset + bar.length <= 1 + 1e-9
