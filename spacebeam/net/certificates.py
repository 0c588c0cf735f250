"""TLS: trusted certificates and authorities, and the client certificate."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import cast

from gi.repository import Gio, GLib

from spacebeam.net.failures import CertificateFault, FailureCause
from spacebeam.net.options import TlsOptions


class CertificateFileError(ValueError):
    """A certificate file cannot be used; `detail` is the system's reason."""

    def __init__(
        self,
        path: str,
        error: GLib.Error | OSError,
        cause: FailureCause = FailureCause.CERTIFICATE_FILE,
    ) -> None:
        words = error.message if isinstance(error, GLib.Error) else error.strerror or str(error)
        self.path = path
        self.cause = cause
        self.detail = words.rstrip(".")
        super().__init__(f"{path}: {self.detail}")


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
        raise CertificateFileError(options.ca_file, error) from None
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
        raise CertificateFileError(path, error, _file_cause(error)) from None


def _file_cause(error: GLib.Error | OSError) -> FailureCause:
    # A PKCS#12 file that is damaged inside fails the same check, one that is cut does not.
    wrong = Gio.TlsError.BAD_CERTIFICATE_PASSWORD
    if isinstance(error, GLib.Error) and error.matches(Gio.tls_error_quark(), wrong):
        return FailureCause.CERTIFICATE_PASSWORD
    return FailureCause.CERTIFICATE_FILE


def _is_pkcs12(path: str) -> bool:
    return Path(path).suffix.lower() in (".p12", ".pfx")


_FAULTS = {
    Gio.TlsCertificateFlags.UNKNOWN_CA: CertificateFault.UNKNOWN_AUTHORITY,
    Gio.TlsCertificateFlags.BAD_IDENTITY: CertificateFault.WRONG_NAME,
    Gio.TlsCertificateFlags.EXPIRED: CertificateFault.EXPIRED,
    Gio.TlsCertificateFlags.NOT_ACTIVATED: CertificateFault.NOT_YET_VALID,
    Gio.TlsCertificateFlags.REVOKED: CertificateFault.REVOKED,
    Gio.TlsCertificateFlags.INSECURE: CertificateFault.INSECURE,
}


def certificate_faults(errors: Gio.TlsCertificateFlags) -> tuple[CertificateFault, ...]:
    """Return why a certificate failed verification."""
    return tuple(fault for flag, fault in _FAULTS.items() if errors & flag)
