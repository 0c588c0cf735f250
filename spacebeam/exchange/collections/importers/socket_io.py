"""Connections of Socket.IO as WebSockets: addresses, and messages as Socket.IO frames them."""

from __future__ import annotations

import json
from collections.abc import Sequence

from spacebeam.exchange.collections.importers.importer import websocket_address
from spacebeam.profiles.collection import SavedMessage

DEFAULT_PATH = "/socket.io"


def address_of(url: str, path: str, version: str) -> str:
    """Return the WebSocket of a server; a path in its address is the namespace, not a path."""
    base, query, rest = websocket_address(url).partition("?")
    start = base.partition("://")[0] + "://" if "://" in base else ""
    host = base.removeprefix(start).partition("/")[0]
    engine = "3" if version.strip("v") == "2" else "4"
    path = (path or DEFAULT_PATH).strip("/")
    return f"{start}{host}/{path}/?EIO={engine}&transport=websocket{'&' if query else ''}{rest}"


def is_spoken(url: str) -> bool:
    """Return whether a connection can speak Socket.IO by itself: in the default namespace.

    The path of another one would take the place of the server's own path.
    """
    return not _namespace(url)


def opening(url: str, version: str) -> tuple[SavedMessage, ...]:
    """Return what joins a namespace; a connection that speaks needs nothing."""
    space = _namespace(url)
    if not space:
        return ()
    return (SavedMessage("Connect", f"40{space}", on_connect=True),)


def event(url: str, event_name: str, arguments: Sequence[str], *, acknowledged: bool) -> str:
    """Return an event; an argument that is no JSON is a text."""
    values = ", ".join((json.dumps(event_name, ensure_ascii=False), *map(_argument, arguments)))
    return f"42{_namespace(url)}{'0' if acknowledged else ''}[{values}]"


def _argument(text: str) -> str:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return json.dumps(text, ensure_ascii=False)
    return text


def _namespace(url: str) -> str:
    """Return a namespace as it stands in a packet; "" for the default one."""
    path = url.partition("://")[2].partition("?")[0].partition("/")[2].strip("/")
    return f"/{path}," if path else ""
