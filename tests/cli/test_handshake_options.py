"""The options of a handshake on the command line, and what they come to."""

from __future__ import annotations

import argparse
import socket
from pathlib import Path

import pytest

from spacebeam.cli import arguments, handshake_options
from spacebeam.wire.options import DIRECT, Options, TlsOptions
from tests.cli.program import spacebeam
from tests.support.raw_server import raw_server, read_request


def parsed(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser(exit_on_error=False)
    parser.add_argument("endpoint", type=arguments.endpoint)
    handshake_options.add_to(parser)
    return parser.parse_args(["ws://h/x", *words])


def test_without_options_nothing_is_special() -> None:
    assert handshake_options.options(parsed()) == Options()
    assert handshake_options.endpoint(parsed()).url == "ws://h/x"


def test_every_option_comes_to_something() -> None:
    words = parsed(
        *("-H", "X-Key: k", "--subprotocol", "chat", "-b", "a=b=c", "-u", "ada:p:w"),
        *("--bearer", "token", "--no-redirect", "--no-compress", "-x", "socks5://h:1080"),
        *("--cacert", "ca.pem", "--cert", "own.p12:word", "--key", "own.key"),
        *("--fingerprint", "ab", "-k"),
    )
    assert handshake_options.options(words) == Options(
        headers=(("X-Key", "k"), ("Authorization", "Bearer token")),
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
    found = handshake_options.endpoint(parsed("-q", "a=1", "-q", "b= ", "--unix-socket", "/s"))
    assert found.resource == "/x?a=1&b=%20"
    assert found.socket_path == "/s"


def test_no_proxy_can_be_asked_for() -> None:
    assert handshake_options.options(parsed("-x", DIRECT)).proxy == DIRECT


@pytest.mark.parametrize(
    "words", [("-x", "ftp://h"), ("-b", "name"), ("-q", "=value"), ("-b", "a=\x1b")]
)
def test_a_wrong_option_is_told(words: tuple[str, str]) -> None:
    with pytest.raises(argparse.ArgumentError):
        parsed(*words)


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
