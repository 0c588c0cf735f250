"""Asks the decoders about entries of a recording: `decode` itself knows no recordings."""

from __future__ import annotations

from spacebeam.decode.decoder import Context
from spacebeam.protocol.batch import Direction, Kind

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
