"""Limits on clients before the handshake, and on open connections."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import time

import pytest

from spacebeam.server.admission import AdmissionLimits
from tests.support.clients import connected
from tests.support.raw_server import wait_for_end
from tests.support.serving import dial, read_head, request, serving
from tests.support.waiting import eventually

BRIEF = AdmissionLimits(handshake_time=0.3)


@pytest.mark.parametrize(
    ("descriptors", "max_pending", "max_connections"),
    [(10_000_000, 256, 100_000), (1024, 256, 640), (256, 64, 64), (100, 1, 1)],
)
def test_limits_fit_the_process_s_file_descriptors(
    descriptors: int, max_pending: int, max_connections: int
) -> None:
    expected = AdmissionLimits(10.0, max_pending, max_connections)
    assert AdmissionLimits().within(descriptors) == expected


@pytest.mark.parametrize("data", [b"", b"G", request("/echo")[:-2], b"POST / HTTP/1.1\r\n"])
async def test_a_client_with_an_unfinished_request_is_disconnected(data: bytes) -> None:
    async with serving(BRIEF) as server:
        with contextlib.closing(dial(server)) as client:
            client.sendall(data)
            await asyncio.to_thread(wait_for_end, client)


async def test_a_client_that_trickles_its_request_is_disconnected() -> None:
    def trickle(client: socket.socket) -> None:
        with contextlib.suppress(OSError):
            for byte in request("/echo") * 1000:
                client.sendall(bytes((byte,)))
                time.sleep(0.01)

    async with serving(BRIEF) as server:
        with contextlib.closing(dial(server)) as client:
            await asyncio.wait_for(asyncio.to_thread(trickle, client), 10)


async def test_an_open_connection_has_no_time_limit() -> None:
    async with serving(BRIEF) as server, connected(f"{server.url}/echo") as client:
        with contextlib.closing(dial(server)) as other:  # its time limit ends after the first one's
            await asyncio.to_thread(wait_for_end, other)
        assert not client.ended.done()
        assert await client.ping(b"still here") > 0


async def test_the_oldest_pending_client_makes_room_for_a_new_one() -> None:
    async with (
        serving(AdmissionLimits(max_pending=3)) as server,
        contextlib.AsyncExitStack() as stack,
    ):
        clients = []
        for _ in range(5):
            clients.append(stack.enter_context(contextlib.closing(dial(server))))
            await eventually(lambda: len(server._admission._pending) == min(len(clients), 3))
        for gone in clients[:2]:
            assert await asyncio.to_thread(wait_for_end, gone) == b""
        for waiting in clients[2:]:
            waiting.sendall(request("/echo"))
            assert (await asyncio.to_thread(read_head, waiting)).startswith("HTTP/1.1 101 ")


async def test_a_full_server_refuses_clients_until_one_leaves() -> None:
    async with (
        serving(AdmissionLimits(max_connections=2)) as server,
        connected(f"{server.url}/echo"),
    ):
        async with connected(f"{server.url}/room/r"):
            with contextlib.closing(dial(server)) as third:
                third.sendall(request("/echo"))
                head = await asyncio.to_thread(read_head, third)
            assert head.startswith("HTTP/1.1 503 ")
        await eventually(lambda: len(server._connections) == 1)
        async with connected(f"{server.url}/echo") as client:
            assert await client.ping() > 0


async def test_a_stopped_server_disconnects_pending_clients() -> None:
    async with serving() as server:
        with contextlib.closing(dial(server)) as client:
            await eventually(lambda: server._admission._pending)
            await server.stop()
            assert await asyncio.to_thread(wait_for_end, client) == b""


async def test_a_response_without_an_upgrade_closes_the_connection() -> None:
    async with serving() as server:
        with contextlib.closing(dial(server)) as client:
            client.sendall(b"GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            answer = await asyncio.to_thread(wait_for_end, client)
        await eventually(lambda: not server._admission._pending)
    assert b"\r\nConnection: close\r\n" in answer
