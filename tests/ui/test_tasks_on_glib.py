"""asyncio's tasks run on GLib's main loop."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

_PROGRAM = """
import asyncio
from gi.repository import Gio
from spacebeam.ui.tasks import use_glib_loop

async def work():
    await asyncio.sleep(0.01)
    print("worked", flush=True)
    application.release()

def on_activate(_application):
    application.hold()
    application.task = asyncio.get_event_loop().create_task(work())

use_glib_loop()
application = Gio.Application(flags=Gio.ApplicationFlags.NON_UNIQUE)
application.connect("activate", on_activate)
raise SystemExit(application.run([]))
"""


def test_a_task_runs_in_a_running_application() -> None:
    """In a process of its own: the loop is chosen for the whole process."""
    ended = subprocess.run(
        [sys.executable, "-c", _PROGRAM],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (ended.returncode, ended.stdout) == (0, "worked\n"), ended.stderr
