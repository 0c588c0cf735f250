"""Searching a recording of a million messages, beside grep over the same payloads as lines.

Whole commands, their start included; files that the system has in memory, C.UTF-8 and
both processors for all.
"""

from __future__ import annotations

import sys

from bench import recordings
from bench.figure import Figure
from bench.runner import Run, Told, interleaved, python

_ROUNDS = 9
_TIME = 40.0  # seconds
_COUNT = 1_000_000
_WORD = "overdue"  # is in one of a hundred messages
_COMMON = "BTC-JPY"  # is in one of three
_REGEX = r'"p":60[0-9]{3}\.99,'  # matches one of a hundred
_KEY = "p"  # is in all of them


def measure() -> list[Figure]:
    """The suite; takes a minute. Raises RuntimeError where two commands find different numbers."""
    runs = {
        "word": search(_COUNT, _WORD),
        "grep word": _grep(_WORD),
        "common": search(_COUNT, _COMMON),
        "grep common": _grep(_COMMON),
        "regex": search(_COUNT, f"/{_REGEX}/"),
        "grep regex": _grep("-E", _REGEX),
        "json": search(_COUNT, f"json:{_KEY}"),
        "json printed": search(_COUNT, f"json:{_KEY}", "--json"),
    }
    told = interleaved(runs, _ROUNDS, _TIME)
    return [
        _against_grep("word", told, "≤ 3"),
        _against_grep("common", told),
        _against_grep("regex", told, "≤ 3"),
        Figure("search-json", "4 s", told["json"]["seconds"], 4.0, "s", "≤ 1"),
        Figure("search-json-first", "0.2 s", told["json printed"]["first"], 0.2, "s", "≤ 1"),
    ]


def search(count: int, wanted: str, how: str = "--count") -> Run:
    """The command that searches a recording of so many messages."""
    command = (sys.executable, "-m", "spacebeam", "search", str(recordings.made(count)), wanted)
    return Run(python("stopwatch", *command, how), count, is_free=True)


def _grep(*pattern: str) -> Run:
    command = ("grep", "-c", *pattern, str(recordings.lines(_COUNT)))
    return Run(python("stopwatch", *command), _COUNT, is_free=True)


def _against_grep(name: str, told: dict[str, Told], wanted: str = "") -> Figure:
    ours, theirs = told[name], told[f"grep {name}"]
    if ours["printed"] != theirs["printed"]:
        raise RuntimeError(f"{name}: {ours['printed']} found, and by grep {theirs['printed']}")
    return Figure(f"search-{name}", "grep -c", ours["seconds"], theirs["seconds"], "s", wanted)
