"""What the person said about an entry."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mark:
    """A star, a note, or both."""

    is_starred: bool = False
    note: str = ""
