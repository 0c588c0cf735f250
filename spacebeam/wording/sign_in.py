"""Why a sign-in could not be made before the handshake, and what to do."""

from __future__ import annotations

from spacebeam.net.failures import FailureCause
from spacebeam.wording.i18n import _


def sign_in_explanations() -> dict[FailureCause | str, str]:
    """Return what happened, by the cause."""
    return {
        FailureCause.AWS_CREDENTIALS: _("No AWS credentials were found."),
        "aws-profile": _("No AWS credentials were found in the profile “{detail}”."),
        FailureCause.AWS_SCOPE: _(
            "The address does not say which region and service of AWS to sign for."
        ),
    }


def sign_in_advices(*, in_terminal: bool) -> dict[FailureCause, str]:
    """Return what to do, by the cause."""
    return {
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
