"""What the start imports: the first screen is shown without the second one's modules."""

from __future__ import annotations

import subprocess
import sys

import pytest

_SCRIPT = """
import sys
import spacebeam.ui
from gi.repository import Gio, GLib
from spacebeam.ui.application import Application
from spacebeam.ui.tasks import use_glib_loop

def on_activate(application):
    window = application.get_active_window()
    if PRELOADS:
        GLib.timeout_add(10, wait, application)
    else:
        window.get_frame_clock().connect("after-paint", lambda _clock: application.quit())

def wait(application):
    if "spacebeam.ui.window.conversation" in sys.modules:
        application.quit()
    return True

use_glib_loop()
application = Application(Gio.ApplicationFlags.NON_UNIQUE)
application.connect_after("activate", on_activate)
application.run([])
print(*sys.modules)
"""

_LATER = (
    "spacebeam.ui.window.conversation",
    "spacebeam.ui.pages.conversation_page",
    "spacebeam.ui.options.options_window",
    "spacebeam.ui.recordings.recordings_window",
    "spacebeam.ui.window.log_window",
    "spacebeam.ui.help.help_window",
    "spacebeam.help.topics",
    "spacebeam.net.connection",
    "spacebeam.session.session",
    "spacebeam.recording.recording",
    "spacebeam.server.server",
    "spacebeam.search.parser",
    "gi.repository.GtkSource",
    "gi.repository.Soup",
    "msgspec",
    "sqlite3",
)


def modules_of_start(*, preloads: bool) -> list[str]:
    """Return the modules of a process whose window is drawn, or also done with preloading."""
    script = f"PRELOADS = {preloads}\n{_SCRIPT}"
    ended = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
    )
    return ended.stdout.split()


@pytest.fixture(scope="module", name="start")
def _start() -> list[str]:
    return modules_of_start(preloads=False)


@pytest.mark.parametrize("module", _LATER)
def test_the_first_screen_is_shown_without(module: str, start: list[str]) -> None:
    assert "spacebeam.ui.pages.connection_page" in start
    assert module not in start


def test_the_second_screen_is_imported_while_the_first_one_is_idle() -> None:
    loaded = modules_of_start(preloads=True)
    assert "spacebeam.session.session" in loaded
    assert "spacebeam.ui.options.options_window" not in loaded
