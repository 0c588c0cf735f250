"""Receiving a compressed flood (permessage-deflate with context takeover)."""

from __future__ import annotations

from bench.figure import Figure
from bench.runner import SPACEBEAM, Run, interleaved, node, serving, soup

_ROUNDS = 5
_MAX_SECONDS = 30.0  # for all rounds
_COUNT = 300_000
_SIZE = 128  # bytes of a decompressed payload


def measure() -> list[Figure]:
    """Run the suite, which takes a third of a minute.

    Raises RuntimeError if a client is missing.
    """
    with serving() as address:
        url = f"{address}/flood?count={_COUNT}&size={_SIZE}&deflate=1"
        count = str(_COUNT)
        runs = {
            "ours": Run((*SPACEBEAM, "deflate", url, count), _COUNT),
            "libsoup-c": Run(soup(url, count, "1"), _COUNT),
            "node-ws": Run(node("node_client.mjs", url, count, "deflate"), _COUNT // 10),
        }
        few = f"{address}/flood?count={_COUNT // 10}&size={_SIZE}&deflate=1"
        slow = node("node_client.mjs", few, str(_COUNT // 10), "deflate")
        runs["node-ws"] = Run(slow, _COUNT // 10)
        rates = {
            name: results["rate"]
            for name, results in interleaved(runs, _ROUNDS, _MAX_SECONDS).items()
        }
    return [
        Figure(f"deflate-{_SIZE}", other, rates["ours"], rates[other])
        for other in ("libsoup-c", "node-ws")
    ]
