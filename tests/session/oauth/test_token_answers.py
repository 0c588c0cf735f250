"""Odd answers of the token endpoint: what is granted, what is told, and that nothing leaks."""

from __future__ import annotations

import math
import socket
from base64 import b64encode
from dataclasses import replace
from urllib.parse import parse_qs

import pytest

from spacebeam.net.failures import FailureCause
from spacebeam.net.handshake import HandshakeError
from spacebeam.net.options import HandshakeOptions
from spacebeam.session.oauth.oauth import OAuth
from tests.session.oauth.answers import TOKEN, answering, client, json_answer, refused, token
from tests.support.raw_server import raw_server, read_request


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>not found</html>",
        b"[]",
        b'"text"',
        b"null",
        b"{",
        b"[" * 60_000,
        {},
        {"access_token": None},
        {"access_token": 7},
        {"access_token": ""},
        {"access_token": "a\r\nX-Evil: 1"},
        {"access_token": "\N{SNOWMAN}"},
        {"access_token": "x" * 20_000},
        {"access_token": "a", "token_type": "Bearer", "refresh_token": ["x"]},
        {"access_token": "a", "token_type": "Bearer", "refresh_token": "a\nb"},
        {"access_token": "a", "token_type": "Bearer", "filler": "x" * 100_000},
    ],
)
async def test_an_answer_that_is_no_token_is_told(body: object) -> None:
    with answering(json_answer(body)) as (url, _server):
        error = await refused(client(url))
    assert error.failure.cause is FailureCause.OAUTH_ANSWER


@pytest.mark.parametrize(
    "lifetime", [0, -1, "soon", None, True, 1e300, math.inf, math.nan, {"a": 1}, 3600.5, "3600"]
)
async def test_an_odd_lifetime_does_no_harm(lifetime: object) -> None:
    with answering(json_answer({**TOKEN, "expires_in": lifetime})) as (url, _server):
        assert await token(client(url)) == "granted"


async def test_an_odd_lifetime_in_a_form_is_told() -> None:
    form = b"access_token=granted&token_type=Bearer&expires_in=1e999"
    with answering(json_answer(form)) as (url, _server):
        assert (await refused(client(url))).failure.cause is FailureCause.OAUTH_ANSWER


@pytest.mark.parametrize("name", ["grant_type", "url", "options", "body", "self", "scope"])
async def test_a_parameter_of_any_name_is_sent(name: str) -> None:
    asked: list[str] = []

    def script(peer: socket.socket) -> None:
        asked.append(read_request(peer).decode() + peer.recv(4096).decode())
        peer.sendall(json_answer(TOKEN))

    with raw_server(script) as server:
        settings = replace(client(f"http://127.0.0.1:{server.port}"), extra=f"{name}=mine")
        assert await token(settings) == "granted"
    assert parse_qs(asked[0].rpartition("\r\n")[2])[name] == ["mine"]


async def test_a_token_is_in_no_report_of_a_stalled_answer() -> None:
    def script(peer: socket.socket) -> None:
        read_request(peer)
        peer.sendall(json_answer(TOKEN).replace(b"Content-Length: ", b"Content-Length: 9"))
        while peer.recv(4096):  # until the client gives up
            pass

    with raw_server(script) as server:
        settings = client(f"http://127.0.0.1:{server.port}")
        with pytest.raises(HandshakeError) as caught:
            await OAuth().token(settings, HandshakeOptions(time_limit=0.5), None)
    assert caught.value.failure.cause is FailureCause.TIME_LIMIT
    assert "granted" not in repr(caught.value.report)


async def test_the_words_of_a_refusal_are_bounded() -> None:
    error = {"error": "invalid_request", "error_description": "x" * 50_000}
    with answering(json_answer(error, "400 Bad Request")) as (url, _server):
        caught = await refused(client(url))
    assert caught.failure.cause is FailureCause.OAUTH_REFUSED
    assert len(caught.failure.detail) <= 300


async def test_the_words_of_a_refusal_are_one_line_without_our_secret() -> None:
    error = {"error": "invalid_client", "error_description": "secret SEKRET77 is\nspacebeam: wrong"}
    with answering(json_answer(error, "401 Unauthorized")) as (url, _server):
        caught = await refused(replace(client(url), client_secret="SEKRET77"))
    assert caught.failure.detail == "invalid_client: secret ••• is spacebeam: wrong"


@pytest.mark.parametrize(
    "echo",
    [
        "SEK RET/ü7",
        "SEK+RET%2F%C3%BC7",
        r"SEK RET\/\u00fc7",
        b64encode(b"c:SEK+RET%2F%C3%BC7").decode(),
        "ASSERTED",
    ],
)
async def test_a_refusal_repeats_no_form_of_a_secret(echo: str) -> None:
    error = {"error": "invalid_client", "error_description": f"you sent ({echo})"}
    with answering(json_answer(error, "401 Unauthorized")) as (url, _server):
        settings = replace(client(url), client_secret="SEK RET/ü7", extra="assertion=ASSERTED")
        caught = await refused(settings)
    assert caught.failure.detail == "invalid_client: you sent (•••)"


async def test_a_redirect_is_not_followed_with_the_secret() -> None:
    with answering(json_answer(TOKEN)) as (other, other_server):
        head = f"HTTP/1.1 307 Elsewhere\r\nLocation: {other}/token\r\nContent-Length: 0\r\n\r\n"
        with answering(head.encode()) as (url, _server):
            error = await refused(client(url))
        assert error.failure.cause is FailureCause.OAUTH_ANSWER
        assert other_server.connections == 0
