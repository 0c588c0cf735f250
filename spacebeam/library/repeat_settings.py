"""How a message was repeated last, for the next time."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

LIMITS = {  # least and most
    "interval_ms": (1, 24 * 3600 * 1000),
    "times": (1, 10**9),
    "first_number": (0, 10**12),
}


@dataclass(frozen=True, slots=True)
class RepeatSettings:
    """The values of the form that starts a repetition."""

    interval_ms: int = 1000
    times: int = 100
    is_endless: bool = False  # until it is stopped; `times` is kept for later
    first_number: int = 1
    after_reconnecting: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return the values for the settings file."""
        return asdict(self)


def from_json(values: object) -> RepeatSettings:
    """Return the values in the settings file; a wrong one is left at its default."""
    if not isinstance(values, dict):
        return RepeatSettings()
    taken: dict[str, Any] = {
        name: values[name]
        for name, (least, most) in LIMITS.items()
        if type(values.get(name)) is int and least <= values[name] <= most
    }
    for name in ("is_endless", "after_reconnecting"):
        if isinstance(values.get(name), bool):
            taken[name] = values[name]
    return RepeatSettings(**taken)
