"""Redirects with real servers: their targets, and the options that are sent to them."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from spacebeam.net.failures import FailureCause, FailureKind
from spacebeam.net.options import HandshakeOptions, TlsOptions, with_api_key
from spacebeam.net.redirect import RedirectError, is_redirect, options_for, target
from spacebeam.net.report import HttpExchange
from spacebeam.protocol.endpoint import parse
from spacebeam.wording.failures import failure_words
from spacebeam.wording.report import report_text
from tests.support.certificates import Authority
from tests.support.clients import connected, refusal
from tests.support.processes import LOOPBACK, free_port
from tests.support.raw_server import (
    Script,
    header,
    raw_server,
    read_request,
    switching,
    wait_for_end,
)

# Cut in the middle, it would not be recognised.
_JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc"
SECRETS = HandshakeOptions(
    headers=(("Authorization", "Bearer t"), ("X-Key", "k"), ("User-Agent", "mine")),
    cookies=(("session", "s"),),
)


class Requests(list[bytes]):
    """The requests that a server received."""

    @property
    def last(self) -> bytes:
        return self[-1]


@contextmanager
def redirecting(location: str | None, status: int = 302) -> Iterator[tuple[int, Requests]]:
    """Run a server that redirects; yield its port and the requests."""
    requests = Requests()

    def script(peer: socket.socket) -> None:
        requests.append(read_request(peer))
        redirect(peer, location, requests.last, status)

    with raw_server(script) as server:
        yield server.port, requests


def redirect(
    peer: socket.socket, location: str | None, request: bytes = b"", status: int = 302
) -> None:
    """Answer a request, which is read unless it is given, with a redirect."""
    if not request:
        read_request(peer)
    lines = [f"HTTP/1.1 {status} Elsewhere", "Content-Length: 0"]
    lines += [f"Location: {location}"] if location is not None else []
    peer.sendall("\r\n".join([*lines, "", ""]).encode(errors="surrogateescape"))


@contextmanager
def welcoming() -> Iterator[tuple[int, Requests]]:
    """Run a server that opens a WebSocket; yield its port and the requests."""
    requests = Requests()

    def script(peer: socket.socket) -> None:
        requests.append(read_request(peer))
        peer.sendall(switching(requests.last))
        wait_for_end(peer)

    with raw_server(script) as server:
        yield server.port, requests


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_followed_and_reported(status: int) -> None:
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


async def test_a_redirect_to_another_host_carries_no_secrets() -> None:
    with welcoming() as (port, requests), redirecting(f"ws://localhost:{port}/") as (first, before):
        async with connected(f"ws://ada:pw@{LOOPBACK}:{first}/", options=SECRETS):
            pass
    assert header(before.last, "X-Key") == "k"
    assert header(before.last, "Cookie") == "session=s"
    for name in ("Authorization", "X-Key", "Cookie"):
        assert header(requests.last, name) is None
    assert header(requests.last, "User-Agent") == "mine"


async def test_an_api_key_in_the_query_is_sent_once_and_is_in_no_reported_url() -> None:
    options = with_api_key(HandshakeOptions(), "key", "s e", in_query=True)
    with (
        welcoming() as (port, requests),
        redirecting(f"http://localhost:{port}/b") as (first, before),
    ):
        async with connected(f"ws://{LOOPBACK}:{first}/a?x=1", options=options) as connection:
            report = connection.report
    assert before.last.startswith(b"GET /a?x=1&key=s%20e HTTP/1.1\r\n")
    assert requests.last.startswith(b"GET /b HTTP/1.1\r\n")
    assert report is not None
    assert "s%20e" not in report.url + "".join(exchange.url for exchange in report.exchanges)
    assert report.exchanges[0].request.startswith("GET /a?x=1&key=••• HTTP/1.1\n")


async def test_an_api_key_in_the_query_is_not_added_to_a_redirect_target() -> None:
    options = with_api_key(HandshakeOptions(), "key", "s", in_query=True)
    with redirecting("/again") as (port, requests):
        await refusal(f"ws://{LOOPBACK}:{port}/", replace(options, max_redirects=1))
    assert [request.partition(b" HTTP")[0] for request in requests] == [
        b"GET /?key=s",
        b"GET /again",
    ]


async def test_an_api_key_of_an_unsent_request_is_not_reported() -> None:
    options = with_api_key(
        HandshakeOptions(headers=(("X-Key", "s3cret"),)), "k", "s3cret", in_query=True
    )
    error = await refusal(f"ws://{LOOPBACK}:{free_port()}/", options)
    assert "s3cret" not in report_text(error.report) + failure_words(error.failure) + repr(
        error.report
    )


async def test_no_redirect_is_followed_when_the_limit_is_zero() -> None:
    with redirecting("/elsewhere") as (port, requests):
        error = await refusal(f"ws://{LOOPBACK}:{port}/", HandshakeOptions(max_redirects=0))
    assert error.failure.kind is FailureKind.HTTP_STATUS
    assert error.failure.cause is FailureCause.REDIRECT_REFUSED
    assert error.failure.detail == f"ws://{LOOPBACK}:{port}/elsewhere"
    assert len(requests) == 1


async def test_a_redirect_to_a_closed_port_reports_that_address() -> None:
    dead = free_port()
    with redirecting(f"ws://{LOOPBACK}:{dead}/") as (port, _requests):
        error = await refusal(f"ws://{LOOPBACK}:{port}/")
    assert error.failure.kind is FailureKind.REFUSED
    assert error.failure.where == f"{LOOPBACK}:{dead}"
    assert [one.status for one in error.report.exchanges] == [302]


async def test_a_redirect_loop_ends_at_the_limit() -> None:
    with redirecting("/again") as (port, requests):
        error = await refusal(f"ws://{LOOPBACK}:{port}/", HandshakeOptions(max_redirects=3))
    assert (error.failure.cause, error.failure.count) == (FailureCause.REDIRECT_LIMIT, 3)
    assert error.failure.detail == f"ws://{LOOPBACK}:{port}/again"
    assert len(requests) == 4


@pytest.mark.parametrize(
    ("location", "shown"),
    [
        (None, ""),
        ("ftp://h/", "ftp://h/"),
        ("http://[/", "http://[/"),
        ("http:/x", "http:/x"),
        ("mailto:a@b", "mailto:a@b"),
        # A server does not choose sockets of this computer.
        ("ws+unix:/run/x.sock:/", "ws+unix:/run/x.sock:/"),
        ("WS+unix://run/x.sock", "WS+unix://run/x.sock"),
        ("wss+unix:///run/x.sock", "wss+unix:///run/x.sock"),
        ("ftp://ada:p@h/?ticket=s3cret", "ftp://h/?ticket=•••"),
        (f"ftp://h/{'a/' * 90}{_JWT}/b", f"ftp://h/{'a/' * 90}•••/b"),
    ],
)
async def test_an_invalid_redirect_target_is_reported(location: str | None, shown: str) -> None:
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
        ("ws://h/a", "HTTP://H:80/c", "ws://h/c"),
        ("wss://h/a", "ws://h", "ws://h/"),
        ("wss://h/a?b", "wss://h?c", "wss://h/?c"),
        # RFC 3986, section 5.4.
        ("ws://a/b/c/d;p?q", "g", "ws://a/b/c/g"),
        ("ws://a/b/c/d;p?q", "./g", "ws://a/b/c/g"),
        ("ws://a/b/c/d;p?q", "g/", "ws://a/b/c/g/"),
        ("ws://a/b/c/d;p?q", "/g", "ws://a/g"),
        ("ws://a/b/c/d;p?q", "//g", "ws://g/"),
        ("ws://a/b/c/d;p?q", "?y", "ws://a/b/c/d;p?y"),
        ("ws://a/b/c/d;p?q", "?", "ws://a/b/c/d;p?"),
        ("ws://a/b/c/d;p?q", "g?y", "ws://a/b/c/g?y"),
        ("ws://a/b/c/d;p?q", "#s", "ws://a/b/c/d;p?q"),
        ("ws://a/b/c/d;p?q", "g?y#s", "ws://a/b/c/g?y"),
        ("ws://a/b/c/d;p?q", ";x", "ws://a/b/c/;x"),
        ("ws://a/b/c/d;p?q", "", "ws://a/b/c/d;p?q"),
        ("ws://a/b/c/d;p?q", ".", "ws://a/b/c/"),
        ("ws://a/b/c/d;p?q", "..", "ws://a/b/"),
        ("ws://a/b/c/d;p?q", "../g", "ws://a/b/g"),
        ("ws://a/b/c/d;p?q", "../..", "ws://a/"),
        ("ws://a/b/c/d;p?q", "../../../g", "ws://a/g"),
        ("ws://a/b/c/d;p?q", "/./g/../h/i/..", "ws://a/h/"),
        ("ws://a/b/c/d;p?q", "g.", "ws://a/b/c/g."),
        ("ws://a/b/c/d;p?q", "g;x=1/../y", "ws://a/b/c/y"),
        ("ws://a/b/c/d;p?q", "g?y/../x", "ws://a/b/c/g?y/../x"),
        ("ws://a/b/c/d;p?q", "//g/a/../b", "ws://g/b"),
        # As it was written.
        ("ws://a/b/../c?q", "", "ws://a/b/../c?q"),
        ("ws://a/b", "http://a/c/../%41%e9%7E/./?%00", "ws://a/c/../%41%e9%7E/./?%00"),
        ("ws://a/b", "/%2e%2e/%41?%zz", "ws://a/%2e%2e/%41?%zz"),
        ("ws://a/b", "/é 日?ü", "ws://a/%C3%A9%20%E6%97%A5?%C3%BC"),
        ("ws://a/b", "/\\evil/", "ws://a/%5Cevil/"),
        ("ws://a/b", "http://straße.de/", "ws://xn--strae-oqa.de/"),
        ("ws://[fe80::1%eth0]/b", "/c", "ws://[fe80::1%25eth0]/c"),
    ],
)
def test_a_location_is_resolved_against_the_request_url(
    address: str, location: str, url: str
) -> None:
    answer = HttpExchange(address, "", f"HTTP/1.1 302 Found\nLocation: {location}", 302)
    assert is_redirect(answer)
    assert target(parse(address), answer).url == url


@pytest.mark.parametrize(
    ("here", "there", "carried"),
    [
        ("ws://h/a", "ws://h/b", True),
        ("ws://h/a", "wss://h/b", True),  # the same server, now with TLS
        ("wss://h/a", "ws://h/b", False),
        ("wss://h/a", "wss://h:8443/b", False),
        ("wss://h/a", "wss://evil/b", False),
        ("wss://h/a", "wss://h.evil/b", False),
        ("ws+unix:/a.sock", "ws+unix:/a.sock:/b", True),
        ("ws+unix:/a.sock", "ws://localhost/b", False),
        ("ws+unix:/a.sock", "wss://localhost/b", False),
    ],
)
def test_only_the_same_server_gets_secrets_after_a_redirect(
    here: str, there: str, carried: bool
) -> None:
    options = options_for(SECRETS, parse(here), parse(there))
    assert (options == SECRETS) is carried


@pytest.mark.parametrize(
    ("location", "user"),
    [
        ("ws://x:y@other/", None),
        ("//x:y@other/", None),
        ("ws://x:y@h@other/", None),
        ("ws://h@other/", None),
        ("ws://h:80#@other/", "ada"),  # the host is before the fragment
        ("ws://x:y@h/", "ada"),
        ("/b", "ada"),
    ],
)
def test_user_and_password_of_a_location_are_ignored(location: str, user: str | None) -> None:
    answer = HttpExchange("", "", f"HTTP/1.1 302 Found\nLocation: {location}", 302)
    found = target(parse("ws://ada:pw@h/"), answer)
    assert (found.user, found.password) == (user, "pw" if user else None)
    assert found.host == ("h" if user else "other")


async def test_bytes_of_a_target_are_sent_encoded() -> None:
    with redirecting("/café?日") as (port, requests):
        await refusal(f"ws://{LOOPBACK}:{port}/", HandshakeOptions(max_redirects=1))
    assert requests.last.startswith(b"GET /caf%C3%A9?%E6%97%A5 HTTP/1.1\r\n")


async def test_an_invalid_target_is_reported_without_its_secrets() -> None:
    with redirecting("http://u:s3cret@h:x/?token=s3cret") as (port, _):
        error = await refusal(f"ws://{LOOPBACK}:{port}/")
    assert error.failure.cause is FailureCause.REDIRECT_TARGET
    assert error.failure.detail.startswith("http://h:x/?token=")
    assert "s3cret" not in error.failure.detail


@pytest.mark.parametrize(
    ("location", "sent_host"),
    [
        ("/b/../c?d", None),
        ("c?d", None),
        ("//localhost/c?d", None),
        ("http://localhost:80/c?d", None),
        ("ws://LOCALHOST/c?d#e", None),
        ("http://App.example:8000/c?d", "app.example:8000"),
    ],
)
async def test_a_redirect_to_the_same_server_stays_on_its_unix_socket(
    tmp_path: Path, location: str, sent_host: str | None
) -> None:
    path, requests = tmp_path / "s", Requests()

    def script(peer: socket.socket) -> None:
        requests.append(read_request(peer))
        if len(requests) == 1:
            head = f"HTTP/1.1 307 There\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n"
            peer.sendall(head.encode())
        else:
            peer.sendall(switching(requests.last))
            wait_for_end(peer)

    host = () if sent_host is None else (("Host", sent_host),)
    options = HandshakeOptions(headers=(*host, ("X-Key", "k")))
    with raw_server(script, path):
        async with connected(f"ws+unix:{path}:/a", options=options) as connection:
            report = connection.report
    assert report is not None
    assert report.url == f"ws+unix:{path}:/c?d"
    assert requests.last.startswith(b"GET /c?d HTTP/1.1\r\n")
    assert header(requests.last, "X-Key") == "k"


async def test_a_redirect_to_another_server_leaves_the_unix_socket(tmp_path: Path) -> None:
    path = tmp_path / "s"
    with welcoming() as (port, requests):
        script = partial(redirect, location=f"http://{LOOPBACK}:{port}/b")
        with raw_server(script, path):
            async with connected(f"ws+unix:{path}:/a", options=SECRETS) as connection:
                report = connection.report
    assert report is not None
    assert report.url == f"ws://{LOOPBACK}:{port}/b"
    assert header(requests.last, "X-Key") is None
    assert header(requests.last, "Host") == f"{LOOPBACK}:{port}"


async def test_no_client_certificate_goes_to_another_server(
    authority: Authority, tmp_path: Path
) -> None:
    own = authority.issue("client.example")
    presented: list[object] = []

    def tls_server(location: str | None) -> Script:
        context = authority.issue().context()
        context.verify_mode = ssl.CERT_OPTIONAL
        context.load_verify_locations(authority.file)

        def script(peer: socket.socket) -> None:
            with context.wrap_socket(peer, server_side=True) as secure:
                request = read_request(secure)
                presented.append(secure.getpeercert())
                if location is not None:
                    redirect(secure, location, request)
                else:
                    secure.sendall(switching(request))
                    wait_for_end(secure)

        return script

    tls = TlsOptions(
        ca_file=str(authority.file),
        certificate_file=str(own.chain),
        key_file=str(own.key),
    )
    with raw_server(tls_server(None)) as second:
        location = f"wss://localhost:{second.port}/"
        with raw_server(tls_server(location)) as first:
            address = f"wss://localhost:{first.port}/"
            async with connected(address, options=HandshakeOptions(tls=tls)):
                pass
    assert [bool(certificate) for certificate in presented] == [True, False]


def test_a_response_without_a_target_is_no_redirect() -> None:
    assert not is_redirect(None)
    assert not is_redirect(HttpExchange("", "", "HTTP/1.1 304 Not Modified", 304))
    with pytest.raises(RedirectError):
        target(parse("ws://h/"), HttpExchange("", "", "HTTP/1.1 302 Found", 302))
