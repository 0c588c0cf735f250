"""The recordings list's model, updated from the folder with as few changes as possible."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from gi.repository import Gio, GLib, GObject

from spacebeam.library.recording_info import RecordingInfo
from spacebeam.library.recordings import place_of
from spacebeam.net.gio_call import turn

_SLICE_S = 0.004  # of work before a frame may be drawn


class RecordingItem(GObject.Object):
    """A RecordingInfo as an object in GTK's lists; emits `notify::info` when it changes."""

    __gtype_name__ = "SpacebeamRecordingItem"

    info = GObject.Property(type=object)

    def __init__(self, info: RecordingInfo) -> None:
        super().__init__()
        self.info = info

    def update(self, info: RecordingInfo) -> None:
        """Replace the info if it differs."""
        if info != self.info:
            self.info = info


class RecordingStore:
    """`model` has a RecordingItem for each recording, the newest first."""

    def __init__(self) -> None:
        self.model = Gio.ListStore.new(RecordingItem)
        self._items: list[RecordingItem] = []  # as in the model, from which reading takes longer
        self._by_path: dict[Path, RecordingItem] = {}

    @property
    def every(self) -> list[RecordingInfo]:
        """All recordings, in order."""
        return [item.info for item in self._items]

    async def show(self, every: Sequence[RecordingInfo]) -> None:
        """Replace the recordings. Items of the others stay, so a list does not scroll.

        A list makes about two hundred rows, which takes longer than a frame.
        """
        wanted = {one.path for one in every}
        for path in [path for path in self._by_path if path not in wanted]:
            self.remove(path)
        await self.change({one.path: one for one in every})

    async def change(self, found: Mapping[Path, RecordingInfo | None]) -> None:
        """Show the new infos of some files, as `update` does."""
        until = time.monotonic() + _SLICE_S
        for path, info in found.items():
            self.update(path, info)
            if time.monotonic() > until:
                await turn(GLib.PRIORITY_DEFAULT_IDLE)
                until = time.monotonic() + _SLICE_S

    def update(self, path: Path, info: RecordingInfo | None) -> None:
        """Show one file's new info; None removes it."""
        item = self._by_path.get(path)
        if item is not None and info is not None and place_of(item.info) == place_of(info):
            item.update(info)
            return
        self.remove(path)
        if info is not None:
            item = self._by_path[path] = RecordingItem(info)
            place = self._place(info)
            self._items.insert(place, item)
            self.model.insert(place, item)

    def remove(self, path: Path) -> None:
        """Remove the recording in this file."""
        item = self._by_path.pop(path, None)
        if item is not None:
            place = self._place(item.info)
            del self._items[place]
            self.model.remove(place)

    def _place(self, info: RecordingInfo) -> int:
        """Return the place of the first recording that does not come before this one."""
        low, high, place = 0, len(self._items), place_of(info)
        while low < high:
            middle = (low + high) // 2
            if place_of(self._items[middle].info) > place:
                low = middle + 1
            else:
                high = middle
        return low
