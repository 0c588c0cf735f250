"""A sink that raises: the connection ends, the stream is closed, and the error is reported."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from spacebeam.net.connection import Connection, ConnectionState
from spacebeam.net.handshake import OpenedStream
from spacebeam.net.report import HandshakeReport
from spacebeam.protocol.batch import Batch, Direction, Kind
from spacebeam.protocol.frames import encode
from spacebeam.wording.closing import close_words
from spacebeam.wording.events import event_words
from tests.support.clients import QUICK
from tests.support.raw_server import wait_for_end
from tests.support.streams import stream_pair

FAILED = "Connection dropped: Spacebeam could not process an entry."


class Failing:
    """A sink that raises for each batch that matches `fails_at`."""

    def __init__(self, fails_at: Callable[[Batch], bool]) -> None:
        self.batches: list[Batch] = []
        self._fails_at = fails_at

    def __call__(self, batch: Batch) -> None:
        self.batches.append(batch)
        if self._fails_at(batch):
            raise RuntimeError("planted")


@pytest.mark.parametrize("direction", Direction)
async def test_a_sink_that_fails_ends_the_connection(direction: Direction) -> None:
    sink = Failing(lambda batch: batch.direction is direction)
    reported: list[dict[str, Any]] = []
    loop = asyncio.get_running_loop()
    handler = loop.get_exception_handler()
    loop.set_exception_handler(lambda _loop, context: reported.append(context))
    try:
        with stream_pair() as (stream, peer):
            connection = Connection(sink, QUICK)
            connection.accept(OpenedStream(stream, HandshakeReport(""), None))
            if direction is Direction.SENT:
                await connection.send("hello")
            elif direction is Direction.RECEIVED:
                peer.sendall(encode(Kind.TEXT, b"hello", b"mask") * 3)
                peer.sendall(encode(Kind.PING, b"?", b"mask") * 3)
            else:
                peer.sendall(encode(Kind.CLOSE, b"", b"mask"))
            ending = await connection.ended
            assert connection.state is ConnectionState.CLOSED
            assert stream.is_closed()
            await asyncio.to_thread(wait_for_end, peer)
    finally:
        loop.set_exception_handler(handler)
    assert [repr(context["exception"]) for context in reported] == ["RuntimeError('planted')"]
    assert reported[0]["message"] == "a connection's sink failed"
    if direction is Direction.NONE:
        assert ending.code == 1005  # the connection was closed before the sink received it
    else:
        assert (ending.code, close_words(ending)) == (1006, FAILED)
    # The batch that failed and the closing event, nothing between.
    assert len(sink.batches) == (3 if direction is Direction.NONE else 2)
    assert event_words(sink.batches[-1].payload(0)) == close_words(ending)
