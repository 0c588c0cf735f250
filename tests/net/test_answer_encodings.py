"""Answers of real servers that are not UTF-8, without and with TLS."""

from __future__ import annotations

import gzip
import socket
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from spacebeam.net.failures import FailureCause
from spacebeam.net.options import DIRECT, HandshakeOptions, TlsOptions
from spacebeam.net.report_json import to_json
from spacebeam.net.report_reading import from_json
from spacebeam.wording.failures import explanation
from spacebeam.wording.report import report_text
from tests.support.certificates import Authority
from tests.support.clients import connected, refusal
from tests.support.processes import LOOPBACK
from tests.support.raw_server import raw_server, read_request, switching, wait_for_end


def latin(head: str, body: bytes = b"") -> bytes:
    """Return an answer whose head is Latin-1."""
    lines = [*head.split("\n"), f"Content-Length: {len(body)}", "", ""]
    return "\r\n".join(lines).encode("latin-1") + body


@contextmanager
def answering(
    authority: Authority | None, *answers: bytes, requests: list[bytes] | None = None
) -> Iterator[tuple[str, HandshakeOptions]]:
    """Run a server that gives the answers in turn, then opens a WebSocket; yield its address."""
    context = None if authority is None else authority.issue().context()
    pending = list(answers)

    def script(peer: socket.socket) -> None:
        stream = peer if context is None else context.wrap_socket(peer, server_side=True)
        request = read_request(stream)
        if requests is not None:
            requests.append(request)
        if pending:
            stream.sendall(pending.pop(0))
        else:
            stream.sendall(switching(request))
            wait_for_end(stream)

    tls = TlsOptions(ca_file=None if authority is None else str(authority.file))
    scheme, host = ("ws", LOOPBACK) if authority is None else ("wss", "localhost")
    with raw_server(script) as server:
        yield f"{scheme}://{host}:{server.port}/", HandshakeOptions(tls=tls)


@pytest.fixture(params=["ws", "wss"])
def side(request: pytest.FixtureRequest, authority: Authority) -> Authority | None:
    """Return the authority for a server with TLS, None for one without."""
    return authority if request.param == "wss" else None


async def test_a_status_in_latin_1_is_read(side: Authority | None) -> None:
    with answering(side, latin("HTTP/1.1 404 Não encontrado")) as (address, options):
        error = await refusal(address, options)
    assert error.failure.cause is FailureCause.HTTP_STATUS
    assert "refused with HTTP status 404 Não encontrado." in explanation(error.failure)
    assert error.report.exchanges[0].response.startswith("HTTP/1.1 404 Não encontrado\n")


async def test_a_redirect_with_a_status_in_latin_1_is_followed(side: Authority | None) -> None:
    moved = latin("HTTP/1.1 302 Movido temporário\nLocation: /next\nConnection: close")
    with answering(side, moved) as (address, options):
        async with connected(address, options=options) as connection:
            assert connection.report is not None
            assert connection.report.url == f"{address}next"


@pytest.mark.parametrize(
    ("location", "resource"),
    [
        ("/café?x=ñ".encode("latin-1"), b"/caf%E9?x=%F1"),
        ("/没有".encode("gbk"), b"/%C3%BB%D3%D0"),
        ("/café?x=ñ".encode(), b"/caf%C3%A9?x=%C3%B1"),
    ],
)
async def test_a_location_is_followed_to_its_bytes(
    side: Authority | None, location: bytes, resource: bytes
) -> None:
    requests: list[bytes] = []
    moved = b"HTTP/1.1 302 \xc3\xbb\xd3\xd0\r\nLocation: %b\r\nContent-Length: 0\r\n\r\n" % location
    with answering(side, moved, requests=requests) as (address, options):
        async with connected(address, options=replace(options, proxy=DIRECT)):
            pass
    assert requests[1].startswith(b"GET %b HTTP/1.1\r\n" % resource)


async def test_headers_in_latin_1_are_reported_as_they_were_sent(side: Authority | None) -> None:
    head = (
        "HTTP/1.1 401 Não\nServer: café\nX-A: a=é\nX-A: a=ü\n"
        'WWW-Authenticate: Basic realm="é"\nX-é: ü'
    )
    with answering(side, latin(head)) as (address, options):
        error = await refusal(address, options)
    for line in head.split("\n"):
        assert line in error.report.exchanges[0].response.split("\n")


@pytest.mark.parametrize(
    ("headers", "body", "text"),
    [
        ("", "olá, você".encode("latin-1"), "olá, você"),
        ("\nContent-Type: text/html; charset=GBK", "没有".encode("gbk"), "没有"),
        ("\nContent-Encoding: gzip", gzip.compress("não\nsim".encode()), "não\nsim"),
        ("\nContent-Encoding: deflate", zlib.compress(b"with a wrapper"), "with a wrapper"),
        ("\nContent-Encoding: deflate", zlib.compress(b"without")[2:-4], "without"),
        ("\nContent-Encoding: gzip", b"not packed", "not packed"),
        ("", b"a\0b\nc", "a\0b\nc"),
        ("\nContent-Type: text/plain; charset=utf-16", "não\nsim".encode("utf-16"), "não\nsim"),
        ("\nContent-Type: image/png", bytes(range(128, 256)), "€"),
    ],
)
async def test_a_body_in_any_encoding_is_shown(
    side: Authority | None, headers: str, body: bytes, text: str
) -> None:
    with answering(side, latin(f"HTTP/1.1 500 Não{headers}", body)) as (address, options):
        error = await refusal(address, options)
    assert error.report.exchanges[0].body.startswith(text)
    assert text in report_text(error.report)
    stored = from_json(to_json(error.report))
    assert stored.exchanges[0].body == error.report.exchanges[0].body


async def test_an_opened_connection_s_status_may_be_in_latin_1(side: Authority | None) -> None:
    context = None if side is None else side.issue().context()

    def script(peer: socket.socket) -> None:
        stream = peer if context is None else context.wrap_socket(peer, server_side=True)
        opened = switching(read_request(stream))
        stream.sendall(opened.replace(b"Switching Protocols", "Não".encode("latin-1")))
        wait_for_end(stream)

    ca_file = None if side is None else str(side.file)
    options = HandshakeOptions(tls=TlsOptions(ca_file=ca_file))
    with raw_server(script) as server:
        scheme = "ws" if side is None else "wss"
        address = f"{scheme}://localhost:{server.port}/"
        async with connected(address, options=options) as connection:
            assert connection.report is not None
            assert connection.report.exchanges[0].response.startswith("HTTP/1.1 101 Não\n")
