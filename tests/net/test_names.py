"""Names in a network of loopback alone, and the zones of addresses there."""

from __future__ import annotations

import socket
import threading
from pathlib import Path
from typing import Any

import pytest
from gi.repository import Gio, GLib

from spacebeam.net.names import addresses
from tests.support.certificates import Authority
from tests.support.loopback_only import probe_in_namespace

HOSTS = """
127.0.0.1 only4.test only4
::1 only6.test xn--strae-oqa.test
127.0.0.1 both.test
::1 both.test
127.0.0.1 far.test
2001:db8::1 far.test
"""
THROUGH_PROXIES = [
    f"ws://far.example/ http://{name}:PORT" for name in ("only4", "only4.test", "only6.test")
]
UNKNOWN_PROXY = "ws://far.example/ http://nowhere.test:1"
ADDRESSES = [
    UNKNOWN_PROXY,
    *THROUGH_PROXIES,
    "ws://only4.test:PORT/",
    "ws://only4:PORT/",
    "ws://only6.test:PORT/",
    "ws://both.test:PORT/",
    "ws://straße.test:PORT/",
    "wss://only4.test:PORT/",
    "wss://only6.test:PORT/",
    "wss://both.test:PORT/",
    "ws://both.test:1/",
    "ws://nowhere.test/",
    "ws://[fe80::1%lo]:PORT/",
    "ws://[fe80::1%25lo]:PORT/",
    "wss://[fe80::1%lo]:PORT/",
]


@pytest.fixture(scope="module")
def hosts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path: Path = tmp_path_factory.mktemp("hosts") / "hosts"
    path.write_text(HOSTS)
    return path


@pytest.fixture(scope="module")
def outcomes(authority: Authority, hosts: Path) -> dict[str, dict[str, Any]]:
    certificate = authority.issue("only4.test", "only6.test", "fe80::1")
    return probe_in_namespace(ADDRESSES, hosts, certificate, authority.file)


@pytest.mark.parametrize(
    ("address", "remote"),
    [
        ("ws://only4.test:PORT/", ("127.0.0.1",)),
        ("ws://only4:PORT/", ("127.0.0.1",)),
        ("ws://only6.test:PORT/", ("[::1]",)),
        ("ws://both.test:PORT/", ("127.0.0.1", "[::1]")),
        ("ws://straße.test:PORT/", ("[::1]",)),
    ],
)
def test_a_name_of_the_hosts_file_is_found_without_a_network(
    outcomes: dict[str, dict[str, Any]], address: str, remote: tuple[str, ...]
) -> None:
    report = outcomes[address]["report"]
    assert report["exchanges"][-1]["response"]["status"] == 403
    assert report["remote_address"].rpartition(":")[0] in remote
    host = address.replace("straße", "xn--strae-oqa").removeprefix("ws://").removesuffix("/")
    assert outcomes[address]["host"] == host


@pytest.mark.parametrize("address", THROUGH_PROXIES)
def test_a_proxy_s_name_of_the_hosts_file_is_found(
    outcomes: dict[str, dict[str, Any]], address: str
) -> None:
    report = outcomes[address]["report"]
    assert report["remote_address"].rpartition(":")[0] in ("127.0.0.1", "[::1]")
    assert report["proxy_status"] == 403  # the server refuses a CONNECT as any other request


def test_a_proxy_s_name_that_nobody_knows_is_told(outcomes: dict[str, dict[str, Any]]) -> None:
    failure = outcomes[UNKNOWN_PROXY]["report"]["failure"]
    assert failure["cause"] == "proxy-unreachable"


@pytest.mark.parametrize("name", ["only4.test", "only6.test"])
def test_tls_names_the_host_whose_address_was_looked_up(
    outcomes: dict[str, dict[str, Any]], name: str
) -> None:
    outcome = outcomes[f"wss://{name}:PORT/"]
    assert outcome["report"]["exchanges"][-1]["response"]["status"] == 403
    assert (outcome["host"], outcome["server_name"]) == (f"{name}:PORT", name)


def test_the_certificate_must_be_for_the_name(outcomes: dict[str, dict[str, Any]]) -> None:
    report = outcomes["wss://both.test:PORT/"]["report"]
    assert report["failure"]["cause"] == "certificate"
    assert report["exchanges"] == []


def test_the_failure_is_that_of_the_connection(outcomes: dict[str, dict[str, Any]]) -> None:
    refused = outcomes["ws://both.test:1/"]["report"]
    assert refused["failure"]["cause"] == "refused"
    assert sorted(refused["tried_addresses"]) == ["127.0.0.1:1", "[::1]:1"]
    assert outcomes["ws://nowhere.test/"]["report"]["failure"]["cause"] == "name-not-found"


@pytest.mark.parametrize("address", [one for one in ADDRESSES if "fe80" in one])
def test_a_server_is_not_told_the_zone_of_its_address(
    outcomes: dict[str, dict[str, Any]], address: str
) -> None:
    outcome = outcomes[address]
    assert outcome["report"]["exchanges"][-1]["response"]["status"] == 403
    assert (outcome["host"], outcome["server_name"]) == ("[fe80::1]:PORT", None)


def test_a_name_of_ipv6_is_found_in_a_network_of_ipv4(authority: Authority, hosts: Path) -> None:
    tried = ["ws://only6.test:PORT6/", "ws://far.test:1/"]
    certificate = authority.issue()
    outcomes = probe_in_namespace(tried, hosts, certificate, authority.file, "192.0.2.1/24")
    found, far = (outcomes[address]["report"] for address in tried)
    assert outcomes[tried[0]]["host"] == "only6.test:PORT"
    assert found["exchanges"][-1]["response"]["status"] == 403
    # That IPv6 is unreachable there is less helpful.
    assert far["failure"]["cause"] == "refused"
    assert far["tried_addresses"] == ["127.0.0.1:1", "[2001:db8::1]:1"]


async def test_a_cancelled_look_up_ends_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, answered = threading.Event(), threading.Event()

    def wait_for_answer(*_arguments: object, **_options: object) -> list[object]:
        begun.set()
        answered.wait()
        return []

    monkeypatch.setattr(socket, "getaddrinfo", wait_for_answer)  # as with a lost name server
    cancellable = Gio.Cancellable()
    found: list[object] = ["not looked up"]

    def look_up() -> None:
        context = GLib.MainContext.new()
        context.push_thread_default()
        found[:] = addresses("nowhere.test", 80, cancellable)
        context.pop_thread_default()

    thread = threading.Thread(target=look_up)
    thread.start()
    begun.wait()
    cancellable.cancel()
    thread.join()
    answered.set()
    assert found == []
