"""Runs Python's garbage collector on the main loop only.

Python would run it in whichever thread makes an object. A thread that writes a recording would then
free the widgets of a closed tab, which GTK allows on the main loop's thread alone.
"""

from __future__ import annotations

import gc

from gi.repository import GLib

from spacebeam.ui.handlers import weak_handlers

_INTERVAL_S = 1
_MIN_NEW_OBJECTS = 1000  # fewer are left for later
_MAX_YOUNG_ROUNDS = 20  # collections of new objects before one of all objects


@weak_handlers
class GarbageCollector:
    """Collects new objects while many are made, and all objects after that or on request."""

    def __init__(self) -> None:
        self._young_rounds = 0  # since all objects were collected
        self._is_requested = False  # since the last round
        self._is_due = False  # requested in the round before

    def start(self) -> None:
        """Replace Python's automatic collections.

        The present objects, those of the imported modules, are never looked at again: a collection
        of all would take many times as long.
        """
        gc.disable()
        gc.freeze()
        GLib.timeout_add_seconds(_INTERVAL_S, self._on_timeout, priority=GLib.PRIORITY_LOW)

    def request(self) -> None:
        """Collect all objects in a moment, as something large was closed.

        A closed tab is held until its animation ends, which a collection would interrupt: so it
        is one round later, and no further request delays it.
        """
        self._is_requested = True

    def _on_timeout(self) -> bool:
        is_busy = gc.get_count()[0] >= _MIN_NEW_OBJECTS
        is_due, self._is_due, self._is_requested = self._is_due, self._is_requested, False
        is_late = self._young_rounds and (not is_busy or self._young_rounds >= _MAX_YOUNG_ROUNDS)
        if is_due or is_late:
            self._collect_all()
        elif is_busy:
            self._young_rounds += 1
            gc.collect(1)
        return GLib.SOURCE_CONTINUE

    def _collect_all(self) -> None:
        self._young_rounds = 0
        gc.collect()


collector = GarbageCollector()  # of this process
