"""Keeping a flood on the disk without a window, beside clients that only count it.

Ours is over when the file is closed and the disk has all of it. It has two threads, one that
receives and one that writes: the rate is taken with both on one processor, as all clients are
measured, and (`-free`) with both processors for all.
"""

from __future__ import annotations

import shlex
import sys

from bench.figure import Figure
from bench.recordings import FOLDER, SIZE
from bench.runner import Run, chromium, interleaved, node, python, serving

_ROUNDS = 5
_TIME = 60.0  # seconds
_COUNT = 4_000_000
_FEW = 10_000  # for Chromium
_MEMORY = 64.0  # MiB that are allowed
_FILE_SIZE = 1.25 * SIZE + 12  # bytes a message that are allowed
_WANTED = "≥ 1.5"


def measure() -> list[Figure]:
    """The suite; takes a minute. Raises RuntimeError where a client or a message is missing."""
    path = FOLDER / "flood.beam"
    with serving() as address:
        url = f"{address}/flood?size={SIZE}&count="
        about = (f"{url}{_COUNT}", str(_COUNT))
        recorder = python("recorder", about[0], str(path), about[1])
        counter = node("node_client.mjs", *about)
        runs = {
            "ours": Run(recorder, _COUNT),
            "node": Run(counter, _COUNT),
            "ours free": Run(recorder, _COUNT, is_free=True),
            "node free": Run(counter, _COUNT, is_free=True),
            "command": Run(_command(about[0], str(path)), _COUNT, is_free=True),
            "chromium": Run(chromium(f"{url}{_FEW}", str(_FEW)), _FEW, is_free=True),
        }
        told = interleaved(runs, _ROUNDS, _TIME)
    path.unlink()
    ours, free, node_free = told["ours"], told["ours free"], told["node free"]
    command, chromium_rate = told["command"]["rate"], told["chromium"]["rate"]
    return [
        Figure("record", "node-ws", ours["rate"], told["node"]["rate"], wanted=_WANTED),
        Figure(
            "record-processor",
            "node-ws",
            ours["processor_rate"],
            told["node"]["processor_rate"],
        ),
        Figure("record-free", "node-ws", free["rate"], node_free["rate"], wanted=_WANTED),
        Figure("record-command", "node-ws", command, node_free["process_rate"], wanted=_WANTED),
        Figure("record-free", "chromium", free["rate"], chromium_rate, wanted="≥ 25"),
        Figure("record-memory", f"{_MEMORY:g} MiB", ours["grown"], _MEMORY, "MiB", "≤ 1"),
        Figure("record-file", f"{_FILE_SIZE:g} B", ours["stored"], _FILE_SIZE, "B/msg", "≤ 1"),
    ]


def _command(url: str, path: str) -> tuple[str, ...]:
    """The whole command, its start and its end, with a new file each time."""
    command = (sys.executable, "-m", "spacebeam", "record", url, path, "--count", str(_COUNT))
    return python("stopwatch", "sh", "-c", f"rm -f {shlex.quote(path)}; {shlex.join(command)}")
