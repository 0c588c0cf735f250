"""How much memory this process has (proc(5), Linux), in MiB."""

from __future__ import annotations

from pathlib import Path


def resident() -> float:
    """Now."""
    return _of("VmRSS")


def most_resident() -> float:
    """At the most until now."""
    return _of("VmHWM")


def _of(name: str) -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name)) / 1024
