"""Finds out why a handshake failed, from GLib's errors and the server's answer."""

from __future__ import annotations

import locale
import re
from dataclasses import replace
from http import HTTPStatus

from gi.repository import Gio, GLib

from spacebeam.net.answer_text import head_text
from spacebeam.net.certificates import certificate_faults
from spacebeam.net.failures import (
    Failure,
    FailureCause,
    FailureHint,
    HandshakeStep,
    UpgradeFault,
)
from spacebeam.net.greeting import BINARY, protocol_of
from spacebeam.net.handshake_trace import HandshakeTrace
from spacebeam.net.http_answer import AnswerError, AnswerFault
from spacebeam.net.proxy import Proxy
from spacebeam.net.report import HttpExchange
from spacebeam.net.sign_in import unsupported_schemes
from spacebeam.net.upgrade import SUBPROTOCOL, UpgradeError, offered
from spacebeam.protocol.endpoint import Endpoint

# GnuTLS's words for errors that glib-networking does not tell apart; it translates without GLib.
_GNUTLS = "gnutls30"
_NO_PROTOCOL = "No supported application protocol could be negotiated"
_NOT_TLS = "An unexpected TLS packet was received."
_IO_CAUSES = {
    Gio.IOErrorEnum.CONNECTION_REFUSED: FailureCause.REFUSED,
    Gio.IOErrorEnum.HOST_UNREACHABLE: FailureCause.HOST_UNREACHABLE,
    Gio.IOErrorEnum.NETWORK_UNREACHABLE: FailureCause.NETWORK_UNREACHABLE,
    Gio.IOErrorEnum.HOST_NOT_FOUND: FailureCause.NAME_NOT_FOUND,
    Gio.IOErrorEnum.NOT_FOUND: FailureCause.SOCKET_NOT_FOUND,
    Gio.IOErrorEnum.PERMISSION_DENIED: FailureCause.PERMISSION_DENIED,
    Gio.IOErrorEnum.TIMED_OUT: FailureCause.TIMED_OUT,
}
# With the HTTP status that GLib has replaced.
_PROXY_CAUSES = {
    Gio.IOErrorEnum.PROXY_AUTH_FAILED: (FailureCause.PROXY_SIGN_IN_REFUSED, 407),
    Gio.IOErrorEnum.PROXY_NEED_AUTH: (FailureCause.PROXY_SIGN_IN_REQUIRED, 407),
    Gio.IOErrorEnum.PROXY_NOT_ALLOWED: (FailureCause.PROXY_NOT_ALLOWED, 403),
}
_STATUS_AT_END = re.compile(r"\b([1-9][0-9]{2})\.?$")


def diagnose(
    error: GLib.Error, endpoint: Endpoint, trace: HandshakeTrace, proxy: Proxy | None = None
) -> Failure:
    """Return the failure that `error` means for a handshake, through `proxy` if there is one."""
    where = endpoint.display_host
    if trace.certificate_errors:
        faults = certificate_faults(trace.certificate_errors)
        return Failure(FailureCause.CERTIFICATE, where, faults=faults)
    if error.matches(Gio.io_error_quark(), Gio.IOErrorEnum.CANCELLED):
        return Failure(FailureCause.CANCELLED, where)
    if proxy is not None and (not trace.was_connected or trace.step is HandshakeStep.PROXY):
        failure = _proxy(error, where, proxy, was_connected=trace.was_connected)
        return replace(failure, proxy=proxy.place, proxy_source=proxy.source)
    if error.domain == "g-resolver-error-quark":
        return Failure(FailureCause.NAME_NOT_FOUND, endpoint.host)
    if error.domain == "g-tls-error-quark":
        return _tls(error, endpoint, trace)
    return _io(error, endpoint, trace)


def other_protocol(greeting: bytes, endpoint: Endpoint) -> Failure:
    """Return the failure for a server that greets in another protocol."""
    protocol = protocol_of(greeting)
    line = head_text(greeting).strip().partition("\n")[0].rstrip()
    shown = "" if protocol in BINARY else line
    return Failure(FailureCause.NOT_HTTP, endpoint.display_host, shown, protocol=protocol)


def without_answer(error: AnswerError, endpoint: Endpoint, trace: HandshakeTrace) -> Failure:
    """Return the failure for a server that sent no HTTP answer."""
    match error.fault:
        case AnswerFault.NOT_HTTP:
            return other_protocol(error.start, endpoint)
        case AnswerFault.TOO_LONG:
            return Failure(FailureCause.HEAD_TOO_LONG, endpoint.display_host)
        case AnswerFault.CUT_OFF:
            return _closed(endpoint, trace)


def refused(answer: HttpExchange, endpoint: Endpoint) -> Failure:
    """Return the failure for an answer that is not 101."""
    where = endpoint.display_host
    if 200 <= answer.status < 300:
        return Failure(FailureCause.PAGE, where, status=answer.status)
    if answer.status == 401 and (schemes := unsupported_schemes(answer)):
        detail = ", ".join(schemes)
        return Failure(FailureCause.SIGN_IN_SCHEME, where, detail, status=answer.status)
    phrase = _with_standard_phrase(
        answer.status, answer.response.partition("\n")[0].partition(" ")[2]
    )
    return Failure(FailureCause.HTTP_STATUS, where, phrase, status=answer.status)


def not_opened(error: UpgradeError, answer: HttpExchange, endpoint: Endpoint) -> Failure:
    """Return the failure for a 101 answer that does not open a WebSocket."""
    where = endpoint.display_host
    if error.fault is UpgradeFault.SUBPROTOCOL:
        chosen = answer.header(SUBPROTOCOL) or ""
        return Failure(FailureCause.SUBPROTOCOL, where, chosen, offered=offered(answer))
    return Failure(FailureCause.NO_HANDSHAKE, where, error.fault.value)


def _tls(error: GLib.Error, endpoint: Endpoint, trace: HandshakeTrace) -> Failure:
    where, words = endpoint.display_host, error.message
    alert = GLib.dgettext("glib-networking", "Peer sent fatal TLS alert: %s").partition("%")[0]
    if error.matches(Gio.tls_error_quark(), Gio.TlsError.CERTIFICATE_REQUIRED):
        return Failure(FailureCause.CERTIFICATE_REQUIRED, where)
    if trace.last is not None and not words.startswith(alert):
        return _closed(endpoint, trace)
    if words == alert + locale.dgettext(_GNUTLS, _NO_PROTOCOL):
        return Failure(FailureCause.HTTP_2_ONLY, where)
    is_not_tls = error.matches(Gio.tls_error_quark(), Gio.TlsError.NOT_TLS)
    is_not_tls |= words.rstrip(".").endswith(locale.dgettext(_GNUTLS, _NOT_TLS).rstrip("."))
    hints = (FailureHint.NO_TLS,) if is_not_tls else ()
    return Failure(FailureCause.TLS, where, _detail(error), hints=hints)


def _closed(endpoint: Endpoint, trace: HandshakeTrace) -> Failure:
    """Return the failure for a server that closed the connection after the request was sent."""
    where = endpoint.display_host
    if trace.answer_size:
        return Failure(FailureCause.CUT_OFF, where)
    hints = () if endpoint.is_secure else (FailureHint.TLS_REQUIRED,)
    if trace.last is not None and not offered(trace.last):
        hints = (*hints, FailureHint.SUBPROTOCOL_REQUIRED)
    if endpoint.is_secure and not trace.has_certificate:
        hints = (*hints, FailureHint.CERTIFICATE_WANTED)
    return Failure(FailureCause.CLOSED, where, hints=hints)


def _proxy(error: GLib.Error, where: str, proxy: Proxy, *, was_connected: bool) -> Failure:
    """Return why a proxy was not reached, or did not connect to the server."""
    if not was_connected or error.domain == "g-tls-error-quark":
        reason = _detail(error).rpartition(": ")[2]  # GLib names the proxy first
        return Failure(FailureCause.PROXY_UNREACHABLE, where, reason)
    is_http = proxy.scheme in ("http", "https")
    for code, (cause, status) in _PROXY_CAUSES.items():
        if error.matches(Gio.io_error_quark(), code):
            return Failure(cause, where, status=status if is_http else 0)
    ending = _STATUS_AT_END.search(error.message)
    if not is_http or ending is None:
        return Failure(FailureCause.PROXY_FAILED, where, _detail(error))
    status = int(ending.group(1))
    if status == HTTPStatus.UNAUTHORIZED:  # tinyproxy's, in place of 407
        refused, required = FailureCause.PROXY_SIGN_IN_REFUSED, FailureCause.PROXY_SIGN_IN_REQUIRED
        return Failure(refused if proxy.has_credentials else required, where, status=status)
    phrase = _with_standard_phrase(status, str(status))
    return Failure(FailureCause.PROXY_FAILED, where, phrase, status=status)


def _with_standard_phrase(status: int, phrase: str) -> str:
    if phrase != str(status):
        return phrase
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def _io(error: GLib.Error, endpoint: Endpoint, trace: HandshakeTrace) -> Failure:
    where = endpoint.display_host
    for code, cause in _IO_CAUSES.items():
        if error.matches(Gio.io_error_quark(), code):
            return Failure(cause, where)
    if trace.last is not None:
        return _closed(endpoint, trace)
    return Failure(FailureCause.OTHER, where, _detail(error))


def _detail(error: GLib.Error) -> str:
    return error.message.rstrip(".")
