"""TLS with a server for the opening handshake, and its report.

A TLS session that GLib resumes asks nobody about the certificate. It was accepted earlier, perhaps
under other options: so the certificate is checked again, before anything is sent.
"""

from __future__ import annotations

import logging
from typing import cast

from gi.repository import Gio, GLib

from spacebeam.net.certificates import (
    authorities,
    certificate_faults,
    client_certificate,
    fingerprint,
    is_trusted_anyway,
)
from spacebeam.net.handshake_trace import HandshakeTrace
from spacebeam.net.names import socket_address
from spacebeam.net.options import TlsOptions
from spacebeam.net.report import Certificate, TlsReport
from spacebeam.protocol.endpoint import Endpoint

_log = logging.getLogger(__name__)


class TlsClient:
    """Makes connections to one server secure."""

    def __init__(self, endpoint: Endpoint, options: TlsOptions, trace: HandshakeTrace) -> None:
        """Read the files of the options. Raise CertificateFileError."""
        self._endpoint = endpoint
        self._options = options
        self._trace = trace
        self._authorities = authorities(options)
        self._certificate = client_certificate(options)
        trace.has_certificate = self._certificate is not None

    def secure(self, base: Gio.IOStream, cancellable: Gio.Cancellable) -> Gio.IOStream:
        """Return a TLS connection over `base`. Raise GLib.Error."""
        made = Gio.TlsClientConnection.new(base, self._identity())
        stream = cast("Gio.TlsConnection", made)  # an interface of it
        stream.set_require_close_notify(False)
        stream.set_advertised_protocols(["http/1.1"])
        if self._authorities is not None:
            stream.set_database(self._authorities)
        if self._certificate is not None:
            stream.set_certificate(self._certificate)
        asked = stream.connect("accept-certificate", self._on_stream_accept_certificate)
        self._trace.note(Gio.SocketClientEvent.TLS_HANDSHAKING)
        stream.handshake(cancellable)
        stream.disconnect(asked)
        self._trace.note(Gio.SocketClientEvent.TLS_HANDSHAKED)
        self._check(stream)
        return stream

    def _identity(self) -> Gio.SocketConnectable | None:
        """Return the host that TLS names, and that the certificate has to be for."""
        if self._endpoint.socket_path is not None:
            return None
        address = socket_address(self._endpoint)
        return address or Gio.NetworkAddress.new(self._endpoint.host, self._endpoint.port)

    def _check(self, stream: Gio.TlsConnection) -> None:
        certificate, errors = stream.get_peer_certificate(), stream.get_peer_certificate_errors()
        if certificate is None:
            return
        if errors and not is_trusted_anyway(self._options, certificate):
            self._distrust(certificate, errors)
            code = Gio.TlsError.BAD_CERTIFICATE
            raise GLib.Error.new_literal(Gio.tls_error_quark(), "Unacceptable certificate", code)
        self._trace.tls = report = _report(stream, certificate, errors)
        _log.debug("TLS: %s, %s", report.version, report.cipher_suite)

    def _distrust(self, certificate: Gio.TlsCertificate, errors: Gio.TlsCertificateFlags) -> None:
        self._trace.certificate_errors = errors
        _log.debug("TLS: certificate refused (%d)", errors)
        # Shown to the person, who may decide to trust it.
        self._trace.tls = TlsReport("", "", _chain(certificate), _faults(errors))

    def _on_stream_accept_certificate(
        self,
        _stream: Gio.TlsConnection,
        certificate: Gio.TlsCertificate,
        errors: Gio.TlsCertificateFlags,
    ) -> bool:
        if is_trusted_anyway(self._options, certificate):
            _log.debug("TLS: certificate trusted despite errors (%d)", errors)
            return True
        self._distrust(certificate, errors)
        return False


def _report(
    stream: Gio.TlsConnection, certificate: Gio.TlsCertificate, errors: Gio.TlsCertificateFlags
) -> TlsReport:
    version = stream.get_protocol_version().value_nick.upper().replace("-", " ", 1)
    cipher_suite = stream.get_ciphersuite_name() or ""
    return TlsReport(version.replace("-", "."), cipher_suite, _chain(certificate), _faults(errors))


def _faults(errors: Gio.TlsCertificateFlags) -> tuple[str, ...]:
    return tuple(fault.value for fault in certificate_faults(errors))


def _chain(certificate: Gio.TlsCertificate | None) -> tuple[Certificate, ...]:
    chain = []
    while certificate is not None:
        chain.append(_certificate(certificate))
        certificate = certificate.get_issuer()
    return tuple(chain)


def _certificate(certificate: Gio.TlsCertificate) -> Certificate:
    return Certificate(
        certificate.get_subject_name() or "",
        certificate.get_issuer_name() or "",
        _iso(certificate.get_not_valid_before()),
        _iso(certificate.get_not_valid_after()),
        fingerprint(certificate),
    )


def _iso(moment: GLib.DateTime | None) -> str:
    return "" if moment is None else (moment.format_iso8601() or "")
