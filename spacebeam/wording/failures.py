"""Why a connection could not be made: what happened, why, and what to do."""

from __future__ import annotations

from enum import Enum

from spacebeam.net.failures import (
    CertificateFault,
    Failure,
    FailureCause,
    FailureHint,
    HandshakeStep,
)
from spacebeam.net.greeting import TLS
from spacebeam.wording.answers import status_advice, upgrade_advice, upgrade_fault_words
from spacebeam.wording.i18n import _, ngettext
from spacebeam.wording.proxies import proxy_explanations, proxy_source_sentence
from spacebeam.wording.sign_in import sign_in_advices, sign_in_explanations

_PROXY_REFUSALS = (
    FailureCause.PROXY_FAILED,
    FailureCause.PROXY_SIGN_IN_REFUSED,
    FailureCause.PROXY_SIGN_IN_REQUIRED,
    FailureCause.PROXY_NOT_ALLOWED,
)


class Face(Enum):
    """Who gives advice: each has its own ways to follow it."""

    WINDOW = "window"
    TERMINAL = "terminal"


def failure_words(failure: Failure, face: Face = Face.WINDOW) -> str:
    """Return what happened and what to do, as sentences; peer's text is not escaped."""
    return f"{explanation(failure)} {advice(failure, face)}".rstrip()


def explanation(failure: Failure) -> str:
    """Return what happened and why, as sentences; peer's text is not escaped."""
    return f"{_explanation(failure)} {proxy_source_sentence(failure.proxy_source)}".rstrip()


def _explanation(failure: Failure) -> str:
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
    is_upgrade = failure.cause is FailureCause.NO_HANDSHAKE
    return _explanations()[_key(failure)].format(
        where=failure.where,
        detail=upgrade_fault_words(failure.detail) if is_upgrade else failure.detail,
        status=failure.status,
        proxy=failure.proxy,
        scheme=failure.detail,
        path=failure.path,
        protocol=failure.protocol,
        offered=", ".join(failure.offered),
        seconds=f"{failure.seconds:g}",
    )


def advice(failure: Failure, face: Face = Face.WINDOW) -> str:
    """Return what to do next, as sentences; empty if there is nothing to do."""
    if failure.cause is FailureCause.HTTP_STATUS:
        return status_advice(failure.status, in_terminal=face is Face.TERMINAL)
    if failure.cause is FailureCause.CERTIFICATE:
        return _certificate_advice(failure, face)
    if failure.cause is FailureCause.NOT_HTTP and failure.protocol == TLS:
        return _("Try wss://.")
    first = _advices(face).get(failure.cause, "")
    if failure.cause is FailureCause.NO_HANDSHAKE:
        first = upgrade_advice(failure.detail, in_terminal=face is Face.TERMINAL)
    sentences = [first, *_hints(failure, face)]
    return " ".join(filter(None, sentences))


def fault_words(fault: str) -> str:
    """Return a certificate's fault as a clause; unknown ones, as in old reports, as they are."""
    return _fault_clauses().get(fault, fault)


def _key(failure: Failure) -> FailureCause | str:
    match failure.cause:
        case FailureCause.REDIRECT_TARGET if not failure.detail:
            return "redirect-without-target"
        case FailureCause.AWS_CREDENTIALS if failure.detail:
            return "aws-profile"
        case FailureCause.OAUTH_METADATA if failure.detail:
            return "oauth-other-issuer" if failure.detail == "issuer" else "oauth-insecure"
        case FailureCause.OAUTH_ENDPOINT if failure.path:
            return "oauth-address"
        case FailureCause.PROXY_ADDRESS if failure.detail:
            return "proxy-scheme"
        case cause if cause in _PROXY_REFUSALS and failure.status:
            return f"{cause.value}-status"
        case FailureCause.SUBPROTOCOL if not failure.offered:
            return "unasked-subprotocol"
        case FailureCause.NOT_HTTP if failure.protocol:
            return "other-protocol" if failure.detail else "binary-protocol"
        case FailureCause.NOT_HTTP if failure.detail:
            return "unknown-protocol"
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
        **_tls_explanations(),
        **proxy_explanations(),
        **_answer_explanations(),
        **sign_in_explanations(),
        FailureCause.CLOSED: _("{where} closed the connection without answering the handshake."),
        FailureCause.CUT_OFF: _("{where} closed the connection in the middle of its answer."),
        FailureCause.CANCELLED: _("Connecting was cancelled."),
        FailureCause.OTHER: _("Could not connect to {where}: {detail}."),
    }


def _tls_explanations() -> dict[FailureCause | str, str]:
    return {
        FailureCause.CERTIFICATE_REQUIRED: _("{where} requires a client certificate."),
        FailureCause.CERTIFICATE_FILE: _(
            "The certificate file “{path}” could not be read: {detail}."
        ),
        FailureCause.KEY_PASSWORD_REQUIRED: _("The private key in “{path}” is encrypted."),
        FailureCause.KEY_PASSWORD_WRONG: _("Wrong password for the private key in “{path}”."),
        FailureCause.CERTIFICATE_PASSWORD: _(
            "The certificate file “{path}” could not be opened: the password is wrong or missing."
        ),
        FailureCause.KEY_MISSING: _("“{path}” has the client certificate, but no private key."),
        FailureCause.KEY_MISMATCH: _(
            "The private key in “{path}” does not belong to the client certificate."
        ),
        FailureCause.TLS: _("TLS handshake with {where} failed: {detail}."),
        FailureCause.HTTP_2_ONLY: _(
            "{where} speaks TLS, but not HTTP/1.1 in it; it may speak HTTP/2 only."
        ),
    }


def _answer_explanations() -> dict[FailureCause | str, str]:
    return {
        FailureCause.NOT_HTTP: _("{where} did not answer with HTTP: it is no WebSocket server."),
        "other-protocol": _("{where} speaks {protocol}, not HTTP. It said: “{detail}”."),
        "binary-protocol": _("{where} speaks {protocol}, not HTTP/1.1."),
        "unknown-protocol": _("{where} did not answer with HTTP. It said: “{detail}”."),
        FailureCause.SUBPROTOCOL: _(
            "{where} chose the subprotocol “{detail}”, which was not offered (offered: {offered})."
        ),
        "unasked-subprotocol": _(
            "{where} chose the subprotocol “{detail}”, though none was offered."
        ),
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
        FailureCause.SIGN_IN_SCHEME: _(
            "{where} requires a sign-in that Spacebeam does not support: {detail}."
        ),
        FailureCause.REDIRECT_TARGET: _("{where} redirects to an invalid address, “{detail}”."),
        "redirect-without-target": _("{where} redirects without an address."),
        FailureCause.REDIRECT_REFUSED: _(
            "{where} redirects to {detail}, and redirects are not followed."
        ),
    }


def _advices(face: Face) -> dict[FailureCause, str]:
    network = _("Check the address and the network.")
    online = _("Check the spelling, and whether this computer is online.")
    is_server = _("Check that a WebSocket server is at this address.")
    redirect = _("Connect to the right address yourself.")
    return {
        FailureCause.REFUSED: _("Check that the server is running and that the port is right."),
        FailureCause.NAME_NOT_FOUND: online,
        FailureCause.HOST_UNREACHABLE: network,
        FailureCause.NETWORK_UNREACHABLE: _("Check that this computer is online."),
        FailureCause.SOCKET_NOT_FOUND: _("Check the path, and that the server is running."),
        FailureCause.PERMISSION_DENIED: _("Check the permissions of the socket."),
        FailureCause.TIMED_OUT: network,
        FailureCause.TIME_LIMIT: (
            _("Check the address and the network, or allow more time with --connect-timeout.")
            if face is Face.TERMINAL
            else _("Check the address and the network, or allow more time.")
        ),
        FailureCause.HTTP_2_ONLY: _("Check the port, or let the server accept HTTP/1.1."),
        FailureCause.PROXY_UNREACHABLE: _("Check the proxy's address and that it is running."),
        FailureCause.PROXY_FAILED: _(
            "Check the proxy's address, and whether it can reach the server."
        ),
        FailureCause.PROXY_SIGN_IN_REFUSED: _("Check the proxy's user and password."),
        FailureCause.PROXY_SIGN_IN_REQUIRED: _("Add the proxy's user and password."),
        FailureCause.PROXY_NOT_ALLOWED: _("Ask the proxy's administrator."),
        FailureCause.NOT_HTTP: _("Check the port."),
        FailureCause.HEAD_TOO_LONG: is_server,
        FailureCause.SUBPROTOCOL: (
            _("Offer it with --subprotocol, if it is the right one.")
            if face is Face.TERMINAL
            else _("Add it to the subprotocols in the options, if it is the right one.")
        ),
        FailureCause.PAGE: _("Check the path in the address."),
        FailureCause.SIGN_IN_SCHEME: _("Ask the server's owner for Basic, Digest or a token."),
        FailureCause.REDIRECT_TARGET: redirect,
        FailureCause.REDIRECT_REFUSED: redirect,
        FailureCause.REDIRECT_LIMIT: redirect,
        FailureCause.CLOSED: is_server,
        FailureCause.CUT_OFF: _("Try again, and look at the server's log if this happens again."),
        FailureCause.OTHER: network,
        **_certificate_advices(face),
        **sign_in_advices(in_terminal=face is Face.TERMINAL),
    }


def _certificate_advices(face: Face) -> dict[FailureCause, str]:
    """What to do about the client's certificate and its key."""
    return {
        FailureCause.CERTIFICATE_REQUIRED: (
            _("Name a certificate that the server accepts with --cert.")
            if face is Face.TERMINAL
            else _("Choose a certificate that the server accepts.")
        ),
        FailureCause.KEY_PASSWORD_REQUIRED: (
            _("Write its password after the certificate: --cert FILE:PASSWORD.")
            if face is Face.TERMINAL
            else _("Enter its password with the client certificate.")
        ),
        FailureCause.KEY_PASSWORD_WRONG: _("Enter the password that encrypts the key."),
        FailureCause.KEY_MISSING: (
            _("Name the file of its key with --key.")
            if face is Face.TERMINAL
            else _("Choose the file of its key.")
        ),
        FailureCause.KEY_MISMATCH: (
            _("Name the certificate's own key with --key.")
            if face is Face.TERMINAL
            else _("Choose the certificate's own key.")
        ),
        FailureCause.CERTIFICATE_PASSWORD: _("Check the password. The file may also be damaged."),
    }


def _hints(failure: Failure, face: Face) -> list[str]:
    subprotocol = (
        _("It may want a subprotocol; --subprotocol offers one.")
        if face is Face.TERMINAL
        else _("It may want a subprotocol; add one in the options.")
    )
    certificate = (
        _("It may want a client certificate; --cert names one.")
        if face is Face.TERMINAL
        else _("It may want a client certificate; choose one in the options.")
    )
    words = {
        FailureHint.NO_TLS: _("The server may not use TLS at this port; try ws://."),
        FailureHint.TLS_REQUIRED: _("It may require wss://."),
        FailureHint.SUBPROTOCOL_REQUIRED: subprotocol,
        FailureHint.CERTIFICATE_WANTED: certificate,
    }
    return [words[hint] for hint in failure.hints]


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


def _certificate_advice(failure: Failure, face: Face) -> str:
    fault = failure.faults[0] if failure.faults else None
    advices = {
        CertificateFault.UNKNOWN_AUTHORITY: "",
        CertificateFault.WRONG_NAME: _("Check the host name in the address."),
        CertificateFault.EXPIRED: _(
            "Ask the server's owner to renew it, and check this computer's clock."
        ),
        CertificateFault.NOT_YET_VALID: _("Check this computer's clock."),
        CertificateFault.REVOKED: _("Do not trust this server."),
        CertificateFault.INSECURE: _("Ask the server's owner to renew it."),
        None: _("Check the server's certificate."),
    }
    trust = "" if fault is CertificateFault.REVOKED else _trust_advice(fault, face)
    return f"{advices[fault]} {trust}".strip()


def _trust_advice(fault: CertificateFault | None, face: Face) -> str:
    is_authority = fault is CertificateFault.UNKNOWN_AUTHORITY
    if face is Face.TERMINAL:
        return (
            _(
                "If you trust the server, name its authority's file with --cacert or its "
                "certificate with --fingerprint; -k trusts any certificate."
            )
            if is_authority
            else _(
                "If you trust the certificate all the same, name it with --fingerprint; "
                "-k trusts any certificate."
            )
        )
    return (
        _(
            "If you trust the server, show its certificate and trust it, or add the certificate "
            "of its authority in the options."
        )
        if is_authority
        else _("If you trust the certificate all the same, show it and trust it.")
    )


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
        HandshakeStep.INSIDE_HEAD: _(
            "Timed out after {seconds} s in the middle of the answer of {where}."
        ),
        HandshakeStep.INSIDE_ANSWER: _(
            "Timed out after {seconds} s in the middle of the answer of {where} "
            "(HTTP status {status})."
        ),
    }
    plain = _("Timed out after {seconds} s: {where} did not answer.")
    words = plain if failure.step is None else steps[failure.step]
    return words.format(where=failure.where, seconds=f"{failure.seconds:g}", status=failure.status)
