"""Installs what this checkout needs to run, or with an option for tests, benchmarks or fuzzing.

On Debian it installs the missing system libraries. On other systems it prints their package names
and stops. Then it creates .venv with Spacebeam. After that it does nothing until pyproject.toml or
these scripts change.

SETUP_ROOT is the root directory to examine; tests of this script set it.
"""

from __future__ import annotations

import argparse
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import environment
import needs
from system import INSTALL, OLDEST_PYTHON, System

if TYPE_CHECKING:
    from collections.abc import Sequence

    from needs import Need

APT = Path(__file__).with_name("apt-install.sh")


def main() -> None:
    options = _options()
    system = System()
    part = options.part
    if environment.is_current(part, system) and not options.dry_run:
        return
    try:
        _set_up(system, part, options.dry_run)
    except subprocess.CalledProcessError as error:
        sys.exit(f"setup: this failed: {shlex.join(map(str, error.cmd))}")
    except FileNotFoundError as error:
        sys.exit(f"setup: {error.filename} is missing")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    for part, words in {
        "tests": "also install the tools of the tests",
        "bench": "also install those, and the other clients of the benchmarks",
        "fuzz": "also install the fuzzer",
    }.items():
        parser.add_argument(f"--{part}", action="store_const", const=part, dest="part", help=words)
    parser.set_defaults(part="app")
    parser.add_argument("--dry-run", action="store_true", help="only print what is missing")
    return parser.parse_args()


def _set_up(system: System, part: str, dry_run: bool) -> None:
    if system.family == "debian" and not (system.root / "usr/bin/python3").exists():
        # The other needs depend on the distribution's Python, so it is installed first.
        _provide(system, [needs.PYTHON], dry_run)
    pygobject = needs.OWN_PYGOBJECT if system.offers_new_pygobject else needs.BUILD_PYGOBJECT
    wanted = [*needs.RUNTIME, *pygobject, *needs.OF_PARTS.get(part, ())]
    missing = [need for need in wanted if not need.is_met(system)]
    _provide(system, missing, dry_run)
    if dry_run:
        return

    if sys.version_info < OLDEST_PYTHON:
        sys.exit("setup: Spacebeam needs Python 3.11 or newer")
    environment.make_venv(system)
    environment.install_app()
    environment.mark_current("app", system)
    if part in ("tests", "bench"):
        environment.install_test_tools()
    elif part == "fuzz":
        environment.install_fuzzer()
    environment.mark_current(part, system)


def _provide(system: System, missing: Sequence[Need], dry_run: bool) -> None:
    """Install the missing packages on Debian; elsewhere print their names and exit."""
    packages = _packages(system, missing)
    if system.family and not packages:
        return
    if system.family == "debian":
        print("Missing, to be installed with apt:", *packages, flush=True)
        if not dry_run:
            environment.run(*_as_root(), APT, *packages)
    elif missing:
        print(f"Spacebeam needs these on {system.name}:", file=sys.stderr)
        for need in missing:
            print(f"  {need.what}", file=sys.stderr)
        if packages:
            print(f"Install them with:\n  {INSTALL[system.family]}", *packages, file=sys.stderr)
        sys.exit(1)


def _packages(system: System, missing: Sequence[Need]) -> list[str]:
    """Return the package names without duplicates, in the order of the needs."""
    names: dict[str, None] = {}
    for need in missing:
        if system.family == "ubuntu":
            name = need.ubuntu or need.debian
        else:
            name = getattr(need, system.family) if system.family else ""
        if name:
            names[name] = None
    return list(names)


def _as_root() -> list[str]:
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo"):
        return ["sudo"]
    sys.exit("setup: run this once as root, or install sudo: only root can install packages")


if __name__ == "__main__":
    main()
