"""Writes a recording's payloads as lines of text, for grep: `liner RECORDING FILE`."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from spacebeam.recording.opening import open_read_only


def main(recording: Path, path: Path) -> None:
    """Write the file, and print the time."""
    start, used = time.perf_counter(), time.process_time()
    growing = path.with_suffix(".part")
    with growing.open("wb") as file:
        for block in open_read_only(recording).blocks():
            bounds = zip(block.starts, block.ends, strict=True)
            file.writelines([block.data[start:end] + b"\n" for start, end in bounds])
    growing.rename(path)
    results = {"seconds": time.perf_counter() - start, "processor": time.process_time() - used}
    print(json.dumps(results), file=sys.stderr)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
