"""The settings file.

It is the person's: others write it too, and what they wrote stays. It is written to a temporary
file and renamed, so it is always complete. A file that cannot be parsed is renamed, not
overwritten, so that its content is not lost.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import stat
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from spacebeam.library import filters, repeat_settings, sidebar_settings, view_settings
from spacebeam.library.chat_choices import MAX_CHOICES, ChatChoice, choices_from_json
from spacebeam.library.chat_choices import to_json as chat_to_json
from spacebeam.library.filters import FilterLibrary, Hidden
from spacebeam.library.folder_lock import locked
from spacebeam.library.repeat_settings import RepeatSettings
from spacebeam.library.retention_policy import RetentionPolicy
from spacebeam.library.settings_merge import MAX_RECENT as MAX_RECENT
from spacebeam.library.settings_merge import merge, normalised
from spacebeam.library.sidebar_settings import SidebarSettings
from spacebeam.library.view_settings import ViewSettings
from spacebeam.profiles.profile import Profile
from spacebeam.profiles.saved_profile import from_json, to_json, with_secrets
from spacebeam.protocol.secrets import saved_address

_log = logging.getLogger(__name__)

MAX_NICKNAME = 32  # characters
_FLAGS = ("window_maximized", "restore_tabs", "connect_at_start", "save_secrets")
DEFAULT_COLUMNS = ("time", "kind", "size")
_MAX_COLUMNS = 20
RETENTION_LIMITS = {"max_age": (1, 36_500), "max_size": (2**20, 2**50)}  # days, bytes


@dataclass(slots=True)
class Settings:
    """Values that the program remembers between runs.

    An address is listed and saved as `secrets.saved_address` returns it, without its secrets.
    """

    window_width: int = 1200  # pixels
    window_height: int = 760
    window_maximized: bool = False
    recent: list[str] = field(default_factory=list)  # addresses, newest first
    profiles: dict[str, Profile] = field(default_factory=dict)  # of recent addresses
    used: dict[str, float] = field(default_factory=dict)  # recent addresses: last connected, Unix
    retention_policy: RetentionPolicy = field(default_factory=RetentionPolicy)  # of recordings
    restore_tabs: bool = True  # windows and tabs come back at the next start
    connect_at_start: bool = False  # and those that were connected connect again
    save_secrets: bool = False  # in the keyring; the last choice, for other connections
    nickname: str = ""  # in chat rooms; "" for the login's name
    chats: dict[str, ChatChoice] = field(default_factory=dict)  # by address
    filters: FilterLibrary = field(default_factory=FilterLibrary)
    view: ViewSettings = field(default_factory=ViewSettings)
    sidebar: SidebarSettings = field(default_factory=SidebarSettings)
    columns: list[str] = field(default_factory=lambda: list(DEFAULT_COLUMNS))  # of the timeline
    repeat: RepeatSettings = field(default_factory=RepeatSettings)
    composer_height: int = 0  # pixels of the text; 0: as much as it needs
    # Never saved: profiles of addresses whose connections are private, what is hidden in those, and
    # addresses with secrets.
    private: dict[str, Profile] = field(default_factory=dict, compare=False)
    private_hidden: dict[str, Hidden] = field(default_factory=dict, compare=False)
    typed: dict[str, str] = field(default_factory=dict, compare=False)
    # The values in the file as they were last read or written; None: never.
    base: dict[str, Any] | None = field(default=None, compare=False)

    def remember(self, address: str, profile: Profile | None = None) -> None:
        """Make an address the most recent one, with its profile if there is one.

        Nothing of a private connection is saved.
        """
        shown = saved_address(address)
        if profile is not None and not profile.record:
            self.private[shown] = profile
            return
        self.private.pop(shown, None)
        if shown != address:
            self.typed[shown] = address
        if shown in self.recent:
            self.recent.remove(shown)
        self.recent.insert(0, shown)
        self.used[shown] = round(time.time())
        if profile is not None:
            self.profiles[shown] = profile
        for old in self.recent[MAX_RECENT:]:
            self.forget(old)

    def forget(self, address: str) -> None:
        """Remove an address from the recent ones, with its profile."""
        if address in self.recent:
            self.recent.remove(address)
        for values in (
            self.profiles,
            self.used,
            self.private,
            self.private_hidden,
            self.typed,
            self.chats,
        ):
            values.pop(address, None)

    def chat(self, address: str) -> ChatChoice:
        """Return what was chosen for the chat of an address."""
        return self.chats.get(saved_address(address), ChatChoice())

    def choose_chat(self, address: str, choice: ChatChoice) -> None:
        """Remember what was chosen for the chat of an address."""
        shown = saved_address(address)
        self.chats.pop(shown, None)
        self.chats[shown] = choice
        for old in list(self.chats)[:-MAX_CHOICES]:
            del self.chats[old]

    def as_json(self) -> dict[str, Any]:
        """Return all settings as JSON values, without the secrets in the profiles."""
        return {
            "window_width": self.window_width,
            "window_height": self.window_height,
            "window_maximized": self.window_maximized,
            "composer_height": self.composer_height,
            "restore_tabs": self.restore_tabs,
            "connect_at_start": self.connect_at_start,
            "save_secrets": self.save_secrets,
            "recent": list(self.recent),
            "nickname": self.nickname,
            "chats": {address: chat_to_json(one) for address, one in self.chats.items()},
            "profiles": {address: to_json(one) for address, one in self.profiles.items()},
            "used": dict(self.used),
            "retention": {
                "max_age": self.retention_policy.max_age,
                "max_size": self.retention_policy.max_size,
            },
            "filters": self.filters.as_json(),
            "view": self.view.as_json(),
            "sidebar": self.sidebar.as_json(),
            "columns": list(self.columns),
            "repeat": self.repeat.as_json(),
        }


def default_path(environment: Mapping[str, str] = os.environ) -> Path:
    """Return the path of the settings file (XDG Base Directory Specification)."""
    home = Path(environment.get("XDG_CONFIG_HOME", ""))
    if not home.is_absolute():  # ignored, as the specification requires
        home = Path("~/.config").expanduser()
    return home / "spacebeam" / "settings.json"


def load(path: Path) -> Settings:
    """Return the settings in `path`, or the defaults if the file is missing or damaged."""
    settings = Settings()
    with contextlib.suppress(OSError):
        values = _read(_target(path))
        settings = _parse(normalised(values or {}))
    settings.base = settings.as_json()
    return settings


def save(settings: Settings, path: Path) -> None:
    """Save what has changed in the settings to `path`, and take up what others changed there.

    A symbolic link stays, and the file that it names is replaced. Raises OSError.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    target = _target(path)
    with locked(target.parent):
        before = _read(target)
        theirs = normalised(before or {})
        if settings.base is None or before is None:
            values = {**theirs, **settings.as_json()}
        else:
            values = merge(settings.base, settings.as_json(), theirs)
        if values != before:
            _write(target, values)
    _take_up(settings, values, values)


def refresh(settings: Settings, path: Path) -> bool:
    """Take up what others changed in the file; return whether there was anything.

    Changes here that could not be saved stay. A damaged file may be in the middle of an edit.
    """
    try:
        theirs = _parsed(_target(path).read_bytes())
    except (OSError, ValueError, RecursionError):
        return False
    theirs, mine = normalised(theirs), settings.as_json()
    values = merge(settings.base or mine, mine, theirs)
    _take_up(settings, values, theirs)
    return settings.as_json() != mine


def _target(path: Path) -> Path:
    return Path(os.path.realpath(path))


def _read(target: Path) -> dict[str, Any] | None:
    """Return the file's values, or None without a file; set a damaged file aside.

    Raises OSError.
    """
    try:
        return _parsed(target.read_bytes())
    except FileNotFoundError:
        return None
    except (ValueError, RecursionError):  # RecursionError: nested too deeply
        _log.warning("the settings file is damaged and is set aside")
        with contextlib.suppress(OSError):  # the folder is not writable
            target.replace(target.with_suffix(".json.damaged"))
        return None


def _parsed(data: bytes) -> dict[str, Any]:
    values = json.loads(data.decode())
    if not isinstance(values, dict):
        raise ValueError("the settings are not an object")
    return values


def _write(target: Path, values: dict[str, Any]) -> None:
    data = _encoded(values)
    descriptor, temporary = tempfile.mkstemp(dir=target.parent, prefix=target.name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            with contextlib.suppress(FileNotFoundError):  # the first time, the file is private
                os.fchmod(descriptor, stat.S_IMODE(target.stat().st_mode))
            file.write(data)
            file.flush()
            os.fsync(descriptor)
        os.replace(temporary, target)
    except BaseException:
        os.unlink(temporary)
        raise


def _encoded(values: dict[str, Any]) -> bytes:
    try:
        return json.dumps(values, indent=2, ensure_ascii=False).encode()
    except UnicodeEncodeError:  # half of a surrogate pair, written by someone as an escape
        return json.dumps(values, indent=2).encode()


def _take_up(settings: Settings, values: dict[str, Any], in_file: dict[str, Any]) -> None:
    """Change the settings to the values; those in the file are the base of later changes."""
    taken = _parse(values)
    settings.window_width, settings.window_height = taken.window_width, taken.window_height
    settings.window_maximized = taken.window_maximized
    settings.composer_height = taken.composer_height
    settings.restore_tabs = taken.restore_tabs
    settings.connect_at_start = taken.connect_at_start
    settings.save_secrets = taken.save_secrets
    settings.recent[:] = taken.recent
    settings.used = taken.used
    settings.nickname = taken.nickname
    settings.chats.clear()
    settings.chats.update(taken.chats)
    settings.retention_policy = taken.retention_policy
    settings.filters = taken.filters
    settings.view = taken.view
    settings.sidebar = taken.sidebar
    settings.columns = taken.columns
    settings.repeat = taken.repeat
    profiles = {
        address: with_secrets(one, settings.profiles.get(address, one))
        for address, one in taken.profiles.items()
    }
    settings.profiles.clear()
    settings.profiles.update(profiles)
    settings.base = _parse(in_file).as_json()


def _parse(values: dict[str, Any]) -> Settings:
    """Return the settings; a value of the wrong type is left at its default."""
    settings = Settings()
    for name in ("window_width", "window_height"):
        value = values.get(name)
        if type(value) is int and 200 <= value <= 20_000:
            setattr(settings, name, value)
    height = values.get("composer_height")
    if type(height) is int and 0 <= height <= 20_000:
        settings.composer_height = height
    for name in _FLAGS:
        if isinstance(values.get(name), bool):
            setattr(settings, name, values[name])
    recent = values.get("recent")
    if isinstance(recent, list):
        settings.recent = [entry for entry in recent if isinstance(entry, str)][:MAX_RECENT]
    profiles = values.get("profiles")
    if isinstance(profiles, dict):
        known = (address for address in settings.recent if address in profiles)
        settings.profiles = {address: from_json(profiles[address]) for address in known}
    settings.used = _times(values.get("used"), settings.recent)
    nickname = values.get("nickname")
    if isinstance(nickname, str):
        settings.nickname = nickname[:MAX_NICKNAME]
    settings.chats = choices_from_json(values.get("chats"))
    settings.retention_policy = _retention_policy(values.get("retention"))
    settings.filters = filters.from_json(values.get("filters"))
    settings.view = view_settings.from_json(values.get("view"))
    settings.sidebar = sidebar_settings.from_json(values.get("sidebar"))
    columns = values.get("columns")
    if isinstance(columns, list):
        named = [one for one in columns if isinstance(one, str)]
        settings.columns = list(dict.fromkeys(named))[:_MAX_COLUMNS]
    settings.repeat = repeat_settings.from_json(values.get("repeat"))
    return settings


def _times(values: object, addresses: list[str]) -> dict[str, float]:
    if not isinstance(values, dict):
        return {}
    known = {one: values[one] for one in addresses if one in values}
    return {one: when for one, when in known.items() if type(when) is int and 0 <= when < 2**40}


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
