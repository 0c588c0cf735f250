"""Plays a sound in the program that the desktop has for it.

A peer's bytes are not decoded in this process. The file that is played is in the person's runtime
folder, which is in memory, until another one is played or Spacebeam ends.
"""

from __future__ import annotations

import asyncio
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from gi.repository import Gio, GLib, Gtk

from spacebeam.net.gio_call import gio_call

_SUFFIXES = {"WAV": ".wav", "FLAC": ".flac", "Ogg": ".ogg", "MP3": ".mp3"}


async def play(widget: Gtk.Widget, data: bytes, format_: str) -> bool:
    """Play a sound of a format as `SoundInfo` has it; return whether a program was found."""
    try:
        path = await asyncio.to_thread(_written, data, _SUFFIXES[format_.split()[0]])
    except OSError:
        return False
    context = widget.get_display().get_app_launch_context()

    def launch(*rest: Any) -> None:
        Gio.AppInfo.launch_default_for_uri_async(path.as_uri(), context, *rest)

    try:
        return await gio_call(launch, Gio.AppInfo.launch_default_for_uri_finish)
    except GLib.Error:
        return False


def _written(data: bytes, suffix: str) -> Path:
    """Write the file, and remove the one before. Raises OSError."""
    folder = Path(_folder().name)
    for before in folder.iterdir():
        before.unlink(missing_ok=True)
    descriptor, name = tempfile.mkstemp(suffix, "sound-", folder)
    with open(descriptor, "wb") as file:
        file.write(data)
    return Path(name)


@cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    """Return a folder that is removed when the program ends. Raises OSError."""
    runtime = Path(GLib.get_user_runtime_dir())
    return tempfile.TemporaryDirectory(
        prefix="spacebeam-", dir=runtime if runtime.is_dir() else None
    )
