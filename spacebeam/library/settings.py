"""The settings file: small, readable, never half written.

It is written to a temporary file and renamed. A file that cannot be read is set aside under
another name, so that whatever was in it is still there.
"""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from spacebeam.library.retention import RetentionPolicy
from spacebeam.profiles.profile import Profile, from_json

MAX_RECENT = 12
KEEPING_BOUNDS = {"max_age": (1, 36_500), "max_size": (2**20, 2**50)}  # days, bytes


@dataclass(slots=True)
class Settings:
    """What the program remembers between runs."""

    window_width: int = 1000  # pixels
    window_height: int = 720
    window_maximized: bool = False
    recent: list[str] = field(default_factory=list)  # addresses, newest first, without passwords
    options: dict[str, Profile] = field(default_factory=dict)  # of recent addresses
    keeping: RetentionPolicy = field(default_factory=RetentionPolicy)  # of recordings

    def remember(self, address: str, options: Profile | None = None) -> None:
        """Put an address in front of the recent ones, with these options if there are any."""
        if address in self.recent:
            self.recent.remove(address)
        self.recent.insert(0, address)
        if options is not None:
            self.options[address] = options
        for old in self.recent[MAX_RECENT:]:
            self.forget(old)

    def forget(self, address: str) -> None:
        """Take an address out of the recent ones, and its options with it."""
        if address in self.recent:
            self.recent.remove(address)
        self.options.pop(address, None)

    def as_json(self) -> dict[str, Any]:
        """What is written down: all but the secrets among the options."""
        return {
            "window_width": self.window_width,
            "window_height": self.window_height,
            "window_maximized": self.window_maximized,
            "recent": self.recent,
            "options": {address: one.as_json() for address, one in self.options.items()},
            "keeping": {"max_age": self.keeping.max_age, "max_size": self.keeping.max_size},
        }


def default_path(environment: Mapping[str, str] = os.environ) -> Path:
    """Where the settings are (XDG Base Directory Specification)."""
    home = Path(environment.get("XDG_CONFIG_HOME", ""))
    if not home.is_absolute():  # the specification wants it ignored then
        home = Path("~/.config").expanduser()
    return home / "spacebeam" / "settings.json"


def load(path: Path) -> Settings:
    """The settings kept at `path`; the defaults where there are none or they are damaged."""
    try:
        return _parse(json.loads(path.read_text(encoding="utf-8")))
    except OSError:
        return Settings()
    except (ValueError, RecursionError):  # the latter where it is nested without an end
        with contextlib.suppress(OSError):  # of a folder that may not be written to
            path.replace(path.with_suffix(".json.damaged"))
        return Settings()


def save(settings: Settings, path: Path) -> None:
    """Keep the settings at `path`. Raises OSError where that is not possible."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(settings.as_json(), file, indent=2, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def _parse(values: object) -> Settings:
    """Take what fits; a value of the wrong type is left at its default."""
    if not isinstance(values, dict):
        raise ValueError("the settings are not an object")
    settings = Settings()
    for name in ("window_width", "window_height"):
        value = values.get(name)
        if type(value) is int and 200 <= value <= 20_000:
            setattr(settings, name, value)
    if isinstance(values.get("window_maximized"), bool):
        settings.window_maximized = values["window_maximized"]
    recent = values.get("recent")
    if isinstance(recent, list):
        settings.recent = [entry for entry in recent if isinstance(entry, str)][:MAX_RECENT]
    options = values.get("options")
    if isinstance(options, dict):
        known = (address for address in settings.recent if address in options)
        settings.options = {address: from_json(options[address]) for address in known}
    settings.keeping = _keeping(values.get("keeping"))
    return settings


def _keeping(values: object) -> RetentionPolicy:
    if not isinstance(values, dict):
        return RetentionPolicy()
    taken = {
        name: value
        for name, (least, most) in KEEPING_BOUNDS.items()
        if name in values
        and ((value := values[name]) is None or (type(value) is int and least <= value <= most))
    }
    return RetentionPolicy(**taken)
