"""Cookies with real servers: what they may set, and which of them gets what."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from spacebeam.net.cookie_rules import cookies_for
from spacebeam.net.cookies import Cookie, CookieJar
from spacebeam.net.handshake import HandshakeError, open_stream
from spacebeam.net.options import HandshakeOptions, TlsOptions
from spacebeam.protocol.endpoint import parse
from tests.support.certificates import Authority
from tests.support.clients import connected, refusal
from tests.support.processes import LOOPBACK
from tests.support.raw_server import header, raw_server, read_request, switching, wait_for_end
from tests.support.waiting import eventually

SET = ("Set-Cookie: a=1", "X: y", "set-cookie: b=2; Path=/; HttpOnly")


@contextmanager
def answering(make: Callable[[bytes], bytes], heard: list[str | None]) -> Iterator[int]:
    """A server that notes the Cookie header and answers; gives its port."""

    def script(peer: socket.socket) -> None:
        request = read_request(peer)
        heard.append(header(request, "Cookie"))
        peer.sendall(make(request))
        wait_for_end(peer)

    with raw_server(script) as server:
        yield server.port


def opening(*headers: str) -> Callable[[bytes], bytes]:
    return lambda request: switching(request, *headers)


def refusing(status: str, *headers: str) -> Callable[[bytes], bytes]:
    head = "\r\n".join([f"HTTP/1.1 {status}", "Content-Length: 0", *headers, "", ""])
    return lambda _request: head.encode()


@pytest.mark.parametrize("make", [opening(*SET), refusing("403 No", *SET)], ids=["101", "403"])
async def test_what_a_server_sets_it_gets_back(make: Callable[[bytes], bytes]) -> None:
    heard: list[str | None] = []
    options = HandshakeOptions(cookie_jar=CookieJar())
    with answering(make, heard) as port:
        for _attempt in range(2):
            try:
                async with connected(f"ws://{LOOPBACK}:{port}/", options=options):
                    pass
            except HandshakeError:
                pass
    assert heard[0] is None
    assert sorted((heard[1] or "").split("; ")) == ["a=1", "b=2"]
    assert options.cookie_jar is not None
    assert set(options.cookie_jar.all()) == {
        Cookie("a", "1", LOOPBACK),
        Cookie("b", "2", LOOPBACK, is_http_only=True),
    }


async def test_a_redirect_sets_cookies_too_and_each_host_gets_its_own() -> None:
    first: list[str | None] = []
    second: list[str | None] = []
    jar = CookieJar([Cookie("kept", "here", LOOPBACK), Cookie("kept", "there", "localhost")])
    options = HandshakeOptions(cookie_jar=jar, cookies=(("own", "1"),))
    with answering(opening("Set-Cookie: there=1"), second) as port:
        there = f"Location: ws://localhost:{port}/"
        with answering(refusing("302 Go", there, "Set-Cookie: here=1"), first) as port:
            async with connected(f"ws://{LOOPBACK}:{port}/", options=options):
                pass
            async with connected(f"ws://{LOOPBACK}:{port}/", options=options):
                pass
    assert first == ["own=1; kept=here", "own=1; kept=here; here=1"]
    assert second == ["kept=there", "kept=there; there=1"]


async def test_without_a_jar_a_cookie_lasts_as_long_as_the_handshake() -> None:
    heard: list[str | None] = []

    def make(request: bytes) -> bytes:
        if request.startswith(b"GET /in "):
            return switching(request)
        return refusing("302 Go", "Location: /in", "Set-Cookie: a=1; Path=/")(request)

    with answering(make, heard) as port:
        for _attempt in range(2):
            async with connected(f"ws://{LOOPBACK}:{port}/"):
                pass
    assert heard == [None, "a=1", None, "a=1"]


async def test_a_server_that_asks_who_is_there_gets_its_cookie_with_the_answer() -> None:
    heard: list[str | None] = []

    def script(peer: socket.socket) -> None:
        heard.append(header(read_request(peer), "Cookie"))
        peer.sendall(
            b'HTTP/1.1 401 Who\r\nWWW-Authenticate: Basic realm="r"\r\nSet-Cookie: a=1\r\n'
            b"Content-Length: 0\r\n\r\n"
        )
        request = read_request(peer)
        heard.append(header(request, "Cookie"))
        peer.sendall(switching(request))
        wait_for_end(peer)

    with raw_server(script) as server:
        async with connected(f"ws://ada:pw@{LOOPBACK}:{server.port}/"):
            pass
    assert heard == [None, "a=1"]


async def test_there_is_one_cookie_header_and_what_the_person_says_wins() -> None:
    requests: list[bytes] = []

    def script(peer: socket.socket) -> None:
        requests.append(read_request(peer))
        peer.sendall(switching(requests[-1]))
        wait_for_end(peer)

    jar = CookieJar(Cookie(name, "jar", LOOPBACK) for name in "abc")
    options = HandshakeOptions(
        headers=(("cookie", "a=w"),), cookies=(("b", "own"),), cookie_jar=jar
    )
    with raw_server(script) as server:
        async with connected(f"ws://{LOOPBACK}:{server.port}/", options=options) as connection:
            report = connection.report
    assert requests[0].lower().count(b"cookie:") == 1
    assert header(requests[0], "Cookie") == "a=w; b=own; c=jar"
    assert report is not None
    assert "\nCookie: a=w; b=own; c=jar" in report.exchanges[0].request


async def test_a_server_takes_its_cookie_back() -> None:
    heard: list[str | None] = []
    jar = CookieJar([Cookie("a", "1", LOOPBACK), Cookie("b", "1", LOOPBACK)])
    make = opening("Set-Cookie: a=; Max-Age=0", "Set-Cookie: b=2; Max-Age=60")
    before = time.time()
    with answering(make, heard) as port:
        async with connected(f"ws://{LOOPBACK}:{port}/", options=HandshakeOptions(cookie_jar=jar)):
            pass
    (left,) = jar.all()
    assert (left.name, left.value) == ("b", "2")
    assert left.expires is not None
    assert before + 58 <= left.expires <= time.time() + 61


async def test_a_secure_cookie_is_for_wss_alone(authority: Authority) -> None:
    heard: list[str | None] = []
    context = authority.issue().context()

    def script(peer: socket.socket) -> None:
        with context.wrap_socket(peer, server_side=True) as protected:
            request = read_request(protected)
            heard.append(header(request, "Cookie"))
            protected.sendall(switching(request, "Set-Cookie: s=1; Secure", "Set-Cookie: p=1"))
            wait_for_end(protected)

    jar = CookieJar()
    options = HandshakeOptions(cookie_jar=jar, tls=TlsOptions(ca_file=str(authority.file)))
    with raw_server(script) as server:
        for _attempt in range(2):
            async with connected(f"wss://{LOOPBACK}:{server.port}/", options=options):
                pass
    with answering(opening("Set-Cookie: refused=1; Secure"), heard) as port:
        async with connected(f"ws://{LOOPBACK}:{port}/", options=options):
            pass
    assert heard[0] is None
    assert sorted((heard[1] or "").split("; ")) == ["p=1", "s=1"]
    assert heard[2] == "p=1"
    assert {cookie.name for cookie in jar.all()} == {"p", "s"}


async def test_handshakes_at_the_same_time_do_not_undo_each_other() -> None:
    heard: list[str | None] = []
    jar = CookieJar([Cookie("old", "1", LOOPBACK)])
    options = HandshakeOptions(cookie_jar=jar)

    def make(request: bytes) -> bytes:
        name = request.split(b" ")[1][1:].decode()
        return switching(request, f"Set-Cookie: {name}=1; Path=/")

    with answering(make, heard) as port:
        opened = await asyncio.gather(
            *(open_stream(parse(f"ws://{LOOPBACK}:{port}/{name}"), options) for name in "abcdef")
        )
        jar.remove(Cookie("old", "", LOOPBACK))
        for one in opened:
            one.stream.close(None)
    assert {cookie.name for cookie in jar.all()} == set("abcdef")


async def test_what_was_set_before_the_time_ran_out_is_kept() -> None:
    jar = CookieJar()

    def script(peer: socket.socket) -> None:
        if read_request(peer).startswith(b"GET / "):
            peer.sendall(refusing("302 Go", "Location: /slow", "Set-Cookie: a=1")(b""))
        wait_for_end(peer)

    with raw_server(script) as server:
        await refusal(
            f"ws://{LOOPBACK}:{server.port}/", HandshakeOptions(cookie_jar=jar, time_limit=0.3)
        )
    assert [cookie.name for cookie in jar.all()] == ["a"]


async def test_what_was_set_before_it_was_cancelled_is_kept() -> None:
    jar = CookieJar()
    heard: list[bytes] = []

    def script(peer: socket.socket) -> None:
        heard.append(read_request(peer))
        if heard[-1].startswith(b"GET / "):
            peer.sendall(refusing("302 Go", "Location: /slow", "Set-Cookie: a=1")(b""))
        wait_for_end(peer)

    with raw_server(script) as server:
        endpoint = parse(f"ws://{LOOPBACK}:{server.port}/")
        attempt = asyncio.ensure_future(open_stream(endpoint, HandshakeOptions(cookie_jar=jar)))
        await eventually(lambda: len(heard) == 2)
        attempt.cancel()
        await eventually(jar.all)
    assert [cookie.name for cookie in jar.all()] == ["a"]


def names(jar: CookieJar, address: str) -> list[str]:
    return sorted(cookie.name for cookie in cookies_for(jar, parse(address)))


def test_each_address_gets_what_is_meant_for_it() -> None:
    jar = CookieJar(
        [
            Cookie("host", "", "h.example"),
            Cookie("below", "", ".h.example"),
            Cookie("path", "", "h.example", "/a"),
            Cookie("secure", "", "h.example", is_secure=True),
            Cookie("past", "", "h.example", expires=1),
            Cookie("future", "", "h.example", expires=4_000_000_000),
            Cookie("beyond", "", "h.example", expires=10**17),
            Cookie("chat", "", "chat"),
            Cookie("six", "", "::1"),
        ]
    )
    always = ["below", "beyond", "future", "host"]
    assert names(jar, "ws://h.example/") == always
    assert names(jar, "wss://h.example:8443/a/b") == sorted([*always, "path", "secure"])
    assert names(jar, "ws://h.example/ab") == always
    assert names(jar, "ws://x.h.example/") == ["below"]
    assert names(jar, "ws://evil-h.example/") == []
    assert names(jar, "ws://chat:8000/x") == ["chat"]
    assert names(jar, "ws://chat.example/") == []
    assert names(jar, "ws://[::1]:80/") == ["six"]


@pytest.mark.parametrize(
    ("set_cookie", "kept"),
    [
        ("a=1; Domain=evil.example", False),
        ("a=1; Domain=com", False),
        ("a=" + "x" * 5000, False),
        ("a=1; Path=" + "/x" * 5000, False),
        ("=", None),  # newer versions of libsoup keep none without a name
        ("a=\xff", True),
    ],
)
async def test_a_server_sets_only_what_is_its_own(set_cookie: str, kept: bool | None) -> None:
    heard: list[str | None] = []
    jar = CookieJar()
    options = HandshakeOptions(cookie_jar=jar)
    with answering(opening(f"Set-Cookie: {set_cookie}", "Set-Cookie: good=1"), heard) as port:
        async with connected(f"ws://{LOOPBACK}:{port}/", options=options):
            pass
    assert {cookie.name for cookie in jar.all()} - {"", "a"} == {"good"}
    assert kept in (None, len(jar.all()) == 2)


async def test_a_host_that_is_called_like_a_top_level_domain_keeps_its_cookies() -> None:
    heard: list[str | None] = []
    jar = CookieJar()
    # A container's name is none here; a proxy knows where it leads.
    with answering(opening("Set-Cookie: a=1"), heard) as port, forwarding(port) as proxy:
        options = HandshakeOptions(cookie_jar=jar, proxy=f"http://{LOOPBACK}:{proxy}")
        for _attempt in range(2):
            async with connected("ws://chat:81/", options=options):
                pass
    assert heard == [None, "a=1"]
    assert jar.all() == (Cookie("a", "1", "chat"),)


@contextmanager
def forwarding(port: int) -> Iterator[int]:
    """A proxy that leads to `port` whatever it is asked for."""

    def script(peer: socket.socket) -> None:
        read_request(peer)
        peer.sendall(b"HTTP/1.1 200 Go on\r\n\r\n")
        with socket.create_connection((LOOPBACK, port), 10) as server:
            request = read_request(peer)
            server.sendall(request)
            peer.sendall(read_request(server))
            wait_for_end(peer)

    with raw_server(script) as proxy:
        yield proxy.port
