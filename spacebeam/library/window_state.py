"""The windows and tabs as they were, so that they come back after a restart or a crash.

One file, which the program replaces while it runs. One program at a time owns it, and a second one
neither reads nor writes it. Private connections are left out of it, and so are all secrets.
"""

from __future__ import annotations

import fcntl
import json
import logging
import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from spacebeam.profiles.profile import Profile
from spacebeam.profiles.saved_profile import from_json, to_json
from spacebeam.profiles.variables import has_variables
from spacebeam.profiles.written_secrets import written_address
from spacebeam.protocol.endpoint import EndpointError, parse
from spacebeam.protocol.known_secrets import masked
from spacebeam.protocol.secrets import MASK, has_mask, saved_address

_log = logging.getLogger(__name__)

_VERSION = 1
MAX_TABS = 100  # of all windows
MAX_DRAFT = 64 * 1024  # characters of one draft
_MAX_DRAFTS = 512 * 1024  # characters of all drafts
_MAX_TEXT = 8192  # characters of any other text
_MAX_FILE = 4 * 1024**2  # bytes
_SIZES = range(200, 20_001)  # pixels of a window


class WindowStateError(ValueError):
    """The file is damaged or not ours."""


@dataclass(frozen=True, slots=True)
class TabState:
    """What a tab has. Only `saved` makes it fit for the file."""

    address: str = ""
    profile: Profile = field(default_factory=Profile)
    is_conversation: bool = False  # the second screen is shown
    was_connected: bool = False
    is_earlier: bool = False  # a recording that connecting leaves as it is
    recording: str = ""  # its path, or ""
    name: str = ""  # given by the person
    title: str = ""  # the recording's, shown until that is open
    connection: str = ""  # the path of the saved connection that it shows, or ""
    is_changed: bool = False  # the address or the profile differs from the saved connection's
    draft: str = ""
    draft_format: str = ""
    draft_encoding: str = ""  # the name of the format that the draft, in JSON, is sent in
    has_escapes: bool = False  # the draft's backslashes begin escapes
    filter: str = ""
    decoder: str = ""  # of texts, the name of one that was chosen
    binary_decoder: str = ""  # of binary messages
    is_paused: bool = False
    is_private: bool = False  # never saved
    has_more: bool = False  # a file or a very long text in the composer; never saved

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to come back."""
        return not (self.address or self.recording or self.name or self.draft or self.connection)


@dataclass(frozen=True, slots=True)
class WindowState:
    """A window with its tabs, in order."""

    width: int = 1000  # pixels
    height: int = 720
    is_maximized: bool = False
    tabs: tuple[TabState, ...] = ()
    selected: int = 0


State = tuple[WindowState, ...]


def default_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Return the folder of the program's state (XDG Base Directory Specification)."""
    home = Path(environment.get("XDG_STATE_HOME", ""))
    if not home.is_absolute():  # ignored, as the specification requires
        home = Path("~/.local/state").expanduser()
    return home / "spacebeam"


def keeps_draft(tab: TabState) -> bool:
    """Return whether the tab's draft is saved: it is short, and the connection has no secrets.

    A draft with the value of a secret variable is not.
    """
    if tab.is_private or _has_secrets(tab) or len(tab.draft) > MAX_DRAFT:
        return False
    return masked(tab.draft, MASK) == tab.draft


def saved(windows: State) -> State:
    """Return what may be saved: no private tab, no secret, and a bounded amount."""
    tabs_left, drafts_left = MAX_TABS, _MAX_DRAFTS
    found = []
    for window in windows:
        tabs: list[TabState] = []
        selected = 0
        for place, tab in enumerate(window.tabs):
            if place == window.selected:
                selected = len(tabs)
            if tab.is_private or len(tabs) >= tabs_left:
                continue
            one = _saved_tab(tab, drafts_left)
            if one is not None:
                tabs.append(one)
                drafts_left -= len(one.draft)
        tabs_left -= len(tabs)
        if tabs:
            selected = min(selected, len(tabs) - 1)
            found.append(replace(window, tabs=tuple(tabs), selected=selected))
    return tuple(found)


def _saved_tab(tab: TabState, drafts_left: int) -> TabState | None:
    """Return the tab without its secrets; None if nothing of it is left."""
    draft = tab.draft if keeps_draft(tab) and len(tab.draft) <= drafts_left else ""
    saved_tab = replace(
        tab,
        address=_without_secrets(tab.address),
        profile=from_json(to_json(tab.profile)),
        draft=draft,
        draft_format=tab.draft_format if draft else "",
        has_more=False,
    )
    texts = (
        saved_tab.address,
        saved_tab.recording,
        saved_tab.name,
        saved_tab.title,
        saved_tab.filter,
        saved_tab.connection,
    )
    is_short = max(map(len, texts)) <= _MAX_TEXT
    return None if saved_tab.is_empty or not is_short else saved_tab


def _without_secrets(typed: str) -> str:
    """Return an address as it is saved; "" for a text that is none, as it may be a password."""
    if has_variables(typed):
        return written_address(typed)
    try:
        return saved_address(parse(typed).url_with_user)
    except EndpointError:
        return ""


def _has_secrets(tab: TabState) -> bool:
    """Return whether the connection has secrets, or had some that were not saved."""
    if has_mask(tab.address) or _has_gap(to_json(tab.profile)):
        return True
    if has_variables(tab.address):
        return written_address(tab.address) != tab.address
    with suppress(EndpointError):
        address = parse(tab.address).url_with_user if tab.address else ""
        return saved_address(address) != address
    return True


def _has_gap(value: Any) -> bool:
    """Return whether a saved profile, or a part of it, leaves out a secret."""
    if isinstance(value, dict):
        return any(map(_has_gap, value.values()))
    if isinstance(value, list):
        return any(map(_has_gap, value))
    return value is None or (isinstance(value, str) and has_mask(value))


class StateFile:
    """The file in `folder`; use it in one thread at a time."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "windows.json"
        self._lock = folder / "windows.lock"
        self._descriptor = -1

    def acquire(self) -> bool:
        """Become the program that owns the file; return False while another one does."""
        if self._descriptor >= 0:
            return True
        try:
            self._lock.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
            descriptor = os.open(self._lock, flags, 0o600)
        except OSError as error:
            _log.warning("windows and tabs are not saved: %s", error.strerror)
            return False
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(descriptor)
            return False
        self._descriptor = descriptor
        return True

    def release(self) -> None:
        """Let another program own the file."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def load(self) -> State:
        """Return the saved windows; () without any.

        Raises OSError, or WindowStateError for a damaged file after setting it aside.
        """
        try:
            descriptor = os.open(self._path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        except FileNotFoundError:
            return ()
        with os.fdopen(descriptor, "rb") as file:
            data = file.read(_MAX_FILE + 1)
        try:
            return _parsed(data)
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            aside = self._path.with_suffix(".json.damaged")
            with suppress(OSError):
                self._path.replace(aside)
            raise WindowStateError(str(aside)) from error

    def save(self, windows: State) -> None:
        """Replace the file, or remove it if nothing is to come back. Raises OSError."""
        if not windows:
            self._path.unlink(missing_ok=True)
            return
        data = json.dumps(_as_json(windows)).encode()
        descriptor, temporary = tempfile.mkstemp(dir=self._path.parent, prefix=".windows")
        try:
            with os.fdopen(descriptor, "wb") as file:  # its mode is 0600
                file.write(data)
                file.flush()
                os.fsync(descriptor)
            os.replace(temporary, self._path)
        except OSError:
            with suppress(OSError):
                os.unlink(temporary)
            raise


_TEXTS = (
    "address",
    "recording",
    "name",
    "title",
    "connection",
    "draft",
    "draft_format",
    "draft_encoding",
    "filter",
    "decoder",
    "binary_decoder",
)
_FLAGS = (
    "has_escapes",
    "is_conversation",
    "was_connected",
    "is_earlier",
    "is_paused",
    "is_changed",
)


def _as_json(windows: State) -> dict[str, Any]:
    return {
        "version": _VERSION,
        "windows": [
            {
                "width": one.width,
                "height": one.height,
                "is_maximized": one.is_maximized,
                "selected": one.selected,
                "tabs": [_tab_as_json(tab) for tab in one.tabs],
            }
            for one in windows
        ],
    }


def _tab_as_json(tab: TabState) -> dict[str, Any]:
    values = {name: value for name in (*_TEXTS, *_FLAGS) if (value := getattr(tab, name))}
    profile = to_json(tab.profile)
    return {**values, "profile": profile} if profile else values


def _parsed(data: bytes) -> State:
    """Read the file. Raises ValueError, TypeError, KeyError or RecursionError."""
    if len(data) > _MAX_FILE:
        raise ValueError("too long")
    values = json.loads(data.decode())
    if values["version"] != _VERSION:
        raise ValueError("another version")
    windows = tuple(_window(one) for one in _list(values["windows"]))
    if sum(len(one.tabs) for one in windows) > MAX_TABS:
        raise ValueError("too many tabs")
    return windows


def _window(values: Any) -> WindowState:
    tabs = tuple(_tab(one) for one in _list(values["tabs"]))
    width, height, selected = (values[one] for one in ("width", "height", "selected"))
    if type(width) is not int or type(height) is not int or type(selected) is not int:
        raise TypeError("a number")
    if width not in _SIZES or height not in _SIZES or selected not in range(len(tabs)):
        raise ValueError("out of range")
    return WindowState(width, height, _flag(values["is_maximized"]), tabs, selected)


def _tab(values: Any) -> TabState:
    if not isinstance(values, dict):
        raise TypeError("a tab")
    found: dict[str, Any] = {name: _text(values[name], name) for name in _TEXTS if name in values}
    found |= {name: _flag(values[name]) for name in _FLAGS if name in values}
    return TabState(profile=from_json(values.get("profile")), **found)


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list) or len(value) > MAX_TABS:
        raise TypeError("a list")
    return value


def _text(value: Any, name: str) -> str:
    """Return a text that a widget can show: valid UTF-8 without a null character."""
    limit = MAX_DRAFT if name == "draft" else _MAX_TEXT
    if not isinstance(value, str) or len(value) > limit or "\0" in value:
        raise TypeError(name)
    value.encode()  # half of a surrogate pair raises UnicodeEncodeError, a ValueError
    return value


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError("a flag")
    return value
