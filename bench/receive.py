"""Receiving a flood, with Spacebeam and other clients.

Every text is checked as UTF-8. At 128 B all messages have the same length, as in other benchmarks;
`receive-mixed` has lengths from 64 to 191 B, which is harder. The bare socket shows the rate of the
server: a client with nearly that rate was limited by the server.
"""

from __future__ import annotations

from bench.figure import Figure
from bench.runner import SPACEBEAM, Run, chromium, interleaved, node, python, serving, soup

_ROUNDS = 5
_MAX_SECONDS = 43.0  # for all rounds
_NODE, _SOUP, _CHROMIUM, _WEBSOCKETS, _SOCKET = (
    "node-ws",
    "libsoup-c",
    "chromium",
    "websockets",
    "bare-socket",
)
# By name, the number of messages and the bytes of one. Slow clients get fewer messages.
_SIZES = {
    "32": (1_000_000, 32),
    "128": (1_000_000, 128),
    "mixed": (500_000, 128),
    "1024": (400_000, 1024),
    "65536": (10_000, 65_536),
    "16777216": (40, 16 * 1024 * 1024),
}
_OTHERS = {_SOUP: 200_000, _CHROMIUM: 10_000, _WEBSOCKETS: 60_000}


def measure() -> list[Figure]:
    """Run the suite, which takes 45 seconds.

    Raises RuntimeError if a client is missing.
    """
    runs: dict[str, Run] = {}
    with serving() as address:
        for label, (count, size) in _SIZES.items():
            url = f"{address}/flood?size={size}&mixed={int(label == 'mixed')}&count="
            runs[f"ours {label}"] = Run((*SPACEBEAM, "engine", f"{url}{count}", str(count)), count)
            command = node("node_client.mjs", f"{url}{count}", str(count))
            runs[f"{_NODE} {label}"] = Run(command, count)
        runs |= _others(f"{address}/flood?size=128&count=")
        rates = {
            name: results["rate"]
            for name, results in interleaved(runs, _ROUNDS, _MAX_SECONDS).items()
        }
    figures = [
        Figure(f"receive-{label}", _NODE, rates[f"ours {label}"], rates[f"{_NODE} {label}"])
        for label in _SIZES
    ]
    figures += [
        Figure("receive-128", other, rates["ours 128"], rates[other])
        for other in (_SOUP, _CHROMIUM, _WEBSOCKETS, _SOCKET)
    ]
    return figures


def _others(url: str) -> dict[str, Run]:
    counts = {name: (f"{url}{count}", str(count)) for name, count in _OTHERS.items()}
    bare, size = 1_000_000, "128"
    commands = {
        _SOUP: soup(*counts[_SOUP], "0"),
        _CHROMIUM: chromium(*counts[_CHROMIUM]),
        _WEBSOCKETS: python("websockets_client", "receive", *counts[_WEBSOCKETS]),
    }
    runs = {name: Run(command, _OTHERS[name]) for name, command in commands.items()}
    socket = python("socket_client", f"{url}{bare}", str(bare), size)
    return runs | {_SOCKET: Run(socket, bare)}
