"""Redirects with real servers: where they lead, and what is carried along."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from spacebeam.net.failures import FailureCause, FailureKind
from spacebeam.net.options import HandshakeOptions, with_api_key
from spacebeam.net.redirect import RedirectError, is_redirect, options_for, target
from spacebeam.net.report import HttpExchange
from spacebeam.protocol.endpoint import parse
from spacebeam.wording.failures import failure_words
from spacebeam.wording.report import report_text
from tests.support.clients import connected, refusal
from tests.support.processes import LOOPBACK, free_port
from tests.support.raw_server import header, raw_server, read_request, switching, wait_for_end

SECRETS = HandshakeOptions(
    headers=(("Authorization", "Bearer t"), ("X-Key", "k"), ("User-Agent", "mine")),
    cookies=(("session", "s"),),
)


class Heard(list[bytes]):
    """The requests that a server got."""

    @property
    def last(self) -> bytes:
        return self[-1]


@contextmanager
def redirecting(location: str | None, status: int = 302) -> Iterator[tuple[int, Heard]]:
    """A server that leads elsewhere."""
    heard = Heard()

    def script(peer: socket.socket) -> None:
        heard.append(read_request(peer))
        lines = [f"HTTP/1.1 {status} Elsewhere", "Content-Length: 0"]
        lines += [f"Location: {location}"] if location is not None else []
        peer.sendall("\r\n".join([*lines, "", ""]).encode())

    with raw_server(script) as server:
        yield server.port, heard


@contextmanager
def welcoming() -> Iterator[tuple[int, Heard]]:
    """A server that opens a WebSocket."""
    heard = Heard()

    def script(peer: socket.socket) -> None:
        heard.append(read_request(peer))
        peer.sendall(switching(heard.last))
        wait_for_end(peer)

    with raw_server(script) as server:
        yield server.port, heard


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_followed_and_told(status: int) -> None:
    with welcoming() as (port, _), redirecting(f"http://{LOOPBACK}:{port}/b?c=1", status) as first:
        async with connected(f"ws://{LOOPBACK}:{first[0]}/a") as connection:
            report = connection.report
    assert report is not None
    assert [exchange.status for exchange in report.exchanges] == [status, 101]
    assert report.url == f"ws://{LOOPBACK}:{port}/b?c=1"
    assert [exchange.url for exchange in report.exchanges] == [
        f"ws://{LOOPBACK}:{first[0]}/a",
        report.url,
    ]


async def test_another_host_gets_nothing_secret() -> None:
    with welcoming() as (port, heard), redirecting(f"ws://localhost:{port}/") as (first, before):
        async with connected(f"ws://ada:pw@{LOOPBACK}:{first}/", options=SECRETS):
            pass
    assert header(before.last, "X-Key") == "k"
    assert header(before.last, "Cookie") == "session=s"
    for name in ("Authorization", "X-Key", "Cookie"):
        assert header(heard.last, name) is None
    assert header(heard.last, "User-Agent") == "mine"


async def test_a_key_in_the_query_is_told_to_the_first_server_alone_and_is_in_no_address() -> None:
    options = with_api_key(HandshakeOptions(), "key", "s e", in_query=True)
    with welcoming() as (port, heard), redirecting(f"http://localhost:{port}/b") as (first, before):
        async with connected(f"ws://{LOOPBACK}:{first}/a?x=1", options=options) as connection:
            report = connection.report
    assert before.last.startswith(b"GET /a?x=1&key=s%20e HTTP/1.1\r\n")
    assert heard.last.startswith(b"GET /b HTTP/1.1\r\n")
    assert report is not None
    assert "s%20e" not in report.url + "".join(exchange.url for exchange in report.exchanges)
    assert report.exchanges[0].request.startswith("GET /a?x=1&key=s%20e HTTP/1.1\n")


async def test_a_key_in_the_query_is_not_added_to_what_the_server_names_itself() -> None:
    options = with_api_key(HandshakeOptions(), "key", "s", in_query=True)
    with redirecting("/again") as (port, heard):
        await refusal(f"ws://{LOOPBACK}:{port}/", replace(options, max_redirects=1))
    assert [request.partition(b" HTTP")[0] for request in heard] == [
        b"GET /?key=s",
        b"GET /again",
    ]


async def test_a_key_of_a_request_that_was_not_sent_is_told_nowhere() -> None:
    options = with_api_key(
        HandshakeOptions(headers=(("X-Key", "s3cret"),)), "k", "s3cret", in_query=True
    )
    error = await refusal(f"ws://{LOOPBACK}:{free_port()}/", options)
    assert "s3cret" not in report_text(error.report) + failure_words(error.failure) + repr(
        error.report
    )


async def test_redirects_are_not_followed_when_told_so() -> None:
    with redirecting("/elsewhere") as (port, heard):
        error = await refusal(f"ws://{LOOPBACK}:{port}/", HandshakeOptions(max_redirects=0))
    assert error.failure.kind is FailureKind.HTTP_STATUS
    assert error.failure.cause is FailureCause.REDIRECT_REFUSED
    assert len(heard) == 1


async def test_a_redirect_to_a_dead_server_says_that_it_is_dead() -> None:
    dead = free_port()
    with redirecting(f"ws://{LOOPBACK}:{dead}/") as (port, _heard):
        error = await refusal(f"ws://{LOOPBACK}:{port}/")
    assert error.failure.kind is FailureKind.REFUSED
    assert error.failure.where == f"{LOOPBACK}:{dead}"
    assert [one.status for one in error.report.exchanges] == [302]


async def test_a_circle_of_redirects_ends() -> None:
    with redirecting("/again") as (port, heard):
        error = await refusal(f"ws://{LOOPBACK}:{port}/", HandshakeOptions(max_redirects=3))
    assert error.failure.count == 3
    assert len(heard) == 4


@pytest.mark.parametrize(
    ("location", "shown"),
    [
        (None, ""),
        ("ftp://h/", "ftp://h/"),
        ("http://[/", "http://[/"),
    ],
)
async def test_a_redirect_to_nowhere_is_told(location: str | None, shown: str) -> None:
    with redirecting(location) as (port, _):
        error = await refusal(f"ws://{LOOPBACK}:{port}/")
    assert (error.failure.cause, error.failure.detail) == (FailureCause.REDIRECT_TARGET, shown)


@pytest.mark.parametrize(
    ("address", "location", "url"),
    [
        ("ws://h/a/b", "c?d=e", "ws://h/a/c?d=e"),
        ("ws://h/a/b", "/c", "ws://h/c"),
        ("wss://h/a", "//other/c", "wss://other/c"),
        ("ws://h/a", "https://h/c", "wss://h/c"),
        ("wss://h:8443/a", "/c", "wss://h:8443/c"),
    ],
)
def test_a_location_is_read_from_where_it_was_given(address: str, location: str, url: str) -> None:
    answer = HttpExchange(address, "", f"HTTP/1.1 302 Found\nLocation: {location}", 302)
    assert is_redirect(answer)
    assert target(parse(address), answer).url == url


@pytest.mark.parametrize(
    ("here", "there", "carried"),
    [
        ("ws://h/a", "ws://h/b", True),
        ("ws://h/a", "wss://h/b", True),  # the same server, better protected
        ("wss://h/a", "ws://h/b", False),
        ("wss://h/a", "wss://h:8443/b", False),
        ("wss://h/a", "wss://evil/b", False),
        ("wss://h/a", "wss://h.evil/b", False),
    ],
)
def test_only_the_same_server_is_told_secrets_again(here: str, there: str, carried: bool) -> None:
    options = options_for(SECRETS, parse(here), parse(there))
    assert (options == SECRETS) is carried


def test_user_and_password_stay_with_their_host() -> None:
    answer = HttpExchange("", "", "HTTP/1.1 302 Found\nLocation: ws://x:y@other/", 302)
    found = target(parse("ws://ada:pw@h/"), answer)
    assert (found.user, found.password) == (None, None)


def test_an_answer_that_leads_nowhere_is_no_redirect() -> None:
    assert not is_redirect(None)
    assert not is_redirect(HttpExchange("", "", "HTTP/1.1 304 Not Modified", 304))
    with pytest.raises(RedirectError):
        target(parse("ws://h/"), HttpExchange("", "", "HTTP/1.1 302 Found", 302))
