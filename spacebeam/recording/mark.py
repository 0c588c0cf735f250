"""What the person said about an entry."""

from __future__ import annotations

from typing import NamedTuple


class Mark(NamedTuple):
    """A star, a note, or both."""

    is_starred: bool = False
    note: str = ""
