"""The opening handshake with real servers, and each way in which it fails."""

from __future__ import annotations

import asyncio
import socket

import pytest

from spacebeam.net.failures import FailureCause, FailureKind, HandshakeStep
from spacebeam.net.handshake import open_stream
from spacebeam.net.options import HandshakeOptions
from spacebeam.net.stages import HandshakeStage
from spacebeam.protocol.endpoint import parse
from spacebeam.wording.failures import advice, explanation
from spacebeam.wording.report import report_text
from tests.support.clients import connected, refusal
from tests.support.processes import LOOPBACK, free_port
from tests.support.raw_server import (
    Script,
    answer,
    header,
    raw_server,
    read_request,
    switching,
    upgrade,
    wait_for_end,
)
from tests.support.waiting import eventually

EXTENSIONS = b"Sec-WebSocket-Extensions: "
BAD_DEFLATE = "it accepts the extension permessage-deflate in an invalid way."
DEFLATE = b"permessage-deflate"


def answering(head: str, body: str = "") -> Script:
    return lambda peer: answer(peer, head, body)


def saying(data: bytes) -> Script:
    def script(peer: socket.socket) -> None:
        read_request(peer)
        peer.sendall(data)

    return script


@pytest.mark.parametrize(
    ("head", "status", "what_to_do"),
    [
        ("401 Unauthorized", "401 Unauthorized", "Sign-in required"),
        ("403 Forbidden", "403 Forbidden", "Access denied"),
        ("404 Not Found", "404 Not Found", "Nothing is at this path"),
        ("404 Nothing here", "404 Nothing here", "Nothing is at this path"),
        ("426 Upgrade Required", "426 Upgrade Required", "The server requires another protocol"),
        ("429", "429 Too Many Requests", "Wait a while"),
        ("503 Service Unavailable", "503 Service Unavailable", "Try again later."),
        ("599 Odd", "599 Odd", "See the server's answer in the details."),
    ],
)
async def test_a_refusal_is_reported_with_its_status_and_body(
    head: str, status: str, what_to_do: str
) -> None:
    body = "first line\nsecond line: ü"
    with raw_server(answering(f"HTTP/1.1 {head}\nX-Why: because", body)) as server:
        error = await refusal(f"ws://{LOOPBACK}:{server.port}/x")
    assert error.failure.kind is FailureKind.HTTP_STATUS
    assert explanation(error.failure) == (
        f"{LOOPBACK}:{server.port} refused with HTTP status {status}."
    )
    assert advice(error.failure).startswith(what_to_do)
    (exchange,) = error.report.exchanges
    assert exchange.status == int(head[:3])
    assert exchange.body == body
    assert "X-Why: because" in exchange.response


async def test_the_body_of_a_refusal_is_truncated() -> None:
    with raw_server(answering("HTTP/1.1 403 Forbidden", "x" * 200_000)) as server:
        error = await refusal(f"ws://{LOOPBACK}:{server.port}/")
    assert error.report.exchanges[0].body == "x" * 64 * 1024 + "\n[...]"


async def test_a_200_response_is_not_a_websocket() -> None:
    with raw_server(answering("HTTP/1.1 200 OK", "<html>")) as server:
        error = await refusal(f"ws://{LOOPBACK}:{server.port}/")
    assert error.failure.kind is FailureKind.NOT_A_WEBSOCKET
    assert explanation(error.failure) == (
        f"{LOOPBACK}:{server.port} answered with a page (HTTP status 200): "
        "there is no WebSocket server at this path."
    )


async def test_a_response_that_is_not_http_is_refused() -> None:
    with raw_server(saying(b"220 mail.example ESMTP\r\n\x00\xff\r\n")) as server:
        error = await refusal(f"ws://{LOOPBACK}:{server.port}/")
    assert error.failure.kind is FailureKind.NOT_A_WEBSOCKET
    assert explanation(error.failure) == (
        f"{LOOPBACK}:{server.port} speaks SMTP, not HTTP. It said: “220 mail.example ESMTP”."
    )


@pytest.mark.parametrize(
    ("right", "wrong", "fault"),
    [
        (b"Accept: ", b"Accept: x", "its Sec-WebSocket-Accept does not match the request's key."),
        (b"Upgrade: websocket", b"Upgrade: h2c", "its Upgrade header is not “websocket”."),
        (b"Upgrade: websocket", b"X: websocket", "its Upgrade header is not “websocket”."),
        (b"Connection: Upgrade", b"Connection: no", "its Connection header is not “Upgrade”."),
        (b"X: y", EXTENSIONS + b"x", "it has an extension that was not offered."),
        (b"X: y", EXTENSIONS + DEFLATE + b"; x=1", BAD_DEFLATE),
        (b"X: y", EXTENSIONS + DEFLATE + b", x", "it has an extension that was not offered."),
        (b"X: y", EXTENSIONS + DEFLATE + b"," + DEFLATE, BAD_DEFLATE),
        (b"X: y", EXTENSIONS + DEFLATE + b"; server_max_window_bits=7", BAD_DEFLATE),
    ],
)
async def test_a_wrong_header_of_an_opening_is_told(right: bytes, wrong: bytes, fault: str) -> None:
    def script(peer: socket.socket) -> None:
        peer.sendall(switching(read_request(peer), "X: y").replace(right, wrong))

    with raw_server(script) as server:
        error = await refusal(f"ws://{LOOPBACK}:{server.port}/")
    assert error.failure.kind is FailureKind.NOT_A_WEBSOCKET
    assert error.failure.cause is FailureCause.NO_HANDSHAKE
    assert explanation(error.failure).endswith(f"is not a WebSocket handshake: {fault}")
    assert error.report.exchanges[0].status == 101


@pytest.mark.parametrize(
    "headers",
    [
        ("connection: keep-alive, UPGRADE", "upgrade: WebSocket"),
        ("Connection: keep-alive", "Connection: upgrade", "Upgrade: websocket"),
        ("Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Protocol:"),
        ("Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Extensions: ,"),
    ],
)
async def test_an_opening_may_be_written_in_other_ways(headers: tuple[str, ...]) -> None:
    def script(peer: socket.socket) -> None:
        opening = switching(read_request(peer), *headers)
        for line in (b"Upgrade: websocket\r\n", b"Connection: Upgrade\r\n"):
            opening = opening.replace(line, b"", 1)
        peer.sendall(opening)
        wait_for_end(peer)

    with raw_server(script) as server:
        async with connected(f"ws://{LOOPBACK}:{server.port}/") as connection:
            assert connection.report is not None
            assert connection.report.subprotocol == ""


@pytest.mark.parametrize(
    "headers",
    [("Sec-WebSocket-Protocol: unasked",), ("Sec-WebSocket-Extensions: x-unasked",)],
)
async def test_a_subprotocol_or_extension_that_was_not_offered_is_refused(
    headers: tuple[str, ...],
) -> None:
    with raw_server(lambda peer: upgrade(peer, *headers)) as server:
        error = await refusal(f"ws://{LOOPBACK}:{server.port}/")
    assert error.failure.kind is FailureKind.NOT_A_WEBSOCKET


@pytest.mark.parametrize(
    "headers",
    [
        ("Sec-WebSocket-Protocol: a", "Sec-WebSocket-Protocol: b"),
        ("Sec-WebSocket-Protocol: a", "Sec-WebSocket-Protocol: a"),
        ("Sec-WebSocket-Protocol: a, b",),
    ],
)
async def test_a_server_may_choose_one_subprotocol_only(headers: tuple[str, ...]) -> None:
    with raw_server(lambda peer: upgrade(peer, *headers)) as server:
        options = HandshakeOptions(subprotocols=("a", "b"))
        error = await refusal(f"ws://{LOOPBACK}:{server.port}/", options)
    assert explanation(error.failure) == (
        f"The answer of {LOOPBACK}:{server.port} is not a WebSocket handshake: "
        "it chooses more than one subprotocol."
    )


async def test_a_server_that_closes_without_a_response_is_reported() -> None:
    with raw_server(read_request) as server:
        error = await refusal(f"ws://{LOOPBACK}:{server.port}/")
    assert error.failure.kind is FailureKind.LOST
    assert explanation(error.failure) == (
        f"{LOOPBACK}:{server.port} closed the connection without answering the handshake."
    )
    assert "(no answer)" in report_text(error.report)


async def test_a_redirect_is_followed_and_reported(plain_port: int) -> None:
    target = f"ws://{LOOPBACK}:{plain_port}/echo"
    with raw_server(answering(f"HTTP/1.1 302 Found\nLocation: {target}")) as server:
        async with connected(f"ws://{LOOPBACK}:{server.port}/old") as connection:
            assert connection.report is not None
            statuses = [exchange.status for exchange in connection.report.exchanges]
            requests = [exchange.request for exchange in connection.report.exchanges]
    assert statuses == [302, 101]
    assert requests[0].startswith("GET /old HTTP/1.1\n")
    assert requests[1].startswith("GET /echo HTTP/1.1\n")


async def test_a_closed_port_refuses_the_connection() -> None:
    port = free_port()
    error = await refusal(f"ws://{LOOPBACK}:{port}/")
    assert error.failure.kind is FailureKind.REFUSED
    assert explanation(error.failure) == (
        f"Connection refused: no server is listening at {LOOPBACK}:{port}."
    )
    assert error.report.exchanges == ()


async def test_a_name_that_does_not_exist_is_not_found() -> None:
    error = await refusal("ws://nosuchhost.invalid/")
    assert error.failure.kind is FailureKind.NAME_NOT_FOUND
    assert explanation(error.failure) == "Could not find the server “nosuchhost.invalid”."


async def test_a_server_that_never_responds_times_out() -> None:
    with raw_server(wait_for_end) as server:
        error = await refusal(f"ws://{LOOPBACK}:{server.port}/", HandshakeOptions(time_limit=0.2))
        assert error.failure.kind is FailureKind.TIMED_OUT
        assert explanation(error.failure) == (
            f"Timed out after 0.2 s, waiting for {LOOPBACK}:{server.port} to answer the handshake."
        )
        assert error.report.exchanges[0].status == 0


async def test_a_server_that_never_answers_the_tls_handshake_times_out() -> None:
    with raw_server(wait_for_end) as server:
        error = await refusal(f"wss://{LOOPBACK}:{server.port}/", HandshakeOptions(time_limit=0.2))
    assert error.failure.step is HandshakeStep.TLS


async def test_pending_handshakes_do_not_delay_another(plain_port: int) -> None:
    with raw_server(wait_for_end) as server:
        silent = parse(f"ws://{LOOPBACK}:{server.port}/")
        waiting = [
            asyncio.ensure_future(open_stream(silent, HandshakeOptions())) for _ in range(40)
        ]
        await asyncio.sleep(0)
        async with connected(f"ws://{LOOPBACK}:{plain_port}/"):
            assert not any(one.done() for one in waiting)
        for one in waiting:
            one.cancel()
        await asyncio.wait(waiting)


async def test_a_cancelled_handshake_closes_its_socket() -> None:
    ended: list[bytes] = []
    with raw_server(lambda peer: ended.append(wait_for_end(peer))) as server:
        endpoint = parse(f"ws://{LOOPBACK}:{server.port}/")
        attempt = asyncio.ensure_future(open_stream(endpoint, HandshakeOptions(time_limit=60)))
        await eventually(lambda: server.connections)
        attempt.cancel()
        with pytest.raises(asyncio.CancelledError):
            await attempt
        await eventually(lambda: ended)


async def test_the_request_has_the_given_headers_and_offers() -> None:
    requests: list[bytes] = []

    def script(peer: socket.socket) -> None:
        requests.append(read_request(peer))
        peer.sendall(switching(requests[0], "Sec-WebSocket-Protocol: two"))
        wait_for_end(peer)

    options = HandshakeOptions(
        headers=(("X-Token", "t1"), ("Origin", "https://page.example"), ("User-Agent", "mine")),
        subprotocols=("one", "two"),
    )
    with raw_server(script) as server:
        address = f"ws://{LOOPBACK}:{server.port}/a%20b?c=d%2Fe"
        async with connected(address, options=options) as connection:
            assert connection.report is not None
            report = connection.report
    request = requests[0]
    assert request.startswith(b"GET /a%20b?c=d%2Fe HTTP/1.1\r\n")
    assert header(request, "Host") == f"{LOOPBACK}:{server.port}"
    assert header(request, "X-Token") == "t1"
    assert header(request, "Origin") == "https://page.example"
    assert header(request, "User-Agent") == "mine"
    assert header(request, "Sec-WebSocket-Protocol") == "one, two"
    assert header(request, "Sec-WebSocket-Version") == "13"
    assert "permessage-deflate" in (header(request, "Sec-WebSocket-Extensions") or "")
    assert report.subprotocol == "two"
    assert report.remote_address == f"{LOOPBACK}:{server.port}"
    assert report.local_address.startswith(f"{LOOPBACK}:")
    assert report.took(HandshakeStage.TCP) is not None
    assert report.took(HandshakeStage.UPGRADE) is not None
    assert (report.tls, report.took(HandshakeStage.TLS)) == (None, None)
    # The report has the request exactly as it was sent, but for the token.
    sent = request.decode().rstrip().replace("t1", "•••").split("\r\n")
    assert report.exchanges[0].request.split("\n") == sent


async def test_compression_is_not_offered_when_it_is_off() -> None:
    requests: list[bytes] = []

    def script(peer: socket.socket) -> None:
        requests.append(read_request(peer))
        peer.sendall(switching(requests[0]))
        wait_for_end(peer)

    with raw_server(script) as server:
        address = f"ws://{LOOPBACK}:{server.port}/"
        async with connected(address, options=HandshakeOptions(compression=False)):
            pass
    assert header(requests[0], "Sec-WebSocket-Extensions") is None


async def test_a_header_that_would_end_its_line_is_not_sent() -> None:
    options = HandshakeOptions(headers=(("X", "a\r\nY: b"),))
    with (
        raw_server(wait_for_end) as server,
        pytest.raises(ValueError, match="control character"),
    ):
        await open_stream(parse(f"ws://{LOOPBACK}:{server.port}/"), options)
