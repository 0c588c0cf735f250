"""The pointer as the X server gets it from a mouse."""

from __future__ import annotations

import ctypes
import os
import time
from collections.abc import Iterator

from tests.journeys.keyboard import library

_STEPS = 12
_BUTTON = 1


def drag(start: tuple[int, int], end: tuple[int, int]) -> None:
    """Drag with the first button, as slowly as a hand does, so that the programs can answer."""
    x11, xtest = library("X11"), library("Xtst")
    x11.XOpenDisplay.restype = ctypes.c_void_p
    display = ctypes.c_void_p(x11.XOpenDisplay(os.environ["DISPLAY"].encode()))
    assert display.value, "the display cannot be opened"

    def move(x: int, y: int) -> None:
        xtest.XTestFakeMotionEvent(display, -1, x, y, ctypes.c_ulong(0))
        x11.XSync(display, False)
        time.sleep(0.05)

    def button(is_down: bool) -> None:
        xtest.XTestFakeButtonEvent(display, _BUTTON, is_down, ctypes.c_ulong(0))
        x11.XSync(display, False)
        time.sleep(0.2)

    try:
        move(*start)
        button(True)
        for place in _line(start, end):
            move(*place)
        time.sleep(0.3)
        button(False)
    finally:
        x11.XCloseDisplay(display)


def _line(start: tuple[int, int], end: tuple[int, int]) -> Iterator[tuple[int, int]]:
    for step in range(1, _STEPS + 1):
        part = step / _STEPS
        yield (
            round(start[0] + (end[0] - start[0]) * part),
            round(start[1] + (end[1] - start[1]) * part),
        )
    yield end[0] + 1, end[1] + 1  # a last motion at the target
