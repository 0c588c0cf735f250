"""Exports a recording as JSON Lines, or imports such a file; prints the time, memory and bytes.

Arguments: `export` or `import`, the format, the file, and the target.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import resource
import sys
import time
from pathlib import Path

from spacebeam.exchange.exporters.exporter import ExportSource
from spacebeam.exchange.exporters.registry import FORMATS
from spacebeam.exchange.exporters.saving import save_file
from spacebeam.exchange.importers.registry import recognised
from spacebeam.exchange.importers.saving import Importing
from spacebeam.exchange.losses import Losses
from spacebeam.recording.opening import open_read_only


def _export(name: str, path: Path, target: Path) -> int:
    with contextlib.closing(open_read_only(path)) as recording:
        source = ExportSource(lambda _kind, _payload: "", len(recording))
        found = ((block, range(len(block))) for block in recording.blocks())
        return save_file(target, FORMATS[name].export(source, found, Losses()))


def _import(path: Path, target: Path) -> int:
    importing = Importing(lambda _address, _began: target, Losses())
    with path.open("rb") as file:
        format_, content = recognised(file)
        asyncio.run(importing.save(format_.read(content, importing.losses)))
    return path.stat().st_size


def main() -> None:
    """Run once."""
    what, name, path, target = sys.argv[1], sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4])
    target.unlink(missing_ok=True)
    idle = _peak()
    start, processor = time.perf_counter(), time.process_time()
    size = _export(name, path, target) if what == "export" else _import(path, target)
    took, used = time.perf_counter() - start, time.process_time() - processor
    told = {"seconds": took, "processor": used, "bytes": size, "memory": _peak() - idle}
    print(json.dumps(told), file=sys.stderr)


def _peak() -> int:
    """Return the peak memory of this process in KiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    main()
