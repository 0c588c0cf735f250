"""`python -m spacebeam.worker export|import …`: the process, which ends with its standard input."""

from __future__ import annotations

import os
import signal
import sys
from types import FrameType

from spacebeam.worker.frames import FrameReader, tell


def main() -> int:
    """Run one job; return the exit code."""
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C in the terminal is the window's
    job, *arguments = sys.argv[1:]
    try:
        _run(job, arguments, FrameReader(sys.stdin.buffer))
    except (EOFError, BrokenPipeError):  # the window cancelled, or has ended
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115  nothing is flushed at the end
        return 1
    return 0


def _run(job: str, arguments: list[str], reader: FrameReader) -> None:
    if job == "export":
        from spacebeam.worker.export_job import run as run_export

        tell(sys.stdout, run_export(reader))
    else:
        from spacebeam.worker.import_job import run as run_import

        path, folder = arguments
        run_import(path, folder, reader=reader, tell=lambda told: tell(sys.stdout, told))


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(1)  # the files that are not complete are removed


if __name__ == "__main__":
    sys.exit(main())
