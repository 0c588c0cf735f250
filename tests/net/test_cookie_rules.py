"""Cookies with real servers: which are accepted, and which are sent to which server."""

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
def answering(make: Callable[[bytes], bytes], received: list[str | None]) -> Iterator[int]:
    """Run a server that stores each Cookie header; yield its port."""

    def script(peer: socket.socket) -> None:
        request = read_request(peer)
        received.append(header(request, "Cookie"))
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
async def test_a_cookie_is_sent_back_to_the_server_that_set_it(
    make: Callable[[bytes], bytes],
) -> None:
    received: list[str | None] = []
    options = HandshakeOptions(cookie_jar=CookieJar())
    with answering(make, received) as port:
        for _attempt in range(2):
            try:
                async with connected(f"ws://{LOOPBACK}:{port}/", options=options):
                    pass
            except HandshakeError:
                pass
    assert received[0] is None
    assert sorted((received[1] or "").split("; ")) == ["a=1", "b=2"]
    assert options.cookie_jar is not None
    assert set(options.cookie_jar.all()) == {
        Cookie("a", "1", LOOPBACK),
        Cookie("b", "2", LOOPBACK, is_http_only=True),
    }


async def test_a_redirect_sets_cookies_and_each_host_gets_its_own() -> None:
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


async def test_without_a_jar_a_cookie_lasts_for_one_handshake() -> None:
    received: list[str | None] = []

    def make(request: bytes) -> bytes:
        if request.startswith(b"GET /in "):
            return switching(request)
        return refusing("302 Go", "Location: /in", "Set-Cookie: a=1; Path=/")(request)

    with answering(make, received) as port:
        for _attempt in range(2):
            async with connected(f"ws://{LOOPBACK}:{port}/"):
                pass
    assert received == [None, "a=1", None, "a=1"]


async def test_the_request_after_a_401_has_the_cookie_of_the_401() -> None:
    received: list[str | None] = []

    def script(peer: socket.socket) -> None:
        request = read_request(peer)
        received.append(header(request, "Cookie"))
        if len(received) == 1:
            peer.sendall(
                b'HTTP/1.1 401 Who\r\nWWW-Authenticate: Digest realm="r", nonce="n"\r\n'
                b"Set-Cookie: a=1\r\nContent-Length: 0\r\n\r\n"
            )
        else:
            peer.sendall(switching(request))
            wait_for_end(peer)

    with raw_server(script) as server:
        async with connected(f"ws://ada:pw@{LOOPBACK}:{server.port}/"):
            pass
    assert received == [None, "a=1"]


async def test_one_cookie_header_is_sent_and_given_cookies_win() -> None:
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
    assert "\nCookie: •••" in report.exchanges[0].request


async def test_an_expired_cookie_is_removed_and_a_max_age_sets_the_expiry() -> None:
    received: list[str | None] = []
    jar = CookieJar([Cookie("a", "1", LOOPBACK), Cookie("b", "1", LOOPBACK)])
    make = opening("Set-Cookie: a=; Max-Age=0", "Set-Cookie: b=2; Max-Age=60")
    before = time.time()
    with answering(make, received) as port:
        async with connected(f"ws://{LOOPBACK}:{port}/", options=HandshakeOptions(cookie_jar=jar)):
            pass
    (left,) = jar.all()
    assert (left.name, left.value) == ("b", "2")
    assert left.expires is not None
    assert before + 58 <= left.expires <= time.time() + 61


async def test_a_secure_cookie_is_set_and_sent_over_wss_only(authority: Authority) -> None:
    received: list[str | None] = []
    context = authority.issue().context()

    def script(peer: socket.socket) -> None:
        with context.wrap_socket(peer, server_side=True) as protected:
            request = read_request(protected)
            received.append(header(request, "Cookie"))
            protected.sendall(switching(request, "Set-Cookie: s=1; Secure", "Set-Cookie: p=1"))
            wait_for_end(protected)

    jar = CookieJar()
    options = HandshakeOptions(cookie_jar=jar, tls=TlsOptions(ca_file=str(authority.file)))
    with raw_server(script) as server:
        for _attempt in range(2):
            async with connected(f"wss://{LOOPBACK}:{server.port}/", options=options):
                pass
    with answering(opening("Set-Cookie: refused=1; Secure"), received) as port:
        async with connected(f"ws://{LOOPBACK}:{port}/", options=options):
            pass
    assert received[0] is None
    assert sorted((received[1] or "").split("; ")) == ["p=1", "s=1"]
    assert received[2] == "p=1"
    assert {cookie.name for cookie in jar.all()} == {"p", "s"}


async def test_concurrent_handshakes_keep_each_other_s_cookies() -> None:
    received: list[str | None] = []
    jar = CookieJar([Cookie("old", "1", LOOPBACK)])
    options = HandshakeOptions(cookie_jar=jar)

    def make(request: bytes) -> bytes:
        name = request.split(b" ")[1][1:].decode()
        return switching(request, f"Set-Cookie: {name}=1; Path=/")

    with answering(make, received) as port:
        opened = await asyncio.gather(
            *(open_stream(parse(f"ws://{LOOPBACK}:{port}/{name}"), options) for name in "abcdef")
        )
        jar.remove(Cookie("old", "", LOOPBACK))
        for one in opened:
            one.stream.close(None)
    assert {cookie.name for cookie in jar.all()} == set("abcdef")


async def test_a_cookie_set_before_a_timeout_is_saved() -> None:
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


async def test_a_cookie_set_before_a_cancellation_is_saved() -> None:
    jar = CookieJar()
    received: list[bytes] = []

    def script(peer: socket.socket) -> None:
        received.append(read_request(peer))
        if received[-1].startswith(b"GET / "):
            peer.sendall(refusing("302 Go", "Location: /slow", "Set-Cookie: a=1")(b""))
        wait_for_end(peer)

    with raw_server(script) as server:
        endpoint = parse(f"ws://{LOOPBACK}:{server.port}/")
        attempt = asyncio.ensure_future(open_stream(endpoint, HandshakeOptions(cookie_jar=jar)))
        await eventually(lambda: len(received) == 2)
        attempt.cancel()
        await eventually(jar.all)
    assert [cookie.name for cookie in jar.all()] == ["a"]


def names(jar: CookieJar, address: str) -> list[str]:
    return sorted(cookie.name for cookie in cookies_for(jar, parse(address)))


def test_each_address_gets_the_cookies_of_its_host_path_and_scheme() -> None:
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
    ("set_cookie", "is_accepted"),
    [
        ("a=1; Domain=evil.example", False),
        ("a=1; Domain=com", False),
        ("a=" + "x" * 5000, False),
        ("a=1; Path=" + "/x" * 5000, False),
        ("=", None),  # newer versions of libsoup refuse cookies without a name
        ("a=\xff", True),
    ],
)
async def test_a_server_sets_only_valid_cookies_of_its_own_domain(
    set_cookie: str, is_accepted: bool | None
) -> None:
    received: list[str | None] = []
    jar = CookieJar()
    options = HandshakeOptions(cookie_jar=jar)
    with answering(opening(f"Set-Cookie: {set_cookie}", "Set-Cookie: good=1"), received) as port:
        async with connected(f"ws://{LOOPBACK}:{port}/", options=options):
            pass
    assert {cookie.name for cookie in jar.all()} - {"", "a"} == {"good"}
    assert is_accepted in (None, len(jar.all()) == 2)


async def test_a_host_named_like_a_top_level_domain_has_cookies() -> None:
    received: list[str | None] = []
    jar = CookieJar()
    # Only the proxy can resolve the name, as with a container's.
    with answering(opening("Set-Cookie: a=1"), received) as port, forwarding(port) as proxy:
        options = HandshakeOptions(cookie_jar=jar, proxy=f"http://{LOOPBACK}:{proxy}")
        for _attempt in range(2):
            async with connected("ws://chat:81/", options=options):
                pass
    assert received == [None, "a=1"]
    assert jar.all() == (Cookie("a", "1", "chat"),)


@contextmanager
def forwarding(port: int) -> Iterator[int]:
    """Run a proxy that connects every request to `port`; yield its port."""

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
