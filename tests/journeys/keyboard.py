"""Keys as the X server gets them from a keyboard.

AT-SPI's own way to press keys does nothing where its registry was built without it, as Debian's.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import os

import pytest

CONTROL, SHIFT = "Control_L", "Shift_L"


def press(*names: str) -> None:
    """Press these keys, by their X names, one after the other, and let go in reverse."""
    x11, xtest = library("X11"), library("Xtst")
    x11.XOpenDisplay.restype = ctypes.c_void_p
    x11.XStringToKeysym.restype = ctypes.c_ulong
    display = ctypes.c_void_p(x11.XOpenDisplay(os.environ["DISPLAY"].encode()))
    assert display.value, "the display cannot be opened"
    try:
        symbols = [ctypes.c_ulong(x11.XStringToKeysym(name.encode())) for name in names]
        codes = [x11.XKeysymToKeycode(display, symbol) for symbol in symbols]
        for code in codes:
            xtest.XTestFakeKeyEvent(display, code, True, ctypes.c_ulong(0))
        for code in reversed(codes):
            xtest.XTestFakeKeyEvent(display, code, False, ctypes.c_ulong(0))
        x11.XSync(display, False)
    finally:
        x11.XCloseDisplay(display)


def code_of(name: str) -> int:
    """Return the code of the key with this X name; 0 if the keyboard has none."""
    x11 = library("X11")
    x11.XOpenDisplay.restype = ctypes.c_void_p
    x11.XStringToKeysym.restype = ctypes.c_ulong
    display = ctypes.c_void_p(x11.XOpenDisplay(os.environ["DISPLAY"].encode()))
    assert display.value, "the display cannot be opened"
    try:
        symbol = ctypes.c_ulong(x11.XStringToKeysym(name.encode()))
        return int(x11.XKeysymToKeycode(display, symbol))
    finally:
        x11.XCloseDisplay(display)


def library(name: str) -> ctypes.CDLL:
    """Load a library of X; skip the test without it."""
    found = ctypes.util.find_library(name)
    if found is None:
        pytest.skip(f"lib{name} is not installed")
    return ctypes.CDLL(found)
