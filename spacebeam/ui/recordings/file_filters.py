"""Which files a dialog offers where a recording is wanted."""

from __future__ import annotations

from gi.repository import Gtk

from spacebeam.recording.file import SUFFIX


def file_filters() -> tuple[Gtk.FileFilter, ...]:
    """Recordings first, then all there is."""
    recordings, every = Gtk.FileFilter(), Gtk.FileFilter()
    recordings.set_name("Recordings")
    recordings.add_pattern(f"*{SUFFIX}")
    every.set_name("All files")
    every.add_pattern("*")
    return recordings, every
