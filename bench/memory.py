"""What a million received and released messages leave behind."""

from __future__ import annotations

from bench.figure import Figure
from bench.runner import SPACEBEAM, Run, interleaved, serving

_COUNT = 1_000_000
_ALLOWED = 20.0  # MiB


def measure() -> list[Figure]:
    """The suite; takes a few seconds."""
    with serving() as address:
        url = f"{address}/flood?count={_COUNT}&size=128"
        run = Run((*SPACEBEAM, "memory", url, str(_COUNT)), _COUNT)
        told = interleaved({"ours": run}, rounds=3, within=20.0)
    return [Figure("memory-growth", "20 MiB", told["ours"]["grown"], _ALLOWED, "MiB")]
