"""Opens Spacebeam's window; without a display, serves that window to a browser.

GTK's Broadway server draws into a web page, so a machine reached over ssh, or a container, shows
the same window. It listens on this machine only.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

PROJECT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
PORTS = range(8085, 8105)

_ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main() -> None:
    app = [str(PROJECT / ".venv/bin/spacebeam"), *sys.argv[1:]]
    if not has_display():
        sys.exit(serve(app))
    if lacks_session_bus() and shutil.which("dbus-run-session"):
        app = ["dbus-run-session", "--", *app]
    os.execvp(app[0], app)


def has_display() -> bool:
    return (
        sys.platform == "darwin"
        or bool(os.environ.get("DISPLAY"))
        or bool(os.environ.get("WAYLAND_DISPLAY"))
    )


def lacks_session_bus() -> bool:
    return not os.environ.get("DBUS_SESSION_BUS_ADDRESS")


def serve(app: list[str]) -> int:
    """Run the app on its own Broadway server; return the app's exit status."""
    if not shutil.which("gtk4-broadwayd"):
        sys.exit("There is no display, and gtk4-broadwayd to serve the window is not installed.")
    for ending in _ENDINGS:
        signal.signal(ending, signal.default_int_handler)
    with contextlib.suppress(KeyboardInterrupt), contextlib.ExitStack() as stack:
        if "XDG_RUNTIME_DIR" not in os.environ:
            # The display creates its socket there.
            os.environ["XDG_RUNTIME_DIR"] = stack.enter_context(tempfile.TemporaryDirectory())
        if lacks_session_bus() and shutil.which("dbus-daemon"):
            os.environ["DBUS_SESSION_BUS_ADDRESS"] = start_bus(stack)
        port = start_broadway(stack)
        print(f"No display here. Spacebeam's window is at http://{HOST}:{port}/", flush=True)
        os.environ.pop("GSK_RENDERER", None)  # Broadway needs its own renderer
        os.environ.update(GDK_BACKEND="broadway", BROADWAY_DISPLAY=display_for(port))
        return stack.enter_context(running(app)).wait()
    return 128 + signal.SIGINT


def start_bus(stack: contextlib.ExitStack) -> str:
    """Start a session bus that ends with `stack`; return its address."""
    command = ["dbus-daemon", "--session", "--nofork", "--print-address"]
    bus = stack.enter_context(running(command, stdout=subprocess.PIPE))
    return bus.stdout.readline().decode().strip() if bus.stdout else ""


def start_broadway(stack: contextlib.ExitStack) -> int:
    """Start a server that ends with `stack`, on BROADWAY_PORT or the first free port."""
    wish = os.environ.get("BROADWAY_PORT")
    ports = [int(wish)] if wish else list(PORTS)
    for port in filter(is_free, ports):
        command = ["gtk4-broadwayd", "--port", str(port), "--address", HOST, display_for(port)]
        server = stack.enter_context(running(command, stdout=subprocess.PIPE))
        # It prints its address when it listens. Without output it has ended: the port was taken.
        if server.stdout and server.stdout.readline():
            return port
    tried = " to ".join(map(str, sorted({ports[0], ports[-1]})))
    sys.exit(f"No port is free ({tried}); name another with BROADWAY_PORT=... make run")


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def display_for(port: int) -> str:
    """Return the display for a port, by gtk4-broadwayd's rule; each port has its own display."""
    return f":{port - 8080 if port > 8080 else port}"


@contextlib.contextmanager
def running(command: list[str], stdout: int | None = None) -> Iterator[subprocess.Popen[bytes]]:
    """Run a process within the context; end it and its children at the end.

    It has its own session, so that Ctrl+C comes here first and the app ends before its display.
    """
    process = None
    try:
        with delayed_interrupts():
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=stdout, start_new_session=True
            )
        yield process
    finally:
        if process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            process.wait()


@contextlib.contextmanager
def delayed_interrupts() -> Iterator[None]:
    """Raise KeyboardInterrupt for a signal after the block only.

    Within Popen it would leave a process that has started and that nobody knows.
    """
    received: list[int] = []
    former = {
        ending: signal.signal(ending, lambda number, _frame: received.append(number))
        for ending in _ENDINGS
    }
    try:
        yield
    finally:
        for ending, handler in former.items():
            signal.signal(ending, handler)
    if received:
        raise KeyboardInterrupt


if __name__ == "__main__":
    main()
