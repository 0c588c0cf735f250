"""A window's start and its memory when idle: `start_client spacebeam|smallest`.

"smallest" is a window of libadwaita with a field and a button, and nothing else. The last line on
standard error has the results. Needs a display, for example from `scripts/private.sh --window`.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

_SETTLE_MS = 1000  # until the memory is read

_Results = dict[str, float]


def main(program: str) -> None:
    """Run a program until its window has been idle, and print the results."""
    results: _Results = {}
    if program == "spacebeam":
        _run_spacebeam(results)
    else:
        _run_smallest(results)
    print(json.dumps(results), file=sys.stderr)


def _run_spacebeam(results: _Results) -> None:
    import spacebeam.ui  # noqa: F401  it chooses the versions

    from gi.repository import Gio  # isort: skip

    from spacebeam.ui.application import Application
    from spacebeam.ui.tasks import use_glib_loop

    use_glib_loop()
    application = Application(Gio.ApplicationFlags.NON_UNIQUE)
    application.connect_after(
        "activate", lambda one: _watch(one.get_active_window(), results, one.quit)
    )
    application.run([])


def _run_smallest(results: _Results) -> None:
    import gi

    gi.require_version("Gtk", "4.0")
    gi.require_version("Adw", "1")
    from gi.repository import Adw, Gtk

    application = Adw.Application()

    def show(_application: Adw.Application) -> None:
        window = Adw.ApplicationWindow(application=application)
        box = Gtk.Box(orientation=Gtk.Orientation.VERTICAL)
        box.append(Adw.HeaderBar())
        box.append(Gtk.Entry())
        box.append(Gtk.Button(label="Connect"))
        window.set_content(box)
        window.set_default_size(1200, 760)
        window.present()
        _watch(window, results, application.quit)

    application.connect("activate", show)
    application.run([])


def _watch(window: object, results: _Results, quit_: Callable[[], object]) -> None:
    """Note when the first frame is drawn and nothing else is due, and later the memory."""
    from gi.repository import GLib, Gtk

    assert isinstance(window, Gtk.Window)
    is_drawn: list[bool] = []

    def on_after_paint(_clock: object) -> None:
        if window.get_mapped() and not is_drawn:
            is_drawn.append(True)
            GLib.idle_add(on_idle, priority=GLib.PRIORITY_LOW)

    def on_idle() -> bool:
        results["started"] = _age() * 1000
        GLib.timeout_add(_SETTLE_MS, on_settled)
        return GLib.SOURCE_REMOVE

    def on_settled() -> bool:
        from bench.peers.resident import resident

        results["memory"] = resident()
        quit_()
        return GLib.SOURCE_REMOVE

    clock = window.get_frame_clock()
    assert clock is not None
    clock.connect("after-paint", on_after_paint)


def _age() -> float:
    """Return the seconds since this process was started (proc(5), Linux; in hundredths)."""
    fields = Path("/proc/self/stat").read_text().rpartition(")")[2].split()
    ticks = int(fields[19])  # the 22nd field of all
    return time.clock_gettime(time.CLOCK_BOOTTIME) - ticks / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main(sys.argv[1])
