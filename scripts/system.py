"""The machine to set up: its distribution, installed files and programs, and Python."""

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

# The command that installs packages, by family.
INSTALL = {
    "debian": "sudo apt-get install --no-install-recommends",
    "ubuntu": "sudo apt-get install --no-install-recommends",
    "fedora": "sudo dnf install",
    "arch": "sudo pacman -S --needed",
    "brew": "brew install",
}


@dataclass(frozen=True)
class System:
    """A machine, by its root directory; tests use another one."""

    root: Path = field(default_factory=lambda: Path(os.environ.get("SETUP_ROOT", "/")))

    @property
    def release(self) -> dict[str, str]:
        """The values of os-release(5); empty without the file."""
        for name in ("etc/os-release", "usr/lib/os-release"):
            path = self.root / name
            if path.is_file():
                pairs = (word.partition("=") for word in shlex.split(path.read_text(), True))
                return {key: value for key, _, value in pairs}
        return {}

    @property
    def family(self) -> str:
        """The key of INSTALL whose package names this system has; "" for an unknown system."""
        if (self.root / "System/Library/CoreServices/SystemVersion.plist").exists():
            return "brew"
        # The nearest relative comes first: Mint is like "ubuntu debian".
        related = [self.release.get("ID", ""), *self.release.get("ID_LIKE", "").split()]
        return next((name for name in related if name in INSTALL), "")

    @property
    def name(self) -> str:
        if self.family == "brew":
            return "macOS"
        return self.release.get("PRETTY_NAME") or "this system"

    @property
    def python(self) -> str:
        """The Python that creates .venv.

        The system's Python is preferred: only it can use the distribution's PyGObject, and the
        installed headers belong to it. The search path may have pyenv's or conda's.
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
        # Daemons are in sbin, which is often not on the search path.
        path = os.pathsep.join([os.environ.get("PATH", os.defpath), str(self.root / "usr/sbin")])
        return any(shutil.which(name, path=path) for name in names)

    def python_runs(self, code: str) -> bool:
        return subprocess.run([self.python, "-c", code], capture_output=True).returncode == 0

    @property
    def has_new_pygobject(self) -> bool:
        """Whether the system's PyGObject has gi.events, the asyncio loop on GLib (3.50)."""
        return self.python_runs("import gi; assert gi.version_info >= (3, 50)")

    @property
    def offers_new_pygobject(self) -> bool:
        """Whether the distribution has a PyGObject that is new enough: all with Python 3.13 do.

        pyproject.toml has the same condition.
        """
        return self.has_new_pygobject or python_version(self.python) >= (3, 13)


@cache
def python_version(python: Path | str) -> tuple[int, ...]:
    """Return (major, minor) of an interpreter; () if it cannot run."""
    code = "import sys; print(*sys.version_info[:2])"
    try:
        answer = subprocess.run([python, "-c", code], capture_output=True, text=True)
    except OSError:
        return ()
    return tuple(int(word) for word in answer.stdout.split())
