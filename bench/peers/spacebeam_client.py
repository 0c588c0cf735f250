"""Spacebeam as a client: `engine` counts messages, `plain` and `json` print them as `connect` does.

`python -m bench.peers.spacebeam_client MODE URL COUNT`; the last line on standard error tells
the times from the first batch of messages to the last one.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time

from spacebeam.cli.conversation import Conversation, Plan
from spacebeam.cli.loop import run
from spacebeam.wire.batch import Batch, Direction, Kind
from spacebeam.wire.connection import Connection
from spacebeam.wire.endpoint import parse
from spacebeam.wire.options import Options


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

    def tell(self) -> None:
        if self._left > 0:
            sys.exit(f"{self._left} messages are missing")
        seconds, processor = (end - start for start, end in zip(*self._times, strict=True))
        print(json.dumps({"seconds": seconds, "processor": processor}), file=sys.stderr)


class _TimedConversation(Conversation):
    """A conversation as `spacebeam connect` has it."""

    def __init__(self, plan: Plan, stopwatch: _Stopwatch) -> None:
        super().__init__(plan)
        self._stopwatch = stopwatch

    def _on_entries(self, batch: Batch) -> None:
        super()._on_entries(batch)
        self._stopwatch.note(batch)


async def _count(url: str, stopwatch: _Stopwatch) -> None:
    done = asyncio.Event()

    def listen(batch: Batch) -> None:
        if stopwatch.note(batch):
            done.set()

    connection = Connection(listen)
    await connection.open(parse(url), Options(compression=False))
    await done.wait()
    await connection.close()


def main(mode: str, url: str, count: int) -> None:
    """Receive the flood and say how long it took."""
    stopwatch = _Stopwatch(count)
    if mode == "engine":
        run(_count(url, stopwatch))
    else:
        plan = Plan(parse(url), expect=count, as_json=mode == "json")
        run(_TimedConversation(plan, stopwatch).run())
    stopwatch.tell()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
