"""Addresses as people type and paste them."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacebeam.protocol.endpoint import Endpoint, EndpointError, is_private, parse


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("ws://example.com", "ws://example.com/"),
        ("wss://example.com/chat?room=1", "wss://example.com/chat?room=1"),
        ("  wss://example.com/  ", "wss://example.com/"),
        ("WSS://Example.COM/Path", "wss://example.com/Path"),
        ("http://example.com/x", "ws://example.com/x"),
        ("https://example.com/x", "wss://example.com/x"),
        ("//example.com/x", "wss://example.com/x"),
        # Without a scheme: ws for this computer and private networks, wss for all others.
        ("example.com", "wss://example.com/"),
        ("example.com:8080/x", "wss://example.com:8080/x"),
        ("8.8.8.8", "wss://8.8.8.8/"),
        ("localhost:8000", "ws://localhost:8000/"),
        ("api.localhost", "ws://api.localhost/"),
        ("printer.local/status", "ws://printer.local/status"),
        ("127.0.0.1:9", "ws://127.0.0.1:9/"),
        ("10.1.2.3", "ws://10.1.2.3/"),
        ("172.16.0.1", "ws://172.16.0.1/"),
        ("192.168.1.1:81", "ws://192.168.1.1:81/"),
        ("169.254.1.1", "ws://169.254.1.1/"),
        ("fd00::1", "ws://[fd00::1]/"),
        ("2606:4700::1", "wss://[2606:4700::1]/"),
        # Ports: the default of the scheme is left out.
        ("ws://example.com:80/", "ws://example.com/"),
        ("wss://example.com:443/", "wss://example.com/"),
        ("wss://example.com:80/", "wss://example.com:80/"),
        ("ws://example.com:1", "ws://example.com:1/"),
        ("ws://example.com:65535", "ws://example.com:65535/"),
        # IPv6, with and without brackets.
        ("::1", "ws://[::1]/"),
        ("[::1]:8000/x", "ws://[::1]:8000/x"),
        ("ws://[2001:DB8:0:0::1]:80", "ws://[2001:db8::1]/"),
        # International names.
        ("bücher.example", "wss://xn--bcher-kva.example/"),
        ("wss://BÜCHER.example", "wss://xn--bcher-kva.example/"),
        ("例え.テスト", "wss://xn--r8jz45g.xn--zckzah/"),
        ("example.com.", "wss://example.com./"),
        ("my_host-2.example", "wss://my_host-2.example/"),
        # Paths and queries.
        ("ws://h?x=1", "ws://h/?x=1"),
        ("ws://h/a b", "ws://h/a%20b"),
        ("ws://h/ü?q=ü", "ws://h/%C3%BC?q=%C3%BC"),
        ("ws://h/%20%C3%BC", "ws://h/%20%C3%BC"),
        ("ws://h/100%", "ws://h/100%25"),
        ("ws://h/%zz", "ws://h/%25zz"),
        ("ws://h/%23", "ws://h/%23"),
        ("ws://h//a/../b", "ws://h//a/../b"),
        ("ws://h/x?a=b@c:d/e?f", "ws://h/x?a=b@c:d/e?f"),
        ('ws://h/{"a"}', "ws://h/%7B%22a%22%7D"),
    ],
)
def test_an_address_is_parsed(text: str, url: str) -> None:
    endpoint = parse(text)
    assert endpoint.url == url
    assert parse(url) == endpoint


@pytest.mark.parametrize(
    ("text", "part", "words"),
    [
        ("", "address", "no address"),
        (" \t ", "address", "no address"),
        ("ftp://example.com", "scheme", "“ftp” is not a scheme"),
        ("file:///etc/passwd", "scheme", "“file” is not a scheme"),
        ("://example.com", "scheme", "no scheme before"),
        ("ws://", "host", "no host name"),
        ("wss:///path", "host", "no host name"),
        ("ws://:80", "host", "no host name"),
        ("ws://user@", "host", "no host name"),
        ("ws://ex ample.com", "host", "“ex ample.com” is not a host name"),
        ("ws://ex\tample.com", "host", "is not a host name"),
        ("ws://h\\x", "host", "is not a host name"),
        ("ws://a..b", "host", "“a..b” is not a host name"),
        ("ws://.a", "host", "is not a host name"),
        ("ws://-a.com", "host", "is not a host name"),
        ("ws://a-.com", "host", "is not a host name"),
        ("ws://a%2Fb", "host", "is not a host name"),
        ("ws://" + "a" * 64, "host", "is not a host name"),
        ("ws://" + "a." * 127 + "aa", "host", "is not a host name"),
        ("ws://ü" + "a" * 70, "host", "is not a host name"),
        ("1.2.3", "host", "“1.2.3” is not an IPv4 address"),
        ("256.1.1.1", "host", "“256.1.1.1” is not an IPv4 address"),
        ("1.2.3.4.5", "host", "is not an IPv4 address"),
        ("ws://[::1", "host", "no closing bracket"),
        ("ws://[::1]80", "host", "“80” cannot follow the bracket"),
        ("ws://[localhost]", "host", "“localhost” in brackets is not an IPv6 address"),
        ("ws://[fe80::1%a b]", "host", "“fe80::1%a b” is not an IPv6 address"),
        ("ws://[fe80::1%ü]", "host", "“fe80::1%ü” is not an IPv6 address"),
        ("ws://[fe80::1%]", "host", "“fe80::1%” is not an IPv6 address"),
        ("ws://[::g]", "host", "“::g” is not an IPv6 address"),
        ("1:2:3", "host", "“1:2:3” is not an IPv6 address"),
        ("localhost:", "port", "“” is not a port"),
        ("localhost:0", "port", "“0” is not a port"),
        ("localhost:65536", "port", "“65536” is not a port"),
        ("localhost:000080123456", "port", "“000080123456” is not a port"),
        ("localhost:+80", "port", "“+80” is not a port"),
        ("localhost:8o", "port", "“8o” is not a port"),
        ("localhost:٨٠", "port", "is not a port"),
        ("localhost:²", "port", "is not a port"),
        ("[::1]:", "port", "“” is not a port"),
        ("ws://h/#top", "fragment", "has no fragment"),
        ("ws://h#", "fragment", "has no fragment"),
        ("ws://h?q#f", "fragment", "write “%23”"),
    ],
)
def test_an_error_names_the_invalid_part(text: str, part: str, words: str) -> None:
    with pytest.raises(EndpointError) as caught:
        parse(text)
    assert caught.value.part == part
    assert words in caught.value.explanation
    assert str(caught.value) == caught.value.explanation


def test_user_and_password_are_parsed_but_not_shown() -> None:
    endpoint = parse("wss://ada:p%40ss%3Aword@example.com/x")
    assert (endpoint.user, endpoint.password) == ("ada", "p@ss:word")
    assert endpoint.url == "wss://example.com/x"
    assert endpoint.url_with_user == "wss://ada:p%40ss%3Aword@example.com/x"
    assert parse(endpoint.url_with_user) == endpoint
    assert parse("ws://ada@h").url_with_user == "ws://ada@h/"
    assert parse("ws://h").url_with_user == "ws://h/"


def test_an_international_host_is_shown_in_unicode() -> None:
    assert parse("wss://bücher.example:8443/x").display_host == "bücher.example:8443"
    assert parse("wss://xn--bcher-kva.example").display_host == "bücher.example"
    assert parse("wss://xn--a.example").display_host == "xn--a.example"
    assert parse("[::1]:8000").display_host == "[::1]:8000"


def test_an_endpoint_is_secure_by_its_scheme() -> None:
    assert parse("wss://h").is_secure
    assert not parse("ws://h").is_secure


@pytest.mark.parametrize(
    ("host", "private"),
    [
        ("localhost", True),
        ("a.localhost", True),
        ("notlocalhost", False),
        ("127.9.9.9", True),
        ("::1", True),
        ("fe80::1%eth0", True),
        ("100.100.100.100", False),
        ("172.32.0.1", False),
        ("example.local", True),
        ("example.com", False),
        ("", False),
    ],
)
def test_private_and_public_hosts_are_distinguished(host: str, private: bool) -> None:
    assert is_private(host) is private


@given(st.text(max_size=60))
def test_any_text_is_an_endpoint_or_an_endpoint_error(text: str) -> None:
    with contextlib.suppress(EndpointError):
        endpoint = parse(text)
        assert endpoint.url.isascii()
        assert endpoint.url.isprintable()
        assert " " not in endpoint.url
        assert parse(endpoint.url_with_user) == endpoint


@given(
    scheme=st.sampled_from(("ws", "wss")),
    host=st.sampled_from(("localhost", "example.com", "::1", "10.0.0.1", "xn--bcher-kva.de")),
    port=st.integers(1, 65535),
    user=st.none() | st.text(max_size=5),
    password=st.text(max_size=5),
)
def test_an_endpoint_is_parsed_back_from_its_address(
    scheme: str, host: str, port: int, user: str | None, password: str
) -> None:
    endpoint = Endpoint(scheme, host, port, "/x?y", user, password if user is not None else None)
    assert parse(endpoint.url_with_user) == endpoint


@pytest.mark.parametrize(
    ("text", "path", "resource", "url"),
    [
        ("ws+unix:/run/a.sock", "/run/a.sock", "/", "ws+unix:/run/a.sock:/"),
        ("ws+unix:/run/a.sock:/b?c=d", "/run/a.sock", "/b?c=d", "ws+unix:/run/a.sock:/b?c=d"),
        ("ws+unix://////run//a.sock", "/run//a.sock", "/", "ws+unix:/run//a.sock:/"),
        ("WS+UNIX:///run/a.sock:b", "/run/a.sock", "/b", "ws+unix:/run/a.sock:/b"),
    ],
)
def test_a_unix_socket_is_an_endpoint(text: str, path: str, resource: str, url: str) -> None:
    endpoint = parse(text)
    assert (endpoint.socket_path, endpoint.resource, endpoint.url) == (path, resource, url)
    assert endpoint.authority == "localhost"
    assert endpoint.display_host == path


@pytest.mark.parametrize("text", ["ws+unix:run/a.sock", "ws+unix:", "ws+unix:/" + "x" * 107])
def test_an_invalid_socket_path_is_refused(text: str) -> None:
    with pytest.raises(EndpointError) as caught:
        parse(text)
    assert caught.value.part == "path"
