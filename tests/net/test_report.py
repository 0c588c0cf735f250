"""Handshake reports as values."""

from __future__ import annotations

import pytest

from spacebeam.net.report import HttpExchange
from spacebeam.net.stages import HandshakeStage
from tests.support.reports import MOVED, REPORT


def test_a_stage_s_time_is_that_of_the_last_connection() -> None:
    assert REPORT.took(HandshakeStage.TCP) == 1.5
    assert REPORT.took(HandshakeStage.TLS) == 12.0
    assert REPORT.took(HandshakeStage.DNS) is None
    assert REPORT.took(HandshakeStage.UPGRADE) is None  # it never ended


def test_each_upgrade_span_has_its_exchange() -> None:
    assert [REPORT.exchange_of(span) for span in REPORT.spans] == [
        None,
        MOVED,
        None,
        None,
        REPORT.exchanges[1],
    ]


def test_the_bars_of_the_waterfall_are_to_scale() -> None:
    bars = REPORT.waterfall()
    assert [bar.span for bar in bars] == list(REPORT.spans)
    assert bars[3].offset == 4.0 / 20.5
    assert bars[3].length == pytest.approx(12.0 / 20.5)


def test_a_response_header_is_found_in_any_case() -> None:
    assert MOVED.header("location") == "/x"
    assert MOVED.header("Set-Cookie") is None


def test_the_value_of_a_header_is_not_taken_for_a_header() -> None:
    exchange = HttpExchange(
        "ws://h/", "", "HTTP/1.1 302 Go\nX: a\u2028Location: evil\x0bLocation: worse", 302
    )
    assert exchange.header("Location") is None
