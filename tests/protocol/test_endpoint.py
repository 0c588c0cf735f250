"""Addresses as people type and paste them."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacebeam.protocol.endpoint import Endpoint, EndpointError, is_private, parse

# RFC 3986, sections 3.3 and 3.4.
PCHAR = r"([A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})"
PATH = rf"(/{PCHAR}*)+"
QUERY = rf"({PCHAR}|[/?])*"


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
        # The zone of an IPv6 address, as typed and as in RFC 6874.
        ("ws://[fe80::1%eth0]:81/x", "ws://[fe80::1%25eth0]:81/x"),
        ("ws://[fe80::1%25eth0]:81/x", "ws://[fe80::1%25eth0]:81/x"),
        ("fe80::1%br-lan", "ws://[fe80::1%25br-lan]/"),
        ("ws://[fe80::1%25en%2D0]", "ws://[fe80::1%25en-0]/"),
        ("ws://[fe80::1%25]", "ws://[fe80::1%2525]/"),  # the interface's number
        # International names.
        ("bücher.example", "wss://xn--bcher-kva.example/"),
        ("wss://BÜCHER.example", "wss://xn--bcher-kva.example/"),
        ("例え.テスト", "wss://xn--r8jz45g.xn--zckzah/"),
        ("example.com.", "wss://example.com./"),
        ("my_host-2.example", "wss://my_host-2.example/"),
        # IPv4 addresses as browsers, curl and ping read them.
        ("127.1:8000", "ws://127.0.0.1:8000/"),
        ("1.2.3", "wss://1.2.0.3/"),
        ("0x7f.1", "ws://127.0.0.1/"),
        ("2130706433", "ws://127.0.0.1/"),
        ("010.0.0.1", "wss://8.0.0.1/"),
        ("127.0.0.1.", "ws://127.0.0.1/"),
        # Copied from mail or code, or cut by a line's end.
        ("<ws://h/x>", "ws://h/x"),
        ('"ws://h/x"', "ws://h/x"),
        ("' ws://h/x '", "ws://h/x"),
        ("„ws://h/x“", "ws://h/x"),
        ("ws://h/a?to\r\n\tken=b", "ws://h/a?token=b"),
        # Slashes forgotten.
        ("ws:/h/x", "ws://h/x"),
        ("wss:h:8000", "wss://h:8000/"),
        ("https:example.com", "wss://example.com/"),
        ("ws:[::1]:8000", "ws://[::1]:8000/"),
        ("ws:8000", "wss://ws:8000/"),  # a host
        # Paths and queries.
        ("ws://h?x=1", "ws://h/?x=1"),
        ("ws://h/a b", "ws://h/a%20b"),
        ("ws://h/ü?q=ü", "ws://h/%C3%BC?q=%C3%BC"),
        ("ws://h/%20%C3%BC", "ws://h/%20%C3%BC"),
        ("ws://h/100%", "ws://h/100%"),
        ("ws://h/%zz?%", "ws://h/%zz?%"),
        ("ws://h?", "ws://h/?"),
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
        ("", "address", "Enter an address"),
        (" \t ", "address", "Enter an address"),
        ("ftp://example.com", "scheme", "“ftp” is not a scheme"),
        ("file:///etc/passwd", "scheme", "“file” is not a scheme"),
        ("://example.com", "scheme", "no scheme before"),
        ("ws://", "host", "no host name"),
        ("wss:///path", "host", "no host name"),
        ("ws://:80", "host", "no host name"),
        ("ws://user@", "host", "no host name"),
        ("ws://ex ample.com", "host", "“ex ample.com” is not a host name"),
        ("ws://ex\vample.com", "host", "is not a host name"),
        ('""', "address", "Enter an address"),
        ("ws:", "port", "no port after “:”"),
        ("ws://h\\x", "host", "is not a host name"),
        ("ws://a..b", "host", "“a..b” is not a host name"),
        ("ws://.a", "host", "is not a host name"),
        ("ws://a%2Fb", "host", "is not a host name"),
        ("ws://" + "a" * 64, "host", "is not a host name"),
        ("ws://" + "a." * 127 + "aa", "host", "is not a host name"),
        ("ws://ü" + "a" * 70, "host", "is not a host name"),
        ("a.1", "host", "“a.1” is not an IPv4 address"),
        ("08.1", "host", "“08.1” is not an IPv4 address"),
        ("4294967296", "host", "“4294967296” is not an IPv4 address"),
        ("127.0.0.256", "host", "“127.0.0.256” is not an IPv4 address"),
        ("1.2.3.4.0x", "host", "is not an IPv4 address"),
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
        ("localhost:", "port", "no port after “:”"),
        ("localhost:0", "port", "“0” is not a port"),
        ("localhost:65536", "port", "“65536” is not a port"),
        ("localhost:000080123456", "port", "“000080123456” is not a port"),
        ("localhost:+80", "port", "“+80” is not a port"),
        ("localhost:8o", "port", "“8o” is not a port"),
        ("localhost:٨٠", "port", "is not a port"),
        ("localhost:²", "port", "is not a port"),
        ("[::1]:", "port", "no port after “:”"),
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


@pytest.mark.parametrize(
    ("text", "user", "password", "url"),
    [
        ("ws://u:p@ss@host/", "u", "p@ss", "ws://host/"),
        ("ws://u:p:w@host/", "u", "p:w", "ws://host/"),
        ("ws://u:100%@host/", "u", "100%", "ws://host/"),
        ("ws://u:%zz%41@host/", "u", "%zzA", "ws://host/"),
        ("ws://u:%E9ü@host/", "u", "éü", "ws://host/"),
        ("ws://u:[p]@host/", "u", "[p]", "ws://host/"),
        ("u:p ä{}|^@host", "u", "p ä{}|^", "wss://host/"),
        # What would be a host and a port otherwise, but is not valid as these.
        ("ws://u:p/w@host:81/x", "u", "p/w", "ws://host:81/x"),
        ("ws://u:p?w@host/x?y", "u", "p?w", "ws://host/x?y"),
        ("ws://u:p#w@host", "u", "p#w", "ws://host/"),
        ("ws://u:p:q/w@host/@x", "u", "p:q/w", "ws://host/@x"),
        ("ws://u:p/a@b:c/d@[::1]:8/", "u", "p/a@b:c/d", "ws://[::1]:8/"),
        ("ws://u:p@ss/w#x@host/", "u", "p@ss/w#x", "ws://host/"),
        ("ws://u:p@ss/@#x@host/@", "u", "p@ss/@#x", "ws://host/@"),
        # What is valid is read as browsers and curl do.
        ("ws://u:p@ss/w@host/", "u", "p", "ws://ss/w@host/"),
        ("ws://u:81/w@host/", None, None, "ws://u:81/w@host/"),
        ("ws://h/@a:b@c", None, None, "ws://h/@a:b@c"),
        ("::1/x@y", None, None, "ws://[::1]/x@y"),
        ("fe80:abc::1/x@y", None, None, "ws://[fe80:abc::1]/x@y"),
    ],
)
def test_a_password_that_was_not_escaped_is_read_as_far_as_it_can_be(
    text: str, user: str | None, password: str | None, url: str
) -> None:
    endpoint = parse(text)
    assert (endpoint.user, endpoint.password, endpoint.url) == (user, password, url)
    assert parse(endpoint.url_with_user) == endpoint


@pytest.mark.parametrize(
    "text",
    [
        "ws://u:se/cret@ho st/",
        "ws://u:se@cret x/y@host/",
        "ws://u:1secret/x@host/",
        "ws://u:secret#x@",
        "ws://u:se]cret/x@host:port/",
        "ws://u:x@secret..x/w@host/",
        "ws://[secret/x@host/",
        "ws://u:secret@host/#x",
        "wss+unix:u:secret@host",
        "ws://u:secret@",
        "ftp://u:secret@host",
        "ws://u:" + "#secret@" * 100_000,
    ],
)
def test_no_error_has_a_part_of_the_password_in_it(text: str) -> None:
    with pytest.raises(EndpointError) as caught:
        parse(text)
    assert "cret" not in caught.value.explanation


def test_an_error_in_a_password_says_how_to_write_it() -> None:
    with pytest.raises(EndpointError, match=r"If the password contains “/”.* write “%2F”"):
        parse("ws://u:8secret/x@host/")


def test_an_international_host_is_shown_in_unicode() -> None:
    assert parse("wss://bücher.example:8443/x").display_host == "bücher.example:8443"
    assert parse("wss://xn--bcher-kva.example").display_host == "bücher.example"
    assert parse("wss://xn--strae-oqa.de:1").display_host == "straße.de:1"
    assert parse("[::1]:8000").display_host == "[::1]:8000"
    assert parse("[fe80::1%25eth0]:8000").display_host == "[fe80::1%eth0]:8000"


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


@pytest.mark.parametrize(
    ("text", "resource"),
    [
        ("/?info_hash=%12%34%AB", "/?info_hash=%12%34%AB"),
        ("/caf%E9", "/caf%E9"),
        ("/%00", "/%00"),
        ("/%41%7e%2f/a/%2e%2e/b?s=%61", "/%41%7e%2f/a/%2e%2e/b?s=%61"),
        ("/a/../b/./", "/a/../b/./"),
        ("/a b?a b+c", "/a%20b?a%20b+c"),
        ("/é/日本?q=é", "/%C3%A9/%E6%97%A5%E6%9C%AC?q=%C3%A9"),
        ('/"<>^`{}|[]\\?"<>^`{}|[]\\', "/%22%3C%3E%5E%60%7B%7D|[]%5C?%22%3C%3E^`{}|[]\\"),
        ("/it's?q='x'", "/it's?q='x'"),
        ("/\x01\x7f?\x01\x7f", "/%01%7F?%01%7F"),
        ("/\ud800", "/%EF%BF%BD"),
    ],
)
def test_a_path_and_query_are_changed_only_where_a_browser_encodes_them(
    text: str, resource: str
) -> None:
    assert parse(f"ws://h{text}").resource == resource


@given(st.from_regex(PATH, fullmatch=True), st.none() | st.from_regex(QUERY, fullmatch=True))
def test_a_valid_path_and_query_are_unchanged(path: str, query: str | None) -> None:
    resource = path if query is None else f"{path}?{query}"
    assert parse(f"ws://h{resource}").resource == resource


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
