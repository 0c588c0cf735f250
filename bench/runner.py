"""Runs clients against one server in turn, so that other load on the computer affects them equally.

Server and client each have their own processor if there are two. Each client prints its times to
standard error as `{"seconds": …, "processor": …}`, or other results for its suite.
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
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).parents[1]
PEERS = Path(__file__).parent / "peers"
BUILD = PROJECT / "build" / "peers"
MODULES = BUILD / "node_modules"
SPACEBEAM = (sys.executable, "-m", "bench.peers.spacebeam_client")

_CLIENT_TIMEOUT_S = 120.0

Results = dict[str, float]


class MissingError(RuntimeError):
    """A client is not installed."""


@dataclass(frozen=True, slots=True)
class Run:
    """The command that measures one client, and its number of messages.

    With `is_free` it may use both processors, with the server on one of them.
    """

    command: tuple[str, ...]
    count: int
    is_free: bool = False


def interleaved(runs: Mapping[str, Run], rounds: int, max_seconds: float) -> dict[str, Results]:
    """Return the medians of each client's results, over `rounds` rounds or `max_seconds` at most.

    `rate` is messages a second, `processor_rate` messages a second of processor time, which other
    load does not affect, and `process_rate` messages a second from start to exit of the process.
    Raises RuntimeError if a client fails.
    """
    measured: defaultdict[str, list[Results]] = defaultdict(list)
    began = time.monotonic()
    done, last = 0, 0.0
    while done < rounds and time.monotonic() - began + last < max_seconds:
        start = time.monotonic()
        for name, run in runs.items():
            measured[name].append(_measure(run))
        done, last = done + 1, time.monotonic() - start
    return {name: _medians(results) for name, results in measured.items()}


def _medians(results: list[Results]) -> Results:
    return {key: statistics.median(one[key] for one in results) for key in results[0]}


def _measure(run: Run) -> Results:
    _server_cpu, client_cpu = processors()
    start = time.perf_counter()
    finished = subprocess.run(
        on(None if run.is_free else client_cpu, run.command),
        cwd=PROJECT,
        env=os.environ | {"NODE_PATH": str(MODULES)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        timeout=_CLIENT_TIMEOUT_S,
    )
    took = time.perf_counter() - start
    if finished.returncode:
        raise RuntimeError(f"{run.command} failed: {finished.stderr.decode()[-2000:]}")
    results: Results = json.loads(finished.stderr.splitlines()[-1])
    if "seconds" in results:
        results["rate"] = run.count / results["seconds"]
        results["processor_rate"] = (
            run.count / results["processor"] if results["processor"] else 0.0
        )
        results["process_rate"] = run.count / took
    return results


@contextlib.contextmanager
def serving(module: str = "bench.peers.flood_server", *arguments: str) -> Iterator[str]:
    """Run a server process within the context; yield its address."""
    server_cpu, _client_cpu = processors()
    command = on(server_cpu, (sys.executable, "-m", module, *arguments))
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE) as server:
        assert server.stdout is not None
        try:
            yield server.stdout.readline().decode().strip()
        finally:
            server.terminate()


def processors() -> tuple[int | None, int | None]:
    """Return the processors of the server and the client; None for both if there are not two."""
    if not hasattr(os, "sched_getaffinity") or shutil.which("taskset") is None:
        return None, None
    both = sorted(os.sched_getaffinity(0))[:2]
    return (both[0], both[1]) if len(both) == 2 else (None, None)


def on(cpu: int | None, command: tuple[str, ...]) -> list[str]:
    """Return the command bound to one processor."""
    return [*command] if cpu is None else ["taskset", "--cpu-list", str(cpu), *command]


def node(script: str, *arguments: str) -> tuple[str, ...]:
    """Return a command of Node.js with its package `ws`. Raises MissingError without them."""
    program = shutil.which("node")
    if program is None or not (MODULES / "ws").is_dir():
        raise MissingError(f"Node.js and its package ws (in {MODULES}) are needed.")
    return (program, str(PEERS / script), *arguments)


def soup(*arguments: str) -> tuple[str, ...]:
    """Return the command of the libsoup client in C, compiled on first use. Raises MissingError."""
    source, program = PEERS / "soup_client.c", BUILD / "soup_client"
    if not program.exists() or program.stat().st_mtime < source.stat().st_mtime:
        try:
            flags = subprocess.check_output(
                ["pkg-config", "--cflags", "--libs", "libsoup-3.0"], stderr=subprocess.DEVNULL
            )
            compile_ = ["cc", "-O2", "-o", str(program), str(source), *flags.decode().split()]
            subprocess.run(compile_, check=True)
        except (OSError, subprocess.CalledProcessError):
            raise MissingError("A C compiler and libsoup's headers are needed.") from None
    return (str(program), *arguments)


def chromium(*arguments: str) -> tuple[str, ...]:
    """Return the command of headless Chromium. Raises MissingError."""
    names = ("chromium", "chromium-browser", "google-chrome")
    program = next((found for name in names if (found := shutil.which(name))), None)
    if program is None:
        raise MissingError("Chromium is needed.")
    return (sys.executable, "-m", "bench.peers.chromium_client", program, *arguments)


def python(module: str, *arguments: str) -> tuple[str, ...]:
    """Return the command of a peer in Python."""
    return (sys.executable, "-m", f"bench.peers.{module}", *arguments)
