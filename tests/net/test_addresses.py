"""Addresses on the wire: a server gets path, query and host as they were written."""

from __future__ import annotations

import random
import socket
import string
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from spacebeam.net.options import HandshakeOptions, TlsOptions, with_api_key
from tests.support.certificates import Authority
from tests.support.clients import connected, refusal
from tests.support.processes import LOOPBACK
from tests.support.raw_server import (
    RawServer,
    header,
    raw_server,
    read_request,
    switching,
    wait_for_end,
)

AS_WRITTEN = (
    "/",
    "/?",
    "/?info_hash=%12%34%AB",
    "/caf%E9",
    "/%00",
    "/%41%7e%2f/a/%2e%2e/b?s=%61",
    "/a/../b/./c/..?d=../e",
    "//a//b",
    "/%e2%82%AC%ff%C3",
    "/a;b=c,d/(e)/$f!g*h'i@j:k?l/m?n=o'p&q=[r]|^`{}\\",
    "/100%?50%&%zz",
    "/?a=1&a=2&&=&b",
)
ENCODED = (
    ("/a b?c d", "/a%20b?c%20d"),
    ("/é/日本?ü", "/%C3%A9/%E6%97%A5%E6%9C%AC?%C3%BC"),
    ('/"<>^`{}?"<>', "/%22%3C%3E%5E%60%7B%7D?%22%3C%3E"),
)
CERTIFIED = ("xn--strae-oqa.de", "strasse.de", "*.shop.example")
RESOURCES = [*((one, one) for one in AS_WRITTEN), *ENCODED]


class Requests(list[bytes]):
    """The requests that a server received."""

    @property
    def targets(self) -> list[str]:
        """The request targets of the GET requests (RFC 9112, section 3.2)."""
        lines = [request.partition(b"\r\n")[0].decode("latin-1") for request in self]
        return [line.split(" ", 1)[1].removesuffix(" HTTP/1.1") for line in lines if "GET" in line]


@contextmanager
def recording(path: Path | None = None) -> Iterator[tuple[RawServer, Requests]]:
    """Run a server, or a proxy to one, that refuses; yield it and the requests."""
    requests = Requests()

    def script(peer: socket.socket) -> None:
        requests.append(read_request(peer))
        if requests[-1].startswith(b"CONNECT"):
            peer.sendall(b"HTTP/1.1 200 Go on\r\n\r\n")
            requests.append(read_request(peer))
        peer.sendall(b"HTTP/1.1 403 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

    with raw_server(script, path) as server:
        yield server, requests


async def test_a_server_gets_path_and_query_as_they_were_written() -> None:
    with recording() as (server, requests):
        for written, _sent in RESOURCES:
            error = await refusal(f"ws://{LOOPBACK}:{server.port}{written}")
            line = requests[-1].decode().partition("\r\n")[0]
            assert error.report.exchanges[0].request.startswith(f"{line}\n")
    assert requests.targets == [sent for _written, sent in RESOURCES]


async def test_a_secret_query_changes_nothing_before_it() -> None:
    options = with_api_key(HandshakeOptions(), "k%", "s e", in_query=True)
    with recording() as (server, requests):
        for written, _sent in RESOURCES:
            await refusal(f"ws://{LOOPBACK}:{server.port}{written}", options)
    for target, (_written, sent) in zip(requests.targets, RESOURCES, strict=True):
        between = "" if sent.endswith("?") else "&" if "?" in sent else "?"
        assert target == f"{sent}{between}k%25=s%20e"


async def test_a_unix_socket_gets_path_and_query_as_they_were_written(tmp_path: Path) -> None:
    path = tmp_path / "s"
    with recording(path) as (_server, requests):
        for written, _sent in RESOURCES:
            await refusal(f"ws+unix:{path}:{written}")
    assert requests.targets == [sent for _written, sent in RESOURCES]
    assert header(requests[0], "Host") == "localhost"


async def test_path_and_query_go_through_a_proxy_as_they_were_written() -> None:
    with recording() as (server, requests):
        options = HandshakeOptions(proxy=f"http://{LOOPBACK}:{server.port}")
        for written, _sent in RESOURCES:
            await refusal(f"ws://far.example:81{written}", options)
    assert requests.targets == [sent for _written, sent in RESOURCES]
    assert header(requests[1], "Host") == "far.example:81"


async def test_the_system_is_asked_for_a_proxy_for_any_address(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with recording() as (server, requests):
        monkeypatch.setenv("http_proxy", f"http://{LOOPBACK}:{server.port}")
        monkeypatch.setenv("no_proxy", "")
        for written, _sent in RESOURCES:
            await refusal(f"ws://far.example:81{written}")
    assert requests.targets == [sent for _written, sent in RESOURCES]


async def test_any_valid_path_and_query_are_sent_unchanged() -> None:
    source = random.Random(3986)
    characters = [*string.ascii_letters, *string.digits, *"-._~!$&'()*+,;=:@/"]
    escapes = [f"%{byte:02{case}}" for byte in range(256) for case in "xX"]
    with recording() as (server, requests):
        sent = []
        for _ in range(40):
            path = "".join(source.choices(characters, k=30) + source.choices(escapes, k=30))
            query = "".join(source.choices([*characters, "?", *escapes], k=60))
            sent.append(f"/{path}?{query}")
            await refusal(f"ws://{LOOPBACK}:{server.port}{sent[-1]}")
    assert requests.targets == sent


@pytest.mark.parametrize(
    ("written", "host"),
    [
        ("straße.de", "xn--strae-oqa.de"),
        ("STRASSE。de", "strasse.de"),
        ("xn--strae-oqa.de", "xn--strae-oqa.de"),
        ("i❤.shop.example", "xn--i-7iq.shop.example"),
        ("my_host.shop.example", "my_host.shop.example"),
        ("-a!.shop.example", "-a!.shop.example"),
    ],
)
async def test_host_header_proxy_tls_and_certificate_have_one_name(
    authority: Authority, written: str, host: str
) -> None:
    context = authority.issue(*CERTIFIED).context()
    names: list[str | None] = []
    context.sni_callback = lambda _socket, name, _context: names.append(name)
    requests: list[bytes] = []

    def script(peer: socket.socket) -> None:
        requests.append(read_request(peer))
        peer.sendall(b"HTTP/1.1 200 Go on\r\n\r\n")
        with context.wrap_socket(peer, server_side=True) as secure:
            requests.append(read_request(secure))
            secure.sendall(switching(requests[-1]))
            wait_for_end(secure)

    with raw_server(script) as server:
        options = HandshakeOptions(
            proxy=f"http://{LOOPBACK}:{server.port}", tls=TlsOptions(ca_file=str(authority.file))
        )
        async with connected(f"wss://{written}/", options=options):
            pass
    assert requests[0].startswith(f"CONNECT {host}:443 ".encode())
    assert header(requests[1], "Host") == host
    assert names == [host]


@pytest.mark.parametrize("is_proxied", [False, True])
async def test_tls_with_an_ip_address_sends_no_name_and_checks_the_certificate(
    authority: Authority, is_proxied: bool
) -> None:
    context = authority.issue(LOOPBACK).context()
    names: list[str | None] = []
    context.sni_callback = lambda _socket, name, _context: names.append(name)

    def script(peer: socket.socket) -> None:
        if is_proxied:
            read_request(peer)
            peer.sendall(b"HTTP/1.1 200 Go on\r\n\r\n")
        with context.wrap_socket(peer, server_side=True) as secure:
            secure.sendall(switching(read_request(secure)))
            wait_for_end(secure)

    with raw_server(script) as server:
        options = HandshakeOptions(
            proxy=f"http://{LOOPBACK}:{server.port}" if is_proxied else None,
            tls=TlsOptions(ca_file=str(authority.file)),
        )
        async with connected(f"wss://{LOOPBACK}:{server.port}/", options=options):
            pass
    assert names == [None]


async def test_a_certificate_of_the_name_of_2003_is_refused(authority: Authority) -> None:
    context = authority.issue("strasse.de").context()

    def script(peer: socket.socket) -> None:
        read_request(peer)
        peer.sendall(b"HTTP/1.1 200 Go on\r\n\r\n")
        with context.wrap_socket(peer, server_side=True) as secure:
            wait_for_end(secure)

    with raw_server(script) as server:
        options = HandshakeOptions(
            proxy=f"http://{LOOPBACK}:{server.port}", tls=TlsOptions(ca_file=str(authority.file))
        )
        error = await refusal("wss://straße.de/", options)
    assert [fault.value for fault in error.failure.faults] == ["wrong-name"]
