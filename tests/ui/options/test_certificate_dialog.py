"""The dialog about an untrusted certificate: its text, hostile or not, and the answer."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable

import pytest
from gi.repository import Adw

from spacebeam.net.report import Certificate, TlsReport
from spacebeam.ui.options.certificate_dialog import CertificateDialog, ask_trust, grouped
from tests.ui.doing import presented
from tests.ui.pageobjects.options import CertificatePage
from tests.ui.pageobjects.page import dialog_of, find_dialog

SHA256 = "0123456789abcdef" * 4
LEAF = Certificate(
    "CN=one.test", "O=Authority", "2019-01-01T00:00:00Z", "2020-01-01T00:00:00Z", SHA256
)
TLS = TlsReport("", "", (LEAF,), ("it has expired", "it is for another name"))


@contextlib.asynccontextmanager
async def asked(
    tls: TlsReport = TLS, host: str = "one.test", trusted: str = ""
) -> AsyncIterator[tuple[CertificatePage, asyncio.Task[bool]]]:
    """The dialog, and the answer it waits for."""
    async with presented(Adw.Window(default_width=360, default_height=500)) as parent:
        asking = asyncio.ensure_future(ask_trust(parent, host, tls, trusted))
        yield CertificatePage(await dialog_of(parent, CertificateDialog)), asking
        await asking
        assert find_dialog(parent, CertificateDialog) is None


async def test_the_certificate_and_its_problems_are_shown() -> None:
    async with asked() as (page, asking):
        assert "Certificate of one.test" in page.words
        assert page.says("it has expired; it is for another name.")
        assert not page.says("trusted for this address before")
        assert {"CN=one.test", "O=Authority", "2019-01-01 to 2020-01-01"} <= set(page.words)
        assert grouped(SHA256) in page.words
        assert grouped(SHA256).replace(" ", "").replace("\n", "") == SHA256
        page.cancel()
        assert not await asking


async def test_a_change_of_the_certificate_is_shown() -> None:
    async with asked(trusted="ab" * 32) as (page, _asking):
        assert page.says("not the certificate that you trusted for this address before")
        page.cancel()


async def test_text_of_the_certificate_is_one_line_without_markup() -> None:
    subject = "CN=<b>bold</b> & \x1b[31m\u202e\n" + "x" * 10_000
    leaf = Certificate(subject, "<i>", "<u>", "", SHA256)
    async with asked(TlsReport("", "", (leaf,)), "<host>&\x07") as (page, _asking):
        assert "Certificate of <host>&␇" in page.words
        text = page.subject.get_text()
        assert text.startswith("CN=<b>bold</b> & ␛[31m⟨202E⟩␊xxx")
        assert len(text) <= 300
        assert page.issuer.get_text() == "<i>"
        assert page.validity.get_text() == "<u> to (unknown)"
        assert page.subject.get_ellipsize()
        assert page.minimum_width <= 360
        page.cancel()


@pytest.mark.parametrize(
    ("answer", "is_trusted"),
    [
        (CertificatePage.trust, True),
        (CertificatePage.cancel, False),
        (CertificatePage.close, False),
        (CertificatePage.press_enter, False),
    ],
)
async def test_only_the_trust_button_trusts(
    answer: Callable[[CertificatePage], None], is_trusted: bool
) -> None:
    async with asked() as (page, asking):
        answer(page)
        assert await asking is is_trusted
