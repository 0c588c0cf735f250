"""Sending: queued messages until the server has received them, and round trips one at a time."""

from __future__ import annotations

from bench.figure import Figure
from bench.runner import SPACEBEAM, Run, interleaved, node, python, serving

_ROUNDS = 5
_MAX_SECONDS = 40.0  # for all rounds
_COUNT = 200_000
_MASKED_HEADERS = {32: 6, 1024: 8}  # header bytes of a frame, by payload size
_TRIPS = 5_000
_TRIP_SIZE = 32  # bytes


def measure() -> list[Figure]:
    """Run the suite, which takes two thirds of a minute.

    Raises RuntimeError if a client is missing.
    """
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
        results = interleaved(runs, _ROUNDS, _MAX_SECONDS)
    ours, theirs = results["ours trip"]["median"], results["their trip"]["median"]
    return [
        *(
            Figure(
                f"send-{size}",
                "node-ws",
                results[f"ours {size}"]["rate"],
                results[f"node {size}"]["rate"],
            )
            for size in _MASKED_HEADERS
        ),
        Figure(f"round-trip-{_TRIP_SIZE}", "websockets", ours * 1e6, theirs * 1e6, "µs"),
    ]
