"""Redirects: where an answer leads, and what may be taken along.

Followed here and not by libsoup, which would carry headers, and the secrets in them, to any host.
"""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urljoin

from spacebeam.net.close_reason import Failure, FailureKind
from spacebeam.net.options import HandshakeOptions
from spacebeam.net.report import HttpExchange
from spacebeam.protocol.endpoint import Endpoint, EndpointError, parse

_STATUSES = (301, 302, 303, 307, 308)


class RedirectError(Exception):
    """A redirect that leads nowhere; `failure` says why."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(str(failure))
        self.failure = failure


def is_redirect(exchange: HttpExchange | None) -> bool:
    """Whether an answer leads elsewhere (RFC 9110, section 15.4)."""
    return exchange is not None and exchange.status in _STATUSES


def target(endpoint: Endpoint, exchange: HttpExchange) -> Endpoint:
    """Where an answer leads. Raises RedirectError."""
    location = exchange.header("Location")
    if location is None:
        raise RedirectError(_failure(endpoint, "without saying where to"))
    # urljoin knows http and https only.
    base = endpoint.url.replace("ws", "http", 1)
    try:
        found = parse(urljoin(base, location))
    except (EndpointError, ValueError):
        raise RedirectError(_failure(endpoint, f"to “{location[:200]}”")) from None
    if _is_same_host(endpoint, found):
        return replace(found, user=endpoint.user, password=endpoint.password)
    return replace(found, user=None, password=None)


def options_for(options: HandshakeOptions, here: Endpoint, there: Endpoint) -> HandshakeOptions:
    """How to connect to where a redirect leads: nothing secret goes to another host.

    The query is what the server says it is, also on the same host.
    """
    if _is_same_host(here, there):
        return replace(options, secret_query=())
    return options.for_other_host()


def too_many(endpoint: Endpoint, limit: int) -> Failure:
    """What to say when a redirect is not followed any more."""
    if limit == 0:
        return _failure(endpoint, "elsewhere, and redirects are not followed")
    return _failure(endpoint, f"again and again: {limit} redirects were followed")


def _is_same_host(here: Endpoint, there: Endpoint) -> bool:
    """Whether both are the same server, spoken to at least as safely."""
    same = (here.host, here.port) == (there.host, there.port)
    upgraded = here.host == there.host and (here.port, there.port) == (80, 443)
    return (same or upgraded) and (there.is_secure or not here.is_secure)


def _failure(endpoint: Endpoint, how: str) -> Failure:
    return Failure(
        FailureKind.HTTP_STATUS,
        f"{endpoint.display_host} redirects {how}.",
        "Details show each step; connect to the right address directly.",
    )
