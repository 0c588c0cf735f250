"""What a person exports."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from spacebeam.recording.recording import Recording
from spacebeam.wording.i18n import _

if TYPE_CHECKING:
    from spacebeam.exchange.exporters.exporter import ExportFormat


class Scope(Enum):
    """Which entries are exported."""

    ALL = _("All")
    SHOWN = _("Shown")
    SELECTED = _("Selected")


@dataclass(frozen=True, slots=True)
class ExportChoice:
    """What is exported, and how."""

    format: ExportFormat
    scope: Scope
    has_control_frames: bool


@dataclass(frozen=True, slots=True)
class ExportedRecording:
    """A recording, and where it is exported to."""

    recording: Recording
    choice: ExportChoice
    target: Path
