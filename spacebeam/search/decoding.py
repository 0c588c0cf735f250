"""Asks the decoders about entries of a recording: `decode` itself knows no recordings."""

from __future__ import annotations

import json
from weakref import WeakKeyDictionary

from spacebeam.decode.decoder import Context
from spacebeam.decode.schemas import Schemas
from spacebeam.protocol.batch import Direction, Kind
from spacebeam.recording.recording import Recording

# What the person chose for recordings that are open, so that all who read them agree.
_schemas: WeakKeyDictionary[Recording, Schemas] = WeakKeyDictionary()
_KINDS = {kind: kind.name.lower() for kind in Kind}
_DIRECTIONS = {Direction.NONE: "", Direction.SENT: "sent", Direction.RECEIVED: "received"}


def context_of(
    kind: Kind,
    direction: Direction = Direction.NONE,
    *,
    is_cut: bool = False,
    chosen: str = "",
    connection: Context | None = None,
) -> Context:
    """Return the context of an entry's payload; `is_cut` if only its beginning is at hand.

    `chosen` is the name of the decoder that the person chose; `connection` has the endpoint, the
    subprotocol, the decoders' memory and the schemas.
    """
    if connection is None:
        connection = Context()
    return Context(
        _KINDS[kind],
        _DIRECTIONS[direction],
        connection.endpoint,
        connection.subprotocol,
        chosen,
        is_cut,
        connection.memory,
        schemas=connection.schemas,
    )


def use_schemas(recording: Recording, schemas: Schemas | None) -> None:
    """Read the payloads of a recording by these schemas from now on; None: by none."""
    if schemas is None:
        _schemas.pop(recording, None)
    else:
        _schemas[recording] = schemas


def schemas_of(recording: Recording) -> Schemas | None:
    """Return what `use_schemas` was last called with for a recording."""
    return _schemas.get(recording)


def connection_of(recording: Recording, number: int = 0, schemas: Schemas | None = None) -> Context:
    """Return the endpoint, subprotocol and schemas of a recording's connection, at an entry.

    A recording has a handshake for each connection; the first one stands for what is before it. It
    has the endpoint of the WebSocket, where a protocol or a redirect has added to the address.
    Without `schemas`, they are those of `use_schemas`.
    """
    address = recording.facts.get("address", "")
    begun = [report for first, report in recording.handshakes if first <= number]
    reports = begun[-1:] or [report for _first, report in recording.handshakes[:1]]
    told = _told(reports[0]) if reports else {}
    endpoint, subprotocol = told.get("url") or address, told.get("subprotocol")
    return Context(
        endpoint=endpoint if isinstance(endpoint, str) else "",
        subprotocol=subprotocol if isinstance(subprotocol, str) else "",
        schemas=_schemas.get(recording) if schemas is None else schemas,
    )


def _told(report: str) -> dict[str, object]:
    """Return what a handshake's report says; nothing if the report is damaged."""
    try:
        told = json.loads(report)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}
