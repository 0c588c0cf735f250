"""The resident memory of this process in MiB (proc(5), Linux)."""

from __future__ import annotations

from pathlib import Path


def resident() -> float:
    """Return the present memory."""
    return _of("VmRSS")


def most_resident() -> float:
    """Return the maximum so far."""
    return _of("VmHWM")


def _of(name: str) -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name)) / 1024
