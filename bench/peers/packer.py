"""Makes a recording of small messages, or of calls and answers: `packer FILE FORM COUNT`.

The last line on standard error has the time until the last message is on the disk.
"""

from __future__ import annotations

import asyncio
import json
import struct
import sys
import time
from array import array
from collections.abc import Callable
from pathlib import Path

from spacebeam.decode.message_pack import MessagePackDecoder
from spacebeam.decode.protobuf.wire import written_varint
from spacebeam.protocol.batch import Batch, Direction, Kind
from spacebeam.recording.block_store import StoreObserver
from spacebeam.recording.opening import create

_SIZE = 128  # bytes, about
_BATCH = 1000
_TIMEOUT_S = 60.0
_PACK = MessagePackDecoder()


def _order(number: int) -> dict[str, object]:
    return {"t": "trade", "s": "BTC-EUR", "p": 60000 + number % 1000 - 500, "n": number}


def _json(number: int) -> bytes:
    order = _order(number) | {"pad": ""}
    text = json.dumps(order, separators=(",", ":"))
    order["pad"] = "x" * (_SIZE - len(text))
    return json.dumps(order, separators=(",", ":")).encode()


def _messagepack(number: int) -> bytes:
    order = _order(number)
    return _PACK.encode({**order, "pad": "x" * 95})  # type: ignore[dict-item]


def _protobuf(number: int) -> bytes:
    order = _order(number)
    texts = ((1, b"trade"), (2, b"BTC-EUR"), (5, b"x" * 95))
    fields = {
        place: written_varint(place << 3 | 2) + written_varint(len(text)) + text
        for place, text in texts
    }
    fields[3] = b"\x19" + struct.pack("<d", float(str(order["p"])))
    fields[4] = b"\x20" + written_varint(number)
    return b"".join(fields[place] for place in sorted(fields))


def _call(number: int) -> bytes:
    """Return a request, or at an odd number the response to the one before."""
    if number % 2:
        return json.dumps({"jsonrpc": "2.0", "id": number // 2, "result": {"p": number}}).encode()
    method = ("getBook", "getTrades", "ping")[number % 3]
    call = {"jsonrpc": "2.0", "id": number // 2, "method": method, "params": {"s": "BTC-EUR"}}
    return json.dumps(call).encode()


_FORMS: dict[str, tuple[Callable[[int], bytes], Kind]] = {
    "json": (_json, Kind.TEXT),
    "messagepack": (_messagepack, Kind.BINARY),
    "protobuf": (_protobuf, Kind.BINARY),
    "calls": (_call, Kind.TEXT),
}


async def make(path: Path, form: str, count: int) -> None:
    """Record `count` messages."""
    payload, kind = _FORMS[form]
    recording = create(path, asyncio.get_running_loop())
    recording.set_fact("address", f"ws://localhost/{form}")
    room = asyncio.Event()
    room.set()
    recording.observers.add(StoreObserver(on_full=room.clear, on_room=room.set))
    for begin in range(0, count, _BATCH):
        await room.wait()
        numbers = range(begin, begin + _BATCH)
        if form == "calls":
            calls, answers = map(payload, numbers[::2]), map(payload, numbers[1::2])
            recording.append(_batch(begin, Direction.SENT, kind, calls))
            recording.append(_batch(begin + 0.1, Direction.RECEIVED, kind, answers))
        else:
            recording.append(_batch(begin, Direction.RECEIVED, kind, map(payload, numbers)))
        await asyncio.sleep(0)  # a turn of the loop for the writer's callbacks
    recording.mark_complete(float(count))
    if not recording.close(_TIMEOUT_S):
        sys.exit(f"the disk is too slow, or full: {recording.storage_error}")


def _batch(when: float, direction: Direction, kind: Kind, payloads: map[bytes]) -> Batch:
    made = list(payloads)
    starts, ends, end = array("I"), array("I"), 0
    for one in made:
        starts.append(end)
        end += len(one)
        ends.append(end)
    return Batch(when, direction, b"".join(made), bytes((kind,)) * len(made), starts, ends, {})


def main(path: Path, form: str, count: int) -> None:
    """Make the recording under another name, and rename it when it is complete."""
    growing = path.with_suffix(".part")
    growing.unlink(missing_ok=True)
    start, used = time.perf_counter(), time.process_time()
    asyncio.run(make(growing, form, count))
    results = {"seconds": time.perf_counter() - start, "processor": time.process_time() - used}
    growing.rename(path)
    print(json.dumps(results), file=sys.stderr)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
