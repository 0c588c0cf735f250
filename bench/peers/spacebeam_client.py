"""Spacebeam as a client: `spacebeam_client MODE URL COUNT [SIZE]`.

    engine, deflate   count what is received            plain, json   print it as `connect` does
    send              queue messages until the server has them all
    trip              send one, wait for its echo       memory        what is left after receiving

The last line on standard error tells the times from the first batch of messages to the last one,
or what else was asked for.
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

Told = dict[str, float]

_PLAIN = HandshakeOptions(compression=False)
_WARM_UP = 50_000  # messages, before which memory is not looked at


class _Stopwatch:
    """Notes when the first and the last message of `count` came."""

    def __init__(self, count: int) -> None:
        self._left = count
        self._times: list[tuple[float, float]] = []

    def note(self, batch: Batch) -> bool:
        """Whether that was the last message; to be called when the batch is dealt with."""
        messages = batch.kinds.count(Kind.TEXT) if batch.direction is Direction.RECEIVED else 0
        if messages:
            self._left -= messages
            self._times = [*self._times[:1], (time.perf_counter(), time.process_time())]
        return self._left <= 0

    def told(self) -> Told:
        if self._left > 0:
            sys.exit(f"{self._left} messages are missing")
        seconds, processor = (end - start for start, end in zip(*self._times, strict=True))
        return {"seconds": seconds, "processor": processor}


class _TimedRun(ConnectRun):
    """A session as `spacebeam connect` has it."""

    def __init__(self, plan: ConnectPlan, stopwatch: _Stopwatch) -> None:
        super().__init__(plan)
        self._stopwatch = stopwatch

    def entries(self, batch: Batch) -> None:
        super().entries(batch)
        self._stopwatch.note(batch)


async def _count(url: str, count: int, options: HandshakeOptions) -> Told:
    stopwatch = _Stopwatch(count)
    done = asyncio.Event()

    def listen(batch: Batch) -> None:
        if stopwatch.note(batch):
            done.set()

    connection = Connection(listen)
    await connection.open(parse(url), options)
    await done.wait()
    await connection.close()
    return stopwatch.told()


async def _print(url: str, count: int, *, as_json: bool) -> Told:
    stopwatch = _Stopwatch(count)
    plan = ConnectPlan(ConnectionPlan(parse(url)), expect=count, as_json=as_json)
    await _TimedRun(plan, stopwatch).run()
    return stopwatch.told()


async def _send(url: str, count: int, size: int) -> Told:
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
    told = {"seconds": time.perf_counter() - start, "processor": time.process_time() - used}
    await connection.close()
    return told


async def _trip(url: str, count: int, size: int) -> Told:
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


async def _memory(url: str, count: int) -> Told:
    """What the process has grown by, in MiB, once all is received and released."""
    few = url.replace(f"count={count}", f"count={_WARM_UP}")
    await _count(few, _WARM_UP, _PLAIN)
    gc.collect()
    before = resident()
    await _count(url, count, _PLAIN)
    gc.collect()
    return {"grown": resident() - before}


def main(mode: str, url: str, count: int, size: int) -> None:
    """Do as told and say how it went."""
    modes: dict[str, Callable[[], Coroutine[None, None, Told]]] = {
        "engine": lambda: _count(url, count, _PLAIN),
        "deflate": lambda: _count(url, count, HandshakeOptions()),
        "plain": lambda: _print(url, count, as_json=False),
        "json": lambda: _print(url, count, as_json=True),
        "send": lambda: _send(url, count, size),
        "trip": lambda: _trip(url, count, size),
        "memory": lambda: _memory(url, count),
    }
    told: list[Told] = []

    async def measure() -> None:
        told.append(await modes[mode]())

    run(measure())
    print(json.dumps(told[0]), file=sys.stderr)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]) if sys.argv[4:] else 0)
