"""Measures a whole command: `stopwatch COMMAND…`.

The last line on standard error has the seconds until its exit and until its first output, its
processor time, and the number that it printed, if any.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time


def main(command: list[str]) -> None:
    """Run the command in the locale C.UTF-8 and print the results."""
    start = time.perf_counter()
    environment = os.environ | {"LC_ALL": "C.UTF-8"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as process:
        assert process.stdout is not None
        output = os.read(process.stdout.fileno(), 65_536)
        first = time.perf_counter()
        while more := os.read(process.stdout.fileno(), 65_536):
            output = more
    ended = time.perf_counter()
    if process.returncode:
        sys.exit(f"{command} failed")
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    results = {
        "seconds": ended - start,
        "first": first - start,
        "processor": used.ru_utime + used.ru_stime,
        "printed": float(output) if output.strip().isdigit() else 0.0,
    }
    print(json.dumps(results), file=sys.stderr)


if __name__ == "__main__":
    main(sys.argv[1:])
