"""A folder (`folder.yml`) and the outermost one (`opencollection.yml`), and back."""

from __future__ import annotations

import copy
from dataclasses import replace

from spacebeam.exchange.opencollection.connection import TYPE as WEBSOCKET
from spacebeam.exchange.opencollection.connection import read_connection, written_auth
from spacebeam.exchange.opencollection.fields import (
    Document,
    child,
    extension,
    items,
    put,
    put_extension,
    text,
)
from spacebeam.exchange.opencollection.messages import read_messages, written_messages
from spacebeam.exchange.opencollection.request import read_headers, written_headers
from spacebeam.exchange.opencollection.sign_in import NONE, read_sign_in
from spacebeam.exchange.opencollection.variables import (
    read_environment,
    read_variables,
    written_variables,
)
from spacebeam.profiles.collection import Collection, Folder
from spacebeam.profiles.profile import Profile, SignIn, with_values

TYPE = "folder"
VERSION = "1.0.0"
_ORDER = ("opencollection", "info", "config", "request", "docs", "bundled", "items", "extensions")
_INFO = ("name", "type", "seq", "summary", "description")
_REQUEST = ("headers", "auth", "variables")


def read_folder(document: Document) -> Folder:
    """Return a folder without what is in it."""
    info, request = child(document, "info"), child(document, "request")
    headers, subprotocols = read_headers(request)
    auth = request.get("auth")
    return Folder(
        name=text(info.get("name")),
        profile=with_values(
            Profile(),
            {
                "request.headers": headers,
                "request.subprotocols": subprotocols,
                "sign_in": read_sign_in(auth) or SignIn(),
            },
        ),
        variables=read_variables(request),
        messages=read_messages(extension(document).get("messages")),
        description=text(info.get("description")) or text(info.get("summary")),
        inherits_sign_in=not (isinstance(auth, dict) and text(auth.get("type")) == NONE),
    )


def folder_document(
    folder: Folder, present: Document | None = None, *, is_collection: bool = False
) -> Document:
    """Return the document of a folder without what is in it; what `present` has beside stays."""
    document = copy.deepcopy(present) if present is not None else {}
    before = read_folder(document)
    info = dict(child(document, "info"))
    put(info, "name", folder.name, _INFO)
    if is_collection:
        document.setdefault("opencollection", VERSION)
    else:
        put(info, "type", TYPE, _INFO)
    if folder.description != before.description:
        name = "description" if not is_collection or "description" in info else "summary"
        put(info, name, folder.description, _INFO)
    put(document, "info", info, _ORDER)
    put(document, "request", _request(folder, before, child(document, "request")), _ORDER)
    messages = extension(document).get("messages")
    if folder.messages != before.messages:
        put_extension(document, {"messages": written_messages(messages, folder.messages)})
        put(document, "extensions", document.pop("extensions", None), _ORDER)
    return document


def read_bundle(document: Document) -> Collection:
    """Return a collection that is in one file (`bundled: true`)."""
    environments = items(child(document, "config"), "environments")
    return Collection(_with_items(document), tuple(map(read_environment, environments)))


def _with_items(document: Document) -> Folder:
    inside = items(document, "items")
    folders = (one for one in inside if _type(one) == TYPE)
    connections = (one for one in inside if _type(one) == WEBSOCKET)
    return replace(
        read_folder(document),
        folders=tuple(map(_with_items, folders)),
        connections=tuple(map(read_connection, connections)),
    )


def _type(document: Document) -> str:
    return text(child(document, "info").get("type"))


def _request(folder: Folder, before: Folder, present: Document) -> Document:
    request = dict(present)
    new, old = folder.profile.request, before.profile.request
    if (new.headers, new.subprotocols) != (old.headers, old.subprotocols):
        headers = written_headers(request.get("headers"), new.headers, new.subprotocols)
        put(request, "headers", headers, _REQUEST)
    sign_in = (folder.profile.sign_in, folder.inherits_sign_in)
    if sign_in != (before.profile.sign_in, before.inherits_sign_in):
        put(request, "auth", written_auth(*sign_in, request.get("auth")), _REQUEST)
    if folder.variables != before.variables:
        variables = written_variables(request.get("variables"), folder.variables)
        put(request, "variables", variables, _REQUEST)
    return request
