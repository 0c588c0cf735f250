"""The program's entry: the window without arguments, a command with them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from spacebeam import __version__
from spacebeam.__main__ import _is_file
from tests.cli.program import PATIENCE, command, spacebeam

_PROJECT = Path(__file__).parents[2]


def test_version_prints_the_version() -> None:
    finished = spacebeam("--version")
    assert (finished.returncode, finished.stdout) == (0, f"spacebeam {__version__}\n".encode())


@pytest.mark.parametrize(
    ("argument", "is_file"),
    [
        ("one.beam", True),
        ("ONE.BEAM", True),
        ("/where/one", True),
        ("./connect", True),
        ("file:///where/one.beam", True),
        ("here.sqlite", True),
        ("missing.sqlite", False),
        ("connect", False),
        ("self-test", False),
        ("--version", False),
        ("-/one.beam", False),
        ("", False),
        ("wss://example.com/feed", False),
        ("WS://example.com/one.beam", False),
        ("example.com", False),
    ],
)
def test_a_recording_is_distinguished_from_a_command(
    argument: str, is_file: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here.sqlite").touch()
    (tmp_path / "connect").touch()
    monkeypatch.chdir(tmp_path)
    assert _is_file(argument) is is_file


def test_opening_a_recording_without_a_display_is_an_error() -> None:
    finished = _start_window("one.beam", GDK_BACKEND="x11")
    assert finished.returncode == 1
    assert finished.stderr.startswith(b"spacebeam: There is no display")


def _start_window(*arguments: str, **changes: str) -> subprocess.CompletedProcess[bytes]:
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DISPLAY", "WAYLAND_DISPLAY", "BROADWAY_DISPLAY")
    }
    return subprocess.run(
        command(*arguments), env=environment | changes, capture_output=True, timeout=PATIENCE
    )


def test_the_window_without_a_display_is_an_error() -> None:
    finished = _start_window(GDK_BACKEND="x11")
    assert finished.returncode == 1
    assert finished.stderr.startswith(b"spacebeam: There is no display")


def test_the_window_without_gtk_is_an_error(tmp_path: Path) -> None:
    # A version that does not exist is like a library that is not installed.
    (tmp_path / "sitecustomize.py").write_text(
        "import gi\n"
        "_require = gi.require_version\n"
        "def require_version(name, version):\n"
        "    _require(name, '99.0' if name == 'Gtk' else version)\n"
        "gi.require_version = require_version\n"
    )
    finished = _start_window(PYTHONPATH=f"{tmp_path}{os.pathsep}{_PROJECT}")
    assert finished.returncode == 1
    assert finished.stderr.startswith(b"spacebeam: The window cannot open: ")
    assert b"Traceback" not in finished.stderr


def test_commands_run_without_gtk() -> None:
    code = (
        "import sys, spacebeam.cli.connect, spacebeam.cli.serve, spacebeam.cli.self_test\n"
        "print([name for name in sys.modules if name.startswith('gi.repository.')])\n"
    )
    finished = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, timeout=PATIENCE, check=True
    )
    assert b"Soup" in finished.stdout
    assert b"Gtk" not in finished.stdout
    assert b"Gdk" not in finished.stdout
