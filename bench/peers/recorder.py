"""`spacebeam record` with a stopwatch: `recorder URL FILE COUNT`.

The last line on standard error has the time from the first message until the file is closed and on
the disk, the growth of memory in MiB, and the file's bytes a message. The recorded messages are
compared with the sent ones.
"""

from __future__ import annotations

import json
import sys
import time
from itertools import cycle, islice
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from bench.peers.flood_server import frames
from bench.peers.resident import most_resident, resident
from spacebeam.cli.loop import run
from spacebeam.cli.record_run import RecordPlan, RecordRun
from spacebeam.net.options import HandshakeOptions
from spacebeam.profiles.plan import ConnectionPlan
from spacebeam.protocol.batch import Batch, Kind
from spacebeam.protocol.endpoint import parse
from spacebeam.recording.opening import open_read_only

_HEADER_BYTES = 4  # before a payload of 126 to 65,535 (RFC 6455, section 5.2)

Moment = tuple[float, float, float]


class _TimedRun(RecordRun):
    """A run of the command that notes its times and memory."""

    began: Moment | None = None

    def _select(self, batch: Batch) -> Batch:
        if self.began is None and batch.kinds.count(Kind.TEXT):
            self.began = _now(resident())
        return super()._select(batch)

    async def _save(self) -> bool:
        is_complete = await super()._save()
        self.finished = _now(most_resident())
        return is_complete


def _now(memory: float) -> Moment:
    return time.perf_counter(), time.process_time(), memory


def main(url: str, path: Path, count: int) -> None:
    """Record the flood, check the recording, and print the results."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    recording = _TimedRun(
        RecordPlan(
            connection=ConnectionPlan(parse(url), HandshakeOptions(compression=False)),
            path=path,
            messages=(),
            time=None,
            count=count,
        )
    )
    if run(recording.run()) or recording.began is None:
        sys.exit("recording failed")
    seconds, processor, grown = (
        after - before for before, after in zip(recording.began, recording.finished, strict=True)
    )
    results = {
        "seconds": seconds,
        "processor": processor,
        "grown": grown,
        "stored": path.stat().st_size / count,
    }
    if _texts(path) != _sent(url, count):
        sys.exit("the recorded messages differ from the sent ones")
    print(json.dumps(results), file=sys.stderr)


def _texts(path: Path) -> list[bytes]:
    recording = open_read_only(path)
    return [
        bytes(block.data[start:end])
        for block in recording.blocks()
        for kind, start, end in zip(block.kinds, block.starts, block.ends, strict=True)
        if kind == Kind.TEXT
    ]


def _sent(url: str, count: int) -> list[bytes]:
    query = {name: int(values[0]) for name, values in parse_qs(urlsplit(url).query).items()}
    payloads = [frame[_HEADER_BYTES:] for frame in frames(query)]
    return list(islice(cycle(payloads), count))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
