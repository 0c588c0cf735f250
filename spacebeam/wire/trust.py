"""TLS: which certificates are trusted, and which one this side shows."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import cast

from gi.repository import Gio, GLib

from spacebeam.wire.options import TlsOptions


class TrustError(ValueError):
    """A certificate's file that cannot be used, and why."""


def fingerprint(certificate: Gio.TlsCertificate) -> str:
    """The certificate's SHA-256 in hexadecimal."""
    return hashlib.sha256(bytes(certificate.props.certificate)).hexdigest()


def is_trusted_anyway(options: TlsOptions, certificate: Gio.TlsCertificate) -> bool:
    """Whether the person trusts a certificate that does not stand up to verification."""
    if not options.verify:
        return True
    trusted = (options.trusted_sha256 or "").replace(":", "").replace(" ", "").lower()
    return bool(trusted) and trusted == fingerprint(certificate)


def authorities(options: TlsOptions) -> Gio.TlsDatabase | None:
    """The authorities to trust; None for the system's. Raises TrustError."""
    if options.ca_file is None:
        return None
    try:
        database = Gio.TlsFileDatabase.new(str(Path(options.ca_file).resolve()))
    except GLib.Error as error:
        raise TrustError(_words(options.ca_file, error)) from None
    return cast("Gio.TlsDatabase", database)


def own_certificate(options: TlsOptions) -> Gio.TlsCertificate | None:
    """What this side shows a server that asks; None for nothing. Raises TrustError.

    A PEM file holds the certificate, and its key where no other file does; a PKCS#12 file holds
    both (Gio.TlsCertificate.new_from_file_with_password).
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
        raise TrustError(_words(path, error)) from None


def _is_pkcs12(path: str) -> bool:
    return Path(path).suffix.lower() in (".p12", ".pfx")


def _words(path: str, error: GLib.Error | OSError) -> str:
    why = error.message if isinstance(error, GLib.Error) else error.strerror or "it fails"
    return f"The certificate file “{path}” cannot be used: {why.rstrip('.')}."
