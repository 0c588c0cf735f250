"""Child processes for the tests: found, started, waited for and ended by their handle."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

LOOPBACK = "127.0.0.1"
_PATIENCE = 20.0


def binary(name: str) -> str:
    """Return the path of a program; skip the test if it is not installed."""
    found = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def free_port() -> int:
    """Return a free port of loopback."""
    with socket.create_server((LOOPBACK, 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


@contextlib.contextmanager
def serving(command: list[str], port: int, log: Path) -> Iterator[None]:
    """Run a server until the block ends; the block begins when its port accepts connections."""
    with log.open("wb") as output:
        child = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        _wait_for_port(child, port, log)
        yield
    finally:
        end(child)


def end(child: subprocess.Popen[bytes]) -> None:
    """Terminate a child process of a test."""
    child.terminate()
    try:
        child.wait(5)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def _wait_for_port(child: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + _PATIENCE
    while child.poll() is None and time.monotonic() < deadline:
        try:
            socket.create_connection((LOOPBACK, port), 1).close()
        except OSError:
            time.sleep(0.01)
        else:
            return
    raise AssertionError(f"{child.args!r} does not listen: {log.read_text(errors='replace')}")


@contextlib.contextmanager
def another_program(code: str, argument: str, line: str) -> Iterator[None]:
    """Run Python code in a child process; the block begins when it has printed `line`.

    The child's standard input is closed at the end of the block.
    """
    command = [sys.executable, "-c", code, argument]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        assert child.stdout.readline() == f"{line}\n".encode()
        try:
            yield
        finally:
            child.stdin.close()
