"""What is said about a protocol that the client speaks."""

from __future__ import annotations

from spacebeam.decode.structured import shortened
from spacebeam.wording.i18n import _


def refused_words(protocol: str, reason: str) -> str:
    """Return that the server refuses a protocol; the reason may be the server's."""
    return _("The server refuses {protocol}: {reason}.").format(
        protocol=protocol, reason=shortened(reason).removesuffix(".")
    )


def not_ready_words(protocol: str) -> str:
    """Return that nothing can be sent yet."""
    return _("The server has not accepted {protocol} yet.").format(protocol=protocol)
