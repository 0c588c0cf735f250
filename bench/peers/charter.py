"""Reads the values at two paths of a recording as the window does: `charter FILE PATH PATH`.

Prints the seconds until a chart can be drawn from the sample, the longest slice in milliseconds of
processor time, and the messages a second that are read after it.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

from spacebeam.recording.opening import open_read_only
from spacebeam.search.decoding import connection_of
from spacebeam.search.series.columns import columns
from spacebeam.search.series.reader import SeriesReader

_SLICE_S = 0.003
_REFINED_S = 8.0  # processor time of reading after the sample
_WIDTH = 600  # columns


def main(path: Path, *paths: str) -> None:
    """Read, and print the times."""
    recording = open_read_only(path)
    start = time.perf_counter()
    reader = SeriesReader(recording, paths, connection_of(recording))
    longest = _slices(reader.sample, time.process_time() + 60.0)
    for series in reader.series:
        drawn = columns(series.buckets, recording.began, recording.ended, _WIDTH)
        assert drawn[_WIDTH // 2].last is not None or drawn[_WIDTH // 2].states
    seconds = time.perf_counter() - start
    processor = time.process_time()
    longest = max(longest, _slices(reader.advance, processor + _REFINED_S))
    processor = time.process_time() - processor
    rate = reader.share * len(recording) / processor
    results = {"drawn": seconds, "longest": longest * 1000, "rate": rate}
    print(json.dumps(results), file=sys.stderr)


def _slices(read: Callable[[float], bool], until: float) -> float:
    """Read in slices until all is read; return the longest one in seconds."""
    longest = 0.0
    while time.process_time() < until:
        start = time.process_time()
        is_more = read(_SLICE_S)
        longest = max(longest, time.process_time() - start)
        if not is_more:
            break
    return longest


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
