"""Searching a recording of a million messages, compared with grep over the payloads as lines.

Whole commands are measured, from start to exit, with the files in the system's cache, in the locale
C.UTF-8 and with both processors.
"""

from __future__ import annotations

import sys

from bench import recordings
from bench.figure import Figure
from bench.runner import Results, Run, interleaved, python

_ROUNDS = 9
_MAX_SECONDS = 40.0  # for all rounds
_COUNT = 1_000_000
_WORD = "overdue"  # in one of a hundred messages
_COMMON = "BTC-JPY"  # in one of three
_REGEX = r'"p":60[0-9]{3}\.99,'  # matches one of a hundred
_KEY = "p"  # in all messages


def measure() -> list[Figure]:
    """Run the suite, which takes a minute.

    Raises RuntimeError if the counts differ.
    """
    runs = {
        "word": search(_COUNT, f"case:yes {_WORD}"),
        "grep word": _grep(_WORD),
        "either-case": search(_COUNT, _WORD),
        "grep either-case": _grep("-i", _WORD),
        "common": search(_COUNT, f"case:yes {_COMMON}"),
        "grep common": _grep(_COMMON),
        "regex": search(_COUNT, f"/{_REGEX}/"),
        "grep regex": _grep("-E", _REGEX),
        "json": search(_COUNT, f"json:{_KEY}"),
        "json printed": search(_COUNT, f"json:{_KEY}", "--json"),
    }
    results = interleaved(runs, _ROUNDS, _MAX_SECONDS)
    return [
        _against_grep("word", results, "≤ 3"),
        _against_grep("either-case", results),
        _against_grep("common", results),
        _against_grep("regex", results, "≤ 3"),
        Figure("search-json", "4 s", results["json"]["seconds"], 4.0, "s", "≤ 1"),
        Figure("search-json-first", "0.2 s", results["json printed"]["first"], 0.2, "s", "≤ 1"),
    ]


def search(count: int, wanted: str, how: str = "--count") -> Run:
    """Return the command that searches the recording of `count` messages."""
    command = (sys.executable, "-m", "spacebeam", "search", str(recordings.made(count)), wanted)
    return Run(python("stopwatch", *command, how), count, is_free=True)


def _grep(*pattern: str) -> Run:
    command = ("grep", "-c", *pattern, str(recordings.lines(_COUNT)))
    return Run(python("stopwatch", *command), _COUNT, is_free=True)


def _against_grep(name: str, results: dict[str, Results], wanted: str = "") -> Figure:
    ours, theirs = results[name], results[f"grep {name}"]
    if ours["printed"] != theirs["printed"]:
        raise RuntimeError(f"{name}: {ours['printed']} found, and by grep {theirs['printed']}")
    return Figure(f"search-{name}", "grep -c", ours["seconds"], theirs["seconds"], "s", wanted)
