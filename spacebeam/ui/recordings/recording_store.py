"""The list's content: kept in step with the folder, with as little change as there is."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from gi.repository import Gio

from spacebeam.library.recording_info import RecordingInfo
from spacebeam.ui.recordings.recording_item import RecordingItem

_STEP = 100  # items that are added in one go, so that a frame is drawn between


class RecordingStore:
    """`model` holds a RecordingItem for each recording, in the order that it was given."""

    def __init__(self) -> None:
        self.model = Gio.ListStore.new(RecordingItem)

    @property
    def every(self) -> list[RecordingInfo]:
        return [item.kept for item in self._items()]

    async def show(self, every: Sequence[RecordingInfo]) -> None:
        """Hold these from now on. What stays is the same item, so that a list stays in place."""
        wanted = {one.path: one for one in every}
        for place, item in reversed(list(enumerate(self._items()))):
            if item.kept.path not in wanted:
                self.model.remove(place)
        if [item.kept.path for item in self._items()] != self._known(every):
            self.model.remove_all()  # another order
        known = {item.kept.path: item for item in self._items()}
        waiting: list[RecordingItem] = []
        for place, one in enumerate(every):
            if one.path in known:
                self._add(place - len(waiting), waiting)
                known[one.path].update(one)
            else:
                waiting.append(RecordingItem(one))
            if len(waiting) == _STEP:
                self._add(place + 1 - len(waiting), waiting)
                await asyncio.sleep(0)
        self._add(len(every) - len(waiting), waiting)

    def remove(self, path: Path) -> None:
        """Hold this one no longer."""
        for place, item in enumerate(self._items()):
            if item.kept.path == path:
                self.model.remove(place)
                return

    def _add(self, place: int, waiting: list[RecordingItem]) -> None:
        if waiting:
            # Some may have been removed since it was counted.
            self.model.splice(min(place, self.model.get_n_items()), 0, waiting)
            waiting.clear()

    def _known(self, every: Sequence[RecordingInfo]) -> list[Path]:
        known = {item.kept.path for item in self._items()}
        return [one.path for one in every if one.path in known]

    def _items(self) -> list[RecordingItem]:
        return list(self.model)
