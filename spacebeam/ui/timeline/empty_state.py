"""The text in place of an empty timeline."""

from __future__ import annotations

from enum import Enum

from gi.repository import Gtk

from spacebeam.protocol.batch import Kind
from spacebeam.recording.recording import Recording
from spacebeam.search.view import FilteredView
from spacebeam.ui.template import template

_MAX_EVENTS = 3  # of a conversation without messages


class EmptyReason(Enum):
    """Why the timeline is empty, in words."""

    NO_ENTRIES = "No entries yet"
    NO_MESSAGES = "Write a message below and press Enter.\nWhat the server sends appears here."
    CLEARED = "No entries since the timeline was cleared.\nThey are still in the recording."
    NO_MATCHES = "No entries match the filter"
    REMOVED = "All entries were removed from this view.\nThey are still in the recording."
    HIDDEN = "All entries are hidden.\nThey are still recorded."
    PAUSED = "New entries are held back while the display is paused.\nThey are still recorded."


@template("empty_state.ui")
class EmptyState(Gtk.Box):
    """Explains why the timeline is empty, and offers to show the cleared or removed entries."""

    __gtype_name__ = "SpacebeamEmptyState"

    _label: Gtk.Label = Gtk.Template.Child()
    _cleared_button: Gtk.Button = Gtk.Template.Child()
    _removed_button: Gtk.Button = Gtk.Template.Child()

    def __init__(self) -> None:
        super().__init__()
        self._show_reason(EmptyReason.NO_ENTRIES)

    def explain(
        self,
        recording: Recording,
        begin: int,
        view: FilteredView,
        shown: int,
        is_filtered: bool = True,
    ) -> None:
        """Explain why no entry, or no message, from `begin` on is shown."""
        if shown:
            self._show_reason(EmptyReason.NO_MESSAGES if _is_silent(recording) else None)
            return
        reason = _reason(recording, begin, view)
        if reason is EmptyReason.NO_MATCHES and not is_filtered:
            reason = EmptyReason.REMOVED
        self._show_reason(reason)

    def _show_reason(self, reason: EmptyReason | None) -> None:
        self.set_visible(reason is not None)
        if reason is not None:
            self._label.set_text(reason.value)
            self._cleared_button.set_visible(reason is EmptyReason.CLEARED)
            self._removed_button.set_visible(reason is EmptyReason.REMOVED)


def _is_silent(recording: Recording) -> bool:
    """Return whether a live conversation has events alone, as right after connecting."""
    numbers = range(recording.first_number, len(recording))
    return (
        len(numbers) <= _MAX_EVENTS
        and "ended" not in recording.facts
        and all(recording.entry(number).kind is Kind.EVENT for number in numbers)
    )


def _reason(recording: Recording, begin: int, view: FilteredView) -> EmptyReason | None:
    """Return why a view shows no entries; None while the search is not complete."""
    if len(recording) <= max(begin, recording.first_number):
        return EmptyReason.CLEARED if begin > recording.first_number else EmptyReason.NO_ENTRIES
    if len(view):
        return EmptyReason.PAUSED
    if view.is_current and view.hidden(len(recording)) == view.scanned:
        return EmptyReason.HIDDEN
    return EmptyReason.NO_MATCHES if view.is_current else None
