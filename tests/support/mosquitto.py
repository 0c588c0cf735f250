"""Mosquitto, a broker of MQTT 3.1.1 and 5 over WebSocket, as a child process."""

from __future__ import annotations

import contextlib
import getpass
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.support.processes import LOOPBACK, binary, free_port, serving

_CONFIG = """
user {user}
# Mosquitto 2.0.11 does not start with listeners for WebSocket only.
listener 0 {folder}/socket
listener {port} {loopback}
protocol websockets
persistence false
allow_anonymous false
password_file {folder}/passwords
acl_file {folder}/rights
"""
_RIGHTS = """
user ada
topic readwrite home/#
"""


@contextlib.contextmanager
def mosquitto(*settings: str) -> Iterator[int]:
    """Serve “ada” with the password “s3same”, who may use home/#, until the end; gives the port.

    The test is skipped where Mosquitto is not installed.
    """
    program, passwords, port = binary("mosquitto"), binary("mosquitto_passwd"), free_port()
    with tempfile.TemporaryDirectory(prefix="mosquitto") as name:
        folder = Path(name)
        command = [passwords, "-b", "-c", str(folder / "passwords"), "ada", "s3same"]
        subprocess.run(command, check=True, capture_output=True)
        (folder / "rights").write_text(_RIGHTS)
        values = {"user": getpass.getuser(), "port": port, "loopback": LOOPBACK, "folder": name}
        config = folder / "mosquitto.conf"
        config.write_text(_CONFIG.format(**values) + "\n".join(settings) + "\n")
        with serving([program, "-c", str(config)], port, folder / "log"):
            yield port
