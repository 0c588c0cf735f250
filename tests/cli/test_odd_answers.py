"""Answers that are not UTF-8, not HTTP, or HTML, in the terminal."""

from __future__ import annotations

import json
import socket

import pytest

from tests.cli.program import Finished, spacebeam
from tests.support.certificates import Authority
from tests.support.processes import LOOPBACK
from tests.support.raw_server import answer, raw_server, read_request, wait_for_end
from tests.support.websockets_peer import websockets_peer

LATIN = "HTTP/1.1 404 Não\r\nServer: café\r\nContent-Length: 3\r\n\r\nolá".encode("latin-1")
PAGE = "<html><head><style>p{}</style></head><body><h1>Gone</h1>\r\n<p>No &amp; nothing</p></body>"


def latin(peer: socket.socket) -> None:
    read_request(peer)
    peer.sendall(LATIN)


def outputs(finished: Finished) -> str:
    shown = (finished.stdout + finished.stderr).decode()
    assert "Traceback" not in shown
    return shown


def test_an_answer_in_latin_1_is_shown_everywhere() -> None:
    with raw_server(latin) as server:
        address = f"ws://{LOOPBACK}:{server.port}/"
        connected = outputs(spacebeam("connect", address, "-v"))
        report = outputs(spacebeam("probe", address))
        told = json.loads(spacebeam("probe", address, "--json").stdout)
    for shown in (connected, report):
        assert "refused with HTTP status 404 Não." in shown
        assert "Server: café\n" in shown
        assert "olá\n" in shown
    response = told["exchanges"][0]["response"]
    assert (response["line"], response["body"]) == ("HTTP/1.1 404 Não", "olá")
    assert ["Server", "café"] in response["headers"]


def test_a_page_is_shown_as_text_and_kept_as_it_is_in_json() -> None:
    head = "HTTP/1.1 410 Gone\nContent-Type: text/html"
    with raw_server(lambda peer: answer(peer, head, PAGE)) as server:
        address = f"ws://{LOOPBACK}:{server.port}/"
        connected = outputs(spacebeam("connect", address))
        report = outputs(spacebeam("probe", address))
        told = json.loads(spacebeam("probe", address, "--json").stdout)
    assert "The server's answer:\nGone\nNo & nothing\n" in connected
    assert "  Gone\n  No & nothing\n" in report
    assert "<" not in connected + report
    assert told["exchanges"][0]["response"]["body"] == PAGE


@pytest.mark.parametrize("command", ["connect", "probe"])
def test_a_greeting_is_shown_at_once_on_one_line(command: str) -> None:
    def greet(peer: socket.socket) -> None:
        peer.sendall(b"SSH-2.0-x\x1b[2J\r\n")
        wait_for_end(peer)

    with raw_server(greet) as server:
        where = f"{LOOPBACK}:{server.port}"
        finished = spacebeam(command, f"ws://{where}/", "--connect-timeout", "600")
    assert finished.returncode == 1
    assert f"{where} speaks SSH, not HTTP. It said: “SSH-2.0-x␛[2J”. Check the port.\n" in (
        outputs(finished)
    )


@pytest.mark.parametrize("command", ["connect", "probe"])
def test_the_options_that_trust_a_certificate_are_named(authority: Authority, command: str) -> None:
    with websockets_peer(context=authority.issue().context()) as port:
        shown = outputs(spacebeam(command, f"wss://localhost:{port}/"))
    for option in ("--cacert", "--fingerprint", "-k "):
        assert option in shown


def test_the_printed_request_is_the_one_that_was_sent() -> None:
    requests: list[bytes] = []

    def script(peer: socket.socket) -> None:
        requests.append(read_request(peer))
        peer.sendall(b"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n")

    with raw_server(script) as server:
        address = f"ws://{LOOPBACK}:{server.port}/a%20b?"
        finished = spacebeam("connect", address, "-v", "-H", "X-Own: 1", "-H", "X-Own: 2")
    shown = [line for line in finished.stderr.decode().splitlines() if line.startswith("> ")]
    assert [line[2:].encode() for line in shown] == requests[0].split(b"\r\n")[:-2]
