"""Spacebeam as a client: `spacebeam_client MODE URL COUNT [SIZE]`.

    engine, deflate   count received messages     plain, json   print them as `connect` does
    send              queue messages until the server has received them
    trip              send one, wait for its echo       memory        memory growth after receiving

The last line on standard error has the time from the first batch of messages to the last one, or
the other results of the mode.
"""

from __future__ import annotations

import asyncio
import gc
import json
import statistics
import sys
import time
from collections.abc import Callable, Coroutine

from bench.peers.resident import resident
from spacebeam.cli.connect_run import ConnectPlan, ConnectRun
from spacebeam.cli.loop import run
from spacebeam.net.connection import Connection
from spacebeam.net.options import HandshakeOptions
from spacebeam.profiles.plan import ConnectionPlan
from spacebeam.protocol.batch import Batch, Direction, Kind
from spacebeam.protocol.endpoint import parse

Results = dict[str, float]

_PLAIN = HandshakeOptions(compression=False)
_WARM_UP_COUNT = 50_000  # messages before memory is measured


class _Stopwatch:
    """Notes the times of the first and the last of `count` messages."""

    def __init__(self, count: int) -> None:
        self._left = count
        self._times: list[tuple[float, float]] = []

    def note(self, batch: Batch) -> bool:
        """Note a batch after it was processed; return whether it has the last message."""
        messages = batch.kinds.count(Kind.TEXT) if batch.direction is Direction.RECEIVED else 0
        if messages:
            self._left -= messages
            self._times = [*self._times[:1], (time.perf_counter(), time.process_time())]
        return self._left <= 0

    def results(self) -> Results:
        if self._left > 0:
            sys.exit(f"{self._left} messages are missing")
        seconds, processor = (end - start for start, end in zip(*self._times, strict=True))
        return {"seconds": seconds, "processor": processor}


class _TimedRun(ConnectRun):
    """A run of `spacebeam connect` that notes its times."""

    def __init__(self, plan: ConnectPlan, stopwatch: _Stopwatch) -> None:
        super().__init__(plan)
        self._stopwatch = stopwatch

    def entries(self, batch: Batch) -> None:
        super().entries(batch)
        self._stopwatch.note(batch)


async def _count(url: str, count: int, options: HandshakeOptions) -> Results:
    stopwatch = _Stopwatch(count)
    done = asyncio.Event()

    def listen(batch: Batch) -> None:
        if stopwatch.note(batch):
            done.set()

    connection = Connection(listen)
    await connection.open(parse(url), options)
    await done.wait()
    await connection.close()
    return stopwatch.results()


async def _print(url: str, count: int, *, as_json: bool) -> Results:
    stopwatch = _Stopwatch(count)
    plan = ConnectPlan(connection=ConnectionPlan(parse(url)), expect=count, as_json=as_json)
    await _TimedRun(plan, stopwatch).run()
    return stopwatch.results()


async def _send(url: str, count: int, size: int) -> Results:
    done = asyncio.Event()

    def listen(batch: Batch) -> None:
        if batch.direction is Direction.RECEIVED:
            done.set()

    connection = Connection(listen)
    await connection.open(parse(url), _PLAIN)
    message = "x" * size
    start, used = time.perf_counter(), time.process_time()
    for _ in range(count):
        if not connection.post(message):
            await connection.room()
    await done.wait()
    results = {"seconds": time.perf_counter() - start, "processor": time.process_time() - used}
    await connection.close()
    return results


async def _trip(url: str, count: int, size: int) -> Results:
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[None] = loop.create_future()

    def listen(batch: Batch) -> None:
        if batch.direction is Direction.RECEIVED and not answer.done():
            answer.set_result(None)

    connection = Connection(listen)
    await connection.open(parse(url), _PLAIN)
    message, took = "x" * size, []
    for _ in range(count):
        answer = loop.create_future()
        start = time.perf_counter()
        await connection.send(message)
        await answer
        took.append(time.perf_counter() - start)
    await connection.close()
    return {"median": statistics.median(took)}


async def _memory(url: str, count: int) -> Results:
    """Return the growth of memory in MiB after all messages are received and released."""
    few = url.replace(f"count={count}", f"count={_WARM_UP_COUNT}")
    await _count(few, _WARM_UP_COUNT, _PLAIN)
    gc.collect()
    before = resident()
    await _count(url, count, _PLAIN)
    gc.collect()
    return {"grown": resident() - before}


def main(mode: str, url: str, count: int, size: int) -> None:
    """Run the mode and print its results."""
    modes: dict[str, Callable[[], Coroutine[None, None, Results]]] = {
        "engine": lambda: _count(url, count, _PLAIN),
        "deflate": lambda: _count(url, count, HandshakeOptions()),
        "plain": lambda: _print(url, count, as_json=False),
        "json": lambda: _print(url, count, as_json=True),
        "send": lambda: _send(url, count, size),
        "trip": lambda: _trip(url, count, size),
        "memory": lambda: _memory(url, count),
    }
    results: list[Results] = []

    async def measure() -> None:
        results.append(await modes[mode]())

    run(measure())
    print(json.dumps(results[0]), file=sys.stderr)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]) if sys.argv[4:] else 0)
