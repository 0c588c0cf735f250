"""What a server's answer to the handshake means, and what to do about it."""

from __future__ import annotations

from spacebeam.net.failures import UpgradeFault
from spacebeam.wording.i18n import _


def upgrade_fault_words(fault: str) -> str:
    """Return a fault as a clause; an unknown one, as in an old report, as it is."""
    clauses = {
        UpgradeFault.UPGRADE.value: _("its Upgrade header is not “websocket”"),
        UpgradeFault.CONNECTION.value: _("its Connection header is not “Upgrade”"),
        UpgradeFault.ACCEPT.value: _("its Sec-WebSocket-Accept does not match the request's key"),
        UpgradeFault.SUBPROTOCOLS.value: _("it chooses more than one subprotocol"),
        UpgradeFault.EXTENSIONS.value: _("it has an extension that was not offered"),
        UpgradeFault.COMPRESSION.value: _(
            "it accepts the extension permessage-deflate in an invalid way"
        ),
    }
    return clauses.get(fault, fault)


def upgrade_advice(fault: str, *, in_terminal: bool) -> str:
    """Return what to do about an answer that opens no WebSocket, as a sentence."""
    if fault != UpgradeFault.COMPRESSION.value:
        return _("Check that a WebSocket server is at this address.")
    if in_terminal:
        return _("Connect without compression: --no-compress.")
    return _("Turn compression off in the options.")


def status_advice(status: int, *, in_terminal: bool) -> str:
    """Return what to do about a status of HTTP, as a sentence."""
    advices = {
        400: _("Check the address, headers and subprotocols."),
        401: _("Sign-in required: check the user, password or token."),
        403: _("Access denied: check the sign-in and the Origin header."),
        404: _("Nothing is at this path: check the address after the host."),
        407: _("A proxy requires a user and password: check that this is the server's address."),
        426: _("The server requires another protocol or version at this path."),
        429: _("Wait a while before connecting again."),
        502: _("A proxy in front of the server could not reach it: check that it is running."),
        503: _("Try again later."),
        504: _("A proxy in front of the server timed out: check that the server is running."),
    }
    answer = (
        _("The server's answer may say why.")
        if in_terminal
        else _("See the server's answer in the details.")
    )
    return advices.get(status, answer)
