"""What was measured: a rate of ours beside one of theirs, from the same run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """Two medians of one run. Rates are messages a second."""

    name: str
    against: str
    ours: float
    theirs: float

    @property
    def ratio(self) -> float:
        """Above 1 where ours is faster."""
        return self.ours / self.theirs


def table(figures: Sequence[Figure]) -> str:
    """The figures for a person to read."""
    lines = [f"{'':28} {'ours, msg/s':>14} {'theirs, msg/s':>14} {'ratio':>6}  against"]
    lines += [
        f"{one.name:28} {one.ours:14,.0f} {one.theirs:14,.0f} {one.ratio:6.2f}  {one.against}"
        for one in figures
    ]
    return "\n".join(lines)
