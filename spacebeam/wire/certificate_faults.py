"""What can be wrong with a server's certificate, in words."""

from __future__ import annotations

from gi.repository import Gio

_FAULTS = (
    (
        Gio.TlsCertificateFlags.UNKNOWN_CA,
        "it is signed by an authority that this computer does not know",
        "If you trust the server, give the authority's own certificate.",
    ),
    (
        Gio.TlsCertificateFlags.BAD_IDENTITY,
        "it is for another name",
        "Check the host name in the address.",
    ),
    (
        Gio.TlsCertificateFlags.EXPIRED,
        "it has expired",
        "Ask the server's owner to renew it, and check this computer's clock.",
    ),
    (
        Gio.TlsCertificateFlags.NOT_ACTIVATED,
        "it is not valid yet",
        "Check this computer's clock.",
    ),
    (Gio.TlsCertificateFlags.REVOKED, "it has been revoked", "Do not trust this server."),
    (
        Gio.TlsCertificateFlags.INSECURE,
        "it uses an algorithm that is no longer safe",
        "Ask the server's owner to renew it.",
    ),
)


def certificate_faults(errors: Gio.TlsCertificateFlags) -> tuple[str, ...]:
    """What is wrong, each as the end of a sentence about the certificate."""
    return tuple(text for flag, text, _advice in _FAULTS if errors & flag)


def advice(errors: Gio.TlsCertificateFlags) -> str:
    """What to do about the first of the faults."""
    advices = (advice for flag, _text, advice in _FAULTS if errors & flag)
    return next(advices, "Check the server's certificate.")
