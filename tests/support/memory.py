"""How much memory a test took, in bytes."""

from __future__ import annotations

import contextlib
import os
import tracemalloc
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass
class Taken:
    """Filled in when the block has ended."""

    peak: int = 0


@contextlib.contextmanager
def traced() -> Iterator[Taken]:
    """What Python's allocations came to at the most within the block; slows it down."""
    taken = Taken()
    tracemalloc.start()
    try:
        yield taken
    finally:
        _now, taken.peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()


def resident() -> int:
    """What the whole process holds just now; what zlib, GLib and sockets take is in it."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE
