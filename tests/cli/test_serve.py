"""`spacebeam serve`: its address, stopping it, and errors."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess

import pytest

from tests.cli.program import PATIENCE, command, interrupt, read_until, spacebeam, started


@pytest.mark.parametrize(
    ("host", "address"), [("127.0.0.1", r"127\.0\.0\.1"), ("localhost", r"127\.0\.0\.1")]
)
def test_standard_output_has_only_the_address(host: str, address: str) -> None:
    with started("serve", "--host", host, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stderr is not None
        line = read_until(child.stdout.fileno(), b"\n").decode()
        assert re.fullmatch(rf"ws://{address}:\d+\n", line)
        assert interrupt(child) == 0
        assert child.stdout.read() == b""
        assert child.stderr.read() == b""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stopping_closes_all_connections_with_1001(number: int) -> None:
    with started("serve", stdout=subprocess.PIPE) as server:
        assert server.stdout is not None
        url = read_until(server.stdout.fileno(), b"\n").decode().strip()
        with started(
            "connect", f"{url}/echo", "--json",
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        ) as client:  # fmt: skip
            assert client.stdout is not None
            read_until(client.stdout.fileno(), b"connected")
            server.send_signal(number)
            printed = read_until(client.stdout.fileno(), b'"closed_by":"received"')
            assert b'"code": 1001' in printed
            assert client.wait(PATIENCE) == 0
        assert server.wait(PATIENCE) == 0


def test_the_options_of_the_handshake_reach_the_server() -> None:
    options = ("--subprotocol", "a", "--subprotocol", "b", "--allow-origin", "https://a.example")
    with started("serve", *options, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        url = read_until(child.stdout.fileno(), b"\n").decode().strip()
        offers = ("--subprotocol", "c", "--subprotocol", "b", "-H", "Origin: https://a.example")
        finished = spacebeam("probe", f"{url}/echo", *offers, "--json")
        assert json.loads(finished.stdout)["subprotocol"] == "b"
        assert interrupt(child) == 0


def test_a_port_in_use_is_reported() -> None:
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = holder.getsockname()[1]
        finished = spacebeam("serve", "--port", str(port))
    assert (finished.returncode, finished.stdout) == (1, b"")
    assert finished.stderr.decode() == (
        f"spacebeam: Cannot listen on 127.0.0.1, port {port}: Address already in use. "
        "Choose another port.\n"
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--port", "65536"], "“65536” is not a port"),
        (["--port", "-1"], "“-1” is not a port"),
        (["--host", "example.org"], "“example.org” is not an IP address"),
        (["--subprotocol", "a b"], "“a b” is not a valid subprotocol name."),
        (["--allow-origin", "app.example"], "“app.example” is not the origin of a page;"),
        (["--allow-origin", "https://a.example/page"], "is not the origin of a page;"),
        (["extra"], "Got unexpected extra argument (extra)"),
    ],
)
def test_bad_usage_names_the_error(arguments: list[str], message: str) -> None:
    finished = spacebeam("serve", *arguments)
    assert finished.returncode == 2
    assert message in finished.stderr.decode()


def test_a_terminal_is_shown_the_services() -> None:
    screen, terminal = os.openpty()
    try:
        child = subprocess.Popen(
            command("serve"), stdout=subprocess.PIPE, stderr=terminal, stdin=terminal
        )
        with child:
            try:
                printed = read_until(screen, b"/flood").decode()
                assert "Press Ctrl+C to stop" in printed
                assert "/echo" in printed
                assert interrupt(child) == 0
            finally:
                child.kill()
    finally:
        os.close(screen)
        os.close(terminal)
