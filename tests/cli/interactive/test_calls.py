"""Calls of a spoken protocol that are typed at a terminal."""

from __future__ import annotations

from tests.cli.interactive.terminal import in_terminal
from tests.support.node_peer import socketio_server


def test_a_typed_call_is_answered() -> None:
    with (
        socketio_server() as port,
        in_terminal("connect", f"localhost:{port}/admin", "--protocol", "socketio") as terminal,
    ):
        terminal.wait_for("welcome")
        terminal.enter("/call sum 40 2")
        terminal.wait_for("[42]")
        terminal.enter("/publish a")
        terminal.wait_for("Not sent: Socket.IO has no publish; it has emit, call.")
