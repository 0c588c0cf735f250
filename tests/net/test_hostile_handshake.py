"""Endless and trickling responses to a handshake."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import itertools
import socket
import time
from collections.abc import Iterable

import pytest

from spacebeam.net.failures import FailureCause, FailureKind, HandshakeStep
from spacebeam.net.handshake import MAX_BODY, open_stream
from spacebeam.net.options import HandshakeOptions, TlsOptions
from spacebeam.protocol.endpoint import parse
from spacebeam.wording.failures import explanation
from tests.support.certificates import Authority
from tests.support.clients import refusal
from tests.support.memory import resident
from tests.support.processes import LOOPBACK
from tests.support.raw_server import Script, raw_server, read_request, switching, wait_for_end
from tests.support.waiting import eventually

MIB = 1024 * 1024
BRIEF = HandshakeOptions(time_limit=1.0)
REFUSED = b"HTTP/1.1 403 Forbidden\r\n"
LONG_BODY = b"Content-Length: 999999999999\r\n\r\n"


def endless(head: bytes, piece: bytes) -> Script:
    """Return a script that answers with `head` and up to 256 MiB of `piece`."""

    def script(peer: socket.socket) -> None:
        read_request(peer)
        peer.sendall(head)
        for _ in range(256 * MIB // len(piece)):
            peer.sendall(piece)

    return script


@pytest.mark.parametrize(
    ("head", "piece"),
    [
        (b"HTTP/1.1 101 Switching\r\n", b"X-More: " + b"y" * 1000 + b"\r\n"),
        (b"HTTP/1.1 101 Switching\r\nX-Long: ", b"y" * 65536),
        (b"HTTP/1.1 101 Switching\r\nX-Long: ", b"\r\n folded" * 1000),
        (b"HTTP/1.1 101 ", b"y" * 65536),
    ],
)
async def test_an_endless_response_head_is_refused(head: bytes, piece: bytes) -> None:
    before = resident()
    with raw_server(endless(head, piece)) as server:
        error = await refusal(f"ws://{LOOPBACK}:{server.port}/")
    assert error.failure.kind is FailureKind.NOT_A_WEBSOCKET
    assert explanation(error.failure) == (
        f"The answer of {LOOPBACK}:{server.port} is not a WebSocket handshake: "
        "its headers are too long."
    )
    assert resident() - before < 32 * MIB


async def test_thousands_of_headers_that_are_not_utf_8_are_read() -> None:
    head = b"HTTP/1.1 404 No\r\nContent-Length: 0\r\n" + b"a:\xe9\r\nb:\xe8\r\n" * 4000 + b"\r\n"

    def script(peer: socket.socket) -> None:
        read_request(peer)
        peer.sendall(head)

    with raw_server(script) as server:
        error = await refusal(f"ws://{LOOPBACK}:{server.port}/")
    headers = error.report.exchanges[0].response.split("\n")
    assert set(headers[2:]) == {"a: é", "b: è"}
    assert len(headers) == 8002


async def test_an_endless_greeting_is_refused() -> None:
    before = resident()
    with raw_server(endless(b"", b"x" * 65536)) as server:
        error = await refusal(f"ws://{LOOPBACK}:{server.port}/")
    assert error.failure.cause is FailureCause.NOT_HTTP
    assert resident() - before < 32 * MIB


@pytest.mark.parametrize(
    "piece", [b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 103 Early Hints\r\nA: b\r\n\r\n"]
)
async def test_endless_informational_responses_time_out(piece: bytes) -> None:
    before = resident()
    with raw_server(endless(b"", piece * 1000)) as server:
        error = await refusal(f"ws://{LOOPBACK}:{server.port}/", BRIEF)
    assert error.failure.kind is FailureKind.TIMED_OUT
    assert error.failure.seconds == 1.0
    assert error.failure.step is HandshakeStep.WAITING_FOR_ANSWER
    assert resident() - before < 32 * MIB


@pytest.mark.parametrize(
    ("head", "piece"),
    [
        (b"Transfer-Encoding: chunked\r\n\r\n", b"2\r\nno\r\n"),
        (b"Transfer-Encoding: chunked\r\n\r\nfffffffffffffff\r\n", b"no"),
        (b"Transfer-Encoding: chunked\r\n\r\n5;", b"no"),
        (LONG_BODY, b"no"),
        (b"\r\n", b"no"),
        (b"Content-Encoding: gzip\r\n" + LONG_BODY, gzip.compress(bytes(8 * MIB))),
    ],
)
async def test_an_endless_body_is_cut_and_not_waited_for(head: bytes, piece: bytes) -> None:
    before = resident()
    with raw_server(endless(REFUSED + head, piece * (8192 // len(piece) + 1))) as server:
        error = await refusal(f"ws://{LOOPBACK}:{server.port}/", HandshakeOptions(time_limit=60))
    assert error.failure.status == 403
    assert len(error.report.exchanges[0].body) < MAX_BODY + 10
    assert resident() - before < 32 * MIB


@pytest.mark.parametrize(
    "body", [b"Content-Length: 9\r\n\r\nno", b"Transfer-Encoding: chunked\r\n\r\n9\r\nno"]
)
async def test_a_body_that_stops_times_out_with_its_status(body: bytes) -> None:
    def script(peer: socket.socket) -> None:
        read_request(peer)
        peer.sendall(REFUSED + body)
        wait_for_end(peer)

    with raw_server(script) as server:
        error = await refusal(f"ws://{LOOPBACK}:{server.port}/", BRIEF)
    assert error.failure.kind is FailureKind.TIMED_OUT
    assert (error.failure.step, error.failure.status) == (HandshakeStep.INSIDE_ANSWER, 403)


@pytest.mark.parametrize("start", [0, 9, 40])
async def test_a_response_that_trickles_times_out(start: int) -> None:
    def script(peer: socket.socket) -> None:
        answer = switching(read_request(peer))
        peer.sendall(answer[:start])
        _trickle(peer, answer[start:])

    with raw_server(script) as server:
        error = await refusal(f"ws://{LOOPBACK}:{server.port}/", BRIEF)
    assert error.failure.kind is FailureKind.TIMED_OUT
    assert error.failure.step is HandshakeStep.INSIDE_HEAD


async def test_a_tls_handshake_that_trickles_times_out() -> None:
    def script(peer: socket.socket) -> None:
        # The beginning of a ServerHello of 16 KiB.
        _trickle(
            peer, itertools.chain(b"\x16\x03\x03\x3f\x00\x02\x00\x3e\xfc", itertools.repeat(0))
        )

    with raw_server(script) as server:
        error = await refusal(f"wss://{LOOPBACK}:{server.port}/", BRIEF)
    assert error.failure.step is HandshakeStep.TLS


def _trickle(peer: socket.socket, data: Iterable[int]) -> None:
    with contextlib.suppress(OSError):
        for byte in data:
            peer.sendall(bytes((byte,)))
            time.sleep(0.05)


@pytest.mark.parametrize("sent", [b"", b"HTTP/1.1 4", REFUSED + b"Content-Length: 9\r\n\r\nno"])
async def test_a_silence_inside_tls_times_out_and_can_be_cancelled(
    authority: Authority, sent: bytes
) -> None:
    context = authority.issue().context()
    requests: list[bytes] = []
    ended: list[bytes] = []

    def script(peer: socket.socket) -> None:
        with context.wrap_socket(peer, server_side=True) as stream:
            requests.append(read_request(stream))
            stream.sendall(sent)
            ended.append(wait_for_end(stream))

    tls = TlsOptions(ca_file=str(authority.file))
    with raw_server(script) as server:
        address = f"wss://localhost:{server.port}/"
        error = await refusal(address, HandshakeOptions(time_limit=1.0, tls=tls))
        assert error.failure.kind is FailureKind.TIMED_OUT
        await eventually(lambda: len(ended) == 1)
        options = HandshakeOptions(time_limit=60.0, tls=tls)
        attempt = asyncio.ensure_future(open_stream(parse(address), options))
        await eventually(lambda: len(requests) == 2)
        attempt.cancel()
        with pytest.raises(asyncio.CancelledError):
            await attempt
        await eventually(lambda: len(ended) == 2)
