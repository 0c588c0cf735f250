"""The retention policy: how long recordings stay."""

from __future__ import annotations

from dataclasses import dataclass

GIB = 2**30  # bytes


@dataclass(frozen=True, slots=True)
class RetentionPolicy:
    """Limits on the age and the total size of recordings; None is no limit."""

    max_age: int | None = 30  # days since a recording ended
    max_size: int | None = 10 * GIB  # bytes of all recordings that are not starred
