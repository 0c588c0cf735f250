"""The dialog with an untrusted server certificate, which asks whether to trust it."""

from __future__ import annotations

import asyncio

from gi.repository import Adw, Gtk

from spacebeam.decode.visible import one_line
from spacebeam.net.report import Certificate, TlsReport
from spacebeam.ui.compat import set_parent
from spacebeam.ui.template import template
from spacebeam.wording.failures import fault_words
from spacebeam.wording.i18n import _

TRUST = "trust"
_MAX_SHOWN = 300  # characters of a name; a certificate may have many more


@template("certificate_dialog.ui")
class CertificateDialog(Adw.MessageDialog):
    """Responds with `trust` or `cancel`. All text of the certificate comes from the peer."""

    __gtype_name__ = "SpacebeamCertificateDialog"

    _subject_label: Gtk.Label = Gtk.Template.Child()
    _issuer_label: Gtk.Label = Gtk.Template.Child()
    _validity_label: Gtk.Label = Gtk.Template.Child()
    _fingerprint_label: Gtk.Label = Gtk.Template.Child()

    def __init__(self, parent: Gtk.Window, host: str, tls: TlsReport, trusted_sha256: str) -> None:
        super().__init__()
        set_parent(self, parent)
        self.set_heading(_("Certificate of {host}").format(host=one_line(host)[:_MAX_SHOWN]))
        self.set_body(_body(tls, trusted_sha256))
        self._show(tls.chain[0])

    def _show(self, certificate: Certificate) -> None:
        validity = _("{begin} to {end}").format(
            begin=_day(certificate.valid_from), end=_day(certificate.valid_to)
        )
        for label, text in (
            (self._subject_label, certificate.subject or _("(none)")),
            (self._issuer_label, certificate.issuer or _("(none)")),
            (self._validity_label, validity),
        ):
            shown = one_line(text)[:_MAX_SHOWN]
            label.set_text(shown)
            label.set_tooltip_text(shown)
        self._fingerprint_label.set_text(grouped(certificate.sha256))


def grouped(sha256: str) -> str:
    """Format a fingerprint to be compared by eye: four groups of eight digits a line."""
    groups = [sha256[at : at + 8] for at in range(0, len(sha256), 8)]
    return "\n".join(" ".join(groups[at : at + 4]) for at in range(0, len(groups), 4))


def _body(tls: TlsReport, trusted_sha256: str) -> str:
    faults = "; ".join(map(fault_words, tls.faults)) or _("it could not be verified")
    body = _("The certificate is not trusted: {faults}.").format(faults=faults)
    if trusted_sha256:
        body += _(" It is not the certificate that you trusted for this address before.")
    return body + (
        _(
            " Trust it only if you have compared its fingerprint with the server's. "
            "It is then trusted for this address despite these problems."
        )
    )


def _day(time: str) -> str:
    """Return the date of an ISO 8601 time."""
    return time.partition("T")[0] or "(unknown)"


async def ask_trust(
    parent: Gtk.Window, host: str, tls: TlsReport, trusted_sha256: str = ""
) -> bool:
    """Show a host's certificate. Return whether the person trusts it from now on.

    `trusted_sha256` is the fingerprint that was trusted for the address before; empty for none.
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
        dialog.destroy()
