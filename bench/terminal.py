"""The terminal in a flood: `spacebeam connect` printing what Node's `ws` only counts.

The rates by processor time are the ones to compare where the computer has other work to do.
"""

from __future__ import annotations

from bench.figure import Figure
from bench.runner import SPACEBEAM, Run, interleaved, node, serving

_ROUNDS = 5
_TIME = 30.0  # seconds
_COUNT = 1_000_000
_SIZE = 128  # bytes of a message's payload
_RATES = {"": "rate", "-processor": "processor_rate", "-process": "process_rate"}


def measure() -> list[Figure]:
    """The suite; takes half a minute. Raises RuntimeError where a client is missing."""
    with serving() as address:
        about = (f"{address}/flood?count={_COUNT}&size={_SIZE}", str(_COUNT))
        runs = {
            "node": Run(node("node_client.mjs", *about), _COUNT),
            "connect": Run((*SPACEBEAM, "plain", *about), _COUNT),
            "connect-json": Run((*SPACEBEAM, "json", *about), _COUNT),
        }
        told = interleaved(runs, _ROUNDS, _TIME)
    return [
        Figure(f"{name}-{_SIZE}{suffix}", "node-ws", told[name][key], told["node"][key])
        for name in ("connect", "connect-json")
        for suffix, key in (
            ("", "rate"),
            ("-processor", "processor_rate"),
            ("-process", "process_rate"),
        )
    ]
