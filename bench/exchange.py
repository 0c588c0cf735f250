"""Exporting and importing a recording of a million messages, beside cp and `jq -c .`.

All rates are megabytes of the file a second of processor time, which other load does not affect;
that of cp is of the whole time. Memory is above that of the idle process.
"""

from __future__ import annotations

import shlex

from bench import recordings
from bench.figure import Figure
from bench.recordings import FOLDER
from bench.runner import Results, Run, interleaved, python

_ROUNDS = 5
_MAX_SECONDS = 90.0  # for all rounds
_COUNT = 1_000_000
_MAX_MEMORY_MIB = 100.0
_WANTED_MB_S = 100.0


def measure() -> list[Figure]:
    """Run the suite, which takes two minutes. Raises RuntimeError if a program is missing."""
    source, lines, har = recordings.made(_COUNT), FOLDER / "export.jsonl", FOLDER / "export.har"
    parquet = FOLDER / "export.parquet"
    new = FOLDER / "import.beam"
    jq = f"jq -c . {shlex.quote(str(lines))} > /dev/null"
    runs = {
        "export jsonl": _run("export", "jsonl", source, lines),
        "export har": _run("export", "har", source, har),
        "export parquet": _run("export", "parquet", source, parquet),
        "import jsonl": _run("import", "jsonl", lines, new),
        "import har": _run("import", "har", har, new),
        "cp": _timed("cp", str(lines), f"{lines}.copy"),
        "jq": _timed("sh", "-c", jq),
    }
    results = interleaved(runs, _ROUNDS, _MAX_SECONDS)
    megabytes = lines.stat().st_size / 1e6
    for path in (lines, har, parquet, new, lines.with_name(f"{lines.name}.copy")):
        path.unlink(missing_ok=True)
    jq_rate = megabytes / results["jq"]["processor"]
    cp_rate = megabytes / results["cp"]["seconds"]
    export = _rate(results["export jsonl"])
    wanted = f"≥ {_WANTED_MB_S:.0f} MB/s"
    return [
        Figure("export-jsonl", "cp", export, cp_rate, "MB/s", wanted),
        Figure("export-jsonl", "jq -c .", export, jq_rate, "MB/s"),
        Figure("import-jsonl", "jq -c .", _rate(results["import jsonl"]), jq_rate, "MB/s", wanted),
        Figure("export-har", "jq -c .", _rate(results["export har"]), jq_rate, "MB/s"),
        Figure("import-har", "jq -c .", _rate(results["import har"]), jq_rate, "MB/s"),
        *(_memory(name, results[name]) for name in runs if " " in name),
    ]


def _run(*words: object) -> Run:
    return Run(python("exporter", *map(str, words)), _COUNT, is_free=True)


def _timed(*command: str) -> Run:
    return Run(python("stopwatch", *command), _COUNT, is_free=True)


def _rate(results: Results) -> float:
    """Return megabytes a second of processor time."""
    return results["bytes"] / 1e6 / results["processor"]


def _memory(name: str, results: Results) -> Figure:
    name = f"{name.replace(' ', '-')}-memory"
    mebibytes = results["memory"] / 1024
    return Figure(name, f"{_MAX_MEMORY_MIB:.0f} MiB", mebibytes, _MAX_MEMORY_MIB, "MiB", "≤ 1")
