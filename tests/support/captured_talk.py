"""Has tcpdump capture a conversation, in a network namespace of its own.

As a program, in the namespace: starts tcpdump, talks with a server, and ends tcpdump when the
capture has the end of the conversation.
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from websockets.sync.client import connect
from websockets.sync.server import ServerConnection, serve

from spacebeam.exchange.importers.importer import End, ImportFileError, Part
from spacebeam.exchange.importers.registry import recognised
from spacebeam.exchange.losses import Losses
from tests.support.processes import LOOPBACK, binary, end

TEXTS = [f'{{"number": {number}, "text": "Grüße"}}' for number in range(50)]
LONG = 300_000 * "long "
_PATIENCE = 20.0


def captured(path: Path) -> None:
    """Write a capture of a conversation; skip the test where that cannot be done."""
    binary("tcpdump"), binary("ip")
    if os.geteuid():
        pytest.skip("only root makes network namespaces and captures packets")
    alone = [binary("unshare"), "--net"]
    if subprocess.run([*alone, "true"], check=False, capture_output=True).returncode:
        pytest.skip("no network namespace can be made here")
    talk = [sys.executable, "-m", __name__, str(path)]
    subprocess.run([*alone, "sh", "-c", 'ip link set lo up && exec "$@"', "sh", *talk], check=True)


def _main(path: Path) -> None:
    # A buffer of 32 MiB: the system drops what tcpdump does not take in time.
    command = ["tcpdump", "-i", "lo", "-B", "32768", "-U", "-w", str(path), "tcp"]
    tcpdump = subprocess.Popen([*command, "--immediate-mode", "-Z", "root"], stderr=subprocess.PIPE)
    try:
        assert tcpdump.stderr is not None
        while b"listening" not in tcpdump.stderr.readline():
            assert tcpdump.poll() is None, "tcpdump does not capture"
        with serve(_echo, LOOPBACK, 0) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            port = server.socket.getsockname()[1]
            with connect(f"ws://{LOOPBACK}:{port}/", max_size=None) as client:
                for text in (*TEXTS, "LONG"):
                    client.send(text)
                    client.recv()
            server.shutdown()
        deadline = time.monotonic() + _PATIENCE
        while not _has_end(path):
            assert time.monotonic() < deadline, "the capture does not get the end"
    finally:
        end(tcpdump)


def _echo(connection: ServerConnection) -> None:
    for message in connection:
        connection.send(LONG if message == "LONG" else message)


def _has_end(path: Path) -> bool:
    try:
        format_, file = recognised(io.BytesIO(path.read_bytes()))
        items = list(format_.read(file, Losses()))
        is_closed = any(isinstance(one, Part) and b'"closed"' in one.batch.data for one in items)
        return is_closed and isinstance(items[-1], End)
    except ImportFileError:  # it is being written
        return False


if __name__ == "__main__":
    _main(Path(sys.argv[1]))
