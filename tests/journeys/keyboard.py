"""Keys as the X server gets them from a keyboard.

AT-SPI's own way to press keys does nothing where its registry was built without it, as Debian's.
"""

from __future__ import annotations

import contextlib
import ctypes
import ctypes.util
import os
from collections.abc import Iterator

import pytest

ALT, CONTROL, SHIFT = "Alt_L", "Control_L", "Shift_L"
_VIEWABLE, _REVERT_TO_PARENT = 2, 2


def press(*names: str) -> None:
    """Press these keys, by their X names, one after the other, and let go in reverse."""
    with _display() as display:
        _press(display, [_symbol(name) for name in names])


def write(text: str) -> None:
    """Type a text of printable ASCII characters, with Shift where the keyboard needs it."""
    with _display() as display:
        for symbol in map(ord, text):  # X has the same numbers for these
            code = library("X11").XKeysymToKeycode(display, ctypes.c_ulong(symbol))
            is_plain = library("X11").XkbKeycodeToKeysym(display, code, 0, 0) == symbol
            _press(display, [symbol] if is_plain else [_symbol(SHIFT), symbol])


def code_of(name: str) -> int:
    """Return the code of the key with this X name; 0 if the keyboard has none."""
    with _display() as display:
        return int(library("X11").XKeysymToKeycode(display, ctypes.c_ulong(_symbol(name))))


def focus_top_window() -> None:
    """Let keys go to the window in front, as a window manager does once a dialog is closed."""
    x11 = library("X11")
    with _display() as display:
        nothing, count = ctypes.c_ulong(), ctypes.c_uint()
        windows = ctypes.POINTER(ctypes.c_ulong)()
        root = ctypes.c_ulong(x11.XDefaultRootWindow(display))
        x11.XQueryTree(
            display, root, *[ctypes.byref(one) for one in (nothing, nothing, windows, count)]
        )
        attributes = (ctypes.c_int * 64)()  # an XWindowAttributes, which is smaller
        for place in reversed(range(count.value)):
            window = ctypes.c_ulong(windows[place])
            x11.XGetWindowAttributes(display, window, attributes)
            if attributes[23] == _VIEWABLE:
                x11.XSetInputFocus(display, window, _REVERT_TO_PARENT, ctypes.c_ulong(0))
                break
        x11.XFree(windows)
        x11.XSync(display, False)


def _press(display: ctypes.c_void_p, symbols: list[int]) -> None:
    x11, xtest = library("X11"), library("Xtst")
    codes = [x11.XKeysymToKeycode(display, ctypes.c_ulong(symbol)) for symbol in symbols]
    for code in codes:
        xtest.XTestFakeKeyEvent(display, code, True, ctypes.c_ulong(0))
    for code in reversed(codes):
        xtest.XTestFakeKeyEvent(display, code, False, ctypes.c_ulong(0))
    x11.XSync(display, False)


def _symbol(name: str) -> int:
    x11 = library("X11")
    x11.XStringToKeysym.restype = ctypes.c_ulong
    return int(x11.XStringToKeysym(name.encode()))


@contextlib.contextmanager
def _display() -> Iterator[ctypes.c_void_p]:
    x11 = library("X11")
    x11.XOpenDisplay.restype = ctypes.c_void_p
    x11.XDefaultRootWindow.restype = ctypes.c_ulong
    x11.XkbKeycodeToKeysym.restype = ctypes.c_ulong
    display = ctypes.c_void_p(x11.XOpenDisplay(os.environ["DISPLAY"].encode()))
    assert display.value, "the display cannot be opened"
    try:
        yield display
    finally:
        x11.XCloseDisplay(display)


def library(name: str) -> ctypes.CDLL:
    """Load a library of X; skip the test without it."""
    found = ctypes.util.find_library(name)
    if found is None:
        pytest.skip(f"lib{name} is not installed")
    return ctypes.CDLL(found)
