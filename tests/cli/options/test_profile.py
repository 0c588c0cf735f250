"""Options of the handshake and the connection, and the profile and plan they make."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import cloup
import pytest

from spacebeam.cli.options.connection import connection_options, timeout_options, with_attempts
from spacebeam.cli.options.network import network_options
from spacebeam.cli.options.profile import OPTIONS, connection_plan, profile_of
from spacebeam.cli.options.protocol import protocol_options
from spacebeam.cli.options.request import request_options
from spacebeam.cli.options.target import target
from spacebeam.net.backoff import Backoff
from spacebeam.net.options import DIRECT, ConnectionLimits, HandshakeOptions, TlsOptions
from spacebeam.profiles.plan import ConnectionPlan
from spacebeam.profiles.profile import DEFAULTS, Profile
from spacebeam.protocol.endpoint import parse
from spacebeam.protocol.lifecycle import Keepalive
from tests.cli.program import spacebeam
from tests.support.raw_server import raw_server, read_request, switching, wait_for_end

SHA256 = "ab" * 32


@cloup.command()
@cloup.argument("target", type=target)
@network_options
@request_options
@protocol_options
@connection_options
def _command(**_given: Any) -> None:
    """Define a command with the options of a connection."""


@cloup.command()
@cloup.argument("target", type=target)
@network_options
@request_options
@timeout_options
def _probe(**_given: Any) -> None:
    """Define a command with the options of a handshake."""


@contextmanager
def parsed(*words: str, command: click.Command = _command) -> Iterator[dict[str, Any]]:
    with command.make_context("x", with_attempts(["ws://h/x", *words])) as context:
        yield context.params


def plan(*words: str) -> ConnectionPlan:
    """Return the plan of a command line, without its cookie jar."""
    with parsed(*words) as given:
        found = connection_plan(given)
    return replace(found, options=replace(found.options, cookie_jar=None))


def refusal(*words: str) -> str:
    """Return the error of a command line as it is printed."""
    with pytest.raises(click.UsageError) as raised:
        plan(*words)
    return raised.value.format_message()


@pytest.mark.parametrize("command", [_command, _probe])
def test_without_options_the_profile_is_the_default(command: click.Command) -> None:
    with parsed(command=command) as given:
        assert profile_of(given) == Profile()
    assert plan() == ConnectionPlan(parse("ws://h/x"))


def test_every_option_of_the_handshake_reaches_the_plan() -> None:
    found = plan(
        *("-H", "X-Key: k", "--subprotocol", "chat", "-b", "a=b=c", "-u", "ada:p:w"),
        *("--bearer", "token", "--no-redirect", "--no-compress", "-x", "socks5://h:1080"),
        *("--cacert", "ca.pem", "--cert", "own.pem:word", "--key", "own.key"),
        *("--fingerprint", SHA256, "-k"),
        *("--connect-timeout", "2.5", "--api-key", "X-Api-Key=a=b", "--api-key", "query:key=c"),
    )
    assert found.options == HandshakeOptions(
        headers=(("X-Key", "k"), ("Authorization", "Bearer token"), ("X-Api-Key", "a=b")),
        secret_query=(("key", "c"),),
        secret_names=frozenset({"x-api-key", "key"}),
        time_limit=2.5,
        subprotocols=("chat",),
        compression=False,
        user="ada",
        password="p:w",
        cookies=(("a", "b=c"),),
        max_redirects=0,
        proxy="socks5://h:1080",
        tls=TlsOptions(False, "ca.pem", SHA256, "own.pem", "own.key", "word"),
    )


def test_every_option_of_the_connection_reaches_the_plan() -> None:
    words = ("--ping", "20", "--ping-timeout", "5", "--no-pong", "--reconnect", "3")
    assert plan(*words, "--max-message", "3G", "--close-timeout", "2") == ConnectionPlan(
        parse("ws://h/x"),
        limits=ConnectionLimits(3 * 2**30, 2),
        keepalive=Keepalive(20, 5),
        backoff=Backoff(attempts=3),
        answers_pings=False,
    )


def test_the_timeout_of_a_ping_is_its_interval() -> None:
    assert plan("--ping-interval", "7").keepalive == Keepalive(7, 7)


def test_query_parameters_and_a_socket_make_the_endpoint() -> None:
    found = plan("-q", "a=1", "-q", "b= ", "--unix-socket", "/s")
    assert found.endpoint.resource == "/x?a=1&b=%20"
    assert found.endpoint.socket_path == "/s"
    assert found.typed_endpoint == found.endpoint


@pytest.mark.parametrize(
    ("proxy", "expected"),
    [
        (DIRECT, DIRECT),
        ("http://proxy:3128", "http://proxy:3128"),
        ("proxy:3128", "http://proxy:3128"),  # as in curl
        ("ada:pw@proxy", "http://ada:pw@proxy"),
        ("", DIRECT),
        ("http://ada:p%40w%2f@proxy:3128", "http://ada:p%40w%2F@proxy:3128"),
        ("socks5://ada:@[::1]:1080", "socks5://ada:@[::1]:1080"),
    ],
)
def test_a_proxy_is_used_with_its_credentials(proxy: str, expected: str) -> None:
    assert plan("-x", proxy).options.proxy == expected


def test_a_token_can_be_the_password_of_an_empty_user() -> None:
    found = plan("-u", ":token").options
    assert (found.user, found.password) == ("", "token")


def test_the_terminal_has_no_limits_of_length() -> None:
    headers = [word for number in range(150) for word in ("-H", f"X-{number}: {'x' * 20_000}")]
    assert len(plan(*headers).options.headers) == 150


def test_cookies_of_a_header_and_of_the_option_are_both_sent() -> None:
    found = plan("-H", "Cookie: a=b", "-b", "c=d").options
    assert (found.headers, found.cookies) == ((("Cookie", "a=b"),), (("c", "d"),))


def test_a_header_and_a_password_may_be_given_together() -> None:
    found = plan("-H", "Authorization: Bearer t", "-u", "ada:p").options
    assert found.headers == (("Authorization", "Bearer t"),)
    assert (found.user, found.password) == ("ada", "p")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("-H", "a b: c"), "'-H' / '--header': “a b” is not a valid header name."),
        (("-H", ": c"), "'-H' / '--header': A name is required."),
        (("-H", "A: b\r\nC: d"), "'-H' / '--header': The value of “A” has a control character"),
        (("-H", "Sec-WebSocket-Key: x"), "“Sec-WebSocket-Key” belongs to the handshake"),
        (("-H", "Upgrade: h2c"), "“Upgrade” belongs to the handshake"),
        (("-H", "Sec-WebSocket-Protocol: x"), "'--header': Use --subprotocol in place of"),
        (("-H", "Authorization: x", "--bearer", "t"), "'--header': --bearer sends this header."),
        (("-H", "X-K: x", "--api-key", "x-k=y"), "'--header': --api-key sends this header."),
        (("--subprotocol", "a,b"), "'--subprotocol': “a,b” is not a valid subprotocol name."),
        (("--subprotocol", ""), "'--subprotocol': “” is not a valid subprotocol name."),
        (("--subprotocol", "a") * 2, "'--subprotocol': A --subprotocol is given twice."),
        (("-q", "=value"), "A name and a value are written NAME=VALUE."),
        (("-q", "a=\x1b"), "'-q' / '--query': Control characters are not allowed."),
        (("-b", "a=\x1b"), "'-b' / '--cookie': The value of “a” has a"),
        (("-b", "a b=c"), "'-b' / '--cookie': “a b” is not a valid cookie name."),
        (("-u", ""), "'-u' / '--user': A value is required."),
        (("-u", "ada:\n"), "'-u' / '--user': Control characters are not allowed."),
        (("--bearer", ""), "'--bearer': A value is required."),
        (("--api-key", "k"), "An API key is written NAME=VALUE"),
        (("--api-key", "k="), "An API key is written NAME=VALUE"),
        (("--api-key", "query:=k"), "An API key is written NAME=VALUE"),
        (("--api-key", "query:a=\x1b"), "'--api-key': Control characters are not allowed."),
        (("--api-key", "A=b", "--api-key", "Upgrade=k"), "'--api-key': “Upgrade” belongs to the"),
        (("--api-key", "no name=k"), "'--api-key': “no name” is not a valid header name."),
        (("--fingerprint", "ab"), "'--fingerprint': A SHA-256 fingerprint has 64 hexadecimal"),
        (("--key", "own.key"), "'--cert': --key needs its certificate."),
        (("--cert", "own.p12", "--key", "own.key"), "'--key': A PKCS#12 file contains its key."),
        (("-x", "ftp://h"), "'-x' / '--proxy': “ftp” is not a proxy scheme"),
        (("-x", "http://"), "'-x' / '--proxy': The proxy's address needs a valid host"),
        (("-x", "http://:p@h"), "'-x' / '--proxy': The password needs a user."),
        (("--max-redirs", "-1"), "“-1” is not a number of redirects from 0 to 1000."),
        (("--max-redirs", "1001"), "“1001” is not a number of redirects"),
        (("--connect-timeout", "0"), "“0” is not a number of seconds above 0."),
        (("--close-timeout", "soon"), "“soon” is not a number of seconds above 0."),
        (("--no-redirect", "--max-redirs", "3"), "mutually exclusive"),
    ],
)
def test_an_invalid_option_is_refused_by_its_name(words: tuple[str, ...], message: str) -> None:
    assert message in refusal(*words)


def test_errors_name_options_that_exist() -> None:
    names = {name for option in _command.params for name in option.opts}
    assert {name for options in OPTIONS.values() for name in options} <= names
    groups = ("request.", "sign_in.", "aws.", "oauth.", "tls.", "proxy.", "protocol.")
    checked = {path for path, value in DEFAULTS.items() if isinstance(value, (str, tuple))}
    checked -= {"oauth.refresh_token"}  # it is no option
    assert {path for path in checked if path.startswith(groups)} == set(OPTIONS)


@pytest.mark.parametrize("words", [("--cacert", "/missing"), ("--cert", "/missing")])
def test_an_unreadable_certificate_file_is_a_connection_failure(words: tuple[str, str]) -> None:
    finished = spacebeam("connect", "wss://127.0.0.1:1/", *words)
    assert finished.returncode == 1
    assert "The certificate file “/missing” could not be read" in finished.stderr.decode()


@pytest.mark.parametrize("command", ["connect", "probe"])
def test_an_invalid_option_is_bad_usage(command: str) -> None:
    finished = spacebeam(command, "ws://h/", "--fingerprint", "ab")
    assert finished.returncode == 2
    assert finished.stderr.endswith(f"Try 'spacebeam {command} --help'.\n".encode())
    assert b"Invalid value for '--fingerprint': A SHA-256" in finished.stderr


@pytest.mark.parametrize(
    ("words", "most"),
    [((), 10), (("--max-redirs", "3"), 3), (("--max-redirs", "0"), 0), (("--no-redirect",), 0)],
)
def test_redirects_are_limited(words: tuple[str, ...], most: int) -> None:
    assert plan(*words).options.max_redirects == most


def test_an_api_key_is_not_in_an_error() -> None:
    finished = spacebeam("connect", "ws://h/", "--api-key", "query:s3cret")
    assert finished.returncode == 2
    assert b"An API key is written NAME=VALUE" in finished.stderr
    assert b"s3cret" not in finished.stderr


def test_the_handshake_timeout_is_applied() -> None:
    with raw_server(wait_for_end) as server:
        address = f"ws://127.0.0.1:{server.port}/"
        finished = spacebeam("connect", address, "--connect-timeout", "0.2")
    assert finished.returncode == 1
    assert b"Timed out after 0.2 s" in finished.stderr


def test_the_close_timeout_is_applied() -> None:
    def script(peer: socket.socket) -> None:
        peer.sendall(switching(read_request(peer)))
        wait_for_end(peer)

    with raw_server(script) as server:
        address = f"ws://127.0.0.1:{server.port}/"
        finished = spacebeam("connect", address, "--close-timeout", "0.2")
    assert finished.returncode == 3
    assert b"did not answer the close frame within 0.2 s" in finished.stderr


def test_a_unix_socket_is_connected_to(tmp_path: Path) -> None:
    received: list[bytes] = []

    def script(peer: socket.socket) -> None:
        received.append(read_request(peer))
        peer.sendall(b"HTTP/1.1 403 No\r\nContent-Length: 8\r\nConnection: close\r\n\r\nnot here")

    path = tmp_path / "s.sock"
    with raw_server(script, path):
        by_option = spacebeam("connect", "ws://named.example/x", "--unix-socket", str(path))
        by_address = spacebeam("connect", f"ws+unix:{path}:/y?z=1")
    assert by_option.returncode == by_address.returncode == 1
    assert b"not here" in by_option.stderr
    assert received[0].startswith(b"GET /x HTTP/1.1\r\n")
    assert b"Host: named.example\r\n" in received[0]
    assert received[1].startswith(b"GET /y?z=1 HTTP/1.1\r\n")
