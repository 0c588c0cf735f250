"""Sending: queued messages until the server has them all, and one at a time there and back."""

from __future__ import annotations

from bench.figure import Figure
from bench.runner import SPACEBEAM, Run, interleaved, node, python, serving

_ROUNDS = 5
_TIME = 40.0  # seconds
_COUNT = 200_000
_MASKED_HEADERS = {32: 6, 1024: 8}  # bytes a frame of this payload has beside it
_TRIPS = 5_000
_TRIP_SIZE = 32  # bytes


def measure() -> list[Figure]:
    """The suite; takes two thirds of a minute. Raises RuntimeError where a client is missing."""
    runs: dict[str, Run] = {}
    with serving() as address:
        for size, header in _MASKED_HEADERS.items():
            url = f"{address}/sink?bytes={_COUNT * (size + header)}"
            about = (url, str(_COUNT), str(size))
            runs[f"ours {size}"] = Run((*SPACEBEAM, "send", *about), _COUNT)
            runs[f"node {size}"] = Run(node("node_sender.mjs", *about), _COUNT)
        echo = (f"{address}/echo?bytes={_TRIP_SIZE}", str(_TRIPS), str(_TRIP_SIZE))
        runs["ours trip"] = Run((*SPACEBEAM, "trip", *echo), _TRIPS)
        runs["their trip"] = Run(python("websockets_client", "trip", *echo), _TRIPS)
        told = interleaved(runs, _ROUNDS, _TIME)
    ours, theirs = told["ours trip"]["median"], told["their trip"]["median"]
    return [
        *(
            Figure(
                f"send-{size}",
                "node-ws",
                told[f"ours {size}"]["rate"],
                told[f"node {size}"]["rate"],
            )
            for size in _MASKED_HEADERS
        ),
        Figure(f"round-trip-{_TRIP_SIZE}", "websockets", ours * 1e6, theirs * 1e6, "µs"),
    ]
