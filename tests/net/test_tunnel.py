"""Proxies for ws:// and wss://: squid, and a scripted proxy that records its requests."""

from __future__ import annotations

import base64
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from gi.repository import Gio

from spacebeam.net.certificates import authorities
from spacebeam.net.failures import FailureCause, FailureKind
from spacebeam.net.options import DIRECT, HandshakeOptions, TlsOptions
from spacebeam.net.proxy import SYSTEM, Proxy
from spacebeam.net.request_rules import ProxyError, check_proxy
from spacebeam.net.stages import HandshakeStage
from spacebeam.net.tunnel import choose, for_glib
from spacebeam.protocol.endpoint import parse
from spacebeam.wording.failures import explanation
from spacebeam.wording.report import report_text
from tests.support.certificates import Authority
from tests.support.clients import connected, refusal
from tests.support.entries import Sink
from tests.support.processes import LOOPBACK, free_port
from tests.support.proxies import microsocks, squid, tinyproxy
from tests.support.raw_server import (
    answer,
    header,
    raw_server,
    read_request,
    switching,
    wait_for_end,
)
from tests.support.waiting import eventually


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


@pytest.mark.parametrize(
    "proxy",
    ["ftp://h:1", "h:3128", "http://", "http://h:99999", "http://u:\udce9@h:1", "\udce9", ""],
)
async def test_an_invalid_proxy_address_is_refused(proxy: str) -> None:
    with pytest.raises(ProxyError):
        check_proxy(proxy)
    error = await refusal("ws://h/", HandshakeOptions(proxy=proxy))
    assert error.failure.kind is FailureKind.PROXY


def test_a_direct_connection_and_a_unix_socket_have_no_proxy() -> None:
    assert choose(parse("ws://h/"), DIRECT) is None
    assert choose(parse("ws+unix:/run/a.sock"), "http://h:1") is None


@pytest.mark.parametrize(
    ("proxy", "passed_on"),
    [
        ("http://h:1", "http://h:1"),
        ("HTTP://u:p@h:1/", "http://u:p@h:1"),
        ("https://h", "https://h:443"),
        ("http://[::1]", "http://[::1]:1080"),
        ("socks5://h:1", "socks5://h:1"),
        ("socks5h://h", "socks5://h:1080"),
    ],
)
def test_glib_gets_proxies_with_a_scheme_that_it_knows_and_a_port(
    proxy: str, passed_on: str
) -> None:
    assert for_glib(Proxy(proxy)) == passed_on


@pytest.mark.parametrize("scheme", ["socks5", "socks5h", "socks"])
async def test_ws_goes_through_a_socks_server(plain_port: int, tmp_path: Path, scheme: str) -> None:
    with microsocks(tmp_path) as place:
        options = HandshakeOptions(proxy=f"{scheme}://{place}")
        async with connected(f"ws://{LOOPBACK}:{plain_port}/echo", options=options) as connection:
            report = connection.report
    assert report is not None
    assert report.proxy == f"{scheme}://{place}"
    assert report.remote_address == place


async def test_a_socks_server_that_requires_a_password_gets_it(
    plain_port: int, tmp_path: Path
) -> None:
    address = f"ws://{LOOPBACK}:{plain_port}/echo"
    with microsocks(tmp_path, "ada", "p@ss") as place:
        async with connected(
            address, options=HandshakeOptions(proxy=f"socks5://ada:p%40ss@{place}")
        ):
            pass
        for credentials, cause in (
            ("", FailureCause.PROXY_SIGN_IN_REQUIRED),
            ("ada:no@", FailureCause.PROXY_SIGN_IN_REFUSED),
        ):
            proxy = f"socks5h://{credentials}{place}"
            failure = (await refusal(address, HandshakeOptions(proxy=proxy))).failure
            assert (failure.cause, failure.proxy, failure.status) == (cause, place, 0)


async def test_a_server_that_a_socks_server_cannot_reach_is_not_blamed_on_this_computer(
    tmp_path: Path,
) -> None:
    with microsocks(tmp_path) as place:
        address = f"ws://{LOOPBACK}:{free_port()}/"
        failure = (await refusal(address, HandshakeOptions(proxy=f"socks5://{place}"))).failure
    assert failure.cause is FailureCause.PROXY_FAILED
    assert explanation(failure).startswith(f"The proxy {place} could not connect to {LOOPBACK}:")


@pytest.mark.parametrize(
    ("scheme", "asked"),
    [
        ("socks4", b"\x04\x01\x00\x51\x7f\x00\x00\x01ada\x00"),
        ("socks4a", b"\x04\x01\x00\x51\x00\x00\x00\x01ada\x00localhost\x00"),
    ],
)
async def test_a_socks4_proxy_gets_the_user(scheme: str, asked: bytes) -> None:
    requests: list[bytes] = []

    def script(peer: socket.socket) -> None:
        requests.append(peer.recv(512))
        peer.sendall(b"\x00\x5a" + bytes(6))
        peer.sendall(switching(read_request(peer)))
        wait_for_end(peer)

    with raw_server(script) as server:
        options = HandshakeOptions(proxy=f"{scheme}://ada@{LOOPBACK}:{server.port}")
        async with connected("ws://localhost:81/x", options=options):
            pass
    assert [one for one in requests if one] == [asked]  # GLib tries IPv6 first, in vain


async def test_tinyproxy_refuses_a_wrong_password_with_its_status(
    plain_port: int, tmp_path: Path
) -> None:
    address = f"ws://{LOOPBACK}:{plain_port}/echo"
    with tinyproxy(tmp_path, "ada", "secret") as proxy:
        place = proxy.removeprefix("http://")
        async with connected(address, options=HandshakeOptions(proxy=f"http://ada:secret@{place}")):
            pass
        for credentials, cause in (
            ("", FailureCause.PROXY_SIGN_IN_REQUIRED),
            ("ada:wrong@", FailureCause.PROXY_SIGN_IN_REFUSED),
        ):
            options = HandshakeOptions(proxy=f"http://{credentials}{place}")
            error = await refusal(address, options)
            assert (error.failure.cause, error.failure.proxy) == (cause, place)
            assert error.report.proxy_status == error.failure.status
            assert error.failure.status in (401, 407)
            assert f"(HTTP status {error.failure.status})" in explanation(error.failure)


async def test_squid_refuses_with_its_status(tmp_path: Path) -> None:
    with squid(tmp_path, verdict="deny") as proxy:
        error = await refusal("ws://far.example/", HandshakeOptions(proxy=proxy))
    assert error.failure.cause is FailureCause.PROXY_NOT_ALLOWED
    assert (error.failure.status, error.report.proxy_status) == (403, 403)


async def test_a_server_that_squid_cannot_reach_is_told_with_squids_status(tmp_path: Path) -> None:
    with squid(tmp_path) as proxy:
        address = f"ws://{LOOPBACK}:{free_port()}/"
        error = await refusal(address, HandshakeOptions(proxy=proxy))
    assert error.failure.cause is FailureCause.PROXY_FAILED
    assert error.report.proxy_status == 503
    assert "HTTP status 503 Service Unavailable." in explanation(error.failure)


@pytest.mark.parametrize(
    ("status", "cause"),
    [
        ("407 Who", FailureCause.PROXY_SIGN_IN_REQUIRED),
        ("401 Who", FailureCause.PROXY_SIGN_IN_REQUIRED),
        ("403 No", FailureCause.PROXY_NOT_ALLOWED),
        ("302 Elsewhere", FailureCause.PROXY_FAILED),
        ("599 Odd", FailureCause.PROXY_FAILED),
    ],
)
async def test_a_refused_connect_has_a_status(status: str, cause: FailureCause) -> None:
    with raw_server(lambda peer: answer(peer, f"HTTP/1.1 {status}")) as server:
        options = HandshakeOptions(proxy=f"http://{LOOPBACK}:{server.port}")
        error = await refusal("wss://far.example/", options)
    assert (error.failure.cause, error.report.proxy_status) == (cause, int(status[:3]))


@pytest.mark.parametrize("scheme", ["http", "socks5", "socks4"])
async def test_a_server_that_is_no_proxy_is_named(scheme: str) -> None:
    with raw_server(lambda peer: peer.sendall(b"220 mail ESMTP\r\n\r\n")) as server:
        options = HandshakeOptions(proxy=f"{scheme}://{LOOPBACK}:{server.port}")
        failure = (await refusal(f"ws://{LOOPBACK}/", options)).failure
    assert failure.kind is FailureKind.PROXY
    assert failure.proxy == f"{LOOPBACK}:{server.port}"


@pytest.fixture
def trusted(authority: Authority) -> Iterator[None]:
    """Trust the tests' authority in this process, as a system's authorities are trusted."""
    backend = Gio.TlsBackend.get_default()
    backend.set_default_database(authorities(TlsOptions(ca_file=str(authority.file))))
    yield
    backend.set_default_database(None)


@pytest.mark.usefixtures("trusted")
async def test_ws_and_wss_go_through_a_proxy_that_is_reached_over_tls(
    authority: Authority, plain_port: int, tls_port: int, tmp_path: Path
) -> None:
    with squid(tmp_path, certificate=authority.issue()) as proxy:
        for address in (f"ws://{LOOPBACK}:{plain_port}", f"wss://localhost:{tls_port}"):
            sink = Sink()
            options = HandshakeOptions(proxy=proxy)
            async with connected(f"{address}/echo", sink, options=options) as connection:
                await connection.send("through")
                await eventually(sink.received)
                assert connection.report is not None
                assert connection.report.took(HandshakeStage.PROXY) is not None  # by CONNECT


@pytest.mark.usefixtures("trusted")
async def test_credentials_are_sent_to_a_proxy_over_tls_only(authority: Authority) -> None:
    context = authority.issue().context()
    requests: list[bytes] = []

    def script(peer: socket.socket) -> None:
        with context.wrap_socket(peer, server_side=True) as protected:
            requests.append(read_request(protected))
            protected.sendall(b"HTTP/1.1 200 Go on\r\n\r\n")
            requests.append(read_request(protected))
            protected.sendall(switching(requests[-1]))
            wait_for_end(protected)

    with raw_server(script) as server:
        options = HandshakeOptions(proxy=f"https://ada:p%40ss@{LOOPBACK}:{server.port}")
        async with connected("ws://far.example:81/x", options=options):
            pass
    asked, shaken = requests
    assert asked.startswith(b"CONNECT far.example:81 ")
    assert header(asked, "Proxy-Authorization") == "Basic YWRhOnBAc3M="
    assert shaken.startswith(b"GET /x ")
    assert header(shaken, "Proxy-Authorization") is None


async def test_a_proxy_whose_certificate_is_not_trusted_is_not_used(
    authority: Authority, plain_port: int, tmp_path: Path
) -> None:
    with squid(tmp_path, certificate=authority.issue()) as proxy:
        address = f"ws://{LOOPBACK}:{plain_port}/echo"
        failure = (await refusal(address, HandshakeOptions(proxy=proxy))).failure
    assert failure.cause is FailureCause.PROXY_UNREACHABLE
    assert failure.proxy == proxy.removeprefix("https://")


@pytest.mark.parametrize("variable", ["http_proxy", "all_proxy"])
async def test_a_dead_proxy_of_the_environment_is_named(
    variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = f"localhost:{free_port()}"
    monkeypatch.setenv(variable, place)
    failure = (await refusal("ws://far.example/")).failure
    assert failure.cause is FailureCause.PROXY_UNREACHABLE
    assert explanation(failure) == (
        f"Could not connect to the proxy {place}: Connection refused. "
        f"The proxy comes from the environment variable {variable}."
    )


@pytest.mark.parametrize("address", ["ftp://h:1", "http://[::1:3128", "u:p#w@h:1", "http://"])
async def test_an_invalid_proxy_of_the_environment_is_named(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("https_proxy", address)
    failure = (await refusal("wss://far.example/")).failure
    assert failure.cause is FailureCause.PROXY_ADDRESS
    assert "environment variable https_proxy" in explanation(failure)


async def test_a_silent_proxy_is_named_when_time_is_up() -> None:
    with raw_server(wait_for_end) as server:
        proxy = f"http://{LOOPBACK}:{server.port}"
        options = HandshakeOptions(proxy=proxy, time_limit=0.3)
        failure = (await refusal("ws://far.example/", options)).failure
    assert explanation(failure) == (
        "Timed out after 0.3 s while the proxy was connecting to far.example. "
        "The proxy comes from the connection's options."
    )


async def test_the_system_is_asked_only_without_proxies_in_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    system = Gio.SimpleProxyResolver.new("http://system:1", None)
    monkeypatch.setattr(Gio.ProxyResolver, "get_default", lambda: system)
    endpoint = parse("wss://far.example/")
    found = choose(endpoint, None)
    assert found == Proxy("http://system:1", SYSTEM)
    for variable in ("http_proxy", "HTTP_PROXY"):
        monkeypatch.setenv(variable, "http://h:1")
        assert choose(endpoint, None) is None
