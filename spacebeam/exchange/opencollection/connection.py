"""A connection as a document of OpenCollection (`info.type: websocket`), and back."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any

from spacebeam.exchange.opencollection.fields import (
    Document,
    child,
    extension,
    flag,
    items,
    number,
    put,
    put_extension,
    text,
    texts,
)
from spacebeam.exchange.opencollection.messages import read_messages, written_messages
from spacebeam.exchange.opencollection.request import (
    read_headers,
    rest_of,
    with_rest,
    written_headers,
)
from spacebeam.exchange.opencollection.sign_in import (
    INHERIT,
    NONE,
    read_sign_in,
    written_sign_in,
)
from spacebeam.exchange.opencollection.variables import read_variables, written_variables
from spacebeam.profiles.collection import SavedConnection
from spacebeam.profiles.profile import Profile, SignIn, SignInMethod, with_values
from spacebeam.profiles.written_secrets import written_address

TYPE = "websocket"
_ORDER = ("info", "websocket", "runtime", "settings", "docs", "extensions")
_INFO = ("name", "type", "seq", "tags", "description")
_REQUEST = ("url", "headers", "message", "auth")
_OWN = {  # keys of the extension
    "favorite": "is_favorite",
    "decoder": "decoder",
    "binaryDecoder": "binary_decoder",
    "filter": "filter",
}
_SIGN_IN = tuple(f"sign_in.{name}" for name in SignIn.__dataclass_fields__)


def read_connection(document: Document) -> SavedConnection:
    """Return the connection of a file. Fields that are missing or odd have their defaults."""
    info, request, own = child(document, "info"), child(document, TYPE), extension(document)
    return SavedConnection(
        name=text(info.get("name")),
        address=text(request.get("url")),
        profile=_profile(document),
        messages=read_messages(request.get("message")),
        variables=read_variables(child(document, "runtime")),
        description=text(info.get("description")),
        tags=texts(info.get("tags")),
        inherits_sign_in=request.get("auth") == INHERIT,
        is_favorite=flag(own, "favorite"),
        decoder=text(own.get("decoder")),
        binary_decoder=text(own.get("binaryDecoder")),
        filter=text(own.get("filter")),
    )


def connection_document(connection: SavedConnection, present: Document | None = None) -> Document:
    """Return the document of a connection.

    Of `present`, the document in the file, only what differs from the connection is changed.
    Secrets are left out.
    """
    document = copy.deepcopy(present) if present is not None else {}
    before = read_connection(document)
    info = dict(child(document, "info"))
    put(info, "name", connection.name, _INFO)
    put(info, "type", TYPE, _INFO)
    put(info, "tags", list(connection.tags), _INFO)
    if connection.description != before.description:
        put(info, "description", connection.description, _INFO)
    put(document, "info", info, _ORDER)
    put(document, TYPE, _request(connection, before, child(document, TYPE)), _ORDER)
    if connection.variables != before.variables:
        runtime = dict(child(document, "runtime"))
        put(runtime, "variables", written_variables(runtime.get("variables"), connection.variables))
        put(document, "runtime", runtime, _ORDER)
    _put_settings(document, connection.profile, before.profile)
    _put_extension(document, connection, before)
    return document


def with_place(document: Document, seq: int | None) -> Document:
    """Return a document of a connection or folder with its place among its siblings."""
    info = dict(child(document, "info"))
    put(info, "seq", seq, _INFO)
    return {**document, "info": info}


def _profile(document: Document) -> Profile:
    request, settings, own = child(document, TYPE), child(document, "settings"), extension(document)
    headers, subprotocols = read_headers(request)
    values: dict[str, Any] = {
        "request.headers": headers,
        "request.subprotocols": subprotocols,
        "sign_in": read_sign_in(request.get("auth")) or SignIn(),
    }
    timeout, keepalive = (
        _milliseconds(settings, "timeout"),
        _milliseconds(settings, "keepAliveInterval"),
    )
    if timeout is not None:
        values["limits.connect_timeout"] = timeout
    if keepalive is not None:
        values |= {"pings.keepalive": True, "pings.interval": keepalive}
    others = tuple(filter(None, map(read_sign_in, items(own, "signIns"))))
    profile = replace(with_values(Profile(), values), other_sign_ins=others)
    return with_rest(profile, child(own, "profile"))


def _milliseconds(settings: Document, name: str) -> float | None:
    value = number(settings.get(name))
    return value / 1000 if value is not None and value > 0 else None


def _request(connection: SavedConnection, before: SavedConnection, present: Document) -> Document:
    request = dict(present)
    if connection.address != before.address or "url" not in request:
        put(request, "url", written_address(connection.address) or None, _REQUEST)
        request.setdefault("url", "")
    new, old = connection.profile.request, before.profile.request
    if (new.headers, new.subprotocols) != (old.headers, old.subprotocols):
        headers = written_headers(request.get("headers"), new.headers, new.subprotocols)
        put(request, "headers", headers, _REQUEST)
    put(
        request,
        "message",
        written_messages(request.get("message"), connection.messages),
        _REQUEST,
    )
    sign_in = (connection.profile.sign_in, connection.inherits_sign_in)
    if sign_in != (before.profile.sign_in, before.inherits_sign_in) or not present:
        put(request, "auth", written_auth(*sign_in, request.get("auth")), _REQUEST)
    return request


def written_auth(sign_in: SignIn, inherits: bool, present: object = None) -> Any:
    """Return `auth`: a sign-in, `inherit`, or of the type none."""
    if sign_in.method is SignInMethod.NONE:
        return INHERIT if inherits else {"type": NONE}
    return written_sign_in(sign_in, present) or INHERIT


def _put_settings(document: Document, new: Profile, before: Profile) -> None:
    settings = dict(child(document, "settings"))
    if new.limits.connect_timeout != before.limits.connect_timeout:
        settings["timeout"] = _in_milliseconds(new.limits.connect_timeout)
    was, now = before.pings, new.pings
    if (was.keepalive, was.interval) != (now.keepalive, now.interval):
        settings["keepAliveInterval"] = _in_milliseconds(now.interval) if now.keepalive else 0
    put(document, "settings", settings, _ORDER)


def _in_milliseconds(seconds: float) -> int:
    return max(1, round(seconds * 1000))


def _put_extension(
    document: Document, connection: SavedConnection, before: SavedConnection
) -> None:
    new, old = connection.profile, before.profile
    values: Document = {}
    for key, name in _OWN.items():
        if getattr(connection, name) != getattr(before, name):
            values[key] = getattr(connection, name) or None
    if (rest := _rest(new)) != _rest(old):
        values["profile"] = rest
    if new.other_sign_ins != old.other_sign_ins:
        values["signIns"] = [
            auth for one in new.other_sign_ins if (auth := written_sign_in(one)) is not None
        ]
    if values:
        put_extension(document, values)
        put(document, "extensions", document.pop("extensions", None), _ORDER)


def _rest(profile: Profile) -> Document:
    written = ["request.headers", "request.subprotocols", "limits.connect_timeout"]
    written.append("pings.keepalive")
    if profile.pings.keepalive:
        written.append("pings.interval")
    if profile.sign_in.method is SignInMethod.NONE or written_sign_in(profile.sign_in) is not None:
        written += _SIGN_IN
    return rest_of(profile, written)
