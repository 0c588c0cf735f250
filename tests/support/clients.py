"""Client connections for tests, always closed at the end."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator

import pytest

from spacebeam.net.connection import Connection, ConnectionLimits
from spacebeam.net.handshake import HandshakeError
from spacebeam.net.options import HandshakeOptions
from spacebeam.protocol.endpoint import parse
from tests.support.entries import Sink

QUICK = ConnectionLimits(close_time=0.4, linger_time=0.3)


@contextlib.asynccontextmanager
async def connected(
    address: str,
    sink: Sink | None = None,
    *,
    options: HandshakeOptions | None = None,
    limits: ConnectionLimits = QUICK,
) -> AsyncIterator[Connection]:
    """Connect as a client for the length of the block."""
    connection = Connection(Sink() if sink is None else sink, limits)
    await connection.open(parse(address), options)
    try:
        yield connection
    finally:
        await connection.close()


async def refusal(address: str, options: HandshakeOptions | None = None) -> HandshakeError:
    """Return the error of connecting to `address`; fail the test if it succeeds."""
    connection = Connection()
    with pytest.raises(HandshakeError) as caught:
        await connection.open(parse(address), options)
    return caught.value
