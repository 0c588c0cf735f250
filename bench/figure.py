"""Figures: a measurement of Spacebeam and one of another client, from the same run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """Two medians of one run, in the same unit.

    A ratio above 1 is good for rates (msg/s), below 1 for times (µs) and sizes (MiB).
    """

    name: str
    against: str
    ours: float
    theirs: float
    unit: str = "msg/s"
    wanted: str = ""  # limit of the ratio, or of `ours` if it has a unit

    @property
    def ratio(self) -> float:
        """`ours` divided by `theirs`."""
        return self.ours / self.theirs


def table(figures: Sequence[Figure]) -> str:
    """Return the figures as a table."""
    lines = [f"{'':28} {'ours':>12} {'theirs':>12} {'':6} {'ratio':>6}  {'wanted':>10}  against"]
    for one in figures:
        ours, theirs = _number(one.ours), _number(one.theirs)
        lines.append(
            f"{one.name:28} {ours:>12} {theirs:>12} {one.unit:6} {one.ratio:6.2f}  "
            f"{one.wanted:>10}  {one.against}"
        )
    return "\n".join(lines)


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 1000 else f"{value:,.2f}"
