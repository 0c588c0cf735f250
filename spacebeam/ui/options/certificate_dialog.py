"""Shows a server's certificate that is not trusted, and asks whether to trust it."""

from __future__ import annotations

import asyncio

from gi.repository import Adw, Gtk

from spacebeam.decode.visible import one_line
from spacebeam.net.report import Certificate, TlsReport
from spacebeam.ui.template import template
from spacebeam.wording.failures import fault_words

TRUST = "trust"
_MAX_SHOWN = 300  # characters of a name; a certificate may have many more


@template("certificate_dialog.ui")
class CertificateDialog(Adw.MessageDialog):
    """The answer is `trust` or `cancel`. All that the certificate says is the peer's word."""

    __gtype_name__ = "SpacebeamCertificateDialog"

    _subject_label: Gtk.Label = Gtk.Template.Child()
    _issuer_label: Gtk.Label = Gtk.Template.Child()
    _validity_label: Gtk.Label = Gtk.Template.Child()
    _fingerprint_label: Gtk.Label = Gtk.Template.Child()

    def __init__(self, parent: Gtk.Window, host: str, tls: TlsReport, trusted_sha256: str) -> None:
        super().__init__(transient_for=parent)
        self.set_heading(f"Certificate of {one_line(host)[:_MAX_SHOWN]}")
        self.set_body(_words(tls, trusted_sha256))
        self._show(tls.chain[0])

    def _show(self, certificate: Certificate) -> None:
        validity = f"{_day(certificate.valid_from)} to {_day(certificate.valid_to)}"
        for label, words in (
            (self._subject_label, certificate.subject or "(nobody)"),
            (self._issuer_label, certificate.issuer or "(nobody)"),
            (self._validity_label, validity),
        ):
            shown = one_line(words)[:_MAX_SHOWN]
            label.set_text(shown)
            label.set_tooltip_text(shown)
        self._fingerprint_label.set_text(grouped(certificate.sha256))


def grouped(sha256: str) -> str:
    """A fingerprint as it is read aloud: four groups a line, eight digits each."""
    groups = [sha256[at : at + 8] for at in range(0, len(sha256), 8)]
    return "\n".join(" ".join(groups[at : at + 4]) for at in range(0, len(groups), 4))


def _words(tls: TlsReport, trusted_sha256: str) -> str:
    faults = "; ".join(map(fault_words, tls.faults)) or "it could not be verified"
    words = f"It is not trusted: {faults}."
    if trusted_sha256:
        words += " It is another one than the certificate that you trusted for this address."
    return words + (
        " Trust it only if you know that its fingerprint is the server's own; "
        "it is then trusted for this address, whatever is wrong with it."
    )


def _day(time: str) -> str:
    """The day of an ISO 8601 time."""
    return time.partition("T")[0] or "(not said)"


async def ask_trust(
    parent: Gtk.Window, host: str, tls: TlsReport, trusted_sha256: str = ""
) -> bool:
    """Show the certificate that a host has shown; whether the person trusts it from now on.

    `trusted_sha256` is the certificate that was trusted for the address before, if one was.
    """
    dialog = CertificateDialog(parent, host, tls, trusted_sha256)
    answered: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def on_response(_dialog: Adw.MessageDialog, response: str) -> None:
        if not answered.done():
            answered.set_result(response)

    dialog.connect("response", on_response)
    dialog.present()
    try:
        return await answered == TRUST
    finally:
        dialog.set_transient_for(None)  # libadwaita 1.2 would ask for it when it may be gone
        dialog.destroy()
