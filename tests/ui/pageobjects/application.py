"""The running application, for what cannot be seen of it."""

from __future__ import annotations

from spacebeam.ui.application import Application


def is_busy(program: Application) -> bool:
    """Return whether connections of closed windows are still being closed."""
    return program._tasks.are_running
