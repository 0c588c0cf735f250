"""The failures of GLib's errors. test_handshake.py has those of real servers."""

from __future__ import annotations

from typing import cast

import pytest
from gi.repository import Gio, GLib

from spacebeam.net.diagnosis import diagnose
from spacebeam.net.failures import CertificateFault, Failure, FailureCause, FailureHint
from spacebeam.net.handshake_trace import HandshakeTrace
from spacebeam.net.proxy import Proxy
from spacebeam.protocol.endpoint import parse

ENDPOINT = parse("wss://bücher.example:8443/x")
WHERE = "bücher.example:8443"

io, tls = Gio.IOErrorEnum, Gio.TlsError
flags = Gio.TlsCertificateFlags


def error(domain: int, code: int, message: str = "GLib's words.") -> GLib.Error:
    return cast("GLib.Error", GLib.Error.new_literal(domain, message, code))


@pytest.mark.parametrize(
    ("code", "failure"),
    [
        (io.CONNECTION_REFUSED, Failure(FailureCause.REFUSED, WHERE)),
        (io.HOST_UNREACHABLE, Failure(FailureCause.HOST_UNREACHABLE, WHERE)),
        (io.NETWORK_UNREACHABLE, Failure(FailureCause.NETWORK_UNREACHABLE, WHERE)),
        (io.HOST_NOT_FOUND, Failure(FailureCause.NAME_NOT_FOUND, WHERE)),
        (io.NOT_FOUND, Failure(FailureCause.SOCKET_NOT_FOUND, WHERE)),
        (io.PERMISSION_DENIED, Failure(FailureCause.PERMISSION_DENIED, WHERE)),
        (io.TIMED_OUT, Failure(FailureCause.TIMED_OUT, WHERE)),
        (io.CANCELLED, Failure(FailureCause.CANCELLED, WHERE)),
        (io.FAILED, Failure(FailureCause.OTHER, WHERE, "GLib's words")),
    ],
)
def test_a_network_error_has_a_cause(code: int, failure: Failure) -> None:
    assert diagnose(error(Gio.io_error_quark(), code), ENDPOINT, HandshakeTrace()) == failure


def test_a_name_that_does_not_exist_is_named_as_it_was_looked_up() -> None:
    unknown = error(Gio.resolver_error_quark(), Gio.ResolverError.NOT_FOUND)
    failure = diagnose(unknown, ENDPOINT, HandshakeTrace())
    assert failure == Failure(FailureCause.NAME_NOT_FOUND, "xn--bcher-kva.example")


@pytest.mark.parametrize(
    ("code", "failure"),
    [
        (tls.CERTIFICATE_REQUIRED, Failure(FailureCause.CERTIFICATE_REQUIRED, WHERE)),
        (tls.MISC, Failure(FailureCause.TLS, WHERE, "GLib's words")),
        (
            tls.NOT_TLS,
            Failure(FailureCause.TLS, WHERE, "GLib's words", hints=(FailureHint.NO_TLS,)),
        ),
    ],
)
def test_a_tls_error_has_a_cause(code: int, failure: Failure) -> None:
    assert diagnose(error(Gio.tls_error_quark(), code), ENDPOINT, HandshakeTrace()) == failure


@pytest.mark.parametrize(
    ("errors", "faults"),
    [
        (flags.UNKNOWN_CA, (CertificateFault.UNKNOWN_AUTHORITY,)),
        (flags.BAD_IDENTITY, (CertificateFault.WRONG_NAME,)),
        (flags.EXPIRED, (CertificateFault.EXPIRED,)),
        (flags.NOT_ACTIVATED, (CertificateFault.NOT_YET_VALID,)),
        (flags.REVOKED, (CertificateFault.REVOKED,)),
        (flags.INSECURE, (CertificateFault.INSECURE,)),
        (flags.GENERIC_ERROR, ()),
        (
            flags.EXPIRED | flags.BAD_IDENTITY,
            (CertificateFault.WRONG_NAME, CertificateFault.EXPIRED),
        ),
    ],
)
def test_the_errors_of_a_certificate_are_listed(
    errors: Gio.TlsCertificateFlags, faults: tuple[CertificateFault, ...]
) -> None:
    trace = HandshakeTrace()
    trace.certificate_errors = errors
    failure = diagnose(error(Gio.tls_error_quark(), tls.BAD_CERTIFICATE), ENDPOINT, trace)
    assert failure == Failure(FailureCause.CERTIFICATE, WHERE, faults=faults)


def test_a_proxy_is_named_without_its_credentials() -> None:
    refused = error(Gio.io_error_quark(), io.CONNECTION_REFUSED, "Connection refused")
    proxy = Proxy("http://ada:secret@proxy.example:3128/")
    failure = diagnose(refused, ENDPOINT, HandshakeTrace(), proxy)
    assert failure.cause is FailureCause.PROXY_UNREACHABLE
    assert (failure.proxy, failure.detail) == ("proxy.example:3128", "Connection refused")
