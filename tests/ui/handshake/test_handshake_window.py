"""The handshake report in its window."""

from __future__ import annotations

from datetime import datetime

from gi.repository import Gtk

from spacebeam.net.report import Certificate, HandshakeReport, HttpExchange, TlsReport
from spacebeam.net.report_json import kept_json, to_json
from spacebeam.net.stages import HandshakeStage, StageSpan
from spacebeam.ui.handshake.fact_list import FactList
from spacebeam.ui.handshake.handshake_window import Handshakes, HandshakeWindow
from spacebeam.ui.handshake.waterfall_bar import WaterfallBar
from spacebeam.wording.report import report_text
from tests.ui.doing import button, click, descendants, presented, text, words

CERTIFICATE = Certificate("CN=a.test", "CN=Authority", "2026-01-01", "2027-01-01", "ab" * 32)
REPORT = HandshakeReport(
    "wss://a.test/",
    (HttpExchange("wss://a.test/", "GET / HTTP/1.1\nHost: a.test", "HTTP/1.1 101 Yes\x1b", 101),),
    (
        StageSpan(HandshakeStage.DNS, 0, 1),
        StageSpan(HandshakeStage.TCP, 1, 3),
        StageSpan(HandshakeStage.UPGRADE, 6, 10.25),
    ),
    tls=TlsReport("TLS 1.3", "AES", (CERTIFICATE,)),
    total=10.25,
)
ONE = Handshakes([(0, kept_json(REPORT))], REPORT)


def _kept(*reports: HandshakeReport) -> Handshakes:
    return Handshakes([(entry, to_json(report)) for entry, report in enumerate(reports)])


async def test_stages_facts_certificates_and_headers_are_shown() -> None:
    async with presented(HandshakeWindow()) as window:
        window.show_handshakes(ONE, 0)
        seen = words(window)
        for expected in ("DNS", "4.2 ms", "10.2 ms in total", "CN=a.test", "TLS 1.3"):
            assert expected in seen
        assert len(list(descendants(window, WaterfallBar))) == 3
        said = text(window._text_view.get_buffer())
        assert said == "GET / HTTP/1.1\nHost: a.test\n\nHTTP/1.1 101 Yes␛"
        assert not window._text_view.get_editable()


async def test_another_report_takes_the_place_of_the_first() -> None:
    async with presented(HandshakeWindow()) as window:
        window.show_handshakes(ONE, 0)
        other = HandshakeReport(
            "ws://b.test/", spans=(StageSpan(HandshakeStage.TCP, 0, 1),), total=1
        )
        window.show_handshakes(Handshakes([(0, to_json(other))]), 0)
        seen = words(window)
        assert "ws://b.test/" in seen
        assert "CN=a.test" not in seen
        assert len(list(descendants(window, WaterfallBar))) == 1


async def test_the_whole_report_is_copied_as_text() -> None:
    async with presented(HandshakeWindow()) as window:
        window.show_handshakes(ONE, 0)
        click(button(window, "Copy the whole report as text"))
        copied = await window.get_clipboard().read_text_async()
        assert copied == report_text(REPORT).replace("\x1b", "␛")


async def test_it_fits_a_narrow_window() -> None:
    async with presented(HandshakeWindow()) as window:
        window.show_handshakes(ONE, 0)
        minimum, _natural, *_rest = window.measure(Gtk.Orientation.HORIZONTAL, -1)
        assert minimum <= 360


async def test_those_of_a_recording_are_gone_through() -> None:
    began = 1_700_000_000.5
    reports = [HandshakeReport(f"ws://{name}.test/", began=began) for name in "abc"]
    async with presented(HandshakeWindow()) as window:
        window.show_handshakes(_kept(*reports), 2)
        at = datetime.fromtimestamp(began).strftime("%Y-%m-%d %H:%M:%S")
        assert f"3 of 3 · {at}" in words(window)
        assert not window._next_button.get_sensitive()
        click(button(window, "Previous handshake of this recording"))
        assert {"ws://b.test/", f"2 of 3 · {at}"} <= set(words(window))
        click(window._previous_button)
        assert "ws://a.test/" in words(window)
        assert not window._previous_button.get_sensitive()
        assert window.get_focus() is window._next_button
        click(window._next_button)
        assert "ws://b.test/" in words(window)


async def test_the_only_one_is_not_numbered() -> None:
    async with presented(HandshakeWindow()) as window:
        window.show_handshakes(ONE, 0)
        assert not window._places_box.get_mapped()
        assert not any(" of " in seen for seen in words(window) if "Certificate" not in seen)


async def test_it_says_whether_something_was_left_out() -> None:
    left_out = "Recorded without passwords, tokens, keys and cookies."
    async with presented(HandshakeWindow()) as window:
        window.show_handshakes(ONE, 0)
        assert left_out not in words(window)
        window.show_handshakes(Handshakes([(0, kept_json(REPORT))]), 0)
        assert left_out in words(window)


async def test_one_that_cannot_be_read_is_told_and_the_others_can_be() -> None:
    async with presented(HandshakeWindow()) as window:
        window.show_handshakes(Handshakes([(0, "{}"), (1, to_json(REPORT))]), 0)
        assert "Could Not Read This Handshake" in words(window)
        assert not window._copy_button.get_sensitive()
        assert "CN=a.test" not in words(window)
        click(window._next_button)
        assert "CN=a.test" in words(window)
        assert "Could Not Read This Handshake" not in words(window)
        assert window._copy_button.get_sensitive()


async def test_what_a_stranger_made_endless_is_cut() -> None:
    refused = HttpExchange("ws://h/", "GET", "HTTP/1.1 302", 302, "<b>&\0" + "x" * 200_000)
    spans = tuple(StageSpan(HandshakeStage.TCP, place, place + 1) for place in range(5000))
    chain = (CERTIFICATE,) * 1000
    tls = TlsReport("TLS 1.3", "AES", chain)
    report = HandshakeReport(
        "ws://h/", (refused, *REPORT.exchanges, *[refused] * 9), spans, tls=tls, total=1
    )
    async with presented(HandshakeWindow()) as window:
        window.show_handshakes(_kept(report), 0)
        assert len(list(descendants(window, WaterfallBar))) == 100
        assert any(seen.startswith("4,900 more stages") for seen in words(window))
        assert len(list(descendants(window, FactList))) == 20
        said = text(window._text_view.get_buffer())
        assert said.count("more characters in the copied report)") == 4
        assert "Host: a.test" in said  # though it stands behind a long one
        assert len(said) < 70_000


async def test_with_several_it_fits_a_narrow_window_too() -> None:
    async with presented(HandshakeWindow()) as window:
        window.show_handshakes(_kept(REPORT, REPORT), 0)
        minimum, _natural, *_rest = window.measure(Gtk.Orientation.HORIZONTAL, -1)
        assert minimum <= 360
