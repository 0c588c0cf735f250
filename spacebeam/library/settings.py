"""The settings file.

It is written to a temporary file and renamed, so it is always complete. A file that cannot be
parsed is renamed, not overwritten, so that its content is not lost.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from spacebeam.library.retention import RetentionPolicy
from spacebeam.profiles.profile import Profile
from spacebeam.profiles.saved_profile import from_json, to_json

_log = logging.getLogger(__name__)

MAX_RECENT = 12  # addresses
RETENTION_LIMITS = {"max_age": (1, 36_500), "max_size": (2**20, 2**50)}  # days, bytes


@dataclass(slots=True)
class Settings:
    """Values that the program remembers between runs."""

    window_width: int = 1000  # pixels
    window_height: int = 720
    window_maximized: bool = False
    recent: list[str] = field(default_factory=list)  # addresses, newest first, without passwords
    profiles: dict[str, Profile] = field(default_factory=dict)  # of recent addresses
    retention_policy: RetentionPolicy = field(default_factory=RetentionPolicy)  # of recordings

    def remember(self, address: str, profile: Profile | None = None) -> None:
        """Make an address the most recent one, with its profile if there is one."""
        if address in self.recent:
            self.recent.remove(address)
        self.recent.insert(0, address)
        if profile is not None:
            self.profiles[address] = profile
        for old in self.recent[MAX_RECENT:]:
            self.forget(old)

    def forget(self, address: str) -> None:
        """Remove an address from the recent ones, with its profile."""
        if address in self.recent:
            self.recent.remove(address)
        self.profiles.pop(address, None)

    def as_json(self) -> dict[str, Any]:
        """Return all settings as JSON values, without the secrets in the profiles."""
        return {
            "window_width": self.window_width,
            "window_height": self.window_height,
            "window_maximized": self.window_maximized,
            "recent": self.recent,
            "profiles": {address: to_json(one) for address, one in self.profiles.items()},
            "retention": {
                "max_age": self.retention_policy.max_age,
                "max_size": self.retention_policy.max_size,
            },
        }


def default_path(environment: Mapping[str, str] = os.environ) -> Path:
    """Return the path of the settings file (XDG Base Directory Specification)."""
    home = Path(environment.get("XDG_CONFIG_HOME", ""))
    if not home.is_absolute():  # ignored, as the specification requires
        home = Path("~/.config").expanduser()
    return home / "spacebeam" / "settings.json"


def load(path: Path) -> Settings:
    """Return the settings in `path`, or the defaults if the file is missing or damaged."""
    try:
        return _parse(json.loads(path.read_text(encoding="utf-8")))
    except OSError:
        return Settings()
    except (ValueError, RecursionError):  # RecursionError: nested too deeply
        _log.warning("the settings file is damaged and is set aside")
        with contextlib.suppress(OSError):  # the folder is not writable
            path.replace(path.with_suffix(".json.damaged"))
        return Settings()


def save(settings: Settings, path: Path) -> None:
    """Save the settings to `path`. Raises OSError."""
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
    """Return the settings; a value of the wrong type is left at its default."""
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
    profiles = _renamed(values, "profiles", "options")
    if isinstance(profiles, dict):
        known = (address for address in settings.recent if address in profiles)
        settings.profiles = {address: from_json(profiles[address]) for address in known}
    settings.retention_policy = _retention_policy(_renamed(values, "retention", "keeping"))
    return settings


def _renamed(values: dict[str, Any], name: str, former_name: str) -> object:
    return values.get(name, values.get(former_name))


def _retention_policy(values: object) -> RetentionPolicy:
    if not isinstance(values, dict):
        return RetentionPolicy()
    taken = {
        name: value
        for name, (least, most) in RETENTION_LIMITS.items()
        if name in values
        and ((value := values[name]) is None or (type(value) is int and least <= value <= most))
    }
    return RetentionPolicy(**taken)
