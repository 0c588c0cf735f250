"""Why a handshake failed: GLib's and libsoup's errors, and the server's answers, in words."""

from __future__ import annotations

from http import HTTPStatus

from gi.repository import Gio, GLib

from spacebeam.net import certificates as faults
from spacebeam.net.close_reason import Failure, FailureKind
from spacebeam.net.handshake_trace import HandshakeTrace
from spacebeam.protocol.endpoint import Endpoint

_NOT_A_WEBSOCKET_SERVER = "the server there does not speak WebSocket"

_STATUS_ADVICE = {
    400: "The server did not like the request: check the address, headers and subprotocols.",
    401: "It wants to know who you are: check the user, password or token.",
    403: "It does not let you in: check your credentials and the Origin header.",
    404: "There is nothing at this path: check the address after the host.",
    407: "The proxy wants to know who you are.",
    426: "It wants another protocol or version at this path.",
    429: "You are asking too often: wait a while.",
    502: "A proxy in front of the server cannot reach it: is the server itself running?",
    503: "It is not ready just now: try again later.",
    504: "A proxy in front of the server waited in vain: is the server itself running?",
}


def explain(
    error: GLib.Error, endpoint: Endpoint, recorder: HandshakeTrace, proxy: str | None = None
) -> Failure:
    """What `error` says about this handshake, which went by way of `proxy` if there is one."""
    where = endpoint.display_host
    if recorder.certificate_errors:
        return _certificate(where, recorder.certificate_errors)
    if error.matches(Gio.io_error_quark(), Gio.IOErrorEnum.CANCELLED):
        return Failure(FailureKind.CANCELLED, "The connection was cancelled.")
    if proxy is not None and not recorder.was_connected:
        return _proxy(error, proxy)
    if error.domain == "soup-websocket-error-quark":
        return _refused_upgrade(error, where, recorder)
    if error.domain == "soup-session-error-quark":
        return _session_error(where)
    if error.domain == "g-resolver-error-quark":
        return Failure(
            FailureKind.NAME_NOT_FOUND,
            f"No computer has the name “{endpoint.host}”.",
            "Check the spelling, and whether this computer is online.",
        )
    if error.domain == "g-tls-error-quark":
        return _tls(error, where)
    return _io(error, where, recorder)


def _certificate(where: str, errors: Gio.TlsCertificateFlags) -> Failure:
    reasons = " and ".join(faults.certificate_faults(errors)) or "it cannot be verified"
    return Failure(
        FailureKind.CERTIFICATE,
        f"The certificate of {where} is not trusted: {reasons}.",
        faults.advice(errors),
    )


def _proxy(error: GLib.Error, proxy: str) -> Failure:
    address = proxy.rpartition("@")[2].rpartition("//")[2].rstrip("/")  # no password is shown
    return Failure(
        FailureKind.PROXY,
        f"The proxy {address} cannot be reached: {error.message.rstrip('.')}.",
        "Check the proxy's address, and whether it is running.",
    )


def _refused_upgrade(error: GLib.Error, where: str, recorder: HandshakeTrace) -> Failure:
    last = recorder.last
    if last is None:  # the answer was to libsoup's own CONNECT
        kind, explanation, advice = _IO_FAULTS[Gio.IOErrorEnum.PROXY_FAILED]
        return Failure(kind, explanation.format(where=where), advice)
    if last.status in (0, 101):
        return Failure(
            FailureKind.NOT_A_WEBSOCKET,
            f"The answer of {where} is no WebSocket handshake: {error.message.rstrip('.')}.",
            "Check that a WebSocket server is at this address.",
        )
    if 200 <= last.status < 300:
        return Failure(
            FailureKind.NOT_A_WEBSOCKET,
            f"{where} answered with a page (HTTP status {last.status}): "
            f"{_NOT_A_WEBSOCKET_SERVER}, or not at this path.",
            "Check the address after the host.",
        )
    phrase = last.response.partition("\n")[0].partition(" ")[2]
    return Failure(
        FailureKind.HTTP_STATUS,
        f"{where} refused with HTTP status {_with_standard_phrase(last.status, phrase)}.",
        _STATUS_ADVICE.get(last.status, "The server's own words may say more."),
    )


def _with_standard_phrase(status: int, phrase: str) -> str:
    if phrase != str(status):
        return phrase
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def _session_error(where: str) -> Failure:
    return Failure(
        FailureKind.NOT_A_WEBSOCKET,
        f"The answer of {where} is not HTTP: {_NOT_A_WEBSOCKET_SERVER}.",
        "Check the port.",
    )


def _tls(error: GLib.Error, where: str) -> Failure:
    if error.matches(Gio.tls_error_quark(), Gio.TlsError.CERTIFICATE_REQUIRED):
        return Failure(
            FailureKind.TLS,
            f"{where} asks for a client certificate.",
            "Give one that the server knows.",
        )
    return Failure(
        FailureKind.TLS,
        f"No protected connection to {where}: {error.message.rstrip('.')}.",
        "The server may not speak TLS at this port; ws:// goes without it.",
    )


_IO_FAULTS = {
    Gio.IOErrorEnum.CONNECTION_REFUSED: (
        FailureKind.REFUSED,
        "{where} refused the connection: no server listens at this port.",
        "Check that the server is running and that the port is right.",
    ),
    Gio.IOErrorEnum.HOST_UNREACHABLE: (
        FailureKind.UNREACHABLE,
        "There is no way to {where}.",
        "Check the address and the network.",
    ),
    Gio.IOErrorEnum.NETWORK_UNREACHABLE: (
        FailureKind.UNREACHABLE,
        "There is no network that leads to {where}.",
        "Check that this computer is online.",
    ),
    Gio.IOErrorEnum.HOST_NOT_FOUND: (
        FailureKind.NAME_NOT_FOUND,
        "The name of {where} was not found.",
        "Check the spelling, and whether this computer is online.",
    ),
    Gio.IOErrorEnum.NOT_FOUND: (
        FailureKind.UNREACHABLE,
        "There is no socket at {where}.",
        "Check the path, and that the server is running.",
    ),
    Gio.IOErrorEnum.PERMISSION_DENIED: (
        FailureKind.UNREACHABLE,
        "You may not connect to {where}.",
        "Check who may use it.",
    ),
    Gio.IOErrorEnum.TIMED_OUT: (
        FailureKind.TIMED_OUT,
        "{where} did not answer in time.",
        "Check the address and the network.",
    ),
    Gio.IOErrorEnum.PROXY_FAILED: (
        FailureKind.PROXY,
        "The proxy could not connect to {where}.",
        "Check the proxy's address, and whether it may reach the server.",
    ),
    Gio.IOErrorEnum.PROXY_AUTH_FAILED: (
        FailureKind.PROXY,
        "The proxy did not accept the credentials.",
        "Check the proxy's user and password.",
    ),
    Gio.IOErrorEnum.PROXY_NEED_AUTH: (
        FailureKind.PROXY,
        "The proxy asks for credentials.",
        "Give the proxy's user and password.",
    ),
    Gio.IOErrorEnum.PROXY_NOT_ALLOWED: (
        FailureKind.PROXY,
        "The proxy does not allow a connection to {where}.",
        "Ask whoever runs the proxy.",
    ),
}


def _io(error: GLib.Error, where: str, recorder: HandshakeTrace) -> Failure:
    if recorder.last is not None and recorder.last.status >= 300:
        return _refused_upgrade(error, where, recorder)  # the rest of its words was lost
    if error.message == GLib.dgettext("libsoup-3.0", "Header too big"):
        return Failure(
            FailureKind.NOT_A_WEBSOCKET,
            f"The answer of {where} is no WebSocket handshake: its head is too long.",
            "Check that a WebSocket server is at this address.",
        )
    for code, (kind, explanation, advice) in _IO_FAULTS.items():
        if error.matches(Gio.io_error_quark(), code):
            return Failure(kind, explanation.format(where=where), advice)
    if recorder.last is not None:
        return Failure(
            FailureKind.LOST,
            f"{where} closed the connection without answering the handshake.",
            "Check that a WebSocket server is at this address, and whether it wants wss://.",
        )
    return Failure(
        FailureKind.OTHER,
        f"No connection to {where}: {error.message.rstrip('.')}.",
        "Check the address and the network.",
    )
