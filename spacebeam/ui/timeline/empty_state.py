"""What stands where the timeline has no entry to show."""

from __future__ import annotations

from enum import Enum

from gi.repository import Gtk

from spacebeam.recording.recording import Recording
from spacebeam.search.view import FilteredView
from spacebeam.ui.template import template


class EmptyReason(Enum):
    """EmptyReason there is no entry to show, in a person's words."""

    NOTHING_SAID = "Nothing has been said yet"
    CLEARED = "Nothing has been said since the timeline was cleared.\nWhat was said before is kept."
    NOTHING_FOUND = "Nothing here passes the filter"
    HELD_BACK = "What is new is held back by the pause.\nIt is kept all the same."


@template("empty_state.ui")
class EmptyState(Gtk.Box):
    """Says why nothing is shown, and how to see what was cleared."""

    __gtype_name__ = "SpacebeamEmptyState"

    _label: Gtk.Label = Gtk.Template.Child()
    _cleared_button: Gtk.Button = Gtk.Template.Child()

    def __init__(self) -> None:
        super().__init__()
        self._say(EmptyReason.NOTHING_SAID)

    def explain(self, recording: Recording, begin: int, view: FilteredView, shown: int) -> None:
        """Say why none of the recording's entries from `begin` on is shown, if so many are."""
        self._say(None if shown else _why(recording, begin, view))

    def _say(self, why: EmptyReason | None) -> None:
        self.set_visible(why is not None)
        if why is not None:
            self._label.set_text(why.value)
            self._cleared_button.set_visible(why is EmptyReason.CLEARED)


def _why(recording: Recording, begin: int, view: FilteredView) -> EmptyReason | None:
    """EmptyReason nothing of a view is shown; None where that is not known yet."""
    if len(recording) <= max(begin, recording.first_number):
        return EmptyReason.CLEARED if begin > recording.first_number else EmptyReason.NOTHING_SAID
    if len(view):
        return EmptyReason.HELD_BACK
    return EmptyReason.NOTHING_FOUND if view.is_current else None
