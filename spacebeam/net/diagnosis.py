"""Finds out why a handshake failed, from GLib's and libsoup's errors and the server's answer."""

from __future__ import annotations

import re
from dataclasses import replace
from http import HTTPStatus

from gi.repository import Gio, GLib

from spacebeam.net.certificates import certificate_faults
from spacebeam.net.failures import Failure, FailureCause, HandshakeStep
from spacebeam.net.handshake_trace import HandshakeTrace
from spacebeam.net.proxy import Proxy
from spacebeam.net.sign_in import unsupported_schemes
from spacebeam.protocol.endpoint import Endpoint

_MAX_SHOWN = 200  # characters of the schemes that a server asks for
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
    if error.domain == "soup-websocket-error-quark":
        return _refused_upgrade(error, where, trace)
    if error.domain == "soup-session-error-quark":
        return Failure(FailureCause.NOT_HTTP, where)
    if error.domain == "g-resolver-error-quark":
        return Failure(FailureCause.NAME_NOT_FOUND, endpoint.host)
    if error.domain == "g-tls-error-quark":
        if error.matches(Gio.tls_error_quark(), Gio.TlsError.CERTIFICATE_REQUIRED):
            return Failure(FailureCause.CERTIFICATE_REQUIRED, where)
        return Failure(FailureCause.TLS, where, _detail(error))
    return _io(error, where, trace)


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


def _refused_upgrade(error: GLib.Error, where: str, trace: HandshakeTrace) -> Failure:
    last = trace.last
    if last is None or last.status in (0, 101):
        return Failure(FailureCause.NO_HANDSHAKE, where, _detail(error))
    if 200 <= last.status < 300:
        return Failure(FailureCause.PAGE, where, status=last.status)
    if last.status == 401 and (schemes := unsupported_schemes(last)):
        detail = ", ".join(schemes)[:_MAX_SHOWN]
        return Failure(FailureCause.SIGN_IN_SCHEME, where, detail, status=last.status)
    phrase = last.response.partition("\n")[0].partition(" ")[2]
    return Failure(
        FailureCause.HTTP_STATUS,
        where,
        _with_standard_phrase(last.status, phrase),
        status=last.status,
    )


def _with_standard_phrase(status: int, phrase: str) -> str:
    if phrase != str(status):
        return phrase
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def _io(error: GLib.Error, where: str, trace: HandshakeTrace) -> Failure:
    if trace.last is not None and trace.last.status >= 300:
        return _refused_upgrade(error, where, trace)  # the rest of the answer was lost
    if error.message == GLib.dgettext("libsoup-3.0", "Header too big"):
        return Failure(FailureCause.HEAD_TOO_LONG, where)
    for code, cause in _IO_CAUSES.items():
        if error.matches(Gio.io_error_quark(), code):
            return Failure(cause, where)
    if trace.last is not None:
        return Failure(FailureCause.CLOSED, where)
    return Failure(FailureCause.OTHER, where, _detail(error))


def _detail(error: GLib.Error) -> str:
    return error.message.rstrip(".")
