"""What a copied connection has and has not, in words."""

from __future__ import annotations

from collections.abc import Sequence

from spacebeam.exchange.copied_sign_in import CopyPart
from spacebeam.exchange.copy_connection import CopiedConnection
from spacebeam.wording.i18n import _


def copied_words(copied: CopiedConnection, *, with_secrets: bool = False) -> str:
    """Return what was copied, without a full stop; names of headers are not escaped."""
    if copied.left_out:
        secrets = [_("its secrets")] if copied.lacks_secrets else []
        missing = [*secrets, *map(part_words, copied.left_out)]
        return _("Copied without {list}").format(list=", ".join(missing))
    if copied.lacks_secrets:
        return _("Copied without its secrets")
    return _("Copied with its secrets") if with_secrets else _("Connection copied")


def not_in_form_words(parts: Sequence[CopyPart]) -> str:
    """Return what a form has no place for, as a sentence."""
    return _("Left out: {list}.").format(list=", ".join(map(part_words, parts)))


def part_words(part: CopyPart) -> str:
    """Return a phrase for what a form has no place for."""
    return {
        CopyPart.HEADERS: _("the headers"),
        CopyPart.PROTOCOL: _("the protocol, which is not opened"),
        CopyPart.TRUST: _("the unchecked certificate"),
        CopyPart.OAUTH: _("the sign-in with OAuth 2"),
        CopyPart.AWS: _("the signature for AWS"),
        CopyPart.AWS_IN_QUERY: _("the place of AWS's signature, which curl sends in headers"),
        CopyPart.PROXY: _("the proxy"),
        CopyPart.AUTHORITIES: _("the certificate authorities"),
        CopyPart.CERTIFICATE: _("the client certificate"),
    }[part]
