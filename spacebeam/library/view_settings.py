"""How the person arranged the window: the panes' shares, and how JSON is shown."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any

_LEAST_SHARE, _LARGEST_SHARE = 0.1, 0.9


@dataclass(frozen=True, slots=True)
class ViewSettings:
    """The same for all tabs and windows; a share is the timeline's, from 0 to 1."""

    share_beside: float = 0.6  # with the inspector beside the timeline
    share_below: float = 0.5  # with the inspector below it
    json_tree: bool = True  # JSON is shown as a tree, or else as text

    def as_json(self) -> dict[str, Any]:
        """Return the values as JSON."""
        return asdict(self)


def from_json(values: object) -> ViewSettings:
    """Return the settings; a value of the wrong type or size is left at its default."""
    if not isinstance(values, dict):
        return ViewSettings()
    taken = {one.name: values[one.name] for one in fields(ViewSettings) if one.name in values}
    return ViewSettings(**{name: value for name, value in taken.items() if _is_valid(name, value)})


def _is_valid(name: str, value: object) -> bool:
    if name == "json_tree":
        return isinstance(value, bool)
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return is_number and _LEAST_SHARE <= value <= _LARGEST_SHARE  # type: ignore[operator]
