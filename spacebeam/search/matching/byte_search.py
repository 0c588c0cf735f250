"""Finds a word in bytes.

The C library's memmem is faster than `bytes.find` where the word is rare. But a call costs as much
as a `find` in 1 KB, so memmem is only used for long data.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from functools import cache, partial

from spacebeam.protocol.batch import Data

Search = Callable[[int, int], int]  # (start, end) -> the first offset, or -1

_MIN_MEMMEM_SIZE = 16 * 1024  # bytes


def search_function(data: Data, word: bytes) -> Search:
    """Return a function that finds `word` in `data`, for a frequent word."""
    return partial(data.find, word)


def rare_search_function(data: Data, word: bytes) -> Search:
    """Return a function that finds `word` in `data`, for a rare word."""
    # The memory of a bytearray could move while C reads it.
    if (
        isinstance(data, bytes)
        and len(data) >= _MIN_MEMMEM_SIZE
        and (memmem := _memmem()) is not None
    ):
        return memmem(data, word)
    return search_function(data, word)


@cache
def _memmem() -> Callable[[bytes, bytes], Search] | None:
    """Return what makes a search function with memmem, or None without memmem."""
    try:
        find = ctypes.CDLL(None).memmem
    except (OSError, AttributeError):
        return None
    find.restype = ctypes.c_size_t  # an address, or 0
    find.argtypes = (ctypes.c_size_t, ctypes.c_size_t, ctypes.c_char_p, ctypes.c_size_t)

    def bind(data: bytes, word: bytes) -> Search:
        address = ctypes.cast(ctypes.c_char_p(data), ctypes.c_void_p).value or 0
        size = len(word)

        def search(start: int, end: int) -> int:
            found: int = find(address + start, end - start, word, size) if end > start else 0
            # The reference to `data` keeps its memory valid.
            return found - address if found and data else -1

        return search

    return bind
