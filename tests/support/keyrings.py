"""Private session buses with a real Secret Service (gnome-keyring), and programs that use it.

libsecret and Gio share one bus for a whole process, so that what uses a keyring runs in a child.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.processes import binary, end

PASSWORD = "the keyring's own"
_PATIENCE = 60.0
_CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:dir={folder}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""


@dataclass(frozen=True)
class Bus:
    """A session bus on which no service is started by itself."""

    address: str
    home: Path

    @property
    def environment(self) -> dict[str, str]:
        folders = {
            "HOME": self.home,
            "XDG_DATA_HOME": self.home / "data",
            "XDG_CONFIG_HOME": self.home / "config",
            "XDG_STATE_HOME": self.home / "state",
            "XDG_CACHE_HOME": self.home / "cache",
            "XDG_RUNTIME_DIR": self.home / "run",
        }
        return {
            **os.environ,
            **{name: str(folder) for name, folder in folders.items()},
            "DBUS_SESSION_BUS_ADDRESS": self.address,
        }


@contextlib.contextmanager
def session_bus(home: Path) -> Iterator[Bus]:
    """Run a session bus without any service; what is saved stays in `home`."""
    home.mkdir(exist_ok=True)
    (home / "run").mkdir(mode=0o700, exist_ok=True)
    config = home / "bus.conf"
    config.write_text(_CONFIG.format(folder=home / "run"))
    command = [binary("dbus-daemon"), f"--config-file={config}", "--nofork", "--print-address=1"]
    child = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    try:
        assert child.stdout is not None
        yield Bus(child.stdout.readline().decode().strip(), home)
        child.stdout.close()
    finally:
        end(child)


@contextlib.contextmanager
def keyring_on(bus: Bus, *, is_unlocked: bool = True) -> Iterator[None]:
    """Run gnome-keyring on the bus.

    Nothing can ask for the password there: a locked keyring is as one that the person dismissed.
    """
    _end_activated(bus)
    command = [binary("gnome-keyring-daemon"), "--foreground", "--components=secrets"]
    command += ["--unlock"] if is_unlocked else []
    child = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=bus.environment,
    )
    try:
        assert child.stdin is not None
        child.stdin.write(PASSWORD.encode() if is_unlocked else b"")
        child.stdin.close()
        waiting = ["gdbus", "wait", "--session", "--timeout=20", "org.freedesktop.secrets"]
        subprocess.run(waiting, env=bus.environment, check=True, timeout=_PATIENCE)
        if is_unlocked:  # it has its name on the bus before it is
            deadline = time.monotonic() + _PATIENCE
            while not _has_unlocked_collection(bus):
                assert time.monotonic() < deadline, "the keyring was not unlocked"
        yield
    finally:
        end(child)


def _end_activated(bus: Bus) -> None:
    """End a locked service that the bus has started by itself, as something asked for it."""
    answer = _called(
        bus,
        "org.freedesktop.DBus",
        "/org/freedesktop/DBus",
        "org.freedesktop.DBus.GetConnectionUnixProcessID",
        "org.freedesktop.secrets",
    )
    found = re.search(rb"uint32 (\d+)", answer)
    if found is not None:
        process = int(found[1])
        os.kill(process, signal.SIGTERM)
        deadline = time.monotonic() + _PATIENCE
        while Path(f"/proc/{process}").exists():
            assert time.monotonic() < deadline, "the activated service did not end"
            time.sleep(0.01)


def _has_unlocked_collection(bus: Bus) -> bool:
    answer = _called(
        bus,
        "org.freedesktop.secrets",
        "/org/freedesktop/secrets/aliases/default",
        "org.freedesktop.DBus.Properties.Get",
        "org.freedesktop.Secret.Collection",
        "Locked",
    )
    return b"false" in answer


def _called(bus: Bus, service: str, path: str, method: str, *arguments: str) -> bytes:
    """Return what a method of a service on the bus returns; nothing if it fails."""
    command = ["gdbus", "call", "--session", f"--dest={service}", f"--object-path={path}"]
    return subprocess.run(
        [*command, f"--method={method}", *arguments],
        env=bus.environment,
        capture_output=True,
        timeout=_PATIENCE,
        check=False,
    ).stdout


def ask(bus: Bus, scenario: Callable[..., Awaitable[Any]], *arguments: str) -> Any:
    """Run an async function of a test module in a program on the bus; return its JSON value."""
    with asking(bus, scenario, *arguments) as child:
        output, _errors = child.communicate(timeout=_PATIENCE)
    assert child.returncode == 0
    return json.loads(output)


def asking(
    bus: Bus, scenario: Callable[..., Awaitable[Any]], *arguments: str
) -> subprocess.Popen[bytes]:
    """Start an async function of a test module in a program on the bus."""
    code = (
        "import json, sys\n"
        f"from {scenario.__module__} import {scenario.__name__} as scenario\n"
        "from spacebeam.cli.loop import run\n"
        "print(json.dumps(run(scenario(*sys.argv[1:]))))\n"
    )
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, env=bus.environment
    )
