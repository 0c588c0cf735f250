"""Redirects: their target, and the options that may be sent there.

libsoup does not follow them: it would send headers, with their secrets, to any host.
"""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urljoin

from spacebeam.net.failures import Failure, FailureCause
from spacebeam.net.options import HandshakeOptions
from spacebeam.net.report import HttpExchange
from spacebeam.protocol.endpoint import Endpoint, EndpointError, parse
from spacebeam.protocol.secrets import without_secrets

_STATUSES = (301, 302, 303, 307, 308)
_MAX_SHOWN = 200  # characters of an invalid target


class RedirectError(Exception):
    """A redirect that cannot be followed; `failure` says why."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.cause.value)
        self.failure = failure


def is_redirect(exchange: HttpExchange | None) -> bool:
    """Whether a response is a redirect (RFC 9110, section 15.4)."""
    return exchange is not None and exchange.status in _STATUSES


def target(endpoint: Endpoint, exchange: HttpExchange) -> Endpoint:
    """Return a redirect's target. Raise RedirectError."""
    location = exchange.header("Location")
    if location is None:
        raise RedirectError(Failure(FailureCause.REDIRECT_TARGET, endpoint.display_host))
    # urljoin supports http and https only.
    base = endpoint.url.replace("ws", "http", 1)
    try:
        found = parse(urljoin(base, location))
    except (EndpointError, ValueError):
        shown = without_secrets(location)[:_MAX_SHOWN]
        where = endpoint.display_host
        raise RedirectError(Failure(FailureCause.REDIRECT_TARGET, where, shown)) from None
    if _is_same_host(endpoint, found):
        return replace(found, user=endpoint.user, password=endpoint.password)
    return replace(found, user=None, password=None)


def options_for(options: HandshakeOptions, here: Endpoint, there: Endpoint) -> HandshakeOptions:
    """Return the options for a redirect's target: without secrets for another host.

    The query is the redirect's own, also on the same host.
    """
    if _is_same_host(here, there):
        return replace(options, secret_query=())
    return options.for_other_host()


def too_many(endpoint: Endpoint, limit: int) -> Failure:
    """Return the failure for a redirect beyond the limit."""
    cause = FailureCause.REDIRECT_LIMIT if limit else FailureCause.REDIRECT_REFUSED
    return Failure(cause, endpoint.display_host, count=limit)


def _is_same_host(here: Endpoint, there: Endpoint) -> bool:
    """Whether both are the same server, and the second is not less secure."""
    same = (here.host, here.port) == (there.host, there.port)
    upgraded = here.host == there.host and (here.port, there.port) == (80, 443)
    return (same or upgraded) and (there.is_secure or not here.is_secure)
