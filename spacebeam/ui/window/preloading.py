"""Imports the second screen's modules after the first screen is drawn, one in an idle turn.

So neither the start nor the first Connect waits for them.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from gi.repository import Gdk, GLib, Gtk

_PRIORITY = GLib.PRIORITY_LOW + 100  # anything else is done first
_WANTED = (
    "spacebeam.exchange.command_lines.reading",
    "spacebeam.ui.connections.preparing",
    "spacebeam.recording.opening",
    "spacebeam.ui.window.conversation",
)
_IMPORT = re.compile(r"^from (spacebeam\.\S+) import", re.MULTILINE)


def preload_after_first_frame(window: Gtk.Widget) -> None:
    """Import the modules in idle turns, from the first frame of this window on."""
    window.add_tick_callback(_on_tick)


def _on_tick(_window: Gtk.Widget, _clock: Gdk.FrameClock) -> bool:
    GLib.idle_add(_import_next, _names(), priority=_PRIORITY)
    return GLib.SOURCE_REMOVE


def _names() -> Iterator[str]:
    seen: set[str] = set()
    for name in _WANTED:
        yield from _in_order(name, seen)


def _import_next(names: Iterator[str]) -> bool:
    name = next(names, None)
    if name is None:
        return GLib.SOURCE_REMOVE
    import_module(name)
    return GLib.SOURCE_CONTINUE


def _in_order(name: str, seen: set[str]) -> Iterator[str]:
    """Yield a module after the modules that it imports: alone, each takes a few milliseconds."""
    seen.add(name)
    spec = find_spec(name)
    if spec is not None and spec.origin is not None:
        for found in _IMPORT.findall(Path(spec.origin).read_text(encoding="utf-8")):
            if found not in seen and found not in sys.modules:
                yield from _in_order(found, seen)
    yield name
