"""Recording a flood without a window, compared with clients that only count it.

A recording is done when the file is closed and on the disk. A receiving and a writing thread share
one processor, like all clients; in `-free` figures every client has both processors.
"""

from __future__ import annotations

import shlex
import sys

from bench.figure import Figure
from bench.recordings import FOLDER, SIZE
from bench.runner import Run, chromium, interleaved, node, python, serving

_ROUNDS = 5
_MAX_SECONDS = 60.0  # for all rounds
_COUNT = 4_000_000
_CHROMIUM_COUNT = 10_000
_MAX_MEMORY_MIB = 64.0
_MAX_FILE_SIZE = 1.25 * SIZE + 12  # bytes a message
_WANTED = "≥ 1.5"


def measure() -> list[Figure]:
    """Run the suite, which takes a minute.

    Raises RuntimeError if a client or a message is missing.
    """
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
            "chromium": Run(
                chromium(f"{url}{_CHROMIUM_COUNT}", str(_CHROMIUM_COUNT)),
                _CHROMIUM_COUNT,
                is_free=True,
            ),
        }
        results = interleaved(runs, _ROUNDS, _MAX_SECONDS)
    path.unlink()
    ours, free, node_free = results["ours"], results["ours free"], results["node free"]
    command, chromium_rate = results["command"]["rate"], results["chromium"]["rate"]
    return [
        Figure("record", "node-ws", ours["rate"], results["node"]["rate"], wanted=_WANTED),
        Figure(
            "record-processor",
            "node-ws",
            ours["processor_rate"],
            results["node"]["processor_rate"],
        ),
        Figure("record-free", "node-ws", free["rate"], node_free["rate"], wanted=_WANTED),
        Figure("record-command", "node-ws", command, node_free["process_rate"], wanted=_WANTED),
        Figure("record-free", "chromium", free["rate"], chromium_rate, wanted="≥ 25"),
        Figure(
            "record-memory",
            f"{_MAX_MEMORY_MIB:g} MiB",
            ours["grown"],
            _MAX_MEMORY_MIB,
            "MiB",
            "≤ 1",
        ),
        Figure(
            "record-file", f"{_MAX_FILE_SIZE:g} B", ours["stored"], _MAX_FILE_SIZE, "B/msg", "≤ 1"
        ),
    ]


def _command(url: str, path: str) -> tuple[str, ...]:
    """Return the command of `spacebeam record` in a new file, measured from start to exit."""
    command = (sys.executable, "-m", "spacebeam", "record", url, path, "--count", str(_COUNT))
    return python("stopwatch", "sh", "-c", f"rm -f {shlex.quote(path)}; {shlex.join(command)}")
