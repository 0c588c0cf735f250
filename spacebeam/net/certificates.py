"""TLS: trusted certificates and authorities, and the client certificate."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import cast

from gi.repository import Gio, GLib

from spacebeam.net.failures import CertificateFault, FailureCause
from spacebeam.net.options import TlsOptions

_CERTIFICATE = re.compile(rb"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", re.DOTALL)
_KEY = re.compile(rb"-----BEGIN ([A-Z ]*PRIVATE KEY)-----.*?-----END \1-----", re.DOTALL)
_ENCRYPTED = (b"-----BEGIN ENCRYPTED ", b"Proc-Type: 4,ENCRYPTED")  # PKCS#8 (RFC 5958); OpenSSL's


class CertificateFileError(ValueError):
    """A certificate file cannot be used; `detail` is the system's reason."""

    def __init__(
        self,
        path: str,
        error: Exception | None = None,
        cause: FailureCause = FailureCause.CERTIFICATE_FILE,
    ) -> None:
        self.path = path
        self.cause = cause
        self.detail = _words(error).rstrip(".")
        super().__init__(f"{path}: {self.detail}")


def _words(error: Exception | None) -> str:
    if isinstance(error, GLib.Error):
        return str(error.message)
    return (isinstance(error, OSError) and error.strerror) or str(error or "")


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
        content = Path(path).read_bytes()
        key_path = options.key_file or path
        key = _KEY.search(Path(key_path).read_bytes())
        if key is not None:
            is_encrypted = any(mark in key.group() for mark in _ENCRYPTED)
            plain = _decrypted(key.group(), key_path, options.password) if is_encrypted else None
            _check_owner(plain or key.group(), content, key_path)
            if plain is not None:
                pem = b"\n".join((plain, *_CERTIFICATE.findall(content)))
                return Gio.TlsCertificate.new_from_pem(pem.decode("latin-1"), -1)
        if options.key_file is not None:
            return Gio.TlsCertificate.new_from_files(path, options.key_file)
        if key is None and _CERTIFICATE.search(content):
            raise CertificateFileError(path, cause=FailureCause.KEY_MISSING)
        if _is_pkcs12(path) or (options.password is not None and key is None):
            return _from_pkcs12(content, options.password)
        return Gio.TlsCertificate.new_from_file(path)
    except OSError as error:
        raise CertificateFileError(str(error.filename or path), error) from None
    except GLib.Error as error:
        unusable = key_path if key is None and _CERTIFICATE.search(content) else path
        raise CertificateFileError(unusable, error, _file_cause(error)) from None


def _check_owner(key: bytes, certificates: bytes, path: str) -> None:
    """Raise CertificateFileError if a PEM key is not that of the first certificate.

    GnuTLS would use it all the same, and the server close the connection without a word.
    """
    # Imported late: only client certificates need it.
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import (
        Encoding,
        PublicFormat,
        load_pem_private_key,
    )
    from cryptography.x509 import load_pem_x509_certificate

    form = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    first = _CERTIFICATE.search(certificates)
    try:
        own = load_pem_private_key(key, None).public_key().public_bytes(*form)
        certified = load_pem_x509_certificate(first.group() if first else b"").public_key()
        is_own = own == certified.public_bytes(*form)
    except (TypeError, ValueError, UnsupportedAlgorithm):
        return  # GnuTLS may read them, or say why not
    if not is_own:
        raise CertificateFileError(path, cause=FailureCause.KEY_MISMATCH)


def _file_cause(error: GLib.Error) -> FailureCause:
    # A PKCS#12 file that is damaged inside fails the same check, one that is cut does not.
    if error.matches(Gio.tls_error_quark(), Gio.TlsError.BAD_CERTIFICATE_PASSWORD):
        return FailureCause.CERTIFICATE_PASSWORD
    return FailureCause.CERTIFICATE_FILE


def _decrypted(key: bytes, path: str, password: str | None) -> bytes:
    """Return a PEM key without its encryption, which GLib cannot read."""
    # Imported late: only these keys need it.
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import (
        Encoding,
        NoEncryption,
        PrivateFormat,
        load_pem_private_key,
    )

    if not password:
        raise CertificateFileError(path, cause=FailureCause.KEY_PASSWORD_REQUIRED)
    try:
        opened = load_pem_private_key(key, password.encode())
    except ValueError:
        raise CertificateFileError(path, cause=FailureCause.KEY_PASSWORD_WRONG) from None
    except UnsupportedAlgorithm as error:
        raise CertificateFileError(path, error) from None
    return opened.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _from_pkcs12(content: bytes, password: str | None) -> Gio.TlsCertificate:
    try:
        return Gio.TlsCertificate.new_from_pkcs12(content, password)
    except GLib.Error as error:
        if error.matches(Gio.tls_error_quark(), Gio.TlsError.BAD_CERTIFICATE_PASSWORD):
            raise
        # GnuTLS 3.7 rejects about one good file in 500 with "ASN1 parser: Error in TAG".
        pem = _pem_of_pkcs12(content, password)
        if pem is None:
            raise
        return Gio.TlsCertificate.new_from_pem(pem.decode("ascii"), -1)


def _pem_of_pkcs12(content: bytes, password: str | None) -> bytes | None:
    """Return the key and the certificates of a PKCS#12 file; None if they cannot be read."""
    # Imported late: only these files need it.
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import (
        Encoding,
        NoEncryption,
        PrivateFormat,
    )
    from cryptography.hazmat.primitives.serialization.pkcs12 import load_pkcs12

    try:
        opened = load_pkcs12(content, None if password is None else password.encode())
    except (ValueError, UnsupportedAlgorithm):
        return None
    if opened.key is None or opened.cert is None:
        return None
    key = opened.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    chain = (opened.cert, *opened.additional_certs)
    return key + b"".join(each.certificate.public_bytes(Encoding.PEM) for each in chain)


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
