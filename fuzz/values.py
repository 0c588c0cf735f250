"""Fuzzing of addresses and headers."""

from __future__ import annotations

from fuzz.target import Target, split
from spacebeam.net.options import HandshakeOptions, with_query
from spacebeam.net.redirect import RedirectError, is_redirect, options_for, target
from spacebeam.net.report import HttpExchange
from spacebeam.net.request_rules import has_control
from spacebeam.net.sign_in import Credentials, digest, parse_challenges
from spacebeam.profiles.variables import has_variables
from spacebeam.profiles.written_secrets import written_address
from spacebeam.protocol.deflate import accept, agreed
from spacebeam.protocol.endpoint import Endpoint, EndpointError, parse
from spacebeam.protocol.secrets import MASK
from spacebeam.server.server import _is_near

_SECRET = HandshakeOptions(user="u", password="p", cookies=(("a", "b"),), headers=(("X-Key", "k"),))
_REDIRECTING = (
    "ws://u:p@a.example/x",
    "wss://u:p@a.example:1/x",
    "ws://[::1]",
    "ws+unix:/a.sock:/x",
)


def check_endpoint(data: bytes) -> None:
    """Check an address: it is refused with an EndpointError, or parsed and written consistently.

    Its password is in no file.
    """
    text = data.decode(errors="replace")
    try:
        endpoint, saved = parse(text), parse(written_address(text))
    except EndpointError:
        return
    assert saved.password in (None, "", MASK) or has_variables(text)
    _check_written(endpoint)
    _check_written(with_query(endpoint, (("a b", "ä&="), ("", ""))))


def _check_written(endpoint: Endpoint) -> None:
    assert endpoint.display_host
    assert 1 <= endpoint.port <= 65535
    assert endpoint.host.isascii()
    assert endpoint.resource.startswith("/")
    assert endpoint.resource.isascii()
    assert endpoint.resource.isprintable()
    assert " " not in endpoint.resource
    if endpoint.socket_path is None:
        assert parse(endpoint.url_with_user) == endpoint
    else:
        assert parse(endpoint.url) == endpoint


def check_redirect(data: bytes) -> None:
    """Check a redirect: it is refused, or its target gets no secrets of another server."""
    head, rest = split(data, 1)
    here = parse(_REDIRECTING[head[0] % len(_REDIRECTING)])
    answer = "HTTP/1.1 302 Found\n" + rest.decode("latin-1")
    exchange = HttpExchange(here.url, "GET / HTTP/1.1", answer, 302)
    assert is_redirect(exchange)
    try:
        there = target(here, exchange)
    except RedirectError:
        return
    _check_written(there)
    assert there.socket_path in (None, here.socket_path)
    is_elsewhere = (there.host, there.socket_path) != (here.host, here.socket_path)
    if is_elsewhere or (here.is_secure and not there.is_secure):
        carried = options_for(_SECRET, here, there)
        assert (there.user, there.password) == (None, None)
        assert (carried.user, carried.password, carried.cookies) == (None, None, ())
        assert carried.headers == ()


def check_headers(data: bytes) -> None:
    """Check the parsers of handshake headers with any text."""
    text = data.decode("latin-1")
    for agreement in (accept(text), agreed(text)):
        if agreement is not None:
            assert 8 <= agreement.server_max_window_bits <= 15
            assert 8 <= agreement.client_max_window_bits <= 15
            assert agreed(agreement.as_header()) == agreement
    for challenge in parse_challenges(text.split("\n")):
        if challenge.strength > 1:
            assert not has_control(digest(challenge, Credentials("u", "p"), "GET", "/", 1))
    origin, _, host = text.partition("\n")
    _is_near(origin, host)


_ADDRESSES = (
    b"localhost:8000",
    b"wss://user:p%40ss@b\xc3\xbccher.example:8443/p%C3%A4th?q=1 2",
    b"https://example.org/a?b#c",
    b"[::1]:80/x",
    b"ws://[fe80::1%25eth0]/",
    b"ws+unix:/run/x.sock:/chat",
    b"192.168.0.1",
    b"::1",
    b"//a.example",
    b"ftp://x",
)
_EXTENSIONS = (
    b"permessage-deflate; client_max_window_bits",
    b'permessage-deflate; server_max_window_bits="9"; server_no_context_takeover, x; a=b',
    b"permessage-deflate;client_no_context_takeover;client_max_window_bits=15",
    b"http://localhost:8000\nlocalhost:8000",
    b"http://[::1]\n[::1]:80",
    b'Digest realm="a \\"b", nonce=c==, qop="auth,auth-int", algorithm=SHA-256-sess, userhash=true',
    b'Negotiate abc==, Basic realm=x\nDigest realm="r", nonce="n", algorithm=MD5, opaque="\r"',
)

VALUES = {
    "endpoint": Target(check_endpoint, _ADDRESSES),
    "redirect": Target(
        check_redirect,
        tuple(
            bytes((number,)) + b"Location: " + address
            for number in range(3)
            for address in (*_ADDRESSES, b"/x", b"../y?z", b"?q", b"http://a.example/x", b"//b/")
        ),
    ),
    "headers": Target(check_headers, _EXTENSIONS),
}
