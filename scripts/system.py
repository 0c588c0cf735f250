"""The machine being set up: which system it is, what is there, which Python to use."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

OLDEST_PYTHON = (3, 11)
PREFIXES = ("usr", "usr/local", "opt/homebrew", "home/linuxbrew/.linuxbrew")

# Each family's way to install packages.
INSTALL = {
    "debian": "sudo apt-get install --no-install-recommends",
    "ubuntu": "sudo apt-get install --no-install-recommends",
    "fedora": "sudo dnf install",
    "arch": "sudo pacman -S --needed",
    "brew": "brew install",
}


@dataclass(frozen=True)
class System:
    """A machine, seen from its root directory; the tests give one of their own."""

    root: Path = field(default_factory=lambda: Path(os.environ.get("SETUP_ROOT", "/")))

    @property
    def release(self) -> dict[str, str]:
        """os-release(5) as it stands; empty where there is none."""
        for name in ("etc/os-release", "usr/lib/os-release"):
            path = self.root / name
            if path.is_file():
                pairs = (word.partition("=") for word in shlex.split(path.read_text(), True))
                return {key: value for key, _, value in pairs}
        return {}

    @property
    def family(self) -> str:
        """Whose package names hold here: a key of INSTALL, or "" for a stranger."""
        if (self.root / "System/Library/CoreServices/SystemVersion.plist").exists():
            return "brew"
        # Nearest relation first: Mint says it is like "ubuntu debian".
        related = [self.release.get("ID", ""), *self.release.get("ID_LIKE", "").split()]
        return next((name for name in related if name in INSTALL), "")

    @property
    def name(self) -> str:
        if self.family == "brew":
            return "macOS"
        return self.release.get("PRETTY_NAME") or "this system"

    @property
    def python(self) -> str:
        """The Python that .venv is made with.

        The system's own comes first: only that one can use the distribution's PyGObject, and the
        headers that are installed belong to it. The search path may lead to pyenv's or conda's.
        """
        own = self.root / "usr/bin/python3"
        return str(own) if python_version(own) >= OLDEST_PYTHON else sys.executable

    def has_file(self, pattern: str) -> bool:
        places = [pattern]
        if pattern.startswith("lib*/"):
            places.append(pattern.replace("lib*/", "lib/*/", 1))
        return any(
            next((self.root / prefix).glob(place), None) is not None
            for prefix in PREFIXES
            for place in places
        )

    def has_program(self, *names: str) -> bool:
        # Daemons live in sbin, which a person's search path often lacks.
        path = os.pathsep.join([os.environ.get("PATH", os.defpath), str(self.root / "usr/sbin")])
        return any(shutil.which(name, path=path) for name in names)

    def python_runs(self, code: str) -> bool:
        return subprocess.run([self.python, "-c", code], capture_output=True).returncode == 0

    @property
    def has_new_pygobject(self) -> bool:
        """gi.events, the asyncio loop on GLib, came with PyGObject 3.50."""
        return self.python_runs("import gi; assert gi.version_info >= (3, 50)")

    @property
    def offers_new_pygobject(self) -> bool:
        """Every distribution with Python 3.13 or newer has a PyGObject that is new enough.

        pyproject.toml draws its line at the same place.
        """
        return self.has_new_pygobject or python_version(self.python) >= (3, 13)


@cache
def python_version(python: Path | str) -> tuple[int, ...]:
    """(major, minor) of an interpreter; () where there is none."""
    code = "import sys; print(*sys.version_info[:2])"
    try:
        answer = subprocess.run([python, "-c", code], capture_output=True, text=True)
    except OSError:
        return ()
    return tuple(int(word) for word in answer.stdout.split())
