"""The log records of net and server, and the secrets that they must not contain."""

from __future__ import annotations

import logging
import socket

import pytest

from spacebeam.net.cookies import Cookie, CookieJar
from spacebeam.net.handshake import HandshakeError
from spacebeam.net.options import HandshakeOptions, bearer, with_api_key
from spacebeam.protocol.frames import Opcode, encode
from tests.support.clients import connected, refusal
from tests.support.entries import Sink
from tests.support.processes import LOOPBACK
from tests.support.raw_server import answer, raw_server, read_request, upgrade, wait_for_end
from tests.support.serving import serving
from tests.support.waiting import eventually

SECRETS = (
    "query-token",
    "url-password",
    "sent-cookie",
    "jar-cookie",
    "set-cookie",
    "bearer-token",
    "header-key",
    "query-key",
    "sent-payload",
    "received-payload",
    "ping-payload",
    "close-reason",
    "redirect-token",
    "refusal-body",
)


def options() -> HandshakeOptions:
    """Return options with a secret of each kind."""
    jar = CookieJar([Cookie("session", "jar-cookie", LOOPBACK)])
    made = HandshakeOptions(
        headers=(bearer("bearer-token"),),
        cookies=(("id", "sent-cookie"),),
        cookie_jar=jar,
    )
    made = with_api_key(made, "X-Custom", "header-key")
    return with_api_key(made, "custom", "query-key", in_query=True)


@pytest.fixture
def records(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """Capture the records of all of Spacebeam's loggers."""
    caplog.set_level(logging.DEBUG, logger="spacebeam")
    return caplog


def assert_without_secrets(records: pytest.LogCaptureFixture) -> None:
    assert records.records
    for record in records.records:
        said = f"{record.getMessage()} {record.args!r}"
        assert [secret for secret in SECRETS if secret in said] == []


async def test_no_secret_of_a_connection_is_logged(records: pytest.LogCaptureFixture) -> None:
    requests: list[bytes] = []

    def redirecting(peer: socket.socket) -> None:
        requests.append(read_request(peer))
        location = f"ws://{LOOPBACK}:{second.port}/there?token=redirect-token"
        peer.sendall(
            b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nConnection: close\r\n"
            + f"Location: {location}\r\n\r\n".encode()
        )

    def serve(peer: socket.socket) -> None:
        upgrade(
            peer,
            "Set-Cookie: session=set-cookie",
            then=encode(Opcode.TEXT, b"received-payload") + encode(Opcode.PING, b"ping-payload"),
        )
        wait_for_end(peer)

    with raw_server(serve) as second, raw_server(redirecting) as first:
        sink = Sink()
        address = f"ws://ada:url-password@{LOOPBACK}:{first.port}/here?token=query-token"
        async with connected(address, sink, options=options()) as connection:
            await connection.send("sent-payload")
            await eventually(lambda: len(sink.received()) == 2)
            await connection.close(1000, "close-reason")
    # The secrets were sent.
    assert all(word in requests[0] for word in (b"query-token", b"bearer-token", b"query-key"))
    assert_without_secrets(records)
    loggers = {record.name for record in records.records}
    assert {
        "spacebeam.net.handshake",
        "spacebeam.net.handshake_trace",
        "spacebeam.net.connection",
    } <= loggers
    assert "redirected (302)" in records.text
    assert "closed with 1006" in records.text


async def test_no_secret_of_a_refusal_is_logged(records: pytest.LogCaptureFixture) -> None:
    def refuse(peer: socket.socket) -> None:
        answer(peer, "HTTP/1.1 403 Forbidden", "refusal-body")

    with raw_server(refuse) as server:
        address = f"ws://ada:url-password@{LOOPBACK}:{server.port}/?token=query-token"
        error = await refusal(address, options())
    assert isinstance(error, HandshakeError)
    assert_without_secrets(records)
    assert "failed: http-status" in records.text
    assert "HTTP status 403" in records.text


async def test_no_password_of_a_proxy_is_logged(records: pytest.LogCaptureFixture) -> None:
    def refuse(peer: socket.socket) -> None:
        read_request(peer)
        peer.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")

    with raw_server(refuse) as server:
        proxy = f"http://ada:url-password@{LOOPBACK}:{server.port}"
        await refusal("ws://far.example/?token=query-token", HandshakeOptions(proxy=proxy))
    assert_without_secrets(records)
    assert f"through http://{LOOPBACK}:{server.port}" in records.text


async def test_the_server_logs_what_it_accepts_and_refuses(
    records: pytest.LogCaptureFixture,
) -> None:
    async with serving() as server:
        async with connected(f"{server.url}/echo?token=query-token") as connection:
            await connection.send("sent-payload")
            await connection.flush()
        await refusal(f"{server.url}/nowhere?token=query-token")
    assert_without_secrets(records)
    said = [one.getMessage() for one in records.records if one.name == "spacebeam.server.server"]
    assert said[0].startswith("listening on ws://127.0.0.1:")
    assert said[1:] == ["accepted a client", "responding with HTTP status 404"]
