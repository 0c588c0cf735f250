"""Installs the programs that tests give exported files to: 1 GB, so `make test` does not."""

from __future__ import annotations

import shutil

from environment import PROJECT, PYTHON, run

PROGRAMS = PROJECT / "build/programs"
LOCUST = PROJECT / "build/locust"


def main() -> None:
    PROGRAMS.mkdir(parents=True, exist_ok=True)
    shutil.copy(PROJECT / "tests/programs/package.json", PROGRAMS)
    flags = ("--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts")
    run("npm", "install", "--prefix", PROGRAMS, *flags)
    if not (LOCUST / "bin/locust").exists():
        run(PYTHON, "-m", "venv", LOCUST)
        run(LOCUST / "bin/pip", "install", "--quiet", "locust==2.47.0", "websocket-client==1.9.2")


if __name__ == "__main__":
    main()
