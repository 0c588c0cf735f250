"""A handshake's report in a pipe and on a terminal of any width."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import click
import pytest
from rich.cells import cell_len

from spacebeam.cli.report_printer import print_report, stage_lines
from spacebeam.net.close_reason import closed
from spacebeam.net.failures import Failure, FailureCause
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
FAILURE = Failure(FailureCause.HTTP_STATUS, "h", f"400 {EVIL}", status=400)


Printed = Callable[..., str]


@pytest.fixture
def printed(capsys: pytest.CaptureFixture[str]) -> Printed:
    """Print a report; return what standard output received."""

    def show(report: HandshakeReport, *outcome: Any, drawn: bool = False, width: int = 80) -> str:
        with (
            click.Context(click.Command("probe")) as context,
            pytest.MonkeyPatch.context() as patch,
        ):
            context.color = drawn
            patch.setenv("COLUMNS", str(width))
            print_report(report, *outcome)
        return capsys.readouterr().out

    return show


def without_styles(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


@pytest.mark.parametrize("width", [32, 40, 80, 200])
def test_no_line_is_wider_than_the_terminal(printed: Printed, width: int) -> None:
    text = without_styles(printed(REPORT, FAILURE, drawn=True, width=width))
    wide = [line for line in text.split("\n") if cell_len(line) > width]
    assert not wide


def test_a_pipe_gets_each_line_unbroken(printed: Printed) -> None:
    assert "  X: " + "漢" * 90 + "\n" in printed(REPORT)


@pytest.mark.parametrize("drawn", [False, True])
def test_control_characters_of_a_peer_are_escaped(printed: Printed, drawn: bool) -> None:
    left = without_styles(printed(REPORT, FAILURE, drawn=drawn, width=200))
    assert all(line.isprintable() for line in left.split("\n"))
    assert "␛]0;owned␇⟨009B⟩31m⟨202E⟩␍" in left


def test_a_pipe_gets_plain_text(printed: Printed) -> None:
    assert "\x1b" not in printed(REPORT)


def test_markup_of_a_peer_is_escaped(printed: Printed) -> None:
    report = HandshakeReport("ws://h/[bold]x[/bold]")
    assert "[bold]x[/bold]" in without_styles(printed(report, drawn=True))


def test_bars_are_to_scale_and_aligned() -> None:
    lines = stage_lines(REPORT, 62)
    bars = [line for line in lines if "█" in line]
    room = 62 - len("Upgrade (302)") - len("100.0 ms") - 8
    shown = [(bar.index("█") - 17, bar.count("█")) for bar in bars]
    for (start, length), span in zip(shown, REPORT.spans, strict=True):
        assert start == pytest.approx(span.start / 100 * room, abs=1)
        assert length == pytest.approx(span.took / 100 * room, abs=1)
    assert [bar.endswith("✗") for bar in bars] == [False, False, False, True]
    assert lines[lines.index(bars[0]) - 1] == "  1. ws://h/"
    assert lines[lines.index(bars[2]) - 1] == "  2. wss://h/x"


def test_a_very_short_stage_has_a_visible_bar() -> None:
    spans = (StageSpan(HandshakeStage.DNS, 0.0, 0.0), StageSpan(HandshakeStage.TCP, 100.0, 100.0))
    report = HandshakeReport("ws://h/", spans=spans, total=100.0)
    assert [line[9:].strip()[0] for line in stage_lines(report, 60)[:2]] == ["▏", "█"]
    plain = "\n".join(stage_lines(report, 60, has_blocks=False))
    assert plain.count("#") == 2
    assert plain.isascii()


def test_the_failure_is_at_the_end_with_advice(printed: Printed) -> None:
    text = printed(HandshakeReport("ws://h/"), Failure(FailureCause.HOST_UNREACHABLE, "h"))
    assert text == (
        "Connection\n  Address  ws://h/\n\nFailure\n  What    No route to h.\n"
        "  Advice  Check the address and the network.\n"
    )


def test_the_close_reason_is_printed(printed: Printed) -> None:
    text = printed(HandshakeReport("ws://h/"), None, closed(1000, "", Direction.SENT))
    assert text.endswith("Closing\n  Ended  Disconnected (1000, normal closure).\n")


def test_a_long_body_is_truncated_with_a_note(printed: Printed) -> None:
    exchange = HttpExchange("ws://h/", "GET / HTTP/1.1", "HTTP/1.1 403 No", 403, "x" * 5000)
    text = printed(HandshakeReport("ws://h/", (exchange,)))
    assert "x" * 2000 + "\n" in text
    assert "… (3,000 characters more in --json)" in text
