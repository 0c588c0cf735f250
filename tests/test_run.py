"""`make run` without a display: broadwayd is started, and ends with the app."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parent.parent / "scripts/run.py"

# Replaces gtk4-broadwayd: prints that it listens and writes its process number to a file.
BROADWAYD = """#!{python} -I
import os, pathlib, signal, sys
pathlib.Path({notes!r}, "broadwayd").write_text(" ".join([str(os.getpid()), *sys.argv[1:]]))
print("Listening", flush=True)
signal.alarm(60)
signal.pause()
"""

APP = """#!{python} -I
import os, pathlib, signal, sys
server = int(pathlib.Path({notes!r}, "broadwayd").read_text().split()[0])
os.kill(server, 0)
print(os.environ["GDK_BACKEND"], os.environ["BROADWAY_DISPLAY"], *sys.argv[1:], flush=True)
if "stay" in sys.argv:
    signal.alarm(60)
    signal.pause()
sys.exit(3)
"""


class Checkout:
    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._add("bin/gtk4-broadwayd", BROADWAYD)
        self._add("project/.venv/bin/spacebeam", APP)
        self._script = directory / "project/scripts/run.py"
        self._script.parent.mkdir()
        shutil.copy(SCRIPT, self._script)

    def _add(self, path: str, text: str) -> None:
        program = self._directory / path
        program.parent.mkdir(parents=True)
        program.write_text(text.format(python=sys.executable, notes=str(self._directory)))
        program.chmod(0o755)

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, self._script, *arguments],
            env={"PATH": str(self._directory / "bin"), **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    @property
    def broadwayd(self) -> list[str]:
        """The server's process number and arguments."""
        return (self._directory / "broadwayd").read_text().split()


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture
def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
    return port


def is_running(pid: str) -> bool:
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    return True


def test_the_app_is_served_and_its_exit_status_returned(checkout: Checkout, free_port: int) -> None:
    process = checkout.start("--flag", BROADWAY_PORT=str(free_port))
    output, errors = process.communicate(timeout=30)
    assert process.returncode == 3, errors
    display = f":{free_port - 8080}"
    assert output.splitlines() == [
        f"No display here. Spacebeam's window is at http://127.0.0.1:{free_port}/",
        f"broadway {display} --flag",
    ]
    pid, *arguments = checkout.broadwayd
    assert arguments == ["--port", str(free_port), "--address", "127.0.0.1", display]
    assert not is_running(pid)


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interrupted_run_leaves_no_server_behind(
    checkout: Checkout, free_port: int, ending: signal.Signals
) -> None:
    process = checkout.start("stay", BROADWAY_PORT=str(free_port))
    assert process.stdout is not None
    assert "http" in process.stdout.readline()
    assert "stay" in process.stdout.readline()
    process.send_signal(ending)
    _, errors = process.communicate(timeout=30)
    assert "Traceback" not in errors
    assert not is_running(checkout.broadwayd[0])


def test_a_port_in_use_is_named(checkout: Checkout, taken_port: int) -> None:
    process = checkout.start(BROADWAY_PORT=str(taken_port))
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 1
    assert str(taken_port) in errors


def test_with_a_display_no_server_is_started(checkout: Checkout) -> None:
    process = checkout.start(DISPLAY=":0")
    process.communicate(timeout=30)
    with pytest.raises(FileNotFoundError):
        _ = checkout.broadwayd
