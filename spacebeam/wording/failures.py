"""Why a connection could not be made: what happened, why, and what to do."""

from __future__ import annotations

from spacebeam.net.failures import CertificateFault, Failure, FailureCause, HandshakeStep
from spacebeam.wording.i18n import _, ngettext


def failure_words(failure: Failure) -> str:
    """Return what happened and what to do, as sentences; peer's text is not escaped."""
    return f"{explanation(failure)} {advice(failure)}".rstrip()


def explanation(failure: Failure) -> str:
    """Return what happened and why, as a sentence; peer's text is not escaped."""
    if failure.cause is FailureCause.CERTIFICATE:
        return _certificate(failure)
    if failure.cause is FailureCause.TIME_LIMIT:
        return _time_limit(failure)
    if failure.cause is FailureCause.REDIRECT_LIMIT:
        words = ngettext(
            "{where} redirects again after {count} redirect, to {target}.",
            "{where} redirects again after {count} redirects, to {target}.",
            failure.count,
        )
        return words.format(where=failure.where, count=failure.count, target=failure.detail)
    return _explanations()[_key(failure)].format(
        where=failure.where,
        detail=failure.detail,
        status=failure.status,
        proxy=failure.proxy,
        scheme=failure.detail,
        path=failure.path,
    )


def advice(failure: Failure) -> str:
    """Return what to do next, as sentences; empty if there is nothing to do."""
    if failure.cause is FailureCause.HTTP_STATUS:
        return _status_advice(failure.status)
    if failure.cause is FailureCause.CERTIFICATE:
        return _certificate_advice(failure)
    return _advices().get(failure.cause, "")


def fault_words(fault: str) -> str:
    """Return a certificate's fault as a clause; unknown ones, as in old reports, as they are."""
    return _fault_clauses().get(fault, fault)


def proxy_scheme_words() -> str:
    """Return the sentence, with the field `{scheme}`, on a scheme that no proxy has."""
    return _("“{scheme}” is not a proxy scheme; use http:// or socks5://.")


def proxy_address_words() -> str:
    """Return the sentence on a proxy's address without a host."""
    return _("The proxy's address needs a host, as in http://proxy.example:3128.")


def _key(failure: Failure) -> FailureCause | str:
    if failure.cause is FailureCause.REDIRECT_TARGET and not failure.detail:
        return "redirect-without-target"
    if failure.cause is FailureCause.PROXY_ADDRESS and failure.detail:
        return "proxy-scheme"
    return failure.cause


def _explanations() -> dict[FailureCause | str, str]:
    return {
        FailureCause.REFUSED: _("Connection refused: no server is listening at {where}."),
        FailureCause.NAME_NOT_FOUND: _("Could not find the server “{where}”."),
        FailureCause.HOST_UNREACHABLE: _("No route to {where}."),
        FailureCause.NETWORK_UNREACHABLE: _("Network unreachable: there is no route to {where}."),
        FailureCause.SOCKET_NOT_FOUND: _("No such socket: {where}."),
        FailureCause.PERMISSION_DENIED: _("Permission denied: you may not connect to {where}."),
        FailureCause.TIMED_OUT: _("Connection to {where} timed out."),
        FailureCause.CERTIFICATE_REQUIRED: _("{where} requires a client certificate."),
        FailureCause.CERTIFICATE_FILE: _(
            "The certificate file “{path}” could not be read: {detail}."
        ),
        FailureCause.TLS: _("TLS handshake with {where} failed: {detail}."),
        FailureCause.PROXY_UNREACHABLE: _("Could not connect to the proxy {proxy}: {detail}."),
        FailureCause.PROXY_FAILED: _("The proxy could not connect to {where}."),
        FailureCause.PROXY_SIGN_IN_REFUSED: _("The proxy refused the user or password."),
        FailureCause.PROXY_SIGN_IN_REQUIRED: _("The proxy requires a user and password."),
        FailureCause.PROXY_NOT_ALLOWED: _("The proxy does not allow connections to {where}."),
        FailureCause.PROXY_ADDRESS: proxy_address_words(),
        "proxy-scheme": proxy_scheme_words(),
        FailureCause.NOT_HTTP: _("{where} did not answer with HTTP: it is no WebSocket server."),
        FailureCause.NO_HANDSHAKE: _(
            "The answer of {where} is not a WebSocket handshake: {detail}."
        ),
        FailureCause.HEAD_TOO_LONG: _(
            "The answer of {where} is not a WebSocket handshake: its headers are too long."
        ),
        FailureCause.PAGE: _(
            "{where} answered with a page (HTTP status {status}): there is no WebSocket server at "
            "this path."
        ),
        FailureCause.HTTP_STATUS: _("{where} refused with HTTP status {detail}."),
        FailureCause.REDIRECT_TARGET: _("{where} redirects to an invalid address, “{detail}”."),
        "redirect-without-target": _("{where} redirects without an address."),
        FailureCause.REDIRECT_REFUSED: _(
            "{where} redirects to {detail}, and redirects are not followed."
        ),
        FailureCause.CLOSED: _("{where} closed the connection without answering the handshake."),
        FailureCause.CANCELLED: _("Connecting was cancelled."),
        FailureCause.OTHER: _("Could not connect to {where}: {detail}."),
    }


def _advices() -> dict[FailureCause, str]:
    network = _("Check the address and the network.")
    online = _("Check the spelling, and whether this computer is online.")
    is_server = _("Check that a WebSocket server is at this address.")
    redirect = _("Look at the details and connect to the right address.")
    return {
        FailureCause.REFUSED: _("Check that the server is running and that the port is right."),
        FailureCause.NAME_NOT_FOUND: online,
        FailureCause.HOST_UNREACHABLE: network,
        FailureCause.NETWORK_UNREACHABLE: _("Check that this computer is online."),
        FailureCause.SOCKET_NOT_FOUND: _("Check the path, and that the server is running."),
        FailureCause.PERMISSION_DENIED: _("Check the permissions of the socket."),
        FailureCause.TIMED_OUT: network,
        FailureCause.TIME_LIMIT: _("Check the address and the network, or allow more time."),
        FailureCause.CERTIFICATE_REQUIRED: _("Choose a certificate that the server accepts."),
        FailureCause.TLS: _("The server may not use TLS at this port; try ws://."),
        FailureCause.PROXY_UNREACHABLE: _("Check the proxy's address and that it is running."),
        FailureCause.PROXY_FAILED: _(
            "Check the proxy's address, and whether it can reach the server."
        ),
        FailureCause.PROXY_SIGN_IN_REFUSED: _("Check the proxy's user and password."),
        FailureCause.PROXY_SIGN_IN_REQUIRED: _("Add the proxy's user and password."),
        FailureCause.PROXY_NOT_ALLOWED: _("Ask the proxy's administrator."),
        FailureCause.NOT_HTTP: _("Check the port."),
        FailureCause.NO_HANDSHAKE: is_server,
        FailureCause.HEAD_TOO_LONG: is_server,
        FailureCause.PAGE: _("Check the path in the address."),
        FailureCause.REDIRECT_TARGET: redirect,
        FailureCause.REDIRECT_REFUSED: redirect,
        FailureCause.REDIRECT_LIMIT: redirect,
        FailureCause.CLOSED: _(
            "Check that a WebSocket server is at this address, and whether it requires wss://."
        ),
        FailureCause.OTHER: network,
    }


def _status_advice(status: int) -> str:
    advices = {
        400: _("Check the address, headers and subprotocols."),
        401: _("Sign-in required: check the user, password or token."),
        403: _("Access denied: check the sign-in and the Origin header."),
        404: _("Nothing is at this path: check the address after the host."),
        407: _("The proxy requires a user and password."),
        426: _("The server requires another protocol or version at this path."),
        429: _("Wait a while before connecting again."),
        502: _("A proxy in front of the server could not reach it: check that it is running."),
        503: _("Try again later."),
        504: _("A proxy in front of the server timed out: check that the server is running."),
    }
    return advices.get(status, _("See the server's answer in the details."))


def _certificate(failure: Failure) -> str:
    if not failure.faults:
        return _("The certificate of {where} could not be verified.").format(where=failure.where)
    faults = "; ".join(fault_words(fault.value) for fault in failure.faults)
    words = _("The certificate of {where} is not trusted: {faults}.")
    return words.format(where=failure.where, faults=faults)


def _fault_clauses() -> dict[str, str]:
    return {
        CertificateFault.UNKNOWN_AUTHORITY.value: _("its certificate authority is unknown"),
        CertificateFault.WRONG_NAME.value: _("it is for another host name"),
        CertificateFault.EXPIRED.value: _("it has expired"),
        CertificateFault.NOT_YET_VALID.value: _("it is not valid yet"),
        CertificateFault.REVOKED.value: _("it has been revoked"),
        CertificateFault.INSECURE.value: _("it uses an insecure algorithm"),
    }


def _certificate_advice(failure: Failure) -> str:
    advices = {
        CertificateFault.UNKNOWN_AUTHORITY: _(
            "If you trust the server, add the certificate of its authority."
        ),
        CertificateFault.WRONG_NAME: _("Check the host name in the address."),
        CertificateFault.EXPIRED: _(
            "Ask the server's owner to renew it, and check this computer's clock."
        ),
        CertificateFault.NOT_YET_VALID: _("Check this computer's clock."),
        CertificateFault.REVOKED: _("Do not trust this server."),
        CertificateFault.INSECURE: _("Ask the server's owner to renew it."),
    }
    if not failure.faults:
        return _("Check the server's certificate.")
    return advices[failure.faults[0]]


def _time_limit(failure: Failure) -> str:
    steps = {
        HandshakeStep.BEFORE_LOOKUP: _("Timed out after {seconds} s, before looking up {where}."),
        HandshakeStep.LOOKUP: _("Timed out after {seconds} s while looking up {where}."),
        HandshakeStep.CONNECTING: _("Timed out after {seconds} s while connecting to {where}."),
        HandshakeStep.CONNECTED: _(
            "Timed out after {seconds} s, before the request to {where} was sent."
        ),
        HandshakeStep.PROXY: _(
            "Timed out after {seconds} s while the proxy was connecting to {where}."
        ),
        HandshakeStep.PROXY_AGREED: _(
            "Timed out after {seconds} s, after the proxy had connected to {where}."
        ),
        HandshakeStep.TLS: _("Timed out after {seconds} s in the TLS handshake with {where}."),
        HandshakeStep.TLS_DONE: _(
            "Timed out after {seconds} s, after the TLS handshake with {where}."
        ),
        HandshakeStep.WAITING_FOR_ANSWER: _(
            "Timed out after {seconds} s, waiting for {where} to answer the handshake."
        ),
        HandshakeStep.INSIDE_ANSWER: _(
            "Timed out after {seconds} s in the middle of the answer of {where} "
            "(HTTP status {status})."
        ),
    }
    plain = _("Timed out after {seconds} s: {where} did not answer.")
    words = plain if failure.step is None else steps[failure.step]
    return words.format(where=failure.where, seconds=f"{failure.seconds:g}", status=failure.status)
