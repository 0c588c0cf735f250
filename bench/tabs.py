"""Memory that tabs leave behind which were opened, used and closed."""

from __future__ import annotations

import sys

from bench.figure import Figure
from bench.runner import Run, interleaved, serving

_COUNT = 200
_MAX_GROWTH_MIB = 15.0


def measure() -> list[Figure]:
    """Run the suite, which takes a minute."""
    with serving("spacebeam", "serve") as address:
        client = (sys.executable, "-m", "bench.peers.tabs_client", f"{address}/echo", str(_COUNT))
        run = Run(("scripts/private.sh", "--window", *client), _COUNT, is_free=True)
        results = interleaved({"ours": run}, rounds=1, max_seconds=1.0)
    grown = results["ours"]["grown"]
    limit = f"{_MAX_GROWTH_MIB:.0f} MiB"
    return [Figure(f"tabs-{_COUNT}", limit, grown, _MAX_GROWTH_MIB, "MiB", "≤ 1")]
