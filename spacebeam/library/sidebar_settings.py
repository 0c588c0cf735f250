"""What is remembered of the sidebar: whether and how wide it is shown, and which folders are."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

LEAST_WIDTH, LARGEST_WIDTH = 180, 480  # pixels
_MAX_PATHS = 200
_MAX_PATH = 4096  # characters


@dataclass(frozen=True, slots=True)
class SidebarSettings:
    """The same for all windows."""

    is_shown: bool = False  # in windows that have room for it
    width: int = 240  # pixels
    folders: tuple[str, ...] = ()  # libraries that are open besides the default one
    collapsed: tuple[str, ...] = ()  # folders in them whose contents are hidden
    environments: dict[str, str] = field(default_factory=dict)  # chosen names, by library

    def as_json(self) -> dict[str, Any]:
        """Return the values as JSON."""
        return {
            "is_shown": self.is_shown,
            "width": self.width,
            "folders": list(self.folders),
            "collapsed": list(self.collapsed),
            "environments": dict(self.environments),
        }


def from_json(values: object) -> SidebarSettings:
    """Return the settings; a value of the wrong type or size is left at its default."""
    if not isinstance(values, dict):
        return SidebarSettings()
    default = SidebarSettings()
    is_shown, width = values.get("is_shown"), values.get("width")
    chosen = values.get("environments")
    return SidebarSettings(
        is_shown if isinstance(is_shown, bool) else default.is_shown,
        min(max(width, LEAST_WIDTH), LARGEST_WIDTH) if type(width) is int else default.width,
        _paths(values.get("folders")),
        _paths(values.get("collapsed")),
        {
            folder: name
            for folder, name in (chosen.items() if isinstance(chosen, dict) else ())
            if _is_path(folder) and _is_path(name)
        },
    )


def _paths(values: object) -> tuple[str, ...]:
    if not isinstance(values, list):
        return ()
    return tuple(dict.fromkeys(one for one in values if _is_path(one)))[:_MAX_PATHS]


def _is_path(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= _MAX_PATH and "\0" not in value
