"""The project's own environment: .venv with Spacebeam in it, and what only the tests need."""

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
    """Whether `part` (app, tests, bench, fuzz) was installed from the files that are here now."""
    if part in ("tests", "bench") and not (PEERS / "node_modules").is_dir():
        return False  # build is a folder that people empty
    return _stamp(part).is_file() and _stamp(part).read_text() == _fingerprint(system)


def mark_current(part: str, system: System) -> None:
    _stamp(part).write_text(_fingerprint(system))


def make_venv(system: System) -> None:
    """Make .venv, or keep the one that is there if it still fits."""
    flags = ["--system-site-packages"] if system.has_new_pygobject else []
    if not _venv_fits(system, bool(flags)):
        run(system.python, "-m", "venv", "--clear", *flags, VENV)


def install_app() -> None:
    pip("install", "--editable", PROJECT)
    run(PYTHON, PROJECT / "scripts/floor.py")
    # As pip does with what it copies. Without, a first search takes half as long again.
    run(PYTHON, "-m", "compileall", "-q", PROJECT / "spacebeam")


def install_fuzzer() -> None:
    pip("install", *_groups()["fuzz"])


def install_test_tools() -> None:
    groups = _groups()
    pip("install", *groups["dev"])
    # The stubs would bring a PyGObject of their own choice. pip's cache keeps one build of them
    # for all versions of GTK, so it is left out.
    pip("install", "--no-deps", "--no-cache-dir", *groups["stubs"])

    PEERS.mkdir(parents=True, exist_ok=True)
    shutil.copy(PROJECT / "tests/peers/package.json", PEERS)
    run("npm", "install", "--prefix", PEERS, "--no-audit", "--no-fund", "--no-package-lock")


def _groups() -> dict[str, list[str]]:
    # Read here, because pip understands --group only since 25.1.
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
    """Changes with all that decides what is installed, where, and for which system."""
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
