"""A handshake's stages to scale."""

from __future__ import annotations

from spacebeam.ui.handshake.waterfall import Span, spans, total
from spacebeam.wire.report import Stages


def test_the_stages_stand_behind_each_other() -> None:
    stages = Stages(dns=10, connect=20, tls=50, upgrade=20)
    assert spans(stages) == [
        Span("Name lookup", 10, 0.0, 0.1),
        Span("TCP connection", 20, 0.1, 0.2),
        Span("TLS handshake", 50, 0.3, 0.5),
        Span("Upgrade", 20, 0.8, 0.2),
    ]
    assert total(stages) == 100


def test_a_stage_that_was_not_gone_through_has_no_span() -> None:
    assert spans(Stages(connect=1, upgrade=3)) == [
        Span("TCP connection", 1, 0.0, 0.25),
        Span("Upgrade", 3, 0.25, 0.75),
    ]
    assert spans(Stages()) == []
    assert total(Stages()) == 0


def test_stages_that_took_no_time_have_no_length() -> None:
    assert spans(Stages(dns=0, connect=0)) == [
        Span("Name lookup", 0, 0.0, 0.0),
        Span("TCP connection", 0, 0.0, 0.0),
    ]
