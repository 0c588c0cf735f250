"""Reports and failures of handshakes without secrets, also where a server repeats them."""

from __future__ import annotations

import json
import socket
from base64 import b64encode

import pytest

from spacebeam.net.failures import Failure, FailureCause
from spacebeam.net.options import HandshakeOptions
from spacebeam.net.report import HandshakeReport, HttpExchange
from spacebeam.net.report_json import to_json
from spacebeam.net.report_secrets import without_its_secrets
from tests.support.clients import refusal
from tests.support.processes import LOOPBACK
from tests.support.raw_server import raw_server, read_request, upgrade


def _kept(header: str, names: frozenset[str] = frozenset()) -> str:
    report = HandshakeReport("ws://h/", (HttpExchange("ws://h/", "GET / HTTP/1.1\n" + header),))
    (kept,) = without_its_secrets(
        HandshakeReport(report.url, report.exchanges, secret_names=names)
    ).exchanges
    return kept.request.partition("\n")[2]


@pytest.mark.parametrize(
    ("header", "kept"),
    [
        ("Authorization: Bearer abc", "Authorization: Bearer •••"),
        ("authorization: abc", "authorization: •••"),
        ("Proxy-Authorization:Basic YTpi", "Proxy-Authorization: Basic •••"),
        ("Cookie: a=1; b=2", "Cookie: •••"),
        ("X-Mine: token abc", "X-Mine: token •••"),
        ("X-Plain: abc", "X-Plain: •••"),
        ("Referer: http://h/?sid=1&b=2", "Referer: http://h/?sid=•••&b=2"),
        ("Cookie: ", "Cookie: "),
        ("Sec-WebSocket-Key: abc==", "Sec-WebSocket-Key: abc=="),
        ("Host: h", "Host: h"),
        ("Cookie", "Cookie"),
        ("", ""),
    ],
)
def test_values_of_secret_headers_are_removed(header: str, kept: str) -> None:
    assert _kept(header, frozenset({"x-plain"})) == kept


_OFFERED = "Sec-WebSocket-Protocol: chat.v2, access_token, s3cret, bearer.s3cret"


@pytest.mark.parametrize("agreed", ["chat.v2", "access_token", "s3cret", "bearer.s3cret"])
def test_tokens_are_removed_from_subprotocols_and_others_stay(agreed: str) -> None:
    answer = f"HTTP/1.1 101 Go\nsec-websocket-protocol: {agreed}"
    exchange = HttpExchange("ws://h/", f"GET / HTTP/1.1\n{_OFFERED}", answer, 101)
    kept = without_its_secrets(HandshakeReport("ws://h/", (exchange,), subprotocol=agreed))
    (shown,) = kept.exchanges
    assert "s3cret" not in to_json(kept)
    assert shown.request.endswith("chat.v2, access_token, •••, bearer.•••")
    assert shown.response.endswith(agreed.replace("s3cret", "•••"))
    assert kept.subprotocol == agreed.replace("s3cret", "•••")


def test_secrets_are_removed_from_every_part_of_a_report() -> None:
    said = "?token=s3cret"
    exchange = HttpExchange(
        f"ws://h/{said}",
        f"GET /{said} HTTP/1.1",
        f"HTTP/1.1 302 Go\nSet-Cookie: a=s3cret\nLocation: //ada:s3cret@h/{said}",
        302,
        f"Go to http://ada:s3cret@h/{said}",
    )
    report = HandshakeReport(f"ws://h/{said}", (exchange, exchange))
    kept = to_json(without_its_secrets(report))
    assert "s3cret" not in kept
    assert json.loads(kept)["exchanges"][0]["response"]["status"] == 302


@pytest.mark.parametrize(
    ("request_line", "echo"),
    [
        ("Authorization: Bearer s3cret+/==", "s3cret+/=="),
        ("Authorization: Basic YWRhOnMzY3JldA==", "YWRhOnMzY3JldA=="),
        ("Authorization: Basic YWRhOnMzY3JldA==", "s3cret"),
        ("Authorization: Basic s3cret", "Basic s3cret"),
        ("Cookie: a=1; sid=s3cret", "s3cret"),
        ("X-Plain: s3cret", "s3cret"),
        ("Sec-WebSocket-Protocol: chat, bearer, s3cret", "s3cret"),
        ("Referer: http://h/?b=2&otp=s3cr%65t", "s3cret"),
    ],
)
def test_an_answer_that_repeats_a_secret_of_the_request_is_masked(
    request_line: str, echo: str
) -> None:
    asked, later = (f"GET /a HTTP/1.1\n{one}" for one in (request_line, "Host: h"))
    said = f"HTTP/1.1 401 No\nX-Said: {echo}"
    exchanges = (
        HttpExchange("ws://h/a", asked, said, 401, f"<p>You sent {echo}</p>"),
        HttpExchange("ws://h/b", later, said, 403, f"Before, {echo} was sent"),
    )
    report = HandshakeReport("ws://h/b", exchanges, secret_names=frozenset({"x-plain"}))
    first, second = without_its_secrets(report).exchanges
    for text in (first.response, first.body, second.response, second.body):
        assert echo.rstrip("=") not in text
        assert "•••" in text
    assert first.body.startswith("<p>You sent ")


def test_an_answer_without_secrets_of_the_request_stays_the_same() -> None:
    asked = 'GET /a?token=x HTTP/1.1\nAuthorization: Digest realm="the realm", nonce="abcdefgh"'
    said = 'HTTP/1.1 401 No\nWWW-Authenticate: Digest realm="the realm", nonce="abcdefgh"'
    exchange = HttpExchange("ws://h/a", asked, said, 401, "xylophone of the realm")
    (kept,) = without_its_secrets(HandshakeReport("ws://h/a", (exchange,))).exchanges
    assert (kept.response, kept.body) == (said, exchange.body)


def test_a_report_without_secrets_stays_the_same() -> None:
    head = "GET /?token=x HTTP/1.1\nAuthorization: Bearer a\nCookie: a\n" + _OFFERED
    report = HandshakeReport("ws://h/?token=x", (HttpExchange("ws://ada:p@h/", head),))
    once = without_its_secrets(report)
    assert without_its_secrets(once) == once


def test_writing_a_report_leaves_it_unchanged() -> None:
    report = HandshakeReport(
        "ws://h/?token=x", (HttpExchange("ws://h/", "GET / HTTP/1.1\nCookie: a=b"),)
    )
    assert without_its_secrets(report) != report
    assert report.exchanges[0].request.endswith("Cookie: a=b")


_BASIC = b64encode(b"ada:pass word").decode()


async def _failure(
    answer: str, options: HandshakeOptions | None = None, userinfo: str = ""
) -> Failure:
    """Return the failure of connecting to a server that gives this answer."""

    def script(peer: socket.socket) -> None:
        read_request(peer)
        peer.sendall(f"{answer}\r\nContent-Length: 0\r\n\r\n".encode())

    with raw_server(script) as server:
        return (await refusal(f"ws://{userinfo}{LOOPBACK}:{server.port}/", options)).failure


@pytest.mark.parametrize(
    ("answer", "shown"),
    [
        ("HTTP/1.1 503 No session {}", "503 No session •••"),
        ("HTTP/1.1 302 Go\r\nLocation: ftp://h/a/{}", "ftp://h/a/•••"),
        ("220 {} ESMTP", "220 ••• ESMTP"),
    ],
)
@pytest.mark.parametrize("echo", ["tok/en+1", "tok%2Fen%2b1", r"tok\/en+1"])
async def test_a_failure_does_not_repeat_what_a_server_repeats(
    answer: str, shown: str, echo: str
) -> None:
    options = HandshakeOptions(headers=(("Authorization", "Bearer tok/en+1"),))
    assert (await _failure(answer.format(echo), options)).detail == shown


async def test_a_failure_does_not_repeat_a_password() -> None:
    failure = await _failure(
        f"HTTP/1.1 401 You ada:pass word {_BASIC}", userinfo="ada:pass%20word@"
    )
    assert failure.detail.rstrip("=") == "401 You ada:••• •••"


async def test_a_failure_about_subprotocols_has_no_token() -> None:
    offered = ("chat", "access_token", "s3cret-1")
    with raw_server(lambda peer: upgrade(peer, "Sec-WebSocket-Protocol: x-s3cret-1")) as server:
        options = HandshakeOptions(subprotocols=offered)
        failure = (await refusal(f"ws://{LOOPBACK}:{server.port}/", options)).failure
    assert failure.cause is FailureCause.SUBPROTOCOL
    assert (failure.detail, failure.offered) == ("x-•••", ("chat", "access_token", "•••"))


async def test_the_words_of_a_status_are_bounded() -> None:
    failure = await _failure(f"HTTP/1.1 403 {'r' * 100_000}")
    assert failure.detail == "403 " + 296 * "r"
