"""Servers of other protocols: what they say is in the error, without and with TLS."""

from __future__ import annotations

import socket

import pytest

from spacebeam.net.failures import FailureCause, FailureKind
from spacebeam.net.greeting import is_http, protocol_of
from spacebeam.net.options import HandshakeOptions, TlsOptions
from spacebeam.wording.failures import Face, failure_words
from tests.support.certificates import Authority
from tests.support.clients import connected, refusal
from tests.support.processes import LOOPBACK
from tests.support.raw_server import raw_server, read_request, switching, wait_for_end

# Longer than a server waits: what is told later than at once is told after it has gone.
PATIENT = HandshakeOptions(time_limit=60.0)
SETTINGS = bytes.fromhex("000012040000000000000300000064000400100000000600004000")
MYSQL = b"J\x00\x00\x00\x0a8.0.36\x00" + bytes(60)

GREETINGS = [
    (b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n", "SSH", "SSH-2.0-OpenSSH_9.2p1 Debian-2"),
    (b"SSH-2.0-dropbear", "SSH", "SSH-2.0-dropbear"),
    (b"220 (vsFTPd 3.0.3)\r\n", "FTP", "220 (vsFTPd 3.0.3)"),
    (b"220 mail.example ESMTP Postfix\r\n", "SMTP", "220 mail.example ESMTP Postfix"),
    (b"220-Welcome\r\n220 second\r\n", "FTP or SMTP", "220-Welcome"),
    (b"* OK [CAPABILITY IMAP4rev1] ready\r\n", "IMAP", "* OK [CAPABILITY IMAP4rev1] ready"),
    (b"+OK POP3 ready\r\n", "POP3", "+OK POP3 ready"),
    (MYSQL, "MySQL", None),
    (b"RFB 003.008\n", "VNC", "RFB 003.008"),
    (b"AMQP\x00\x00\x09\x01", "AMQP", None),
    (b"ol\xe1\n", "", "olá"),
    (b"x", "", "x"),
    (b"\x1b[2Jhello\r\n", "", "\x1b[2Jhello"),
    (SETTINGS, "HTTP/2", ""),
]


@pytest.mark.parametrize(("greeting", "protocol", "shown"), GREETINGS)
@pytest.mark.parametrize("stays", [True, False], ids=["stays", "closes"])
async def test_a_greeting_in_another_protocol_is_told(
    greeting: bytes, protocol: str, shown: str | None, stays: bool
) -> None:
    was_left: list[bool] = []

    def greet(peer: socket.socket) -> None:
        peer.sendall(greeting)
        if stays:
            wait_for_end(peer)
            was_left.append(True)

    with raw_server(greet) as server:
        error = await refusal(f"ws://{LOOPBACK}:{server.port}/", PATIENT)
    assert was_left == [True] * stays
    failure = error.failure
    assert (failure.cause, failure.protocol) == (FailureCause.NOT_HTTP, protocol)
    assert failure.kind is FailureKind.NOT_A_WEBSOCKET
    assert shown is None or failure.detail == shown


async def test_a_greeting_in_pieces_is_told_up_to_its_line_end() -> None:
    def greet(peer: socket.socket) -> None:
        peer.sendall(b"22")
        read_request(peer)
        peer.sendall(b"0 ready\r\nmore\r\n")
        wait_for_end(peer)

    with raw_server(greet) as server:
        error = await refusal(f"ws://{LOOPBACK}:{server.port}/", PATIENT)
    assert error.failure.cause is FailureCause.NOT_HTTP
    assert error.failure.detail.startswith("22")
    assert "more" not in error.failure.detail


async def test_an_answer_to_the_request_in_another_protocol_is_told() -> None:
    def script(peer: socket.socket) -> None:
        read_request(peer)
        peer.sendall(b"-ERR wrong number of arguments for 'get' command\r\n")
        wait_for_end(peer)

    with raw_server(script) as server:
        error = await refusal(f"ws://{LOOPBACK}:{server.port}/", PATIENT)
    assert (error.failure.protocol, error.failure.detail) == (
        "Redis",
        "-ERR wrong number of arguments for 'get' command",
    )


async def test_a_long_greeting_is_cut() -> None:
    def greet(peer: socket.socket) -> None:
        peer.sendall(b"a" * 100_000)
        wait_for_end(peer)

    with raw_server(greet) as server:
        error = await refusal(f"ws://{LOOPBACK}:{server.port}/", PATIENT)
    assert error.failure.detail == "a" * 300


async def test_a_tls_alert_leads_to_wss() -> None:
    def script(peer: socket.socket) -> None:
        read_request(peer)
        peer.sendall(b"\x15\x03\x01\x00\x02\x02\x46")
        wait_for_end(peer)

    with raw_server(script) as server:
        error = await refusal(f"ws://{LOOPBACK}:{server.port}/", PATIENT)
    assert failure_words(error.failure) == (
        f"{LOOPBACK}:{server.port} speaks TLS, not HTTP/1.1. Try wss://."
    )


@pytest.mark.parametrize(
    ("greeting", "protocol"),
    [(b"* OK IMAP4 ready\r\n", "IMAP"), (b"220 ESMTP", "SMTP"), (SETTINGS, "HTTP/2")],
)
@pytest.mark.parametrize("stays", [True, False], ids=["stays", "closes"])
async def test_a_greeting_inside_tls_is_told(
    authority: Authority, greeting: bytes, protocol: str, stays: bool
) -> None:
    context = authority.issue().context()
    requests: list[bytes] = []

    def greet(peer: socket.socket) -> None:
        stream = context.wrap_socket(peer, server_side=True)
        stream.sendall(greeting)
        if stays:
            requests.append(wait_for_end(stream))

    tls = TlsOptions(ca_file=str(authority.file))
    with raw_server(greet) as server:
        address = f"wss://localhost:{server.port}/"
        error = await refusal(address, HandshakeOptions(time_limit=60.0, tls=tls))
    assert (error.failure.cause, error.failure.protocol) == (FailureCause.NOT_HTTP, protocol)
    if stays:  # the request's connection was left, and there was no other
        assert [bool(request) for request in requests] == [True]
    for face in Face:
        assert "ws://" not in failure_words(error.failure, face)


async def test_a_greeting_in_place_of_tls_is_told() -> None:
    def greet(peer: socket.socket) -> None:
        peer.sendall(b"SSH-2.0-x\r\n")
        wait_for_end(peer)

    with raw_server(greet) as server:
        error = await refusal(f"wss://{LOOPBACK}:{server.port}/", PATIENT)
    assert (error.failure.protocol, error.failure.detail) == ("SSH", "SSH-2.0-x")
    assert "ws://" not in failure_words(error.failure)


async def test_a_greeting_inside_tls_that_follows_the_request_is_told(
    authority: Authority,
) -> None:
    context = authority.issue().context()

    def script(peer: socket.socket) -> None:
        stream = context.wrap_socket(peer, server_side=True)
        read_request(stream)
        stream.sendall(b"-ERR unknown")
        stream.sendall(b" command\r\n")
        wait_for_end(stream)

    tls = TlsOptions(ca_file=str(authority.file))
    with raw_server(script) as server:
        address = f"wss://localhost:{server.port}/"
        error = await refusal(address, HandshakeOptions(time_limit=60.0, tls=tls))
    assert error.failure.cause is FailureCause.NOT_HTTP
    assert error.failure.detail == "-ERR unknown command"
    assert server.connections == 1


@pytest.mark.parametrize("scheme", ["ws", "wss"])
async def test_an_http_answer_in_pieces_is_waited_for(authority: Authority, scheme: str) -> None:
    context = authority.issue().context()

    def script(peer: socket.socket) -> None:
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        stream = peer if scheme == "ws" else context.wrap_socket(peer, server_side=True)
        for byte in b"\r\n" + switching(read_request(stream)):
            stream.sendall(bytes((byte,)))
        wait_for_end(stream)

    tls = TlsOptions(ca_file=str(authority.file))
    with raw_server(script) as server:
        address = f"{scheme}://localhost:{server.port}/"
        options = HandshakeOptions(time_limit=60.0, tls=tls)
        async with connected(address, options=options) as connection:
            assert connection.report is not None
            assert connection.report.exchanges[-1].status == 101


def test_the_beginning_of_an_http_answer_is_recognised() -> None:
    for beginning in (b"H", b"HTTP", b"HTTP/1.1 200", b"\r\nHTTP/1.0", b"http/1.1", b"\r\n"):
        assert is_http(beginning)
    for beginning in (b"220", b"SSH", b"HELLO", b"\r\n220", b"ICY 200"):
        assert not is_http(beginning)


@pytest.mark.parametrize(
    "greeting", [b"", b"\x00" * 600, b"\xff", b"22", b"hello", bytes(range(256))]
)
def test_an_unknown_greeting_has_no_protocol(greeting: bytes) -> None:
    assert protocol_of(greeting) == ""
