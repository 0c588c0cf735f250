"""Servers that drop the connection, or refuse TLS: what is said of TLS is true."""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from spacebeam.net.failures import FailureCause, FailureHint, FailureKind
from spacebeam.net.options import HandshakeOptions, TlsOptions
from spacebeam.wording.failures import Face, failure_words
from tests.support.certificates import Authority
from tests.support.clients import refusal
from tests.support.processes import LOOPBACK, binary, free_port, serving
from tests.support.raw_server import raw_server, read_request, switching, wait_for_end

Answer = Callable[[socket.socket], object]


def reset(peer: socket.socket) -> None:
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    peer.close()


def dropping(answer: bytes) -> Answer:
    """Return a script that ends in the middle of an answer."""

    def script(stream: socket.socket) -> None:
        read_request(stream)
        stream.sendall(answer)

    return script


def resetting(stream: socket.socket) -> None:
    read_request(stream)
    stream.sendall(b"HTTP/1.1 404 No")
    reset(stream)


def behind_tls(authority: Authority, script: Answer) -> Answer:
    context = authority.issue().context()
    return lambda peer: script(context.wrap_socket(peer, server_side=True))


def trusting(authority: Authority, *subprotocols: str) -> HandshakeOptions:
    tls = TlsOptions(ca_file=str(authority.file))
    return HandshakeOptions(subprotocols=subprotocols, tls=tls)


CUTS = {
    "status": dropping(b"HTTP/1.1 4"),
    "headers": dropping(b"HTTP/1.1 404 No\r\nContent-Len"),
    "opening": dropping(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: webso"),
}


@pytest.mark.parametrize("cut", CUTS)
async def test_a_cut_answer_is_no_fault_of_tls(authority: Authority, cut: str) -> None:
    with raw_server(behind_tls(authority, CUTS[cut])) as server:
        error = await refusal(f"wss://localhost:{server.port}/", trusting(authority))
    assert (error.failure.cause, error.failure.kind) == (FailureCause.CUT_OFF, FailureKind.LOST)
    for face in Face:
        words = failure_words(error.failure, face)
        assert "closed the connection in the middle of its answer" in words
        assert "ws://" not in words


@pytest.mark.parametrize("cut", [*CUTS, "reset"])
async def test_a_cut_answer_without_tls_is_told(cut: str) -> None:
    with raw_server(CUTS.get(cut, resetting)) as server:
        error = await refusal(f"ws://{LOOPBACK}:{server.port}/")
    assert error.failure.cause is FailureCause.CUT_OFF


@pytest.mark.parametrize("status", [200, 404, 500])
async def test_a_cut_body_leaves_the_status(authority: Authority, status: int) -> None:
    answer = f"HTTP/1.1 {status} X\r\nContent-Length: 100\r\n\r\nshort".encode()
    with raw_server(behind_tls(authority, dropping(answer))) as server:
        secure = await refusal(f"wss://localhost:{server.port}/", trusting(authority))
    with raw_server(dropping(answer)) as server:
        plain = await refusal(f"ws://localhost:{server.port}/")
    assert (secure.failure.status, plain.failure.status) == (status, status)


@pytest.mark.parametrize("offered", [(), ("chat",)])
@pytest.mark.parametrize("scheme", ["ws", "wss"])
async def test_a_close_without_an_answer_has_fitting_hints(
    authority: Authority, scheme: str, offered: tuple[str, ...]
) -> None:
    script = read_request if scheme == "ws" else behind_tls(authority, read_request)
    with raw_server(script) as server:
        address = f"{scheme}://localhost:{server.port}/"
        error = await refusal(address, trusting(authority, *offered))
    assert error.failure.cause is FailureCause.CLOSED
    for face in Face:
        words = failure_words(error.failure, face)
        assert ("wss://" in words) is (scheme == "ws")
        assert ("subprotocol" in words) is (not offered)
        assert ("client certificate" in words) is (scheme == "wss")


@pytest.mark.parametrize("alert", [40, 70, 80, 112])
async def test_an_alert_shows_that_the_server_speaks_tls(alert: int) -> None:
    def script(peer: socket.socket) -> None:
        peer.recv(4096)
        peer.sendall(bytes((0x15, 3, 3, 0, 2, 2, alert)))
        wait_for_end(peer)

    with raw_server(script) as server:
        error = await refusal(f"wss://{LOOPBACK}:{server.port}/")
    assert (error.failure.cause, error.failure.hints) == (FailureCause.TLS, ())
    assert "ws://" not in failure_words(error.failure)


async def test_a_server_that_closes_instead_of_tls_may_have_none() -> None:
    with raw_server(lambda peer: peer.recv(4096)) as server:
        error = await refusal(f"wss://{LOOPBACK}:{server.port}/")
    assert (error.failure.cause, error.failure.hints) == (FailureCause.TLS, (FailureHint.NO_TLS,))


@pytest.mark.parametrize(
    ("offered", "chosen", "words"),
    [
        ((), "mqtt", "chose the subprotocol “mqtt”, though none was offered."),
        (("a", "b"), "mqtt", "“mqtt”, which was not offered (offered: a, b)."),
    ],
)
async def test_a_subprotocol_that_was_not_offered_is_named(
    offered: tuple[str, ...], chosen: str, words: str
) -> None:
    def script(peer: socket.socket) -> None:
        peer.sendall(switching(read_request(peer), f"Sec-WebSocket-Protocol: {chosen}"))
        wait_for_end(peer)

    with raw_server(script) as server:
        address = f"ws://{LOOPBACK}:{server.port}/"
        error = await refusal(address, HandshakeOptions(subprotocols=offered))
    assert error.failure.cause is FailureCause.SUBPROTOCOL
    for face in Face:
        assert words in failure_words(error.failure, face)


@pytest.mark.parametrize(
    ("scheme", "cause"),
    [("ws", FailureCause.NOT_HTTP), ("wss", FailureCause.HTTP_2_ONLY)],
)
async def test_node_s_servers_of_http_2_are_told(
    authority: Authority, tmp_path: Path, scheme: str, cause: FailureCause
) -> None:
    certificate, port = authority.issue(), free_port()
    (tmp_path / "server.js").write_text(
        "const { readFileSync } = require('fs'), http2 = require('http2');\n"
        f"const options = {{ key: readFileSync('{certificate.key}'), "
        f"cert: readFileSync('{certificate.chain}') }};\n"
        "const answer = (_request, response) => response.end('hello');\n"
        f"('{scheme}' === 'ws' ? http2.createServer(answer) : "
        f"http2.createSecureServer(options, answer)).listen({port}, '{LOOPBACK}');\n"
    )
    with serving([binary("node"), str(tmp_path / "server.js")], port, tmp_path / "log"):
        error = await refusal(f"{scheme}://localhost:{port}/", trusting(authority))
    assert error.failure.cause is cause
    for face in Face:
        words = failure_words(error.failure, face)
        assert "HTTP/2" in words
        assert "ws://" not in words
