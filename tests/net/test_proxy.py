"""The proxy that the environment names, by curl's rules."""

from __future__ import annotations

import pytest

from spacebeam.net.proxy import Proxy, environment_proxy, is_exempt, names_proxies
from spacebeam.protocol.endpoint import parse


@pytest.mark.parametrize(
    ("scheme", "variables", "chosen"),
    [
        ("ws", ["http_proxy", "https_proxy"], "http_proxy"),
        ("ws", ["HTTP_PROXY"], None),
        ("ws", ["HTTP_PROXY", "ALL_PROXY"], "ALL_PROXY"),
        ("ws", ["https_proxy", "HTTPS_PROXY"], None),
        ("ws", ["ws_proxy", "http_proxy"], "ws_proxy"),
        ("ws", ["all_proxy", "http_proxy", "ALL_PROXY"], "http_proxy"),
        ("wss", ["http_proxy"], None),
        ("wss", ["HTTPS_PROXY", "https_proxy"], "https_proxy"),
        ("wss", ["HTTPS_PROXY", "all_proxy"], "HTTPS_PROXY"),
        ("wss", ["WSS_PROXY", "https_proxy"], "WSS_PROXY"),
        ("wss", ["ALL_PROXY", "all_proxy"], "all_proxy"),
    ],
)
def test_the_scheme_decides_which_variable_is_used(
    scheme: str, variables: list[str], chosen: str | None
) -> None:
    environment = {name: f"http://{name.lower()}:1" for name in variables}
    found = environment_proxy(environment, parse(f"{scheme}://h/"))
    assert (found and found.source) == chosen
    assert names_proxies(environment)


def test_an_empty_variable_names_no_proxy() -> None:
    environment = {"http_proxy": "", "all_proxy": "socks5://h:1"}
    found = environment_proxy(environment, parse("ws://h/"))
    assert found == Proxy("socks5://h:1", "all_proxy")
    assert not names_proxies({"http_proxy": "", "no_proxy": "h"})


def test_an_address_without_a_scheme_is_an_http_proxy() -> None:
    found = environment_proxy({"https_proxy": " u:p@h:3128/ "}, parse("wss://h/"))
    assert found == Proxy("http://u:p@h:3128/", "https_proxy")


@pytest.mark.parametrize(
    ("name", "is_used"), [("no_proxy", False), ("NO_PROXY", False), ("x", True)]
)
def test_no_proxy_names_exceptions(name: str, is_used: bool) -> None:
    environment = {"http_proxy": "http://h:1", name: "far.example"}
    found = environment_proxy(environment, parse("ws://far.example/"))
    assert (found is not None) is is_used


def test_no_proxy_in_lower_case_comes_first() -> None:
    environment = {"http_proxy": "http://h:1", "no_proxy": "other", "NO_PROXY": "*"}
    assert environment_proxy(environment, parse("ws://far.example/")) is not None


@pytest.mark.parametrize(
    ("address", "exceptions", "expected"),
    [
        ("ws://h/", "*", True),
        ("ws://10.0.0.1/", "a, *", True),
        ("ws://far.example/", "example", True),
        ("ws://far.example/", "FAR.example.", True),
        ("ws://far.example/", ".far.example", True),
        ("ws://a.far.example/", ".far.example", True),
        ("ws://a.far.example/", "*.far.example", True),
        ("ws://far.example./", "far.example", True),
        ("ws://notfar.example/", "far.example", False),
        ("ws://far.example/", "a.far.example", False),
        ("ws://far.example/", "x,y far.example\tz", True),
        ("ws://far.example/", "", False),
        ("ws://far.example/", ",. ,", False),
        ("ws://far.example:81/", "far.example:81", True),
        ("ws://far.example:81/", "far.example:82", False),
        ("wss://far.example/", "far.example:443", True),
        ("ws://10.1.2.3/", "10.0.0.0/8", True),
        ("ws://11.1.2.3/", "10.0.0.0/8", False),
        ("ws://10.1.2.3/", "10.1.2.3", True),
        ("ws://10.1.2.3/", "2.3", False),
        ("ws://10.1.2.3:90/", "10.1.2.3:91", False),
        ("ws://[::1]/", "::1", True),
        ("ws://[::1]/", "[::1]", True),
        ("ws://[::1]:81/", "[::1]:81", True),
        ("ws://[::1]:81/", "[::1]:82", False),
        ("ws://[fe80::1%25eth0]/", "fe80::/10", True),
        ("ws://[::1]/", "127.0.0.0/8", False),
        ("ws://far.example/", "10.0.0.0/99", False),
        ("ws://10.1.2.3/", "10.0.0.0/99", False),
    ],
)
def test_exceptions_are_names_networks_and_ports(
    address: str, exceptions: str, expected: bool
) -> None:
    assert is_exempt(parse(address), exceptions) is expected


def test_credentials_are_not_shown() -> None:
    proxy = Proxy("http://ada:p@ss@h:1/")
    assert (proxy.shown, proxy.place) == ("http://h:1/", "h:1")
    assert proxy.has_credentials
    assert not Proxy("socks5://h:1").has_credentials
    assert "ada" not in repr(proxy)
