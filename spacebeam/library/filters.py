"""The person's filters: what is hidden at which address, saved filters, and those used last.

Beside them are the values that are pinned at an address, and the paths that comparisons of its
messages leave out.

A filter that hides something is saved with whether it is on, so that it can be switched off and on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

MAX_USED = 30  # filters of the history
MAX_LENGTH = 2000  # characters of a filter
MAX_NAME_LENGTH = 100  # characters of a saved filter's name
_MAX_HIDING = 100  # filters for an address
MAX_LEFT_OUT = 100  # paths for an address
_MAX_ADDRESSES = 500
_MAX_SAVED = 500
MAX_PINNED = 12  # values for an address

Hidden = dict[str, bool]  # a filter's text, and whether its entries are hidden now


@dataclass(slots=True)
class FilterLibrary:
    """All filters that are remembered between runs."""

    hidden: dict[str, Hidden] = field(default_factory=dict)  # by address, without secrets
    saved: dict[str, str] = field(default_factory=dict)  # filters by name
    used: list[str] = field(default_factory=list)  # newest first, without repetitions
    pinned: dict[str, list[str]] = field(default_factory=dict)  # paths by address
    left_out: dict[str, list[str]] = field(default_factory=dict)  # paths by address

    def hide(self, address: str, hidden: Mapping[str, bool]) -> None:
        """Set what is hidden at an address; an empty mapping forgets the address."""
        self.hidden.pop(address, None)
        if hidden:
            self.hidden[address] = dict(list(hidden.items())[-_MAX_HIDING:])
        for old in list(self.hidden)[:-_MAX_ADDRESSES]:
            del self.hidden[old]

    def pin(self, address: str, paths: Sequence[str]) -> None:
        """Set the paths of the values that are pinned at an address; without any, forget it."""
        self.pinned.pop(address, None)
        if paths:
            self.pinned[address] = list(paths)[:MAX_PINNED]
        for old in list(self.pinned)[:-_MAX_ADDRESSES]:
            del self.pinned[old]

    def leave_out(self, address: str, paths: Sequence[str]) -> None:
        """Set the paths that comparisons leave out at an address; none forgets the address."""
        self.left_out.pop(address, None)
        if paths:
            self.left_out[address] = list(paths)[-MAX_LEFT_OUT:]
        for old in list(self.left_out)[:-_MAX_ADDRESSES]:
            del self.left_out[old]

    def remember(self, text: str) -> bool:
        """Make a filter the newest of the history; return whether it was another one."""
        text = text.strip()
        if not text or len(text) > MAX_LENGTH or self.used[:1] == [text]:
            return False
        self.used[:] = [text, *(one for one in self.used if one != text)][:MAX_USED]
        return True

    def as_json(self) -> dict[str, Any]:
        """Return all filters as JSON values."""
        hidden = {address: dict(one) for address, one in self.hidden.items()}
        pinned = {address: list(one) for address, one in self.pinned.items()}
        left_out = {address: list(one) for address, one in self.left_out.items()}
        return {
            "hidden": hidden,
            "saved": dict(self.saved),
            "used": list(self.used),
            "pinned": pinned,
            "left_out": left_out,
        }


def from_json(values: object) -> FilterLibrary:
    """Return the filters; values of the wrong type or size are left out."""
    found = FilterLibrary()
    hidden, saved, used = (_dict(values).get(name) for name in ("hidden", "saved", "used"))
    for address, filters in list(_dict(hidden).items())[-_MAX_ADDRESSES:]:
        hiding = {
            text: is_on
            for text, is_on in _dict(filters).items()
            if isinstance(is_on, bool) and len(text) <= MAX_LENGTH
        }
        found.hide(address, hiding)
    for address, paths in list(_dict(_dict(values).get("left_out")).items())[-_MAX_ADDRESSES:]:
        if isinstance(paths, list):
            is_path = [isinstance(one, str) and len(one) <= MAX_LENGTH for one in paths]
            found.leave_out(address, [one for one, ok in zip(paths, is_path, strict=True) if ok])
    for name, text in list(_dict(saved).items())[:_MAX_SAVED]:
        if isinstance(text, str) and len(text) <= MAX_LENGTH and len(name) <= MAX_NAME_LENGTH:
            found.saved[name] = text
    for address, paths in list(_dict(_dict(values).get("pinned")).items())[-_MAX_ADDRESSES:]:
        listed = paths if isinstance(paths, list) else []
        valid = [one for one in listed if isinstance(one, str) and 0 < len(one) <= MAX_LENGTH]
        found.pin(address, list(dict.fromkeys(valid)))
    for text in reversed(used if isinstance(used, list) else []):
        if isinstance(text, str):
            found.remember(text)
    return found


def _dict(values: object) -> dict[str, Any]:
    return values if isinstance(values, dict) else {}
