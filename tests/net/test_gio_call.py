"""Awaiting Gio's calls: results, errors, and letting go when cancelled."""

from __future__ import annotations

import asyncio
import gc
from pathlib import Path

import pytest
from gi.repository import Gio, GLib

from spacebeam.net.gio_call import finished
from tests.support.streams import stream_pair


async def read(stream: Gio.IOStream, size: int = 100) -> bytes:
    source = stream.get_input_stream()
    block = await finished(
        source.read_bytes_async, source.read_bytes_finish, size, GLib.PRIORITY_DEFAULT
    )
    return block.get_data() or b""


async def test_a_call_gives_its_result() -> None:
    with stream_pair() as (stream, peer):
        peer.sendall(b"hello")
        assert await read(stream) == b"hello"
        peer.close()
        assert await read(stream) == b""


async def test_a_call_that_fails_raises_glib_s_error() -> None:
    with stream_pair() as (stream, _peer):
        stream.close()
        with pytest.raises(GLib.Error) as caught:
            await read(stream)
    assert caught.value.matches(Gio.io_error_quark(), Gio.IOErrorEnum.CLOSED)


async def test_a_cancelled_call_lets_go_of_its_stream() -> None:
    with stream_pair() as (stream, peer):
        reading = asyncio.ensure_future(read(stream))
        await asyncio.sleep(0)
        assert stream.get_input_stream().has_pending()
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
        assert not stream.get_input_stream().has_pending()
        peer.sendall(b"later")
        assert await read(stream) == b"later"


def resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


async def test_results_are_freed() -> None:
    block = bytes(64 * 1024)
    with stream_pair() as (stream, peer):

        async def exchange(count: int) -> None:
            for _ in range(count):
                peer.sendall(block)
                rest = len(block)
                while rest:
                    rest -= len(await read(stream, rest))

        await exchange(50)
        gc.collect()
        before = resident()
        await exchange(1000)  # 64 MB
        after = resident()
    assert after - before < 20_000_000
