"""The handshake window: a report, and the other handshakes of its recording."""

from __future__ import annotations

from datetime import datetime

from spacebeam.net.report import Certificate, HandshakeReport, HttpExchange, TlsReport
from spacebeam.net.report_json import to_json
from spacebeam.net.stages import HandshakeStage, StageSpan
from spacebeam.ui.handshake.fact_list import FactList
from spacebeam.ui.handshake.handshake_window import Handshakes, HandshakeWindow
from spacebeam.ui.handshake.waterfall_bar import WaterfallBar
from spacebeam.wording.report import report_text
from tests.ui.doing import descendants, presented
from tests.ui.pageobjects.handshake import COPY, NEXT, PREVIOUS, REDACTED, HandshakePage

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
ONE = Handshakes([(0, to_json(REPORT))])


def _kept(*reports: HandshakeReport) -> Handshakes:
    return Handshakes([(entry, to_json(report)) for entry, report in enumerate(reports)])


async def test_stages_facts_certificates_and_headers_are_shown() -> None:
    async with presented(HandshakeWindow()) as window:
        page = HandshakePage(window)
        window.show_handshakes(ONE, 0)
        seen = page.words
        for expected in ("DNS", "4.2 ms", "10.2 ms in total", "CN=a.test", "TLS 1.3"):
            assert expected in seen
        assert len(list(descendants(window, WaterfallBar))) == 3
        said = page.text
        assert said == "GET / HTTP/1.1\nHost: a.test\n\nHTTP/1.1 101 Yes␛"
        assert not page.view.get_editable()


async def test_another_report_replaces_the_first() -> None:
    async with presented(HandshakeWindow()) as window:
        page = HandshakePage(window)
        window.show_handshakes(ONE, 0)
        other = HandshakeReport(
            "ws://b.test/", spans=(StageSpan(HandshakeStage.TCP, 0, 1),), total=1
        )
        window.show_handshakes(Handshakes([(0, to_json(other))]), 0)
        seen = page.words
        assert "ws://b.test/" in seen
        assert "CN=a.test" not in seen
        assert len(list(descendants(window, WaterfallBar))) == 1


async def test_the_whole_report_is_copied_as_text() -> None:
    async with presented(HandshakeWindow()) as window:
        page = HandshakePage(window)
        window.show_handshakes(ONE, 0)
        page.press(COPY)
        copied = await window.get_clipboard().read_text_async()
        assert copied == report_text(REPORT).replace("\x1b", "␛")


async def test_it_fits_a_narrow_window() -> None:
    async with presented(HandshakeWindow()) as window:
        page = HandshakePage(window)
        window.show_handshakes(ONE, 0)
        assert page.minimum_width <= 360


async def test_buttons_lead_to_the_other_handshakes() -> None:
    began = 1_700_000_000.5
    reports = [HandshakeReport(f"ws://{name}.test/", began=began) for name in "abc"]
    async with presented(HandshakeWindow()) as window:
        page = HandshakePage(window)
        window.show_handshakes(_kept(*reports), 2)
        at = datetime.fromtimestamp(began).strftime("%Y-%m-%d %H:%M:%S")
        assert f"3 of 3 · {at}" in page.words
        assert not page.offers(NEXT)
        page.press(PREVIOUS)
        assert {"ws://b.test/", f"2 of 3 · {at}"} <= set(page.words)
        page.press(PREVIOUS)
        assert "ws://a.test/" in page.words
        assert not page.offers(PREVIOUS)
        assert page.focuses(NEXT)
        page.press(NEXT)
        assert "ws://b.test/" in page.words


async def test_a_single_handshake_has_no_number() -> None:
    async with presented(HandshakeWindow()) as window:
        page = HandshakePage(window)
        window.show_handshakes(ONE, 0)
        assert not page.shows_button(PREVIOUS)
        assert not page.shows_button(NEXT)
        assert not any(" of " in seen for seen in page.words if "Certificate" not in seen)


async def test_it_says_that_secrets_are_left_out() -> None:
    async with presented(HandshakeWindow()) as window:
        window.show_handshakes(ONE, 0)
        assert REDACTED in HandshakePage(window).words


async def test_an_unreadable_handshake_is_explained_and_others_are_shown() -> None:
    async with presented(HandshakeWindow()) as window:
        page = HandshakePage(window)
        window.show_handshakes(Handshakes([(0, "{}"), (1, to_json(REPORT))]), 0)
        assert "Could Not Read This Handshake" in page.words
        assert not page.offers(COPY)
        assert "CN=a.test" not in page.words
        page.press(NEXT)
        assert "CN=a.test" in page.words
        assert "Could Not Read This Handshake" not in page.words
        assert page.offers(COPY)


async def test_a_huge_report_is_cut() -> None:
    refused = HttpExchange("ws://h/", "GET", "HTTP/1.1 302", 302, "<b>&\0" + "x" * 200_000)
    spans = tuple(StageSpan(HandshakeStage.TCP, place, place + 1) for place in range(5000))
    chain = (CERTIFICATE,) * 1000
    tls = TlsReport("TLS 1.3", "AES", chain)
    report = HandshakeReport(
        "ws://h/", (refused, *REPORT.exchanges, *[refused] * 9), spans, tls=tls, total=1
    )
    async with presented(HandshakeWindow()) as window:
        page = HandshakePage(window)
        window.show_handshakes(_kept(report), 0)
        assert len(list(descendants(window, WaterfallBar))) == 100
        assert any(seen.startswith("4,900 more stages") for seen in page.words)
        assert len(list(descendants(window, FactList))) == 20
        said = page.text
        assert said.count("more characters in the copied report)") == 4
        assert "Host: a.test" in said  # though it stands behind a long one
        assert len(said) < 70_000


async def test_the_window_with_several_handshakes_is_narrow() -> None:
    async with presented(HandshakeWindow()) as window:
        page = HandshakePage(window)
        window.show_handshakes(_kept(REPORT, REPORT), 0)
        assert page.minimum_width <= 360
