"""`python -m fuzz [TARGET …]`: fuzz each target for its share of FUZZ_SECONDS.

The corpus is stored in build/fuzz/TARGET for the next run; an input that fails is written beside it
and printed.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import subprocess
import sys
from pathlib import Path

from fuzz.targets import TARGETS

_FOLDER = Path(__file__).parents[1] / "build" / "fuzz"
_DEFAULT_SECONDS = 60.0  # for all targets
_LIMITS = ("-timeout=20", "-rss_limit_mb=2048", "-max_len=8192", "-print_final_stats=0")


def main() -> int:
    """Fuzz the named targets; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m fuzz", description=__doc__)
    parser.add_argument("targets", metavar="TARGET", nargs="*", help=f"of: {', '.join(TARGETS)}")
    names = parser.parse_args().targets or list(TARGETS)
    unknown = [name for name in names if name not in TARGETS]
    if unknown:
        parser.error(f"there is no target {', '.join(unknown)}")
    seconds = float(os.environ.get("FUZZ_SECONDS") or _DEFAULT_SECONDS)
    failed = [name for name in names if not _fuzz(name, seconds / len(names))]
    if failed:
        print(f"fuzz: failed: {', '.join(failed)}; see {_FOLDER}", file=sys.stderr)
    return 1 if failed else 0


def _fuzz(name: str, seconds: float) -> bool:
    """Fuzz one target; return whether no input failed."""
    corpus = _FOLDER / name
    corpus.mkdir(parents=True, exist_ok=True)
    for seed in TARGETS[name].seeds:
        (corpus / hashlib.sha1(seed, usedforsecurity=False).hexdigest()).write_bytes(seed)
    print(f"fuzz: {name}, {seconds:.0f} s", flush=True)
    command = [sys.executable, "-m", "fuzz.one", name, f"-max_total_time={max(1, round(seconds))}"]
    artifacts = f"-artifact_prefix={_FOLDER}/{name}-"
    log = _FOLDER / f"{name}.log"
    with log.open("wb") as output:
        status = subprocess.call(
            [*command, *_LIMITS, artifacts, corpus], stdout=output, stderr=output
        )
    words = log.read_text(errors="replace").splitlines()
    ignored = ("INFO:", "#", "WARNING:")
    report = [line for line in words if line and not line.startswith(ignored)]
    print("\n".join(report if status else words[-1:]), flush=True)
    return status == 0


if __name__ == "__main__":
    sys.exit(main())
