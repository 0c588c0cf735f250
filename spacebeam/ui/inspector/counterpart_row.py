"""Says which entry answers the shown one, or which it answers, and leads there."""

from __future__ import annotations

import asyncio
import time
from weakref import ref

from gi.repository import Adw, GObject, Gtk

from spacebeam.decode.visible import one_line
from spacebeam.recording.recording import Recording
from spacebeam.search.counterpart import Counterpart, counterpart
from spacebeam.search.pair_index import PairIndex
from spacebeam.ui.tasks import Tasks
from spacebeam.ui.template import template
from spacebeam.wording.pairs import (
    answered_words,
    answers_words,
    later_answer_words,
    unanswered_words,
)

_SLICE_S = 0.003
_MAX_NAME = 60  # characters


@template("counterpart_row.ui")
class CounterpartRow(Adw.Bin):
    """One line below the inspector's head. Emits `entry-requested` with the other's number."""

    __gtype_name__ = "SpacebeamCounterpartRow"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "entry-requested": (GObject.SignalFlags.RUN_FIRST, None, (int,)),
    }

    _button: Gtk.Button = Gtk.Template.Child()
    _label: Gtk.Label = Gtk.Template.Child()

    def __init__(self) -> None:
        super().__init__()
        self._tasks = Tasks()
        self._other = -1
        self._number = -1  # of the shown entry
        self._pairs: ref[PairIndex] | None = None

    @property
    def pairs(self) -> PairIndex | None:
        """The index of the recording, as far as it was read; it belongs to the conversation."""
        return None if self._pairs is None else self._pairs()

    @pairs.setter
    def pairs(self, index: PairIndex | None) -> None:
        self._pairs = None if index is None else ref(index)

    @property
    def words(self) -> str:
        """What is shown, or ""."""
        return self._label.get_text() if self.get_visible() else ""

    def show_entry(self, recording: Recording, number: int) -> None:
        """Look for the entry's counterpart, and show it."""
        self.clear()
        self._number = number
        if self.pairs is not None and self.pairs.recording is not recording:
            self.pairs = None
        if not self.update():
            self._tasks.start(self._find(recording, number))

    def update(self) -> bool:
        """Show what the index knows of the entry by now; return whether it knows it."""
        pairs, number = self.pairs, self._number
        if pairs is None or number < 0 or not (number < pairs.read_to and pairs.was_current):
            return False
        found = pairs.counterpart(number)
        if found is not None:
            self._tasks.cancel()
            self._show(found)
        return True

    def clear(self) -> None:
        """Show nothing."""
        self._tasks.cancel()
        self._other = self._number = -1
        self.set_visible(False)

    def go(self) -> None:
        """Ask for the other entry, if there is one."""
        if self._other >= 0:
            self.emit("entry-requested", self._other)

    async def _find(self, recording: Recording, number: int) -> None:
        steps = counterpart(recording, number)
        deadline = time.monotonic() + _SLICE_S
        while True:
            try:
                next(steps)
            except StopIteration as end:
                self._show(end.value)
                return
            if time.monotonic() > deadline:
                await asyncio.sleep(0)
                deadline = time.monotonic() + _SLICE_S

    def _show(self, found: Counterpart | None) -> None:
        if found is None:
            return
        self._other = found.number
        self._button.set_sensitive(found.number >= 0)
        self._label.set_text(_words(found))
        self.set_visible(True)

    @Gtk.Template.Callback()
    def _on_button_clicked(self, _button: Gtk.Button) -> None:
        self.go()


def _words(found: Counterpart) -> str:
    if found.number < 0:
        return unanswered_words()
    if found.is_answer:
        return answered_words(found.number + 1, found.latency, is_error=found.is_error)
    name = one_line(found.name)[:_MAX_NAME]
    if found.latency < 0:  # not the first answer
        return later_answer_words(found.number + 1, name)
    return answers_words(found.number + 1, name, found.latency)
