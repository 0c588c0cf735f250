"""Opens scenario windows: of files, each in one window, and of texts that were made."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from gi.repository import Gtk

from spacebeam.ui.scenario.scenario_window import ScenarioWindow
from spacebeam.ui.settings_service import SettingsService

_EXAMPLE = """\
### New scenario
WEBSOCKET ws://{{host}}/

{"type": "hello"}
# @expect json:type=welcome
"""


async def open_file(
    application: Gtk.Application, settings_service: SettingsService, path: Path
) -> None:
    """Show a file's window, or open one."""
    for window in _windows(application):
        if window.path is not None and window.path.absolute() == path.absolute():
            window.present()
            return
    window = _new(application, settings_service)
    if not await window.show_file(path):
        window.close_at_once()


async def open_text(
    application: Gtk.Application,
    settings_service: SettingsService,
    text: str,
    name: str,
    notice: str = "",
) -> None:
    """Open a window of a text that is in no file yet."""
    await _new(application, settings_service).show_text(text, name, notice)


async def open_new(application: Gtk.Application, settings_service: SettingsService) -> None:
    """Open a window with an example, which may be lost."""
    await _new(application, settings_service).show_text(_EXAMPLE, "", is_own=False)


async def confirm_closing(application: Gtk.Application) -> bool:
    """Ask about each scenario that is not saved; return whether all may be closed."""
    for window in list(_windows(application)):
        if window.is_modified:
            window.present()
            if not await window.confirm_closing():
                return False
    return True


def _windows(application: Gtk.Application) -> Iterator[ScenarioWindow]:
    return (one for one in application.get_windows() if isinstance(one, ScenarioWindow))


def _new(application: Gtk.Application, settings_service: SettingsService) -> ScenarioWindow:
    window = ScenarioWindow(settings_service)
    window.set_application(application)
    window.present()
    return window
