"""Failures as sentences: what happened, why, and what to do."""

from __future__ import annotations

import pytest

from spacebeam.net.failures import (
    CertificateFault,
    Failure,
    FailureCause,
    FailureHint,
    HandshakeStep,
)
from spacebeam.wording.failures import Face, advice, explanation, failure_words

WHERE = "example.com:8443"


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        (
            Failure(FailureCause.REFUSED, WHERE),
            f"Connection refused: no server is listening at {WHERE}. "
            "Check that the server is running and that the port is right.",
        ),
        (
            Failure(FailureCause.NAME_NOT_FOUND, "example.com"),
            "Could not find the server “example.com”. "
            "Check the spelling, and whether this computer is online.",
        ),
        (
            Failure(FailureCause.HTTP_STATUS, WHERE, "403 No {where}", status=403),
            f"{WHERE} refused with HTTP status 403 No {{where}}. "
            "Access denied: check the sign-in and the Origin header.",
        ),
        (
            Failure(FailureCause.TIME_LIMIT, WHERE, seconds=10.0, step=HandshakeStep.TLS),
            f"Timed out after 10 s in the TLS handshake with {WHERE}. "
            "Check the address and the network, or allow more time.",
        ),
        (
            Failure(
                FailureCause.CERTIFICATE,
                WHERE,
                faults=(CertificateFault.WRONG_NAME, CertificateFault.EXPIRED),
            ),
            f"The certificate of {WHERE} is not trusted: it is for another host name; "
            "it has expired. Check the host name in the address. "
            "If you trust the certificate all the same, show it and trust it.",
        ),
        (
            Failure(FailureCause.REDIRECT_LIMIT, WHERE, "ws://h/b", count=1),
            f"{WHERE} redirects again after 1 redirect, to ws://h/b. "
            "Connect to the right address yourself.",
        ),
        (
            Failure(FailureCause.REDIRECT_TARGET, WHERE),
            f"{WHERE} redirects without an address. Connect to the right address yourself.",
        ),
        (
            Failure(FailureCause.NOT_HTTP, WHERE, "220 hello", protocol="FTP or SMTP"),
            f"{WHERE} speaks FTP or SMTP, not HTTP. It said: “220 hello”. Check the port.",
        ),
        (
            Failure(FailureCause.NOT_HTTP, WHERE, "hello"),
            f"{WHERE} did not answer with HTTP. It said: “hello”. Check the port.",
        ),
        (
            Failure(FailureCause.NOT_HTTP, WHERE, protocol="TLS"),
            f"{WHERE} speaks TLS, not HTTP/1.1. Try wss://.",
        ),
        (
            Failure(FailureCause.CLOSED, WHERE, hints=(FailureHint.TLS_REQUIRED,)),
            f"{WHERE} closed the connection without answering the handshake. "
            "Check that a WebSocket server is at this address. It may require wss://.",
        ),
        (
            Failure(
                FailureCause.PROXY_SIGN_IN_REQUIRED,
                WHERE,
                status=407,
                proxy="proxy:3128",
                proxy_source="ALL_PROXY",
            ),
            "The proxy proxy:3128 requires a user and password (HTTP status 407). "
            "The proxy comes from the environment variable ALL_PROXY. "
            "Add the proxy's user and password.",
        ),
        (Failure(FailureCause.CANCELLED), "Connecting was cancelled."),
    ],
)
def test_a_failure_says_what_happened_and_what_to_do(failure: Failure, words: str) -> None:
    assert failure_words(failure) == words


@pytest.mark.parametrize("cause", FailureCause)
def test_every_cause_has_a_sentence(cause: FailureCause) -> None:
    for status in (0, 407):  # recordings of strangers may have any
        words = explanation(Failure(cause, WHERE, "detail", status=status))
        assert words
        assert "{" not in words


@pytest.mark.parametrize("step", HandshakeStep)
def test_every_step_of_the_time_limit_has_a_sentence(step: HandshakeStep) -> None:
    words = explanation(Failure(FailureCause.TIME_LIMIT, WHERE, seconds=1.5, step=step))
    assert words.startswith("Timed out after 1.5 s")
    assert WHERE in words


@pytest.mark.parametrize("fault", CertificateFault)
def test_every_fault_of_a_certificate_has_a_clause_and_advice(fault: CertificateFault) -> None:
    failure = Failure(FailureCause.CERTIFICATE, WHERE, faults=(fault,))
    assert explanation(failure).startswith(f"The certificate of {WHERE} is not trusted: it")
    assert advice(failure)


def test_a_certificate_without_a_known_fault_has_advice_too() -> None:
    failure = Failure(FailureCause.CERTIFICATE, WHERE)
    assert explanation(failure) == f"The certificate of {WHERE} could not be verified."
    assert advice(failure)


@pytest.mark.parametrize("fault", [one for one in CertificateFault if one.value != "revoked"])
def test_the_terminal_names_its_options_where_a_certificate_is_not_trusted(
    fault: CertificateFault,
) -> None:
    failure = Failure(FailureCause.CERTIFICATE, WHERE, faults=(fault,))
    words = advice(failure, Face.TERMINAL)
    assert "--fingerprint" in words
    assert "-k " in words
    assert ("--cacert" in words) is (fault is CertificateFault.UNKNOWN_AUTHORITY)
    assert "-" not in advice(failure, Face.WINDOW)


def test_no_way_is_offered_to_trust_a_revoked_certificate() -> None:
    failure = Failure(FailureCause.CERTIFICATE, WHERE, faults=(CertificateFault.REVOKED,))
    assert {advice(failure, face) for face in Face} == {"Do not trust this server."}


@pytest.mark.parametrize("cause", FailureCause)
@pytest.mark.parametrize("status", [0, 404, 418])
def test_the_terminal_speaks_of_no_part_of_the_window(cause: FailureCause, status: int) -> None:
    failure = Failure(cause, WHERE, "detail", status, hints=tuple(FailureHint))
    words = failure_words(failure, Face.TERMINAL).lower()
    assert "details" not in words
    assert "in the options" not in words


@pytest.mark.parametrize(
    ("cause", "option"),
    [
        (FailureCause.TIME_LIMIT, "--connect-timeout"),
        (FailureCause.CERTIFICATE_REQUIRED, "--cert"),
        (FailureCause.KEY_PASSWORD_REQUIRED, "--cert FILE:PASSWORD"),
    ],
)
def test_the_terminal_names_the_option_that_helps(cause: FailureCause, option: str) -> None:
    assert option in advice(Failure(cause, WHERE), Face.TERMINAL)


def test_the_window_speaks_of_no_option_of_the_terminal() -> None:
    for cause in FailureCause:
        assert "--" not in advice(Failure(cause, WHERE, hints=tuple(FailureHint)))


def test_a_subprotocol_that_was_not_offered_is_named() -> None:
    failure = Failure(FailureCause.SUBPROTOCOL, WHERE, "mqtt", offered=("chat", "v2"))
    assert explanation(failure) == (
        f"{WHERE} chose the subprotocol “mqtt”, which was not offered (offered: chat, v2)."
    )
    unasked = Failure(FailureCause.SUBPROTOCOL, WHERE, "mqtt")
    assert explanation(unasked) == (
        f"{WHERE} chose the subprotocol “mqtt”, though none was offered."
    )
    assert "--subprotocol" in advice(unasked, Face.TERMINAL)
