"""Python's `websockets`, on asyncio: `websockets_client receive|trip URL COUNT [SIZE]`.

The last line on standard error has the time from the first message to the last, or the median of
the round trips in seconds.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import time

from websockets.asyncio.client import ClientConnection, connect


async def _receive(connection: ClientConnection, count: int) -> dict[str, float]:
    await connection.recv()
    start, used = time.perf_counter(), time.process_time()
    for _ in range(count - 1):
        await connection.recv()
    return {
        "seconds": time.perf_counter() - start,
        "processor": time.process_time() - used,
    }


async def _trip(connection: ClientConnection, count: int, size: int) -> dict[str, float]:
    message, took = "x" * size, []
    for _ in range(count):
        start = time.perf_counter()
        await connection.send(message)
        await connection.recv()
        took.append(time.perf_counter() - start)
    return {"median": statistics.median(took)}


async def main(mode: str, url: str, count: int, size: int = 0) -> None:
    """Run the mode and print its results."""
    async with connect(url, compression=None, max_size=None) as connection:
        if mode == "receive":
            results = await _receive(connection, count)
        else:
            results = await _trip(connection, count, size)
        print(json.dumps(results), file=sys.stderr)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], *map(int, sys.argv[3:])))
