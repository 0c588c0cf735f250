"""Without a display the window is shown in a browser."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import gi
import pytest

gi.require_version("GdkPixbuf", "2.0")
from gi.repository import GdkPixbuf  # noqa: E402

from tests.journeys.program import ROOT  # noqa: E402
from tests.journeys.screen import until  # noqa: E402
from tests.support.browser import HEADLESS  # noqa: E402
from tests.support.processes import LOOPBACK, binary, end, free_port  # noqa: E402

_CHROMIUM = (
    *HEADLESS,
    "--window-size=1000,700",
    "--virtual-time-budget=8000",
)


def colours(picture: Path) -> int:
    """How many different colours a picture has."""
    pixels = GdkPixbuf.Pixbuf.new_from_file(str(picture))
    assert pixels is not None
    step, row = pixels.get_n_channels(), pixels.get_rowstride()
    data = pixels.get_pixels()
    return len(
        {
            data[place : place + 3]
            for line in range(pixels.get_height())
            for place in range(line * row, line * row + pixels.get_width() * step, step)
        }
    )


class Rest:
    """Tells when a process has done nothing for a while, as after its window has been drawn."""

    def __init__(self, note: Path) -> None:
        self._note = note  # where the process leaves its number
        self._worked = -1
        self._looks = 0

    def look(self) -> bool:
        worked = self._processor_time()
        same = worked > 0 and worked - self._worked <= 1  # a cursor that blinks is no work
        self._looks = self._looks + 1 if same else 0
        self._worked = self._worked if same else worked
        return self._looks > 15

    def _processor_time(self) -> int:
        """In hundredths of a second, since the process began."""
        if not self._note.exists() or not self._note.read_text():
            return 0
        status = Path(f"/proc/{int(self._note.read_text())}/stat").read_text()
        user, system = status.rpartition(")")[2].split()[11:13]
        return int(user) + int(system)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder like the project's, with the program as if it had been installed there."""
    program = tmp_path / ".venv/bin/spacebeam"
    program.parent.mkdir(parents=True)
    program.write_text(
        f'#!/bin/sh\necho $$ > "{tmp_path}/process"\n'
        f'PYTHONPATH="{ROOT}" exec "{sys.executable}" -m spacebeam "$@"\n'
    )
    program.chmod(0o755)
    (tmp_path / "scripts").mkdir()
    shutil.copy(ROOT / "scripts/run.py", tmp_path / "scripts")
    return tmp_path


def test_a_browser_shows_the_window(checkout: Path) -> None:
    binary("gtk4-broadwayd")
    chromium = browser()
    # A program that is slow to start looks at rest before it has drawn anything.
    assert any(is_shown_in(chromium, checkout) for _attempt in range(3))


def is_shown_in(chromium: str, checkout: Path) -> bool:
    """Start the program without a display, and look at it with a browser."""
    port = free_port()
    environment = {**os.environ, "BROADWAY_PORT": str(port)}
    # The renderer of the other tests draws nothing into a browser.
    for name in ("DISPLAY", "GDK_BACKEND", "GSK_RENDERER", "DBUS_SESSION_BUS_ADDRESS"):
        environment.pop(name, None)
    (checkout / "process").unlink(missing_ok=True)
    serving = subprocess.Popen(
        [sys.executable, checkout / "scripts/run.py"],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    try:
        until(Rest(checkout / "process").look, "the program at rest")
        picture = checkout / "window.png"
        # Below the home of the test the socket's path would be too long.
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
            return shot(chromium, port, picture, profile) > 100
    finally:
        end(serving)


def browser() -> str:
    for name in ("chromium", "chromium-browser"):
        try:
            return binary(name)
        except pytest.skip.Exception:
            continue
    return binary("google-chrome")


def shot(chromium: str, port: int, picture: Path, profile: str) -> int:
    """Take a picture of what the browser shows; returns how many colours it has."""
    subprocess.run(
        [
            chromium,
            *_CHROMIUM,
            f"--user-data-dir={profile}",
            f"--screenshot={picture}",
            f"http://{LOOPBACK}:{port}/",
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        timeout=30,
        check=False,
    )
    return colours(picture) if picture.exists() else 0
