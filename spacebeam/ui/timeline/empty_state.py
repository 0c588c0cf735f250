"""The text in place of an empty timeline."""

from __future__ import annotations

from enum import Enum

from gi.repository import Gtk

from spacebeam.protocol.batch import Kind
from spacebeam.recording.recording import Recording
from spacebeam.search.view import FilteredView
from spacebeam.ui.template import template
from spacebeam.ui.timeline.wanted import Wanted
from spacebeam.wording.i18n import _, ngettext

_MAX_EVENTS = 3  # of a conversation without messages


class EmptyReason(Enum):
    """Why the timeline is empty, in words."""

    NO_ENTRIES = _("No entries yet")
    NO_MESSAGES = _("Write a message below and press Enter.\nWhat the server sends appears here.")
    CLEARED = _("No entries since the timeline was cleared.\nThey are still in the recording.")
    NO_MATCHES = _("No entries match the filter.")
    REMOVED = _("All entries were removed from this view.\nThey are still in the recording.")
    HIDDEN = _("All entries are hidden.\nThey are still recorded.")


@template("empty_state.ui")
class EmptyState(Gtk.Box):
    """Explains why the timeline is empty, and offers to show what is not shown."""

    __gtype_name__ = "SpacebeamEmptyState"

    _label: Gtk.Label = Gtk.Template.Child()
    _cleared_button: Gtk.Button = Gtk.Template.Child()
    _removed_button: Gtk.Button = Gtk.Template.Child()
    _hidden_button: Gtk.Button = Gtk.Template.Child()

    def __init__(self) -> None:
        super().__init__()
        self._show_reason(EmptyReason.NO_ENTRIES)

    def explain(
        self,
        recording: Recording,
        begin: int,
        view: FilteredView,
        shown: int,
        wanted: Wanted,
    ) -> None:
        """Explain why no entry, or no message, from `begin` on is shown."""
        if shown:
            self._show_reason(EmptyReason.NO_MESSAGES if _is_silent(recording) else None)
            return
        reason = _reason(recording, begin, view)
        if reason is EmptyReason.NO_MATCHES and not wanted.is_filtered:
            reason = EmptyReason.REMOVED
        self._show_reason(reason, view.hidden(len(recording)), bool(wanted.removed))

    def _show_reason(
        self, reason: EmptyReason | None, hidden: int = 0, has_removed: bool = False
    ) -> None:
        """Show a reason; `hidden` entries and removed ones are not searched for matches."""
        self.set_visible(reason is not None)
        if reason is None:
            return
        is_search = reason is EmptyReason.NO_MATCHES
        words = [reason.value]
        if is_search and hidden:
            sentence = ngettext(
                "{count:,} hidden entry was not searched.",
                "{count:,} hidden entries were not searched.",
                hidden,
            )
            words.append(sentence.format(count=hidden))
        if is_search and has_removed:
            words.append(_("Entries removed from this view were not searched."))
        self._label.set_text("\n".join(words))
        self._cleared_button.set_visible(reason is EmptyReason.CLEARED)
        self._removed_button.set_visible(
            reason is EmptyReason.REMOVED or (is_search and has_removed)
        )
        self._hidden_button.set_visible(reason is EmptyReason.HIDDEN or (is_search and hidden > 0))


def _is_silent(recording: Recording) -> bool:
    """Return whether a live conversation has events alone, as right after connecting."""
    numbers = range(recording.first_number, len(recording))
    return (
        len(numbers) <= _MAX_EVENTS
        and "ended" not in recording.facts
        and all(recording.entry(number).kind is Kind.EVENT for number in numbers)
    )


def _reason(recording: Recording, begin: int, view: FilteredView) -> EmptyReason | None:
    """Return why a view shows no entries; None while it is searched or paused, as bars say."""
    if len(recording) <= max(begin, recording.first_number):
        return EmptyReason.CLEARED if begin > recording.first_number else EmptyReason.NO_ENTRIES
    if len(view) or not view.is_current:
        return None
    if view.hidden(len(recording)) == view.scanned:
        return EmptyReason.HIDDEN
    return EmptyReason.NO_MATCHES
