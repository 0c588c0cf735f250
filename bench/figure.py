"""What was measured: a figure of ours beside one of theirs, from the same run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """Two medians of one run, in the same unit.

    Of rates (msg/s) a ratio above 1 is good, of times (µs) and sizes (MiB) one below.
    """

    name: str
    against: str
    ours: float
    theirs: float
    unit: str = "msg/s"
    wanted: str = ""  # of the ratio, or else of ours with its unit

    @property
    def ratio(self) -> float:
        """Ours by theirs."""
        return self.ours / self.theirs


def table(figures: Sequence[Figure]) -> str:
    """The figures for a person to read."""
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
