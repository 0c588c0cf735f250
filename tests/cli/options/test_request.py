"""The options of a handshake on the command line, and what they come to."""

from __future__ import annotations

import socket
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import cloup
import pytest

from spacebeam.cli.options import values
from spacebeam.cli.options.connection import timeout_options
from spacebeam.cli.options.network import network_options
from spacebeam.cli.options.request import endpoint, handshake_options, request_options
from spacebeam.net.options import DIRECT, HandshakeOptions, TlsOptions
from tests.cli.program import spacebeam
from tests.support.raw_server import raw_server, read_request, switching, wait_for_end


@cloup.command()
@cloup.argument("endpoint", type=values.endpoint)
@network_options
@request_options
@timeout_options
def _command(**_given: Any) -> None:
    """A command with the options of a handshake."""


def parsed(*words: str) -> dict[str, Any]:
    with _command.make_context("x", ["ws://h/x", *words]) as context:
        return context.params


def test_without_options_nothing_is_special() -> None:
    assert replace(handshake_options(parsed()), cookie_jar=None) == HandshakeOptions()
    assert endpoint(parsed()).url == "ws://h/x"


def test_every_option_comes_to_something() -> None:
    words = parsed(
        *("-H", "X-Key: k", "--subprotocol", "chat", "-b", "a=b=c", "-u", "ada:p:w"),
        *("--bearer", "token", "--no-redirect", "--no-compress", "-x", "socks5://h:1080"),
        *("--cacert", "ca.pem", "--cert", "own.p12:word", "--key", "own.key"),
        *("--fingerprint", "ab", "-k"),
        *("--connect-timeout", "2.5", "--api-key", "X-Api-Key=a=b", "--api-key", "query:key=c"),
    )
    assert replace(handshake_options(words), cookie_jar=None) == HandshakeOptions(
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
        tls=TlsOptions(False, "ca.pem", "ab", "own.p12", "own.key", "word"),
    )


def test_query_parameters_and_a_socket_make_the_endpoint() -> None:
    found = endpoint(parsed("-q", "a=1", "-q", "b= ", "--unix-socket", "/s"))
    assert found.resource == "/x?a=1&b=%20"
    assert found.socket_path == "/s"


def test_no_proxy_can_be_asked_for() -> None:
    assert handshake_options(parsed("-x", DIRECT)).proxy == DIRECT


@pytest.mark.parametrize(
    "words",
    [
        ("-x", "ftp://h"),
        ("-q", "=value"),
        ("-b", "a=\x1b"),
        ("--api-key", "k"),
        ("--api-key", "k="),
        ("--api-key", "query:=k"),
        ("--api-key", "query:a=\x1b"),
        ("--api-key", "Upgrade=k"),
        ("--api-key", "no name=k"),
        ("--max-redirs", "-1"),
        ("--max-redirs", "1001"),
        ("--connect-timeout", "0"),
        ("--close-timeout", "soon"),
    ],
)
def test_a_wrong_option_is_told(words: tuple[str, str]) -> None:
    with pytest.raises(click.UsageError):
        parsed(*words)


@pytest.mark.parametrize(
    ("words", "most"), [((), 10), (("--max-redirs", "3"), 3), (("--no-redirect",), 0)]
)
def test_so_many_redirects_are_followed(words: tuple[str, ...], most: int) -> None:
    assert handshake_options(parsed(*words)).max_redirects == most


def test_a_number_of_redirects_and_none_is_a_contradiction() -> None:
    with pytest.raises(click.UsageError):
        parsed("--no-redirect", "--max-redirs", "3")


def test_a_key_is_not_repeated_in_a_complaint() -> None:
    finished = spacebeam("connect", "ws://h/", "--api-key", "query:s3cret")
    assert finished.returncode == 2
    assert b"An API key is written NAME=VALUE" in finished.stderr
    assert b"s3cret" not in finished.stderr


def test_the_server_has_as_long_to_answer_as_is_said() -> None:
    with raw_server(wait_for_end) as server:
        address = f"ws://127.0.0.1:{server.port}/"
        finished = spacebeam("connect", address, "--connect-timeout", "0.2")
    assert finished.returncode == 1
    assert b"Timed out after 0.2 s" in finished.stderr


def test_the_server_has_as_long_to_say_goodbye_as_is_said() -> None:
    def script(peer: socket.socket) -> None:
        peer.sendall(switching(read_request(peer)))
        wait_for_end(peer)

    with raw_server(script) as server:
        address = f"ws://127.0.0.1:{server.port}/"
        finished = spacebeam("connect", address, "--close-timeout", "0.2")
    assert finished.returncode == 3
    assert b"did not answer the close frame within 0.2 s" in finished.stderr


def test_a_unix_socket_is_connected_to(tmp_path: Path) -> None:
    heard: list[bytes] = []

    def script(peer: socket.socket) -> None:
        heard.append(read_request(peer))
        peer.sendall(b"HTTP/1.1 403 No\r\nContent-Length: 8\r\nConnection: close\r\n\r\nnot here")

    path = tmp_path / "s.sock"
    with raw_server(script, path):
        by_option = spacebeam("connect", "ws://named.example/x", "--unix-socket", str(path))
        by_address = spacebeam("connect", f"ws+unix:{path}:/y?z=1")
    assert by_option.returncode == by_address.returncode == 1
    assert b"not here" in by_option.stderr
    assert heard[0].startswith(b"GET /x HTTP/1.1\r\n")
    assert b"Host: named.example\r\n" in heard[0]
    assert heard[1].startswith(b"GET /y?z=1 HTTP/1.1\r\n")
