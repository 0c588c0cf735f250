"""Reads and searches a folder of saved connections: `connections_client FOLDER`.

Prints processor time: of reading the tree and of checking all files (s), of reading it again (s),
of the longest step, of finding connections for what is typed, and of listing a folder (ms).
"""

from __future__ import annotations

import gc
import json
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from bench.peers.resident import resident
from spacebeam.library.connections.library import ConnectionLibrary
from spacebeam.library.connections.nodes import ROOT
from spacebeam.library.connections.open_folder import OpenFolder

_TYPED = ("feed 99", "team 5 9", "host 77", "é", "", "f")


def main(root: Path) -> None:
    """Measure, and print the results."""
    gc.disable()  # as in the window
    before = resident()
    library = ConnectionLibrary([root])
    folder = library.folders[0]
    tree, longest = _timed_steps(folder.loading(is_checked=False))
    checked, _longest = _timed_steps(folder.loading())
    again, _longest = _timed_steps(folder.loading())
    found = [_took(partial(library.find, text)) for text in _typed()]
    listed = [_took(partial(folder.children, path)) for path in (ROOT, *_folders(folder))]
    results = {
        "tree": tree,
        "checked": checked,
        "again": again,
        "longest_step": longest * 1000,
        "find": max(found) * 1000,
        "children": max(listed) * 1000,
        "memory": resident() - before,
    }
    print(json.dumps(results), file=sys.stderr)


def _typed() -> Iterator[str]:
    """Yield what is searched for while words are typed, letter by letter."""
    for words in _TYPED:
        for length in range(len(words) + 1):
            yield words[:length]


def _folders(folder: OpenFolder) -> list[str]:
    return sorted(folder.folders())[:20]


def _timed_steps(steps: Iterator[None]) -> tuple[float, float]:
    """Return the time of all steps and of the longest one."""
    start = last = time.process_time()
    longest = 0.0
    for _step in steps:
        now = time.process_time()
        longest, last = max(longest, now - last), now
    return time.process_time() - start, longest


def _took(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


if __name__ == "__main__":
    main(Path(sys.argv[1]))
