"""The project's environment: .venv with Spacebeam, and the tools of tests and benchmarks."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

from system import python_version

if TYPE_CHECKING:
    from system import System

PROJECT = Path(__file__).resolve().parent.parent
VENV = PROJECT / ".venv"
PYTHON = VENV / "bin/python"
PEERS = PROJECT / "build/peers"


def is_current(part: str, system: System) -> bool:
    """Return whether `part` (app, tests, bench, fuzz) was installed from the present files."""
    if part in ("tests", "bench") and not (PEERS / "node_modules").is_dir():
        return False  # the folder `build` may be removed at any time
    return _stamp(part).is_file() and _stamp(part).read_text() == _fingerprint(system)


def mark_current(part: str, system: System) -> None:
    _stamp(part).write_text(_fingerprint(system))


def make_venv(system: System) -> None:
    """Create .venv, unless there is one that fits the system."""
    flags = ["--system-site-packages"] if system.has_new_pygobject else []
    if not _venv_fits(system, bool(flags)):
        run(system.python, "-m", "venv", "--clear", *flags, VENV)


def install_app() -> None:
    pip("install", "--editable", PROJECT)
    run(PYTHON, PROJECT / "scripts/floor.py")
    # As pip does for packages it copies. Otherwise the first search takes half as long again.
    run(PYTHON, "-m", "compileall", "-q", PROJECT / "spacebeam")


def install_fuzzer() -> None:
    pip("install", *_groups()["fuzz"])


def install_test_tools() -> None:
    groups = _groups()
    pip("install", *groups["dev"])
    # The stubs would install another PyGObject. pip's cache has one build of the stubs for all
    # versions of GTK, so it is not used.
    pip("install", "--no-deps", "--no-cache-dir", *groups["stubs"])

    PEERS.mkdir(parents=True, exist_ok=True)
    shutil.copy(PROJECT / "tests/peers/package.json", PEERS)
    run("npm", "install", "--prefix", PEERS, "--no-audit", "--no-fund", "--no-package-lock")


def _groups() -> dict[str, list[str]]:
    # pip supports --group only from 25.1 on.
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())
    groups: dict[str, list[str]] = project["dependency-groups"]
    return groups


def pip(*arguments: str | Path) -> None:
    # python -m pip: the pip script's first line breaks when the project's folder is moved.
    run(PYTHON, "-m", "pip", "--disable-pip-version-check", *arguments)


def run(*command: str | Path) -> None:
    subprocess.run(command, check=True, cwd=PROJECT)


def _stamp(part: str) -> Path:
    return VENV / f"setup-{part}"


def _fingerprint(system: System) -> str:
    """Return a digest of everything that determines the installation."""
    digest = hashlib.sha256(f"{PROJECT} {sorted(system.release.items())}".encode())
    scripts = sorted((PROJECT / "scripts").glob("*.py"))
    for source in (PROJECT / "pyproject.toml", PROJECT / "tests/peers/package.json", *scripts):
        digest.update(source.read_bytes())
    return digest.hexdigest()


def _venv_fits(system: System, shares_packages: bool) -> bool:
    try:
        settings = (VENV / "pyvenv.cfg").read_text()
    except FileNotFoundError:
        return False
    shares = f"include-system-site-packages = {str(shares_packages).lower()}"
    return shares in settings and python_version(PYTHON) == python_version(system.python)
