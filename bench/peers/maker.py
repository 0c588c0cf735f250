"""Makes a recording as a flood makes it, without a server: `maker FILE COUNT SIZE`.

A text in a hundred has the word “overdue” in it. The last line on standard error tells the times
from the first text to the last one's being on the disk.
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

_DIFFERENT = 50_000  # texts, after which they repeat
_RARE = 100
_PATIENCE = 60.0  # seconds


async def make(path: Path, count: int, batches: list[Batch]) -> None:
    """Keep so many texts in the file, of these over and over."""
    recording = create(path, asyncio.get_running_loop())
    room = asyncio.Event()
    room.set()
    recording.observers.add(StoreObserver(on_full=room.clear, on_room=room.set))
    for batch in _repeated(batches, count):
        await room.wait()
        columns = batch.kinds, batch.starts, batch.ends
        recording.append(Batch(time.time(), batch.direction, batch.data, *columns))
        await asyncio.sleep(0)  # a turn for what the writer has to say
    recording.mark_complete(time.time())
    if not recording.close(_PATIENCE):
        sys.exit(f"the disk is too slow, or full: {recording.storage_error}")


def _batches(size: int) -> list[Batch]:
    """Different texts, in the blocks that a socket would give."""
    dice, receiver = random.Random(7), FrameDecoder(Role.CLIENT)
    notes = ("overdue" if not number % _RARE else "" for number in range(_DIFFERENT))
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
    """Make it beside its place first, so that a half made one is not taken for whole."""
    growing = path.with_suffix(".part")
    growing.unlink(missing_ok=True)
    batches = _batches(size)
    start, used = time.perf_counter(), time.process_time()
    asyncio.run(make(growing, count, batches))
    told = {"seconds": time.perf_counter() - start, "processor": time.process_time() - used}
    growing.rename(path)
    print(json.dumps(told), file=sys.stderr)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
