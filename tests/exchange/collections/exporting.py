"""Exports collections into a folder, and compares what comes back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

from spacebeam.exchange.collections.exporters.exporter import (
    CollectionSource,
    all_connections,
    is_binary,
)
from spacebeam.exchange.collections.exporters.registry import COLLECTION_FORMATS
from spacebeam.exchange.exporters.saving import save_file, save_folder
from spacebeam.exchange.losses import NamedLosses
from spacebeam.exchange.shown_request import shown_request
from spacebeam.profiles.collection import Collection, Folder, SavedConnection


def exported(
    collection: Collection,
    name: str,
    target: Path,
    *,
    with_secrets: bool = True,
    environment: str = "",
) -> NamedLosses:
    """Export a collection; return what was not carried over."""
    losses = NamedLosses()
    format_ = COLLECTION_FORMATS[name]
    pieces = format_.export(CollectionSource(collection, with_secrets, environment), losses)
    (save_folder if format_.is_folder else save_file)(target, pieces)
    return losses


def collection_with(*connections: SavedConnection) -> Collection:
    """Return a collection of these connections."""
    return Collection(Folder("Feeds", connections=connections))


class Sent(NamedTuple):
    """What a server sees of a connection, and its messages."""

    name: str
    url: str
    headers: list[tuple[str, str]]
    subprotocols: tuple[str, ...]
    messages: list[tuple[str, str]]


def sent(collection: Collection, *, with_binary: bool = True) -> list[Sent]:
    """Return what a server sees, in the order of the names."""
    return sorted(_sent(collection, with_binary=with_binary))


def _sent(collection: Collection, *, with_binary: bool) -> Iterator[Sent]:
    for found in all_connections(collection.folder):
        one = found.connection
        request = shown_request(one.address, one.profile, with_secrets=True)
        messages = [
            (two.name, two.text) for two in one.messages if with_binary or not is_binary(two)
        ]
        headers = sorted(request.signed_headers)
        yield Sent(one.name, unquote(request.url), headers, request.subprotocols, messages)
