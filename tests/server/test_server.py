"""The built-in server: handshakes it accepts and refuses, and stopping it."""

from __future__ import annotations

import asyncio
import contextlib
import email

import pytest

from spacebeam.net.failures import FailureCause
from spacebeam.net.options import HandshakeOptions
from spacebeam.protocol.batch import Direction
from spacebeam.server.server import Server, ServerError
from spacebeam.wording.closing import close_words
from tests.support.clients import connected, refusal
from tests.support.entries import Sink
from tests.support.processes import LOOPBACK
from tests.support.serving import dial, read_head, request, serving
from tests.support.waiting import eventually


async def answer(server: Server, data: bytes) -> str:
    with contextlib.closing(dial(server)) as client:
        await asyncio.to_thread(client.sendall, data)
        return await asyncio.to_thread(read_head, client)


async def test_the_url_has_the_port_in_use() -> None:
    async with serving() as server:
        assert server.url.startswith(f"ws://{LOOPBACK}:")
        assert not server.url.endswith(":0")


async def test_a_port_in_use_is_reported() -> None:
    async with serving() as server:
        port = int(server.url.rpartition(":")[2])
        with pytest.raises(ServerError, match=f"Cannot listen on {LOOPBACK}, port {port}: "):
            Server(port=port).start()


def test_a_host_name_is_refused_as_an_address_to_listen_on() -> None:
    with pytest.raises(ServerError, match="“example\\.com” is not an IP address"):
        Server("example.com").start()


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 404),
        ("/nothing", 404),
        ("/echo/", 404),
        ("/room", 404),
        ("/room/", 400),
        ("/room/" + "x" * 101, 400),
        ("/ticker?interval=4", 400),
        ("/ticker?interval=3600001", 400),
        ("/ticker?interval=soon", 400),
        ("/flood?count=0", 400),
        ("/flood?count=-1", 400),
        ("/flood?size=67108865", 400),
        ("/flood?size=1e3", 400),
        ("/flood?count=00000000000199999999999999999999", 400),
        ("/flood?count=²", 400),
    ],
)
async def test_a_path_that_is_not_served_is_refused(path: str, status: int) -> None:
    async with serving() as server:
        error = await refusal(server.url + path)
    assert error.report.exchanges[-1].status == status
    assert error.report.exchanges[-1].body


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (b"/echo?x=caf%E9", 101),
        (b"/echo?x=caf\xe9", 101),
        (b"/room/caf%E9", 101),
        (b"/room/caf\xe9", 101),
        (b"/caf%E9", 404),
        (b"/ticker?interval=%E9", 400),
        (b"/ticker?interval=50&&x", 101),
        (b"/chat/room?name=anna+b%20c", 101),
    ],
)
async def test_a_path_may_have_any_bytes(path: bytes, status: int) -> None:
    data = request("PATH").replace(b"PATH", path)
    async with serving() as server:
        assert (await answer(server, data)).startswith(f"HTTP/1.1 {status} ")


async def test_an_invalid_query_is_explained_in_the_response() -> None:
    async with serving() as server:
        error = await refusal(server.url + "/ticker?interval=0")
    assert error.report.exchanges[-1].body == "“interval” is a number from 5 to 3600000."


@pytest.mark.parametrize(("path", "status"), [("/", 200), ("/echo", 426), ("/nothing", 426)])
async def test_a_request_without_an_upgrade_gets_a_page(path: str, status: int) -> None:
    async with serving() as server:
        head = await answer(server, f"GET {path} HTTP/1.1\r\nHost: h\r\n\r\n".encode())
    assert head.startswith(f"HTTP/1.1 {status} ")


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (request("/echo").replace(b"Version: 13", b"Version: 8"), 426),
        (request("/echo").replace(b"Version: 13", b"Version: 13, 8"), 426),
        (request("/echo").replace(b"Sec-WebSocket-Version: 13\r\n", b""), 426),
        (request("/echo").replace(b"Sec-WebSocket-Key", b"X-Key"), 400),
    ],
)
async def test_an_invalid_handshake_is_refused(data: bytes, status: int) -> None:
    async with serving() as server:
        assert (await answer(server, data)).startswith(f"HTTP/1.1 {status} ")


@pytest.mark.parametrize(
    ("data", "version"),
    [
        (b"GET /echo HTTP/1.1\r\nHost: h\r\n\r\n", None),
        (request("/echo").replace(b"Version: 13", b"Version: 14"), "13"),
    ],
)
async def test_a_required_upgrade_is_named(data: bytes, version: str | None) -> None:
    async with serving() as server:
        status, _, headers = (await answer(server, data)).partition("\r\n")
    assert status == "HTTP/1.1 426 Upgrade Required"
    found = email.message_from_string(headers)
    assert found["Upgrade"] == "websocket"
    assert found.get_all("Connection") == ["close", "Upgrade"]
    assert found["Sec-WebSocket-Version"] == version


@pytest.mark.parametrize(
    ("allowed", "origin", "status"),
    [
        ("https://app.example", "https://app.example", 101),
        ("https://App.example/", "https://app.example", 101),
        ("https://app.example:443", "https://app.example", 101),
        ("http://app.example:8080", "http://app.example", 403),
        ("https://app.example", "http://localhost:8000", 101),
        ("https://app.example", "http://app.example", 403),
        ("https://app.example", "https://app.example:8443", 403),
        ("https://app.example", "https://app.example.evil.example", 403),
        ("https://app.example", "null", 403),
        ("null", "null", 101),
        ("*", "https://evil.example", 101),
        ("*", "null", 101),
    ],
)
async def test_pages_of_an_allowed_origin_may_connect(
    allowed: str, origin: str, status: int
) -> None:
    async with serving(origins=[allowed]) as server:
        data = request("/echo", f"Origin: {origin}", host="8.8.8.8:81")
        assert (await answer(server, data)).startswith(f"HTTP/1.1 {status} ")


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("http://localhost:8000", 101),
        (f"http://{LOOPBACK}", 101),
        ("http://[::1]:3000", 101),
        ("http://192.168.1.2", 101),
        ("http://8.8.8.8:81", 101),  # the page came from this server
        ("http://served.example:81", 403),
        ("https://evil.example", 403),
        ("https://served.example", 403),
        ("http://localhost.evil.example", 403),
        ("http://8.8.8.8", 403),
        ("null", 403),
        ("", 403),
        ("http://[", 403),
        ("http://[::1", 403),
    ],
)
async def test_pages_of_other_sites_are_refused(origin: str, status: int) -> None:
    async with serving() as server:
        data = request("/echo", f"Origin: {origin}", host="8.8.8.8:81")
        assert (await answer(server, data)).startswith(f"HTTP/1.1 {status} ")


async def test_dns_rebinding_is_refused() -> None:
    async with serving() as server:
        host = "evil.example:81"
        data = request("/echo", f"Origin: http://{host}", host=host)
        assert (await answer(server, data)).startswith("HTTP/1.1 403 ")


@pytest.mark.parametrize(
    ("offer", "agreed"),
    [
        (None, None),
        ("permessage-deflate; client_max_window_bits", "permessage-deflate"),
        (
            "permessage-deflate; server_max_window_bits=8, "
            "permessage-deflate; server_no_context_takeover",
            "permessage-deflate; server_no_context_takeover",
        ),
        ("x-unknown", None),
    ],
)
async def test_compression_is_negotiated_as_offered(offer: str | None, agreed: str | None) -> None:
    headers = () if offer is None else (f"Sec-WebSocket-Extensions: {offer}",)
    async with serving() as server:
        head = await answer(server, request("/echo", *headers))
    found = [line for line in head.split("\r\n") if line.startswith("Sec-WebSocket-Extensions")]
    assert found == ([] if agreed is None else [f"Sec-WebSocket-Extensions: {agreed}"])


async def test_stopping_closes_all_connections_with_1001() -> None:
    async with contextlib.AsyncExitStack() as stack:
        server = await stack.enter_async_context(serving())
        paths = ("/echo", "/room/one", "/room/one", "/ticker?interval=5", "/flood?count=100000000")
        clients = [await stack.enter_async_context(connected(server.url + path)) for path in paths]
        await server.stop()
        for client in clients:
            ending = await client.ended
            assert (ending.code, ending.closed_by) == (1001, Direction.RECEIVED)
            assert close_words(ending) == "Closed by the server (1001, going away)."


async def test_a_stopped_server_refuses_connections() -> None:
    async with serving() as server:
        url = server.url
        await server.stop()
    error = await refusal(f"{url}/echo", HandshakeOptions(time_limit=5))
    assert error.failure.cause is FailureCause.REFUSED


@pytest.mark.parametrize("path", ["/echo", "/room/r", "/ticker?interval=5", "/flood?count=1000000"])
async def test_clients_can_connect_and_disconnect_repeatedly(path: str) -> None:
    async def visit(address: str) -> None:
        sink = Sink()
        async with connected(address, sink) as client:
            if path == "/echo":
                await client.send("hello")
            if path != "/room/r":
                await eventually(lambda: len(sink) > 1)

    async with serving() as server:
        for _ in range(3):
            await visit(server.url + path)
        # A client that disconnects without a close frame.
        gone = dial(server)
        gone.sendall(request(path))
        await asyncio.to_thread(read_head, gone)
        gone.close()
        await visit(server.url + path)


async def test_frames_in_the_request_s_packet_are_read() -> None:
    async with serving() as server:
        with contextlib.closing(dial(server)) as client:
            client.sendall(request("/echo") + b"\x81\x82\0\0\0\0hi")
            await asyncio.to_thread(read_head, client)
            assert await asyncio.to_thread(client.recv, 4) == b"\x81\x02hi"
