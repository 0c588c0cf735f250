"""The handshake report in its window."""

from __future__ import annotations

from gi.repository import Gtk

from spacebeam.ui.handshake.handshake_window import HandshakeWindow
from spacebeam.ui.handshake.waterfall_bar import WaterfallBar
from spacebeam.wire.report import Certificate, Exchange, Report, Tls
from spacebeam.wire.stages import Span, Stage
from tests.ui.doing import button, click, descendants, presented, text, words

CERTIFICATE = Certificate("CN=a.test", "CN=Authority", "2026-01-01", "2027-01-01", "ab" * 32)
REPORT = Report(
    "wss://a.test/",
    (Exchange("wss://a.test/", "GET / HTTP/1.1\nHost: a.test", "HTTP/1.1 101 Yes\x1b", 101),),
    (Span(Stage.DNS, 0, 1), Span(Stage.TCP, 1, 3), Span(Stage.UPGRADE, 6, 10.25)),
    tls=Tls("TLS 1.3", "AES", (CERTIFICATE,)),
    total=10.25,
)


async def test_stages_facts_certificates_and_headers_are_shown() -> None:
    async with presented(HandshakeWindow()) as window:
        window.show_report(REPORT)
        seen = words(window)
        for expected in ("DNS", "4.2 ms", "10.2 ms in all", "CN=a.test", "TLS 1.3"):
            assert expected in seen
        assert len(list(descendants(window, WaterfallBar))) == 3
        said = text(window._text_view.get_buffer())
        assert said == "GET / HTTP/1.1\nHost: a.test\n\nHTTP/1.1 101 Yes␛"
        assert not window._text_view.get_editable()


async def test_another_report_takes_the_place_of_the_first() -> None:
    async with presented(HandshakeWindow()) as window:
        window.show_report(REPORT)
        window.show_report(Report("ws://b.test/", spans=(Span(Stage.TCP, 0, 1),), total=1))
        seen = words(window)
        assert "ws://b.test/" in seen
        assert "CN=a.test" not in seen
        assert len(list(descendants(window, WaterfallBar))) == 1


async def test_the_whole_report_is_copied_as_text() -> None:
    async with presented(HandshakeWindow()) as window:
        window.show_report(REPORT)
        click(button(window, "Copy the whole report as text"))
        copied = await window.get_clipboard().read_text_async()
        assert copied == REPORT.as_text().replace("\x1b", "␛")


async def test_it_fits_a_narrow_window() -> None:
    async with presented(HandshakeWindow()) as window:
        window.show_report(REPORT)
        minimum, _natural, *_rest = window.measure(Gtk.Orientation.HORIZONTAL, -1)
        assert minimum <= 360
