"""Why a handshake failed, in words. What a real server can provoke is in test_handshake.py."""

from __future__ import annotations

from typing import cast

import pytest
from gi.repository import Gio, GLib

from spacebeam.net.close_reason import FailureKind
from spacebeam.net.failures import explain
from spacebeam.net.handshake_trace import HandshakeTrace
from spacebeam.protocol.endpoint import parse

ENDPOINT = parse("wss://bücher.example:8443/x")
WHERE = "bücher.example:8443"

io, tls = Gio.IOErrorEnum, Gio.TlsError
flags = Gio.TlsCertificateFlags


def error(domain: int, code: int, message: str = "libsoup's words") -> GLib.Error:
    return cast("GLib.Error", GLib.Error.new_literal(domain, message, code))


@pytest.mark.parametrize(
    ("code", "kind", "explanation"),
    [
        (
            io.CONNECTION_REFUSED,
            FailureKind.REFUSED,
            f"{WHERE} refused the connection: no server listens at this port.",
        ),
        (io.HOST_UNREACHABLE, FailureKind.UNREACHABLE, f"There is no way to {WHERE}."),
        (
            io.NETWORK_UNREACHABLE,
            FailureKind.UNREACHABLE,
            f"There is no network that leads to {WHERE}.",
        ),
        (io.HOST_NOT_FOUND, FailureKind.NAME_NOT_FOUND, f"The name of {WHERE} was not found."),
        (io.TIMED_OUT, FailureKind.TIMED_OUT, f"{WHERE} did not answer in time."),
        (io.PROXY_FAILED, FailureKind.PROXY, f"The proxy could not connect to {WHERE}."),
        (
            io.PROXY_AUTH_FAILED,
            FailureKind.PROXY,
            "The proxy did not accept the credentials.",
        ),
        (io.PROXY_NEED_AUTH, FailureKind.PROXY, "The proxy asks for credentials."),
        (
            io.PROXY_NOT_ALLOWED,
            FailureKind.PROXY,
            f"The proxy does not allow a connection to {WHERE}.",
        ),
        (io.CANCELLED, FailureKind.CANCELLED, "The connection was cancelled."),
        (io.FAILED, FailureKind.OTHER, f"No connection to {WHERE}: libsoup's words."),
    ],
)
def test_a_network_error_is_explained(code: int, kind: FailureKind, explanation: str) -> None:
    failure = explain(error(Gio.io_error_quark(), code), ENDPOINT, HandshakeTrace())
    assert (failure.kind, failure.explanation) == (kind, explanation)
    assert failure.advice or kind is FailureKind.CANCELLED


def test_a_name_that_does_not_exist_is_named_as_it_was_looked_up() -> None:
    failure = explain(
        error(Gio.resolver_error_quark(), Gio.ResolverError.NOT_FOUND),
        ENDPOINT,
        HandshakeTrace(),
    )
    assert failure.kind is FailureKind.NAME_NOT_FOUND
    assert failure.explanation == "No computer has the name “xn--bcher-kva.example”."


@pytest.mark.parametrize(
    ("code", "explanation"),
    [
        (tls.CERTIFICATE_REQUIRED, f"{WHERE} asks for a client certificate."),
        (tls.NOT_TLS, f"No protected connection to {WHERE}: libsoup's words."),
    ],
)
def test_a_tls_error_is_explained(code: int, explanation: str) -> None:
    failure = explain(error(Gio.tls_error_quark(), code), ENDPOINT, HandshakeTrace())
    assert (failure.kind, failure.explanation) == (FailureKind.TLS, explanation)
    assert failure.advice


@pytest.mark.parametrize(
    ("errors", "reasons"),
    [
        (flags.UNKNOWN_CA, "it is signed by an authority that this computer does not know"),
        (flags.BAD_IDENTITY, "it is for another name"),
        (flags.EXPIRED, "it has expired"),
        (flags.NOT_ACTIVATED, "it is not valid yet"),
        (flags.REVOKED, "it has been revoked"),
        (flags.INSECURE, "it uses an algorithm that is no longer safe"),
        (flags.GENERIC_ERROR, "it cannot be verified"),
        (flags.EXPIRED | flags.BAD_IDENTITY, "it is for another name and it has expired"),
    ],
)
def test_a_certificate_s_faults_are_listed(errors: Gio.TlsCertificateFlags, reasons: str) -> None:
    recorder = HandshakeTrace()
    recorder.certificate_errors = errors
    failure = explain(error(Gio.tls_error_quark(), tls.BAD_CERTIFICATE), ENDPOINT, recorder)
    assert failure.kind is FailureKind.CERTIFICATE
    assert failure.explanation == f"The certificate of {WHERE} is not trusted: {reasons}."
    assert failure.advice
