"""A handshake's report on paper of any width."""

from __future__ import annotations

import re

import pytest

from spacebeam.cli.columns import cells
from spacebeam.cli.report_printer import Paper, printed
from spacebeam.net.close_reason import Failure, FailureKind, closed
from spacebeam.net.report import Certificate, HandshakeReport, HttpExchange, TlsReport
from spacebeam.net.stages import HandshakeStage, StageSpan
from spacebeam.protocol.batch import Direction

EVIL = "\x1b]0;owned\x07\x9b31m\u202e\r"
REPORT = HandshakeReport(
    "wss://a-server-with-a-long-name.example/with/a/long/path",
    (
        HttpExchange("ws://h/", "GET / HTTP/1.1\nHost: h", "HTTP/1.1 302 Go\nX: " + "漢" * 90, 302),
        HttpExchange("wss://h/x", "GET /x HTTP/1.1", f"HTTP/1.1 403 {EVIL}\nA: b", 403, EVIL, 1),
    ),
    (
        StageSpan(HandshakeStage.TCP, 0.0, 20.0),
        StageSpan(HandshakeStage.UPGRADE, 20.0, 40.0),
        StageSpan(HandshakeStage.TCP, 40.0, 80.0, 1),
        StageSpan(HandshakeStage.UPGRADE, 80.0, 100.0, 1, is_over=False),
    ),
    tls=TlsReport("TLS 1.3", "AES", (Certificate(f"CN={EVIL}", "CN=ca", "from", "to", "ab" * 32),)),
    total=100.0,
)
FAILURE = Failure(FailureKind.HTTP_STATUS, f"It said {EVIL}.", "Look there.")


@pytest.mark.parametrize("width", [32, 40, 80, 200])
def test_no_line_is_wider_than_the_paper(width: int) -> None:
    text = printed(REPORT, Paper(width, width), FAILURE)
    lines = text.split("\n")
    assert max(cells(line) for line in lines) <= width
    assert not any(line != line.rstrip() for line in lines)


def test_what_is_kept_in_a_file_is_not_broken() -> None:
    assert "  X: " + "漢" * 90 + "\n" in printed(REPORT, Paper())


def test_nothing_that_a_peer_says_is_obeyed() -> None:
    text = printed(REPORT, Paper(has_style=True), FAILURE)
    left = re.sub(r"\x1b\[[01]m", "", text)
    assert all(line.isprintable() for line in left.split("\n"))
    assert "␛]0;owned␇⟨009B⟩31m⟨202E⟩␍" in left


def test_without_style_nothing_but_text_comes_out() -> None:
    assert "\x1b" not in printed(REPORT, Paper())


def test_bars_are_to_scale_and_below_each_other() -> None:
    lines = printed(REPORT, Paper(62)).split("\n")
    bars = [line for line in lines if "█" in line]
    room = 62 - len("Upgrade (302)") - len("100.0 ms") - 8
    shown = [(bar.index("█") - 17, bar.count("█")) for bar in bars]
    for (start, length), span in zip(shown, REPORT.spans, strict=True):
        assert start == pytest.approx(span.start / 100 * room, abs=1)
        assert length == pytest.approx(span.took / 100 * room, abs=1)
    assert [bar.endswith("✗") for bar in bars] == [False, False, False, True]
    assert lines[lines.index(bars[0]) - 1] == "  1. ws://h/"
    assert lines[lines.index(bars[2]) - 1] == "  2. wss://h/x"


def test_a_stage_that_takes_next_to_nothing_can_be_seen() -> None:
    spans = (StageSpan(HandshakeStage.DNS, 0.0, 0.0), StageSpan(HandshakeStage.TCP, 100.0, 100.0))
    text = printed(HandshakeReport("ws://h/", spans=spans, total=100.0), Paper(60))
    assert [line[9:].strip()[0] for line in text.split("\n")[4:6]] == ["▏", "█"]
    plain = printed(
        HandshakeReport("ws://h/", spans=spans, total=100.0), Paper(60, has_blocks=False)
    )
    assert plain.count("#") == 2
    assert plain.isascii()


def test_the_failure_stands_at_the_end_with_what_to_do() -> None:
    text = printed(HandshakeReport("ws://h/"), Paper(), Failure(FailureKind.REFUSED, "No.", "Go."))
    assert text == ("Connection\n  Address  ws://h/\n\nFailure\n  What    No.\n  Advice  Go.\n")


def test_how_it_was_closed_is_told() -> None:
    text = printed(
        HandshakeReport("ws://h/"), Paper(), None, closed(1000, "", Direction.SENT, "server")
    )
    assert text.endswith("Closing\n  Ended  Disconnected (1000, normal closure).\n")


def test_a_long_body_is_cut_and_says_so() -> None:
    exchange = HttpExchange("ws://h/", "GET / HTTP/1.1", "HTTP/1.1 403 No", 403, "x" * 5000)
    text = printed(HandshakeReport("ws://h/", (exchange,)), Paper())
    assert "x" * 2000 + "\n" in text
    assert "… (3,000 characters more in --json)" in text
