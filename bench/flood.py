"""Receiving a flood: this program, Node's `ws`, and a socket that is read and nothing more.

One server process floods them in turn. The runs are interleaved, so that whatever else the
computer does touches all of them; server and client each have a processor where there are two.
On a computer with other work to do, the rates by processor time are the ones to compare.
The bare socket shows what the server can give: a client near it was held up by the server.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.figure import Figure

_ROUNDS = 5
_COUNT = 1_000_000
_SIZE = 128  # bytes of a message's payload
_TIME_LIMIT = 60.0  # seconds for one client
_PROJECT = Path(__file__).parents[1]
_PEERS = Path(__file__).parent / "peers"
_MODULES = _PROJECT / "build" / "peers" / "node_modules"

_ENGINE = "receive"
_PLAIN = "connect"
_JSON = "connect-json"
_NODE = "node-ws"
_SOCKET = "bare-socket"


@dataclass(frozen=True, slots=True)
class _Rates:
    """One client's rates in messages a second."""

    talk: float  # from the first message to the last
    processor: float  # the same by processor time, which others' work does not touch
    process: float  # from the process's start to its end


def measure() -> list[Figure]:
    """The suite; takes half a minute. Raises RuntimeError where Node's `ws` is not installed."""
    node = shutil.which("node")
    if node is None or not (_MODULES / "ws").is_dir():
        raise RuntimeError(f"Node.js and its package ws (in {_MODULES}) are needed.")
    server_cpu, client_cpu = processors()
    results: defaultdict[str, list[_Rates]] = defaultdict(list)
    with serving(server_cpu) as address:
        url = f"{address}/flood?count={_COUNT}&size={_SIZE}"
        for _ in range(_ROUNDS):
            for name, command in _clients(node, url).items():
                results[name].append(_run(command, client_cpu))
    return _figures({name: _median(rates) for name, rates in results.items()})


def _clients(node: str, url: str) -> dict[str, list[str]]:
    ours = [sys.executable, "-m", "bench.peers.spacebeam_client"]
    count, size = str(_COUNT), str(_SIZE)
    return {
        _NODE: [node, str(_PEERS / "node_client.mjs"), url, count],
        _ENGINE: [*ours, "engine", url, count],
        _PLAIN: [*ours, "plain", url, count],
        _JSON: [*ours, "json", url, count],
        _SOCKET: [sys.executable, "-m", "bench.peers.socket_client", url, count, size],
    }


def _figures(rates: dict[str, _Rates]) -> list[Figure]:
    node, bare = rates[_NODE], rates[_SOCKET]
    figures = []
    for name in (_ENGINE, _PLAIN, _JSON):
        ours, label = rates[name], f"{name}-{_SIZE}"
        figures += [
            Figure(label, _NODE, ours.talk, node.talk),
            Figure(f"{label}-processor", _NODE, ours.processor, node.processor),
            Figure(f"{label}-process", _NODE, ours.process, node.process),
        ]
    return [*figures, Figure(f"{_ENGINE}-{_SIZE}", _SOCKET, rates[_ENGINE].talk, bare.talk)]


def _median(rates: list[_Rates]) -> _Rates:
    return _Rates(
        statistics.median(one.talk for one in rates),
        statistics.median(one.processor for one in rates),
        statistics.median(one.process for one in rates),
    )


def _run(command: list[str], cpu: int | None) -> _Rates:
    start = time.perf_counter()
    finished = subprocess.run(
        _on(cpu, command),
        cwd=_PROJECT,
        env=os.environ | {"NODE_PATH": str(_MODULES)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        timeout=_TIME_LIMIT,
    )
    took = time.perf_counter() - start
    if finished.returncode:
        raise RuntimeError(f"{command[1:]} failed: {finished.stderr.decode()}")
    told = json.loads(finished.stderr.splitlines()[-1])
    return _Rates(_COUNT / told["seconds"], _COUNT / told["processor"], _COUNT / took)


@contextlib.contextmanager
def serving(cpu: int | None) -> Iterator[str]:
    command = _on(cpu, [sys.executable, "-m", "spacebeam", "serve"])
    with subprocess.Popen(command, cwd=_PROJECT, stdout=subprocess.PIPE) as server:
        assert server.stdout is not None
        try:
            yield server.stdout.readline().decode().strip()
        finally:
            server.terminate()


def processors() -> tuple[int | None, int | None]:
    """One for the server, one for the client; none where there are not two."""
    if not hasattr(os, "sched_getaffinity") or shutil.which("taskset") is None:
        return None, None
    both = sorted(os.sched_getaffinity(0))[:2]
    return (both[0], both[1]) if len(both) == 2 else (None, None)


def _on(cpu: int | None, command: list[str]) -> list[str]:
    return command if cpu is None else ["taskset", "--cpu-list", str(cpu), *command]
