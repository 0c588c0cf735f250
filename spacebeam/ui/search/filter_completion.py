"""A list below the filter's entry that completes the names of conditions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gi.repository import Gdk, Gtk

from spacebeam.search.completion import proposals, word_start
from spacebeam.ui.handlers import HeldBy, weak_handlers

if TYPE_CHECKING:
    from spacebeam.ui.search.filter_entry import FilterEntry

_TERM, _MEANING = 0, 1  # columns


@weak_handlers
class FilterCompletion:
    """Proposes terms for the word before the cursor.

    Gtk.EntryCompletion is deprecated from GTK 4.10 on, without another widget for it.
    """

    _entry: HeldBy[FilterEntry] = HeldBy()

    def __init__(self, entry: FilterEntry) -> None:
        self._entry = entry
        self._terms = Gtk.ListStore.new([str, str])
        completion = Gtk.EntryCompletion(model=self._terms, minimum_key_length=1)
        completion.set_text_column(_TERM)
        meaning = Gtk.CellRendererText(sensitive=False)
        completion.pack_end(meaning, False)
        completion.add_attribute(meaning, "text", _MEANING)
        completion.set_match_func(_matches)
        completion.connect("match-selected", self._on_completion_match_selected)
        entry.set_completion(completion)
        keys = Gtk.EventControllerKey(propagation_phase=Gtk.PropagationPhase.CAPTURE)
        keys.connect("key-pressed", self._on_key_pressed)
        entry.add_controller(keys)
        # The cursor follows after the text has changed.
        entry.connect("notify::cursor-position", self._on_entry_notify_cursor_position)

    @property
    def terms(self) -> list[str]:
        """The terms that are proposed."""
        return [row[_TERM] for row in self._terms]

    def _on_entry_notify_cursor_position(self, entry: FilterEntry, _property: object) -> None:
        found = proposals(entry.get_text(), entry.get_position(), entry.pair_names() or ())
        self._terms.clear()
        for one in found:
            self._terms.append([one.term, one.meaning])

    def _on_key_pressed(
        self, _keys: Gtk.EventControllerKey, key: int, _code: int, _state: Gdk.ModifierType
    ) -> bool:
        """Close the list alone at Escape, not the filter with it."""
        children = self._entry.observe_children()
        popovers = (one for one in children if isinstance(one, Gtk.Popover) and one.get_mapped())
        popover = next(popovers, None) if key == Gdk.KEY_Escape else None
        if popover is not None:
            popover.popdown()
        return popover is not None

    def _on_completion_match_selected(
        self, _completion: Gtk.EntryCompletion, model: Gtk.TreeModel, place: Gtk.TreeIter
    ) -> bool:
        term = model.get_value(place, _TERM)
        text, cursor = self._entry.get_text(), self._entry.get_position()
        start = word_start(text, cursor)
        self._entry.replace(f"{text[:start]}{term}{text[cursor:]}")
        self._entry.set_position(start + len(term))
        return True


def _matches(_completion: Gtk.EntryCompletion, _key: str, _place: Gtk.TreeIter) -> bool:
    return True  # the list has nothing else
