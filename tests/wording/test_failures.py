"""Failures as sentences: what happened, why, and what to do."""

from __future__ import annotations

import pytest

from spacebeam.net.failures import CertificateFault, Failure, FailureCause, HandshakeStep
from spacebeam.wording.failures import advice, explanation, failure_words

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
            "it has expired. Check the host name in the address.",
        ),
        (
            Failure(FailureCause.REDIRECT_LIMIT, WHERE, "ws://h/b", count=1),
            f"{WHERE} redirects again after 1 redirect, to ws://h/b. "
            "Look at the details and connect to the right address.",
        ),
        (
            Failure(FailureCause.REDIRECT_TARGET, WHERE),
            f"{WHERE} redirects without an address. "
            "Look at the details and connect to the right address.",
        ),
        (Failure(FailureCause.CANCELLED), "Connecting was cancelled."),
    ],
)
def test_a_failure_says_what_happened_and_what_to_do(failure: Failure, words: str) -> None:
    assert failure_words(failure) == words


@pytest.mark.parametrize("cause", FailureCause)
def test_every_cause_has_a_sentence(cause: FailureCause) -> None:
    words = explanation(Failure(cause, WHERE, "detail"))
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
