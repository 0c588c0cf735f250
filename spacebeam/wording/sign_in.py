"""Why a sign-in could not be made before the handshake, and what to do."""

from __future__ import annotations

from spacebeam.net.failures import FailureCause
from spacebeam.wording.i18n import _


def sign_in_explanations() -> dict[FailureCause | str, str]:
    """Return what happened, by the cause."""
    return {
        FailureCause.OAUTH_REFUSED: _("{where} refused the sign-in: {detail}."),
        FailureCause.OAUTH_ANSWER: _(
            "The answer of {where} has no access token (HTTP status {status})."
        ),
        FailureCause.OAUTH_METADATA: _("{where} does not say where to sign in."),
        "oauth-other-issuer": _("The metadata of the authorization server are of another issuer."),
        "oauth-insecure": _(
            "The metadata of the authorization server have an insecure address ({detail})."
        ),
        FailureCause.OAUTH_ENDPOINT: _(
            "The {detail} address of the authorization server is not known."
        ),
        "oauth-address": _("“{path}” is not an http or https address."),
        FailureCause.OAUTH_REDIRECT: _("The browser came back with an answer of another sign-in."),
        FailureCause.OAUTH_PORT: _(
            "Port {detail}, to which the browser is to come back, is in use by another program."
        ),
        FailureCause.OAUTH_TIMED_OUT: _("Timed out after {seconds} s: nobody signed in."),
        FailureCause.OAUTH_SIGN_IN: _("The sign-in has ended, and you have to sign in again."),
        FailureCause.AWS_CREDENTIALS: _("No AWS credentials were found."),
        "aws-profile": _("No AWS credentials were found in the profile “{detail}”."),
        FailureCause.AWS_SCOPE: _(
            "The address does not say which region and service of AWS to sign for."
        ),
    }


def sign_in_advices(*, in_terminal: bool) -> dict[FailureCause, str]:
    """Return what to do, by the cause."""
    return {
        FailureCause.OAUTH_REFUSED: _(
            "Check the client ID, its secret and the scope, and what the server's owner allows."
        ),
        FailureCause.OAUTH_ANSWER: _("Check the address of the token."),
        FailureCause.OAUTH_METADATA: (
            _("Check --oauth2-issuer, or give --oauth2-token-url.")
            if in_terminal
            else _("Check the issuer, or enter the addresses in the options.")
        ),
        FailureCause.OAUTH_ENDPOINT: (
            _("Give it with --oauth2-token-url, --oauth2-authorization-url or --oauth2-device-url.")
            if in_terminal
            else _("Enter it in the options.")
        ),
        FailureCause.OAUTH_REDIRECT: _("Close old sign-in pages, and connect again."),
        FailureCause.OAUTH_PORT: (
            _("Close that program, or give another address with --oauth2-redirect.")
            if in_terminal
            else _("Close that program, or enter another redirect address.")
        ),
        FailureCause.OAUTH_TIMED_OUT: _("Connect again, and sign in then."),
        FailureCause.OAUTH_SIGN_IN: _("Connect again."),
        FailureCause.AWS_CREDENTIALS: (
            _(
                "Give them with --user KEY:SECRET, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or "
                "~/.aws/credentials. For single sign-on, run “aws configure export-credentials”."
            )
            if in_terminal
            else _(
                "Enter an access key in the options, or write it to ~/.aws/credentials. For single "
                "sign-on, run “aws configure export-credentials”."
            )
        ),
        FailureCause.AWS_SCOPE: (
            _("Give them as --aws-sigv4 aws:amz:REGION:SERVICE, such as execute-api.")
            if in_terminal
            else _("Enter them in the options; the service of API Gateway is execute-api.")
        ),
    }
