"""`spacebeam serve`: its address, its end and what stands in its way."""

from __future__ import annotations

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
def test_the_address_alone_is_on_standard_output(host: str, address: str) -> None:
    with started("serve", "--host", host, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stderr is not None
        line = read_until(child.stdout.fileno(), b"\n").decode()
        assert re.fullmatch(rf"ws://{address}:\d+\n", line)
        assert interrupt(child) == 0
        assert child.stdout.read() == b""
        assert child.stderr.read() == b""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_says_goodbye_to_everyone(number: int) -> None:
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
            said = read_until(client.stdout.fileno(), b'"closed_by":"received"')
            assert b'"code": 1001' in said
            assert client.wait(PATIENCE) == 0
        assert server.wait(PATIENCE) == 0


def test_a_port_in_use_is_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = holder.getsockname()[1]
        finished = spacebeam("serve", "--port", str(port))
    assert (finished.returncode, finished.stdout) == (1, b"")
    assert f"spacebeam: Cannot listen on 127.0.0.1, port {port}: " in finished.stderr.decode()
    assert "Address already in use" in finished.stderr.decode()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--port", "65536"], "“65536” is not a port"),
        (["--port", "-1"], "“-1” is not a port"),
        (["--host", "example.org"], "“example.org” is not an IP address"),
        (["extra"], "Got unexpected extra argument (extra)"),
    ],
)
def test_bad_usage(arguments: list[str], message: str) -> None:
    finished = spacebeam("serve", *arguments)
    assert finished.returncode == 2
    assert message in finished.stderr.decode()


def test_on_a_terminal_it_says_what_it_serves() -> None:
    screen, terminal = os.openpty()
    try:
        child = subprocess.Popen(
            command("serve"), stdout=subprocess.PIPE, stderr=terminal, stdin=terminal
        )
        with child:
            try:
                said = read_until(screen, b"/flood").decode()
                assert "Press Ctrl+C to stop" in said
                assert "/echo" in said
                assert interrupt(child) == 0
            finally:
                child.kill()
    finally:
        os.close(screen)
        os.close(terminal)
