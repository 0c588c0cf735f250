"""The dialog about an untrusted certificate: its text, hostile or not, and the answer."""

from __future__ import annotations

import asyncio

import pytest
from gi.repository import Adw, Gtk

from spacebeam.net.report import Certificate, TlsReport
from spacebeam.ui.options.certificate_dialog import CertificateDialog, ask_trust, grouped
from tests.support.waiting import eventually
from tests.ui.doing import words

SHA256 = "0123456789abcdef" * 4
LEAF = Certificate(
    "CN=one.test", "O=Authority", "2019-01-01T00:00:00Z", "2020-01-01T00:00:00Z", SHA256
)
TLS = TlsReport("", "", (LEAF,), ("it has expired", "it is for another name"))


def dialogs() -> list[CertificateDialog]:
    every = Gtk.Window.list_toplevels()
    return [one for one in every if isinstance(one, CertificateDialog) and one.get_mapped()]


async def asked(
    tls: TlsReport = TLS, host: str = "one.test", trusted: str = ""
) -> tuple[CertificateDialog, asyncio.Task[bool], Adw.Window]:
    parent = Adw.Window(default_width=360, default_height=500)
    parent.present()
    await eventually(parent.get_mapped)
    asking = asyncio.ensure_future(ask_trust(parent, host, tls, trusted))
    await eventually(dialogs)
    return dialogs()[0], asking, parent


async def test_the_certificate_and_its_faults_are_shown() -> None:
    dialog, asking, parent = await asked()
    seen = words(dialog)
    assert "Certificate of one.test" in seen
    assert any("it has expired; it is for another name." in one for one in seen)
    assert not any("trusted for this address before" in one for one in seen)
    assert {"CN=one.test", "O=Authority", "2019-01-01 to 2020-01-01"} <= set(seen)
    assert grouped(SHA256) in seen
    assert grouped(SHA256).replace(" ", "").replace("\n", "") == SHA256
    dialog.response("cancel")
    assert not await asking
    parent.destroy()


async def test_a_change_of_the_certificate_is_shown() -> None:
    dialog, asking, parent = await asked(trusted="ab" * 32)
    assert any(
        "not the certificate that you trusted for this address before" in one
        for one in words(dialog)
    )
    dialog.response("cancel")
    await asking
    parent.destroy()


async def test_text_of_the_certificate_is_one_line_without_markup() -> None:
    subject = "CN=<b>bold</b> & \x1b[31m\u202e\n" + "x" * 10_000
    leaf = Certificate(subject, "<i>", "<u>", "", SHA256)
    dialog, asking, parent = await asked(TlsReport("", "", (leaf,)), "<host>&\x07")
    seen = words(dialog)
    assert "Certificate of <host>&␇" in seen
    text = dialog._subject_label.get_text()
    assert text.startswith("CN=<b>bold</b> & ␛[31m⟨202E⟩␊xxx")
    assert len(text) <= 300
    assert dialog._issuer_label.get_text() == "<i>"
    assert dialog._validity_label.get_text() == "<u> to (unknown)"
    assert dialog._subject_label.get_ellipsize()
    minimum, _natural, *_rest = dialog.measure(Gtk.Orientation.HORIZONTAL, -1)
    assert minimum <= 360
    dialog.response("cancel")
    await asking
    parent.destroy()


@pytest.mark.parametrize("how", ["trust", "cancel", "close"])
async def test_only_the_trust_button_trusts(how: str) -> None:
    dialog, asking, parent = await asked()
    assert dialog.get_default_response() == "cancel"
    if how == "close":
        dialog.close()
    else:
        dialog.response(how)
    assert await asking is (how == "trust")
    assert not dialogs()
    parent.destroy()


async def test_enter_trusts_nothing() -> None:
    dialog, asking, parent = await asked()
    dialog.activate_default()
    assert await asking is False
    parent.destroy()
