"""The main loop of a program that is measured, turn by turn."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from gi.repository import GLib, Gtk

_TIMEOUT_S = 60.0

_Kind = TypeVar("_Kind", bound=Gtk.Widget)


class Loop:
    """Runs the main loop, and measures the processor time of its turns."""

    def __init__(self) -> None:
        self.longest = 0.0  # turn, in milliseconds
        self._context = GLib.MainContext.default()

    def turn(self) -> None:
        self.measure(partial(self._context.iteration, True))

    def measure(self, do: Callable[[], object]) -> None:
        """Do something that a turn would do."""
        began = time.thread_time()
        do()
        self.longest = max(self.longest, (time.thread_time() - began) * 1000)

    def until(self, condition: Callable[[], object]) -> None:
        deadline = time.monotonic() + _TIMEOUT_S
        while not condition():
            if time.monotonic() > deadline:
                raise TimeoutError
            self.turn()

    def rest(self, milliseconds: int = 1500) -> None:
        """Run for a while, until deferred work is done."""
        is_over = False

        def end() -> bool:
            nonlocal is_over
            is_over = True
            return GLib.SOURCE_REMOVE

        GLib.timeout_add(milliseconds, end)
        self.until(lambda: is_over)


def descendants(widget: Gtk.Widget, kind: type[_Kind]) -> list[_Kind]:
    """Return all widgets of a kind inside a widget."""
    found: list[_Kind] = []
    child = widget.get_first_child()
    while child is not None:
        found += [child] if isinstance(child, kind) else []
        found += descendants(child, kind)
        child = child.get_next_sibling()
    return found
