"""Tokens, the endpoints that grant them, and why none was granted. Values only."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

from spacebeam.net.failures import Failure, FailureCause
from spacebeam.protocol.known_secrets import MIN_LENGTH, pattern
from spacebeam.protocol.secrets import MASK

_EARLY_S = 30.0  # a token is replaced so long before it expires
_MAX_TEXT = 300  # characters of the server's words


class OAuthError(Exception):
    """No token was granted: `failure` says why; `code` is the server's error (RFC 6749)."""

    def __init__(self, failure: Failure, code: str = "") -> None:
        super().__init__(failure.cause.value)
        self.failure = failure
        self.code = code


@dataclass(frozen=True, slots=True)
class Tokens:
    """What the authorization server granted."""

    access_token: str = field(repr=False)
    refresh_token: str = field(default="", repr=False)
    expires_at: float | None = None  # Unix time; None: not known

    @property
    def is_fresh(self) -> bool:
        """Whether the access token can still be sent."""
        return self.expires_at is None or time.time() < self.expires_at - _EARLY_S


@dataclass(frozen=True, slots=True)
class OAuthEndpoints:
    """The authorization server's addresses; "" for those that are not known."""

    token: str
    authorization: str = ""
    device: str = ""
    issuer: str = ""
    names_issuer: bool = False  # in each redirect (RFC 9207)


@dataclass(frozen=True, slots=True)
class DeviceCode:
    """What a person enters in a browser (RFC 8628, section 3.2)."""

    code: str
    url: str
    complete_url: str = ""  # has the code


class Prompt(Protocol):
    """Asks the person to sign in; both methods return at once."""

    def open_browser(self, url: str) -> None:
        """Open the page of the sign-in, and show that it is waited for."""

    def show_code(self, code: DeviceCode) -> None:
        """Show the code, and where to enter it."""

    def finish(self) -> None:
        """Remove what is shown."""

    def page(self, *, has_succeeded: bool) -> str:
        """Return the HTML page that the browser shows at the end."""


def refused(
    code: str, description: str, where: str, status: int = 0, secrets: Iterable[str] = ()
) -> OAuthError:
    """Return an error with the server's words: bounded, in one line and without our `secrets`.

    They are not escaped.
    """
    detail = " ".join((f"{code}: {description}" if description else code).split())
    masked = pattern(one for one in secrets if len(one) >= MIN_LENGTH).sub(MASK, detail)
    detail = masked[:_MAX_TEXT].rstrip(".")
    failure = Failure(FailureCause.OAUTH_REFUSED, where, detail, status=status)
    return OAuthError(failure, code)
