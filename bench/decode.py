"""Decoding a million messages: values that a filter finds, and answers that find their questions.

Whole commands are measured, from start to exit, with the files in the system's cache.
"""

from __future__ import annotations

import sys
import timeit
from pathlib import Path

from bench.figure import Figure
from bench.recordings import FOLDER, SIZE
from bench.runner import Run, interleaved, python, serving
from spacebeam.decode.decoder import Context
from spacebeam.decode.registry import REGISTRY

_ROUNDS = 3
_MAX_SECONDS = 120.0  # for all rounds
_COUNT = 1_000_000
_FORMS = ("json", "messagepack", "protobuf", "calls")
_MAX_GUESS_US = 5.0
_FEED_RATE, _FEED_SECONDS = 10_000, 5
_MAX_FRAME_MS = 16.0
_TEXT = b'{"type":"trade","price":101.25,"id":12345,"symbol":"BTC-EUR"}'


def measure() -> list[Figure]:
    """Run the suite, which takes some minutes the first time."""
    paths = {form: _made(form) for form in _FORMS}
    runs = {form: _command("search", paths[form], "json:p>60000", "--count") for form in _FORMS[:2]}
    runs["protobuf"] = _command("search", paths["protobuf"], 'json:"3">60000', "--count")
    runs["calls"] = _command("stats", paths["calls"], "--json")
    results = interleaved(runs, _ROUNDS, _MAX_SECONDS)
    seconds = {name: one["seconds"] for name, one in results.items()}
    return [
        Figure("json-messagepack", "JSON", seconds["messagepack"], seconds["json"], "s", "≤ 3"),
        Figure("json-protobuf", "JSON", seconds["protobuf"], seconds["json"], "s", "≤ 3"),
        Figure("pairing", "4 s", seconds["calls"], 4.0, "s", "≤ 1"),
        Figure("guess-json", "5 µs", _guess(), _MAX_GUESS_US, "µs", "≤ 1"),
        Figure("rows-decoding", "16 ms", _rows(), _MAX_FRAME_MS, "ms", "≤ 1"),
    ]


def _rows() -> float:
    """Return the most ms that decoding for rows took of a frame, with a feed of MessagePack."""
    with serving() as address:
        feed = f"{address}/feed?size=128&packed=1&rate={_FEED_RATE}&count={_FEED_RATE * 60}"
        client = python("feed_client", feed, str(_FEED_SECONDS))
        run = Run(("scripts/private.sh", "--window", *client), 1, is_free=True)
        return interleaved({"feed": run}, _ROUNDS, _MAX_SECONDS)["feed"]["decoding"]


def _made(form: str) -> Path:
    path = FOLDER / f"{form}-{SIZE}-{_COUNT}.beam"
    if not path.exists():
        FOLDER.mkdir(parents=True, exist_ok=True)
        run = Run(python("packer", str(path), form, str(_COUNT)), _COUNT)
        interleaved({form: run}, rounds=1, max_seconds=1.0)
    return path


def _command(name: str, path: Path, *arguments: str) -> Run:
    command = (sys.executable, "-m", "spacebeam", name, str(path), *arguments)
    return Run(python("stopwatch", *command), _COUNT, is_free=True)


def _guess() -> float:
    """Return the shortest time in µs in which the registry finds that a text is JSON."""
    context = Context("text")
    rounds = timeit.repeat(lambda: REGISTRY.best(_TEXT, context), number=1000, repeat=50)
    return min(rounds) * 1000
