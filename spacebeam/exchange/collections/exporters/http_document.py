"""An `.http` file: a request for each connection, which sends the messages on connect.

Each other message has a request of its own, which sends it after them.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator

from spacebeam.exchange.collections.exporters.exporter import (
    CollectionSource,
    FoundConnection,
    all_connections,
    headers_of,
    is_binary,
    lose_settings,
    sign_ins,
    variables_for,
    with_query,
)
from spacebeam.exchange.collections.exporters.expressions import http_file
from spacebeam.exchange.collections.exporters.placeholders import with_placeholders
from spacebeam.exchange.exporters.exporter import Piece
from spacebeam.exchange.losses import Loss, NamedLosses
from spacebeam.net.request_rules import has_control
from spacebeam.profiles.collection import SavedConnection, SavedMessage, Variable, by_name
from spacebeam.profiles.profile import SignIn, SignInMethod
from spacebeam.profiles.variables import has_variables

_WRITTEN = ("request.follow_redirects",)
# A line that the programs take for something else than text.
_ODD_LINE = re.compile(r"===|###|#|//\s*@|<@?\s|[<>]\s*\{%|\?\?|\{\{@?$|.*===\s*$")
_NAME = re.compile(r"(?!process\.env\.)[\w.-]+")


def export(source: CollectionSource, losses: NamedLosses) -> Iterator[Piece]:
    """Yield the file."""
    collection = with_placeholders(source.collection, losses, with_secrets=source.with_secrets)
    source = CollectionSource(collection, source.with_secrets, source.environment)
    others = [one for one in collection.environments if one.name != source.environment]
    if others:
        losses.lose(Loss.ENVIRONMENTS, count=len(others))
    found = list(all_connections(collection.folder))
    lines = _variables([variables_for(source, one.connection) for one in found], losses)
    for one in found:
        lines += _requests(one, losses)
    yield Piece("\n".join((*lines, "")).encode())


def _variables(sets: list[tuple[Variable, ...]], losses: NamedLosses) -> list[str]:
    """Return the lines of variables, which hold for the whole file."""
    lines: list[str] = []
    known = by_name(*sets)
    for name, one in known.items():
        if any(by_name(other).get(name, one).value != one.value for other in sets):
            losses.lose(Loss.VARIABLES, name)
        if not _NAME.fullmatch(name) or "\n" in (one.value or "") or has_control(one.value or ""):
            losses.lose(Loss.VARIABLES, name)
        elif one.value is None:
            lines.append(f"# {name} is secret: set it in an environment")
        else:
            lines.append(f"@{name} = {http_file(one.value, losses)}")
    return [*lines, ""] if lines else []


def _requests(found: FoundConnection, losses: NamedLosses) -> list[str]:
    connection = found.connection
    lose_settings(connection.profile, _WRITTEN, losses)
    title = " / ".join((*found.folders, connection.name))
    head = list(_head(connection, losses))
    first = [body for one in connection.messages if one.on_connect for body in _body(one, losses)]
    lines = _request(title, head, first)
    for message in connection.messages:
        if not message.on_connect:
            for body in _body(message, losses):
                lines += _request(f"{title}: {message.name}", head, [*first, body])
    return lines


def _request(title: str, head: list[str], bodies: list[str]) -> list[str]:
    lines = [f"### {_one_line(title)}", *head]
    for count, body in enumerate(bodies):
        lines += ["===" if count else "", body]
    return [*lines, ""]


def _head(connection: SavedConnection, losses: NamedLosses) -> Iterator[str]:
    """Yield the directives, the address and the headers."""
    profile = connection.profile
    if connection.description:
        yield f"# @description {_one_line(connection.description)}"
    if not profile.request.follow_redirects:
        yield "# @no-redirect"
    yield f"WEBSOCKET {_one_line(http_file(_address(connection), losses))}"
    if profile.request.subprotocols:
        # httpyac ends the connection when the server picks one; the others do not.
        losses.lose(Loss.SETTINGS, "Sec-WebSocket-Protocol (httpyac)")
    headers = headers_of(profile) + [
        header for one in sign_ins(profile) for header in _sign_in(one)
    ]
    for name, value in headers:
        yield f"{name}: {_one_line(http_file(value, losses))}"


def _address(connection: SavedConnection) -> str:
    pairs = [(name, value or "") for name, value in connection.profile.request.query]
    pairs += [
        (one.key_name, one.key_value or "")
        for one in sign_ins(connection.profile)
        if one.method is SignInMethod.KEY_IN_QUERY
    ]
    return with_query(connection.address, pairs)


def _sign_in(one: SignIn) -> Iterator[tuple[str, str]]:
    if one.method is SignInMethod.BEARER:
        yield "Authorization", f"Bearer {one.token or ''}"
    elif one.method is SignInMethod.KEY_IN_HEADER:
        yield one.key_name, one.key_value or ""
    elif one.method is SignInMethod.PASSWORD:
        credentials = f"{one.user}:{one.password or ''}"
        if has_variables(credentials):  # the programs encode it, after they have put in values
            yield "Authorization", f"Basic {one.user} {one.password or ''}"
        else:
            yield "Authorization", f"Basic {b64encode(credentials.encode()).decode()}"


def _body(message: SavedMessage, losses: NamedLosses) -> Iterator[str]:
    """Yield a message as it stands in the file, if it can stand there."""
    text = http_file(message.text, losses)
    is_odd = any(map(_ODD_LINE.match, text.splitlines()))
    if is_binary(message) or is_odd or not text.strip():
        losses.lose(Loss.MESSAGES, message.name)
        return
    if text != text.strip("\n") or "\r" in text:  # empty lines at its ends go
        losses.lose(Loss.MESSAGES, message.name)
    yield text.strip("\n")


def _one_line(text: str) -> str:
    return " ".join(text.split())
