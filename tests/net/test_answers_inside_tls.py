"""An answer inside TLS is read as bytes on every way to the server."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from spacebeam.net.options import HandshakeOptions, TlsOptions
from tests.support.certificates import Authority
from tests.support.clients import connected, refusal
from tests.support.processes import LOOPBACK
from tests.support.proxies import microsocks, squid
from tests.support.raw_server import answer, raw_server, read_request, switching, wait_for_end

MOVED = (
    b"HTTP/1.1 302 \xc3\xbb\xd3\xd0\r\nLocation: /caf\xe9\r\nX: \xfc\r\nContent-Length: 0\r\n\r\n"
)
REFUSED = b"HTTP/1.1 404 N\xe3o\r\nContent-Length: 3\r\n\r\na\0\xe9"


@contextmanager
def odd_server(context: ssl.SSLContext, requests: list[bytes]) -> Iterator[int]:
    """Run a server that redirects `/`, refuses `/no` and opens others; yield its port."""

    def script(peer: socket.socket) -> None:
        with context.wrap_socket(peer, server_side=True) as stream:
            request = read_request(stream)
            requests.append(request)
            path = request.split(b" ")[1]
            stream.sendall({b"/": MOVED, b"/no": REFUSED}.get(path) or switching(request))
            wait_for_end(stream)

    with raw_server(script) as server:
        yield server.port


async def check(address: str, options: HandshakeOptions, requests: list[bytes]) -> None:
    async with connected(f"{address}/", options=options) as connection:
        report = connection.report
    assert report is not None
    assert requests[-1].startswith(b"GET /caf%E9 HTTP/1.1\r\n")
    moved = next(one for one in report.exchanges if one.header("X"))
    assert (moved.header("X"), moved.header("Location")) == ("ü", "/caf%E9")
    assert moved.response.startswith("HTTP/1.1 302 Ã»ÓÐ\n")
    error = await refusal(f"{address}/no", options)
    assert (error.failure.status, error.failure.detail) == (404, "404 Não")
    assert error.report.exchanges[-1].body == "a\0é"


@pytest.mark.parametrize("way", ["direct", "http", "socks5"])
async def test_odd_bytes_are_read_directly_and_through_proxies(
    authority: Authority, tmp_path: Path, way: str
) -> None:
    requests: list[bytes] = []
    tls = TlsOptions(ca_file=str(authority.file))
    with odd_server(authority.issue().context(), requests) as port:
        address = f"wss://localhost:{port}"
        if way == "direct":
            await check(address, HandshakeOptions(tls=tls), requests)
        elif way == "http":
            with squid(tmp_path) as proxy:
                await check(address, HandshakeOptions(tls=tls, proxy=proxy), requests)
        else:
            with microsocks(tmp_path) as place:
                options = HandshakeOptions(tls=tls, proxy=f"socks5://{place}")
                await check(f"wss://{LOOPBACK}:{port}", options, requests)


async def test_odd_bytes_are_read_after_a_redirect_from_ws(authority: Authority) -> None:
    requests: list[bytes] = []
    options = HandshakeOptions(tls=TlsOptions(ca_file=str(authority.file)))
    with odd_server(authority.issue().context(), requests) as port:

        def redirect(peer: socket.socket) -> None:
            head = read_request(peer)
            path = head.split(b" ")[1].decode()
            there = f"wss://localhost:{port}{path}"
            peer.sendall(
                f"HTTP/1.1 307 Go\r\nLocation: {there}\r\nContent-Length: 0\r\n\r\n".encode()
            )

        with raw_server(redirect) as server:
            await check(f"ws://{LOOPBACK}:{server.port}", options, requests)


async def test_odd_bytes_are_read_with_a_client_certificate(authority: Authority) -> None:
    own, requests = authority.issue("client.example"), list[bytes]()
    context = authority.issue().context()
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(authority.file)
    tls = TlsOptions(
        ca_file=str(authority.file), certificate_file=str(own.chain), key_file=str(own.key)
    )
    with odd_server(context, requests) as port:
        await check(f"wss://localhost:{port}", HandshakeOptions(tls=tls), requests)


async def test_the_event_and_the_report_name_the_address_after_a_redirect(
    plain_port: int,
) -> None:
    there = f"ws://{LOOPBACK}:{plain_port}/echo"
    head = f"HTTP/1.1 302 Found\nLocation: {there}"
    with raw_server(lambda peer: answer(peer, head)) as server:
        async with connected(f"ws://{LOOPBACK}:{server.port}/") as connection:
            assert connection.report is not None
            assert connection.report.url == there
