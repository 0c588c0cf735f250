"""Proxies for ws:// and wss://: squid, and a scripted proxy that records its requests."""

from __future__ import annotations

import base64
import socket
from pathlib import Path

import pytest

from spacebeam.net.failures import FailureKind
from spacebeam.net.options import DIRECT, HandshakeOptions, TlsOptions
from spacebeam.net.request_rules import ProxyError, check_proxy
from spacebeam.net.tunnel import (
    choose,
    resolver_for,
    tunnelled,
    without_credentials,
)
from spacebeam.protocol.endpoint import parse
from spacebeam.wording.report import report_text
from tests.support.certificates import Authority
from tests.support.clients import connected, refusal
from tests.support.processes import LOOPBACK
from tests.support.proxies import squid
from tests.support.raw_server import header, raw_server, read_request, switching, wait_for_end


async def test_ws_goes_through_squid(plain_port: int, tmp_path: Path) -> None:
    with squid(tmp_path) as proxy:
        address = f"ws://{LOOPBACK}:{plain_port}/echo"
        async with connected(address, options=HandshakeOptions(proxy=proxy)) as connection:
            report = connection.report
    assert report is not None
    assert report.proxy == proxy
    assert report.remote_address == proxy.removeprefix("http://")
    assert report.exchanges[-1].request.startswith("GET /echo HTTP/1.1\n")


async def test_wss_goes_through_squid(authority: Authority, tls_port: int, tmp_path: Path) -> None:
    options = TlsOptions(ca_file=str(authority.file))
    with squid(tmp_path) as proxy:
        address = f"wss://localhost:{tls_port}/echo"
        async with connected(
            address, options=HandshakeOptions(proxy=proxy, tls=options)
        ) as connection:
            report = connection.report
    assert report is not None
    assert report.tls is not None
    assert report.proxy == proxy


async def test_proxy_credentials_are_sent_to_the_proxy_only() -> None:
    requests: list[bytes] = []

    def script(peer: socket.socket) -> None:
        requests.append(read_request(peer))
        peer.sendall(b"HTTP/1.1 200 Go on\r\n\r\n")
        requests.append(read_request(peer))
        peer.sendall(switching(requests[-1]))
        wait_for_end(peer)

    with raw_server(script) as server:
        proxy = f"http://ada:p%40ss@{LOOPBACK}:{server.port}"
        async with connected(
            "ws://far.example:81/x", options=HandshakeOptions(proxy=proxy)
        ) as connection:
            report = connection.report
    asked, shaken = requests
    assert asked.startswith(b"CONNECT far.example:81 ")
    expected = base64.b64encode(b"ada:p@ss").decode()
    assert header(asked, "Proxy-Authorization") == f"Basic {expected}"
    assert header(shaken, "Proxy-Authorization") is None
    assert report is not None
    assert report.proxy == f"http://{LOOPBACK}:{server.port}"
    assert "ada" not in report_text(report)


async def test_a_socks5_proxy_gets_credentials() -> None:
    requests: list[bytes] = []

    def script(peer: socket.socket) -> None:
        peer.recv(2 + 255)
        peer.sendall(b"\x05\x02")  # RFC 1929
        requests.append(peer.recv(512))
        peer.sendall(b"\x01\x00")
        requests.append(peer.recv(512))
        peer.sendall(b"\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00")
        request = read_request(peer)
        peer.sendall(switching(request))
        wait_for_end(peer)

    with raw_server(script) as server:
        proxy = f"socks5://ada:word@{LOOPBACK}:{server.port}"
        async with connected("ws://far.example:81/x", options=HandshakeOptions(proxy=proxy)):
            pass
    assert requests[0] == b"\x01\x03ada\x04word"
    assert requests[1] == b"\x05\x01\x00\x03\x0bfar.example" + (81).to_bytes(2, "big")


async def test_the_system_proxy_is_the_default(
    plain_port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with squid(tmp_path) as proxy:
        monkeypatch.setenv("http_proxy", proxy)
        monkeypatch.setenv("no_proxy", "")
        address = f"ws://{LOOPBACK}:{plain_port}/echo"
        async with connected(address) as connection:
            by_system = connection.report
        async with connected(address, options=HandshakeOptions(proxy=DIRECT)) as connection:
            direct = connection.report
    assert by_system is not None
    assert by_system.proxy == proxy
    assert direct is not None
    assert direct.proxy == ""


@pytest.mark.parametrize("proxy", ["ftp://h:1", "h:3128", "http://", "http://h:99999", ""])
async def test_an_invalid_proxy_address_is_refused(proxy: str) -> None:
    with pytest.raises(ProxyError):
        check_proxy(proxy)
    error = await refusal("ws://h/", HandshakeOptions(proxy=proxy))
    assert error.failure.kind is FailureKind.PROXY


def test_a_direct_connection_has_no_resolver() -> None:
    assert resolver_for(None) is None
    assert choose(parse("ws://h/"), DIRECT) is None
    assert choose(parse("ws+unix:/run/a.sock"), "http://h:1") is None


def test_only_http_proxies_are_tunnelled_under_another_name() -> None:
    assert tunnelled("http://h:1") == "spacebeam-tunnel://h:1"
    assert tunnelled("socks5://h:1") == "socks5://h:1"


def test_proxy_credentials_are_not_in_the_repr() -> None:
    assert without_credentials("http://ada:p@ss@h:1") == "http://h:1"
    assert without_credentials("socks5://h:1") == "socks5://h:1"
