"""The styles in which every screen is drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

WIDE, NARROW = (1200, 760), (400, 760)  # pixels
DARK = {"ADW_DEBUG_COLOR_SCHEME": "prefer-dark"}


@dataclass(frozen=True, slots=True)
class Style:
    """How the window looks; libadwaita reads the environment when it starts."""

    name: str
    size: tuple[int, int] = WIDE
    text_scale: float = 1
    environment: Mapping[str, str] = field(default_factory=dict)


STYLES = (
    Style("light"),
    Style("dark", environment=DARK),
    Style("light-narrow", NARROW),
    Style("dark-narrow", NARROW, environment=DARK),
    Style("large-text", text_scale=2),
    Style("high-contrast", environment={"ADW_DEBUG_HIGH_CONTRAST": "1"}),
)
