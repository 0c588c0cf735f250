"""`spacebeam connect` printing a flood, compared with Node's `ws`, which only counts it.

Under other load, compare the rates by processor time.
"""

from __future__ import annotations

from bench.figure import Figure
from bench.runner import SPACEBEAM, Run, interleaved, node, serving

_ROUNDS = 5
_MAX_SECONDS = 30.0  # for all rounds
_COUNT = 1_000_000
_SIZE = 128  # bytes of a message's payload
_RATES = {"": "rate", "-processor": "processor_rate", "-process": "process_rate"}


def measure() -> list[Figure]:
    """Run the suite, which takes half a minute.

    Raises RuntimeError if a client is missing.
    """
    with serving() as address:
        about = (f"{address}/flood?count={_COUNT}&size={_SIZE}", str(_COUNT))
        runs = {
            "node": Run(node("node_client.mjs", *about), _COUNT),
            "connect": Run((*SPACEBEAM, "plain", *about), _COUNT),
            "connect-json": Run((*SPACEBEAM, "json", *about), _COUNT),
        }
        results = interleaved(runs, _ROUNDS, _MAX_SECONDS)
    return [
        Figure(f"{name}-{_SIZE}{suffix}", "node-ws", results[name][key], results["node"][key])
        for name in ("connect", "connect-json")
        for suffix, key in (
            ("", "rate"),
            ("-processor", "processor_rate"),
            ("-process", "process_rate"),
        )
    ]
