"""Starts Spacebeam as a person does, in processes of its own, and ends them by their handle."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from gi.repository import Gio, GLib

from tests.journeys.screen import BUTTON, TEXT, Widget, until, windows
from tests.support.processes import end

ROOT = Path(__file__).parents[2]
COMMAND = (sys.executable, "-m", "spacebeam")

# Newer GTK says the same of libadwaita's dialogs, as in `tests/ui/conftest.py`.
_COMPLAINT = re.compile(
    r"^(?!.*Trying to measure Gtk(?:Label|Stack))"
    r".*(?:-(?:WARNING|CRITICAL) \*\*:|:ERROR:|Traceback|Error:|Exception ).*$",
    re.M,
)


@dataclass
class Program:
    """A running Spacebeam."""

    process: subprocess.Popen[bytes]

    def windows(self) -> list[Widget]:
        """Its windows that are open."""
        return windows(self.process.pid)

    def window(self, number: int = 0) -> Widget:
        """A window, when it is open; they are counted in the order they were opened."""
        until(lambda: len(self.windows()) > number, f"window {number}")
        return self.windows()[number]

    def waits(self) -> int:
        """Wait until the program ends by itself; returns its exit code."""
        return self.process.wait(20)


@contextlib.contextmanager
def started(
    environment: Mapping[str, str] | None = None,
    may_complain: bool = False,
    file: Path | None = None,
) -> Iterator[Program]:
    """Spacebeam's window, with a file if there is one, for the length of a block; fails if GTK or
    Python complained."""
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(
            (*COMMAND, str(file)) if file is not None else COMMAND,
            cwd=ROOT,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stderr=errors,
        )
        try:
            yield Program(process)
        finally:
            end(process)
            errors.seek(0)
            said = errors.read().decode(errors="replace")
    assert may_complain or not _COMPLAINT.search(said), said


@contextlib.contextmanager
def another_bus() -> Iterator[dict[str, str]]:
    """A second session bus: what starts there is another program, not another window."""
    bus = subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", "--print-address"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    try:
        assert bus.stdout is not None
        yield {
            "DBUS_SESSION_BUS_ADDRESS": bus.stdout.readline().decode().strip(),
            "AT_SPI_BUS_ADDRESS": accessibility_bus(),
        }
        bus.stdout.close()
    finally:
        end(bus)


def accessibility_bus() -> str:
    """The bus that the tests look at; whoever starts on another session bus is told of it."""
    session = Gio.bus_get_sync(Gio.BusType.SESSION)
    answer = session.call_sync(
        "org.a11y.Bus",
        "/org/a11y/bus",
        "org.a11y.Bus",
        "GetAddress",
        None,
        GLib.VariantType("(s)"),
        Gio.DBusCallFlags.NONE,
        -1,
    )
    return str(answer.unpack()[0])


@contextlib.contextmanager
def serving() -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """`spacebeam serve`; gives its address without a path, and its process."""
    server = subprocess.Popen(
        (*COMMAND, "serve"), cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE
    )
    try:
        assert server.stdout is not None
        yield server.stdout.readline().decode().strip(), server
        server.stdout.close()
    finally:
        end(server)


def connect(window: Widget, address: str) -> None:
    """Type an address and press Connect."""
    window.find(TEXT, "Address").write(address)
    window.find(BUTTON, "Connect").press()


def say(window: Widget, words: str) -> None:
    """Write a message and send it."""
    window.find(TEXT, "Message").write(words)
    window.find(BUTTON, "Send").press()
