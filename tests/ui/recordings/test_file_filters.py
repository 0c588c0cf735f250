"""A dialog offers recordings first, and all there is."""

from __future__ import annotations

from gi.repository import Gio

from spacebeam.ui.recordings.save_as import file_filters


def test_recordings_are_offered_first() -> None:
    recordings, every = file_filters()
    for name, is_recording in (("one.beam", True), ("one.txt", False)):
        info = Gio.FileInfo()
        info.set_display_name(name)
        info.set_content_type("text/plain")
        assert recordings.match(info) is is_recording
        assert every.match(info)
