"""A handshake's report as a recording keeps it: as JSON, without what signed the person in.

Recordings are handed on, to colleagues or with a bug report. Whoever gets one sees that there was
a password, a token or a cookie, and not which.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from spacebeam.exchange.report_json import to_json
from spacebeam.wire.report import Exchange, Report
from spacebeam.wire.secrets import is_secret_name, scheme_of, without_secrets

NOT_KEPT = "(not kept)"  # in place of a header's value
# They look as if they let somebody in, and are a random number and questions of the server's.
_HARMLESS = frozenset(("sec-websocket-key", "www-authenticate", "proxy-authenticate"))


def kept_json(report: Report) -> str:
    """The report of a connection that came about, as a recording keeps it."""
    return to_json(without_its_secrets(report))


def without_its_secrets(report: Report) -> Report:
    """The report without values of headers and parameters whose name says that they are secret.

    So are those that the person called keys, and addresses' users and passwords. What the server
    says in a body is left as it is, but for the addresses in it.
    """
    names = report.secret_names
    return replace(
        report,
        url=without_secrets(report.url, names),
        exchanges=tuple(_exchange(one, names) for one in report.exchanges),
    )


def _exchange(exchange: Exchange, names: Collection[str]) -> Exchange:
    return replace(
        exchange,
        url=without_secrets(exchange.url, names),
        request=_head(exchange.request, names),
        response=_head(exchange.response, names),
        body=without_secrets(exchange.body, names),
    )


def _head(head: str, names: Collection[str]) -> str:
    first, *headers = head.split("\n")
    return "\n".join((without_secrets(first, names), *(_header(one, names) for one in headers)))


def _header(line: str, names: Collection[str]) -> str:
    name, colon, value = line.partition(":")
    key, value = name.strip().lower(), value.strip()
    if not value or key in _HARMLESS:
        return line
    scheme = scheme_of(value)
    if scheme or key in names or is_secret_name(key):
        return f"{name}{colon} {scheme} {NOT_KEPT}" if scheme else f"{name}{colon} {NOT_KEPT}"
    return without_secrets(line, names)
