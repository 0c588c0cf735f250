"""What Hoppscotch's realtime page has in the browser's storage, and its environments.

Its collections have no WebSockets.
"""

from __future__ import annotations

from typing import Any

from spacebeam.exchange.collections.importers.expressions import hoppscotch
from spacebeam.exchange.collections.importers.files import CollectionFiles
from spacebeam.exchange.collections.importers.importer import CollectionReader, websocket_address
from spacebeam.exchange.collections.importers.socket_io import address_of, is_spoken, opening
from spacebeam.exchange.collections.importers.values import flag, name, record, records, text
from spacebeam.exchange.losses import Loss, NamedLosses
from spacebeam.profiles.collection import Collection, Environment, Folder, SavedConnection
from spacebeam.profiles.profile import Profile, ProtocolSettings, SpokenProtocol


def is_storage(document: Any) -> bool:
    """Whether a document is of the realtime page."""
    pages = (record(record(document).get(page)) for page in ("websocket", "socketio"))
    return any("endpoint" in page for page in pages)


def is_environments(document: Any) -> bool:
    """Whether a document is an environment, or a list of them."""
    several = document if isinstance(document, list) else [document]
    return bool(several) and all(
        isinstance(record(one).get("variables"), list) and "name" in one for one in several
    )


def read(files: CollectionFiles, losses: NamedLosses) -> Collection:
    """Return the connections of the realtime page."""
    document = record(files.own_document())
    reader = CollectionReader(losses, hoppscotch)
    connections = []
    page = record(document.get("websocket"))
    if endpoint := reader.text(page.get("endpoint")):
        maker = reader.maker()
        protocols = records(page.get("protocols"))
        active = [one for one in protocols if flag(one.get("active"), default=True)]
        maker.subprotocols(reader.text(one.get("value")) for one in active)
        if len(active) < len(protocols):
            losses.lose(Loss.DISABLED, count=len(protocols) - len(active))
        address = websocket_address(endpoint)
        connections.append(SavedConnection("WebSocket", address, maker.profile()))
    page = record(document.get("socketio"))
    if endpoint := reader.text(page.get("endpoint")):
        speaks = is_spoken(endpoint)
        if not speaks:
            losses.lose(Loss.HEARTBEATS)
        version = text(page.get("version")) or "4"
        address = address_of(endpoint, reader.text(page.get("path")), version)
        messages = opening(endpoint, version)
        protocol = SpokenProtocol.SOCKET_IO if speaks else SpokenProtocol.AUTOMATIC
        profile = Profile(protocol=ProtocolSettings(protocol))
        connections.append(SavedConnection("Socket.IO", address, profile, messages))
    return Collection(Folder("Hoppscotch", connections=tuple(connections)))


def read_environments(files: CollectionFiles, losses: NamedLosses) -> Collection:
    """Return environments."""
    document = files.own_document()
    reader = CollectionReader(losses, hoppscotch)
    environments = []
    for one in records(document if isinstance(document, list) else [document]):
        variables = [
            {**two, "value": two.get("value") or two.get("currentValue") or two.get("initialValue")}
            for two in records(one.get("variables"))
        ]
        environments.append(Environment(name(one.get("name")), reader.variables(variables)))
    return Collection(Folder(files.name), tuple(environments))
