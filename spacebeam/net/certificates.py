"""TLS: trusted certificates and authorities, and the client certificate."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import cast

from gi.repository import Gio, GLib

from spacebeam.net.options import TlsOptions


class CertificateFileError(ValueError):
    """A certificate file cannot be used; the message says why."""


def fingerprint(certificate: Gio.TlsCertificate) -> str:
    """Return the certificate's SHA-256 in hexadecimal."""
    return hashlib.sha256(bytes(certificate.props.certificate)).hexdigest()


def is_trusted_anyway(options: TlsOptions, certificate: Gio.TlsCertificate) -> bool:
    """Whether the options trust a certificate that failed verification."""
    if not options.verify:
        return True
    trusted = (options.trusted_sha256 or "").replace(":", "").replace(" ", "").lower()
    return bool(trusted) and trusted == fingerprint(certificate)


def authorities(options: TlsOptions) -> Gio.TlsDatabase | None:
    """Return the trusted authorities; None for the system's. Raise CertificateFileError."""
    if options.ca_file is None:
        return None
    try:
        database = Gio.TlsFileDatabase.new(str(Path(options.ca_file).resolve()))
    except GLib.Error as error:
        raise CertificateFileError(_words(options.ca_file, error)) from None
    return cast("Gio.TlsDatabase", database)


def client_certificate(options: TlsOptions) -> Gio.TlsCertificate | None:
    """Return the client certificate; None without one. Raise CertificateFileError.

    A PEM file has the certificate, and its key unless `key_file` has it. A PKCS#12 file has both
    (Gio.TlsCertificate.new_from_file_with_password).
    """
    path = options.certificate_file
    if path is None:
        return None
    try:
        if options.key_file is not None:
            return Gio.TlsCertificate.new_from_files(path, options.key_file)
        if options.password is not None or _is_pkcs12(path):
            return Gio.TlsCertificate.new_from_pkcs12(Path(path).read_bytes(), options.password)
        return Gio.TlsCertificate.new_from_file(path)
    except (GLib.Error, OSError) as error:
        raise CertificateFileError(_words(path, error)) from None


def _is_pkcs12(path: str) -> bool:
    return Path(path).suffix.lower() in (".p12", ".pfx")


def _words(path: str, error: GLib.Error | OSError) -> str:
    why = error.message if isinstance(error, GLib.Error) else error.strerror or "it fails"
    return f"The certificate file “{path}” cannot be used: {why.rstrip('.')}."


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
    """Return each error as the end of a sentence about the certificate."""
    return tuple(text for flag, text, _advice in _FAULTS if errors & flag)


def advice(errors: Gio.TlsCertificateFlags) -> str:
    """Return advice for the first error."""
    advices = (advice for flag, _text, advice in _FAULTS if errors & flag)
    return next(advices, "Check the server's certificate.")
