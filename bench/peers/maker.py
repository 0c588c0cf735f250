"""Makes a recording of a flood without a server: `maker FILE COUNT SIZE`.

One text in a hundred has the word “overdue”. The last line on standard error has the time from the
first text until the last one is on the disk.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from bench.peers.flood_server import feed_text
from spacebeam.net.stream_reader import READ_SIZE
from spacebeam.protocol.batch import Batch
from spacebeam.protocol.frame_decoder import FrameDecoder
from spacebeam.protocol.frames import Opcode, Role, encode
from spacebeam.recording.block_store import StoreObserver
from spacebeam.recording.opening import create

_DISTINCT_TEXTS = 50_000
_WORD_INTERVAL = 100  # texts
_TIMEOUT_S = 60.0


async def make(path: Path, count: int, batches: list[Batch]) -> None:
    """Record `count` texts, repeating the batches."""
    recording = create(path, asyncio.get_running_loop())
    room = asyncio.Event()
    room.set()
    recording.observers.add(StoreObserver(on_full=room.clear, on_room=room.set))
    for batch in _repeated(batches, count):
        await room.wait()
        columns = batch.kinds, batch.starts, batch.ends
        recording.append(Batch(time.time(), batch.direction, batch.data, *columns))
        await asyncio.sleep(0)  # a turn of the loop for the writer's callbacks
    recording.mark_complete(time.time())
    if not recording.close(_TIMEOUT_S):
        sys.exit(f"the disk is too slow, or full: {recording.storage_error}")


def _batches(size: int) -> list[Batch]:
    """Return distinct texts, in blocks as received from a socket."""
    dice, receiver = random.Random(7), FrameDecoder(Role.CLIENT)
    notes = ("overdue" if not number % _WORD_INTERVAL else "" for number in range(_DISTINCT_TEXTS))
    stream = b"".join(encode(Opcode.TEXT, feed_text(size, dice, note)) for note in notes)
    blocks = (stream[at : at + READ_SIZE] for at in range(0, len(stream), READ_SIZE))
    return [batch for block in blocks for batch in receiver.feed(block, 0.0)]


def _repeated(batches: list[Batch], count: int) -> Iterator[Batch]:
    while count:
        for batch in batches:
            part = batch if len(batch) <= count else batch.part(0, count)
            count -= len(part)
            if len(part):
                yield part


def main(path: Path, count: int, size: int) -> None:
    """Make the recording under another name, and rename it when it is complete."""
    growing = path.with_suffix(".part")
    growing.unlink(missing_ok=True)
    batches = _batches(size)
    start, used = time.perf_counter(), time.process_time()
    asyncio.run(make(growing, count, batches))
    results = {"seconds": time.perf_counter() - start, "processor": time.process_time() - used}
    growing.rename(path)
    print(json.dumps(results), file=sys.stderr)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
