"""Runs clients against one server, in turn, so that whatever else the computer does touches all.

Server and client each have a processor where there are two. Each client says on standard error
how long it took: `{"seconds": …, "processor": …}`, or what else its suite asks for.
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

_TIME_LIMIT = 60.0  # seconds for one client

Told = dict[str, float]


class MissingError(RuntimeError):
    """A client is not installed."""


@dataclass(frozen=True, slots=True)
class Run:
    """One client's way to be measured: a command, and how many messages it is about.

    One that `is_free` may use both processors, with the server on one of them.
    """

    command: tuple[str, ...]
    count: int
    is_free: bool = False


def interleaved(runs: Mapping[str, Run], rounds: int, within: float) -> dict[str, Told]:
    """Medians of what each client tells, of up to so many rounds, begun within so many seconds.

    `rate` and `processor_rate` are messages a second, by the clock and by the processor time used,
    which others' work does not touch; `process_rate` counts the process from its start to its end.
    Raises RuntimeError where a client fails.
    """
    results: defaultdict[str, list[Told]] = defaultdict(list)
    began = time.monotonic()
    done, last = 0, 0.0
    while done < rounds and time.monotonic() - began + last < within:
        start = time.monotonic()
        for name, run in runs.items():
            results[name].append(_told(run))
        done, last = done + 1, time.monotonic() - start
    return {name: _medians(told) for name, told in results.items()}


def _medians(told: list[Told]) -> Told:
    return {key: statistics.median(one[key] for one in told) for key in told[0]}


def _told(run: Run) -> Told:
    _server_cpu, client_cpu = processors()
    start = time.perf_counter()
    finished = subprocess.run(
        on(None if run.is_free else client_cpu, run.command),
        cwd=PROJECT,
        env=os.environ | {"NODE_PATH": str(MODULES)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        timeout=_TIME_LIMIT,
    )
    took = time.perf_counter() - start
    if finished.returncode:
        raise RuntimeError(f"{run.command} failed: {finished.stderr.decode()[-2000:]}")
    told: Told = json.loads(finished.stderr.splitlines()[-1])
    if "seconds" in told:
        told["rate"] = run.count / told["seconds"]
        told["processor_rate"] = run.count / told["processor"] if told["processor"] else 0.0
        told["process_rate"] = run.count / took
    return told


@contextlib.contextmanager
def serving(module: str = "bench.peers.flood_server", *arguments: str) -> Iterator[str]:
    """A server process while the context lasts; its address."""
    server_cpu, _client_cpu = processors()
    command = on(server_cpu, (sys.executable, "-m", module, *arguments))
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE) as server:
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


def on(cpu: int | None, command: tuple[str, ...]) -> list[str]:
    """The command, on one processor."""
    return [*command] if cpu is None else ["taskset", "--cpu-list", str(cpu), *command]


def node(script: str, *arguments: str) -> tuple[str, ...]:
    """A command of Node.js with its package `ws`. Raises MissingError without them."""
    program = shutil.which("node")
    if program is None or not (MODULES / "ws").is_dir():
        raise MissingError(f"Node.js and its package ws (in {MODULES}) are needed.")
    return (program, str(PEERS / script), *arguments)


def soup(*arguments: str) -> tuple[str, ...]:
    """libsoup in C, compiled when it is first asked for. Raises MissingError."""
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
    """Headless Chromium. Raises MissingError."""
    names = ("chromium", "chromium-browser", "google-chrome")
    program = next((found for name in names if (found := shutil.which(name))), None)
    if program is None:
        raise MissingError("Chromium is needed.")
    return (sys.executable, "-m", "bench.peers.chromium_client", program, *arguments)


def python(module: str, *arguments: str) -> tuple[str, ...]:
    """A peer written in Python."""
    return (sys.executable, "-m", f"bench.peers.{module}", *arguments)
