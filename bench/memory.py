"""Memory that is not released after receiving a million messages."""

from __future__ import annotations

from bench.figure import Figure
from bench.runner import SPACEBEAM, Run, interleaved, serving

_COUNT = 1_000_000
_MAX_GROWTH_MIB = 20.0


def measure() -> list[Figure]:
    """Run the suite, which takes a few seconds."""
    with serving() as address:
        url = f"{address}/flood?count={_COUNT}&size=128"
        run = Run((*SPACEBEAM, "memory", url, str(_COUNT)), _COUNT)
        results = interleaved({"ours": run}, rounds=3, max_seconds=20.0)
    return [Figure("memory-growth", "20 MiB", results["ours"]["grown"], _MAX_GROWTH_MIB, "MiB")]
