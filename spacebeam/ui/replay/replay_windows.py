"""Opens the windows that play a recording: of a tab's entries, or of a recording's file."""

from __future__ import annotations

import asyncio
from pathlib import Path

from gi.repository import Gtk

from spacebeam.profiles.profile import Profile
from spacebeam.recording.errors import RecordingError
from spacebeam.scenario.replay.script import Turn
from spacebeam.ui.recordings.dialogs import show_error
from spacebeam.ui.replay.recorded_script import TOO_MUCH, TooMuchError, script_of_file
from spacebeam.ui.replay.replay_window import ReplayedRecording, ReplayWindow
from spacebeam.ui.replay.server_window import ServerWindow
from spacebeam.ui.settings_service import SettingsService
from spacebeam.wording.i18n import _
from spacebeam.wording.recordings import recording_error_words

__all__ = ["ReplayedRecording", "open_replay", "open_server", "replay_file", "serve_file"]


def open_replay(
    application: Gtk.Application, settings_service: SettingsService, played: ReplayedRecording
) -> None:
    """Open a window that plays a recording to a server."""
    window = ReplayWindow(settings_service, played)
    window.set_application(application)
    window.present()


def open_server(application: Gtk.Application, name: str, script: list[Turn]) -> None:
    """Open a window that plays a recording as the server."""
    window = ServerWindow(name, script)
    window.set_application(application)
    window.present()


async def replay_file(
    parent: Gtk.Window, settings_service: SettingsService, path: Path, name: str
) -> None:
    """Play a recording's file to a server."""
    found, application = await _read(parent, path), parent.get_application()
    if found is None or application is None:
        return
    address, script = found
    if not any(turn.sent for turn in script):
        await show_error(parent, _("Nothing to replay"), _("The recording has no sent message."))
        return
    profile = settings_service.settings.profiles.get(address, Profile())
    played = ReplayedRecording(name, address, profile, script)
    open_replay(application, settings_service, played)


async def serve_file(parent: Gtk.Window, path: Path, name: str) -> None:
    """Play a recording's file as the server."""
    found, application = await _read(parent, path), parent.get_application()
    if found is None or application is None:
        return
    _address, script = found
    if not any(turn.answers for turn in script):
        await show_error(parent, _("Nothing to play"), _("The recording has no received message."))
        return
    open_server(application, name, script)


async def _read(parent: Gtk.Window, path: Path) -> tuple[str, list[Turn]] | None:
    try:
        return await asyncio.to_thread(script_of_file, path)
    except RecordingError as error:
        words = recording_error_words(error)
    except TooMuchError:
        words = f"{TOO_MUCH}."
    await show_error(parent, _("Could not play the recording"), words)
    return None
