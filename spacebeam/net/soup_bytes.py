"""libsoup's strings as bytes: PyGObject raises for a string that is not UTF-8.

A server's reason phrase and body may be in any encoding. (libsoup itself replaces the bytes of
headers that are not UTF-8.)
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from functools import cache

from gi.repository import GObject

from spacebeam.net.soup import Soup

Printer = Callable[[str, bytes], None]  # gets the direction, such as "<", and a line

_CPrinter = ctypes.CFUNCTYPE(
    None, ctypes.c_void_p, ctypes.c_int, ctypes.c_char, ctypes.c_char_p, ctypes.c_void_p
)


def reason_phrase(message: Soup.Message) -> bytes:
    """Return the text after the status in a response's first line."""
    phrase: bytes | None = _library().soup_message_get_reason_phrase(_address(message))
    return phrase or b""


def set_printer(logger: Soup.Logger, printer: Printer) -> object:
    """Pass the logger's lines to `printer`. The result must live as long as the logger."""
    callback = _CPrinter(
        lambda _logger, _level, direction, line, _data: printer(
            direction.decode(errors="replace"), line or b""
        )
    )
    _library().soup_logger_set_printer(_address(logger), callback, None, None)
    return callback


@cache
def _library() -> ctypes.CDLL:
    library = ctypes.CDLL("libsoup-3.0.so.0")  # loaded already, by PyGObject
    library.soup_message_get_reason_phrase.argtypes = (ctypes.c_void_p,)
    library.soup_message_get_reason_phrase.restype = ctypes.c_char_p
    library.soup_logger_set_printer.argtypes = (
        ctypes.c_void_p,
        _CPrinter,
        ctypes.c_void_p,
        ctypes.c_void_p,
    )
    library.soup_logger_set_printer.restype = None
    return library


def _address(wrapper: GObject.Object) -> int:
    """Return the address of a Python object's C object."""
    pointer = ctypes.pythonapi.PyCapsule_GetPointer
    pointer.argtypes, pointer.restype = (ctypes.py_object, ctypes.c_char_p), ctypes.c_void_p
    address: int = pointer(wrapper.__gpointer__, None)  # type: ignore[attr-defined]  # no stub
    return address
