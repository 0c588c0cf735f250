"""The recordings list's model, updated from the folder with as few changes as possible."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from gi.repository import Gio, GObject

from spacebeam.library.recording_info import RecordingInfo

_MAX_ADDED_AT_ONCE = 100  # items, before another frame is drawn


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
    """`model` has a RecordingItem for each recording, in the given order."""

    def __init__(self) -> None:
        self.model = Gio.ListStore.new(RecordingItem)

    @property
    def every(self) -> list[RecordingInfo]:
        """All recordings, in order."""
        return [item.info for item in self._items()]

    async def show(self, every: Sequence[RecordingInfo]) -> None:
        """Replace the recordings. Items of the others stay, so a list does not scroll."""
        wanted = {one.path: one for one in every}
        for place, item in reversed(list(enumerate(self._items()))):
            if item.info.path not in wanted:
                self.model.remove(place)
        if [item.info.path for item in self._items()] != self._known(every):
            self.model.remove_all()  # the order changed
        known = {item.info.path: item for item in self._items()}
        waiting: list[RecordingItem] = []
        for place, one in enumerate(every):
            if one.path in known:
                self._add(place - len(waiting), waiting)
                known[one.path].update(one)
            else:
                waiting.append(RecordingItem(one))
            if len(waiting) == _MAX_ADDED_AT_ONCE:
                self._add(place + 1 - len(waiting), waiting)
                await asyncio.sleep(0)
        self._add(len(every) - len(waiting), waiting)

    def remove(self, path: Path) -> None:
        """Remove the recording in this file."""
        for place, item in enumerate(self._items()):
            if item.info.path == path:
                self.model.remove(place)
                return

    def _add(self, place: int, waiting: list[RecordingItem]) -> None:
        if waiting:
            # Items may have been removed while other items were added.
            self.model.splice(min(place, self.model.get_n_items()), 0, waiting)
            waiting.clear()

    def _known(self, every: Sequence[RecordingInfo]) -> list[Path]:
        known = {item.info.path for item in self._items()}
        return [one.path for one in every if one.path in known]

    def _items(self) -> list[RecordingItem]:
        return list(self.model)
