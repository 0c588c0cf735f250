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
class PeakMemory:
    """The peak in bytes, set at the end of the block."""

    peak: int = 0


@contextlib.contextmanager
def traced() -> Iterator[PeakMemory]:
    """Measure the peak of Python's allocations within the block; this slows it down."""
    taken = PeakMemory()
    tracemalloc.start()
    try:
        yield taken
    finally:
        _now, taken.peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()


def resident() -> int:
    """Return the resident memory of the process, with that of zlib, GLib and sockets."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE
