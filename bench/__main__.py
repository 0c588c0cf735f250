"""`python -m bench [suite …]`: measure, print a table, and write build/bench.json."""

from __future__ import annotations

import argparse
import compileall
import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict

from bench import (
    connections,
    decode,
    deflate,
    exchange,
    growth,
    inspector,
    memory,
    opening,
    receive,
    record,
    scenario,
    search,
    send,
    start,
    tabs,
    terminal,
    values,
    window,
)
from bench.figure import Figure, table
from bench.runner import PROJECT

_SUITES: Mapping[str, Callable[[], list[Figure]]] = {
    "receive": receive.measure,
    "deflate": deflate.measure,
    "send": send.measure,
    "memory": memory.measure,
    "terminal": terminal.measure,
    "record": record.measure,
    "search": search.measure,
    "decode": decode.measure,
    "values": values.measure,
    "open": opening.measure,
    "growth": growth.measure,
    "exchange": exchange.measure,
    "scenario": scenario.measure,
    "connections": connections.measure,
    "start": start.measure,
    "window": window.measure,
    "tabs": tabs.measure,
    "inspector": inspector.measure,
}
_RESULT = PROJECT / "build" / "bench.json"


def main() -> int:
    """Run the named suites; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("suites", metavar="SUITE", nargs="*", help=f"of: {', '.join(_SUITES)}")
    names = parser.parse_args().suites or list(_SUITES)
    unknown = [name for name in names if name not in _SUITES]
    if unknown:
        parser.error(f"there is no suite {', '.join(unknown)}")
    # As in an installed package. Otherwise each command would compile the modules again.
    compileall.compile_dir(PROJECT / "spacebeam", quiet=1)
    try:
        figures = [figure for name in names for figure in _SUITES[name]()]
    except RuntimeError as error:
        parser.exit(1, f"{parser.prog}: {error}\n")
    print(table(figures))
    _RESULT.parent.mkdir(exist_ok=True)
    written = [asdict(figure) | {"ratio": round(figure.ratio, 3)} for figure in figures]
    _RESULT.write_text(json.dumps(written, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
