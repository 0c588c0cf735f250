"""Connections for tests: opened, and closed whatever the test does."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator

import pytest

from spacebeam.wire.connection import Connection, Limits
from spacebeam.wire.endpoint import parse
from spacebeam.wire.handshake import HandshakeError
from spacebeam.wire.options import Options
from tests.support.entries import Sink

QUICK = Limits(close_time=0.4, linger_time=0.3)


@contextlib.asynccontextmanager
async def connected(
    address: str,
    sink: Sink | None = None,
    *,
    options: Options | None = None,
    limits: Limits = QUICK,
) -> AsyncIterator[Connection]:
    """A connection as a client, for the length of a block."""
    connection = Connection(Sink() if sink is None else sink, limits)
    await connection.open(parse(address), options)
    try:
        yield connection
    finally:
        await connection.close()


async def refusal(address: str, options: Options | None = None) -> HandshakeError:
    """How connecting to `address` fails; fails the test where it does not."""
    connection = Connection()
    with pytest.raises(HandshakeError) as caught:
        await connection.open(parse(address), options)
    return caught.value
