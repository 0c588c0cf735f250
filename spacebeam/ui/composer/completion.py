"""Proposes keys of the conversation while a key is typed in JSON.

GtkSourceView's own completion takes Enter, which sends, and proposes words everywhere. Here only a
key is completed: Tab takes the selected proposal, Up and Down select another, Escape closes.
"""

from __future__ import annotations

import json
import re

from gi.repository import Gdk, GLib, Gtk

from spacebeam.decode.visible import one_line
from spacebeam.ui.composer.draft import PayloadFormat
from spacebeam.ui.composer.editor import Editor
from spacebeam.ui.composer.key_store import KeyStore
from spacebeam.ui.handlers import weak_handlers
from spacebeam.ui.input_method import takes_key

_BEFORE = 200  # characters before the cursor that tell whether a key is typed
_KEY = re.compile(r'[{,]\s*"([^"\\\n]{1,64})\Z')


@weak_handlers
class KeyCompletion:
    """The proposals of one editor."""

    def __init__(self, editor: Editor, keys: KeyStore) -> None:
        self.form = PayloadFormat.TEXT
        self._editor = editor
        self._keys = keys
        self._proposals: list[str] = []
        self._prefix = ""
        self._is_completing = False
        self._popover: Gtk.Popover | None = None
        self._list_box = Gtk.ListBox(selection_mode=Gtk.SelectionMode.BROWSE)
        self._list_box.connect("row-activated", self._on_list_box_row_activated)
        editor.connect("changed", self._on_editor_changed)
        editor.buffer.connect_after("mark-set", self._on_buffer_mark_set)

    def press(self, keys: Gtk.EventControllerKey, key: int, state: Gdk.ModifierType) -> bool:
        """Handle a key while proposals are shown; return whether it was used."""
        is_plain = not state & Gtk.accelerator_get_default_mod_mask()
        if not self._proposals or not is_plain:
            return False
        used = (Gdk.KEY_Tab, Gdk.KEY_Up, Gdk.KEY_Down, Gdk.KEY_Escape)
        if key not in used:
            return False
        if takes_key(keys, self._editor.view):
            return True
        if key == Gdk.KEY_Tab:
            self._complete()
        elif key == Gdk.KEY_Escape:
            self.hide()
        else:
            self._select(1 if key == Gdk.KEY_Down else -1)
        return True

    def hide(self) -> None:
        """Propose nothing."""
        self._proposals = []
        if self._popover is not None and self._popover.get_visible():
            self._popover.popdown()

    def _update(self) -> None:
        self._prefix = self._typed_key()
        proposals = self._keys.proposals(self._prefix) if self._prefix else []
        if not proposals or not self._editor.view.has_focus():
            self.hide()
        elif proposals != self._proposals or self._popover is None:
            self._show(proposals)

    def _typed_key(self) -> str:
        """Return the beginning of the key that is typed, or ""."""
        buffer = self._editor.buffer
        if (
            self.form is not PayloadFormat.JSON
            or self._editor.preedit
            or buffer.get_has_selection()
        ):
            return ""
        end = buffer.get_iter_at_mark(buffer.get_insert())
        start = end.copy()
        start.backward_chars(_BEFORE)
        match = _KEY.search(buffer.get_text(start, end, True))
        return "" if match is None else match.group(1)

    def _show(self, proposals: list[str]) -> None:
        self._proposals = proposals
        while (row := self._list_box.get_row_at_index(0)) is not None:
            self._list_box.remove(row)
        for key in proposals:
            self._list_box.append(Gtk.Label(label=one_line(key), xalign=0))
        self._list_box.select_row(self._list_box.get_row_at_index(0))
        if self._popover is None:
            self._popover = Gtk.Popover(
                child=self._list_box, autohide=False, has_arrow=False, can_focus=False
            )
            self._popover.set_position(Gtk.PositionType.TOP)
            self._popover.add_css_class("completion")
            self._popover.set_parent(self._editor)
            self._editor.connect("unrealize", self._on_editor_unrealize)
        self._place()
        self._popover.popup()

    def _place(self) -> None:
        view, buffer = self._editor.view, self._editor.buffer
        cursor = view.get_iter_location(buffer.get_iter_at_mark(buffer.get_insert()))
        x, y = view.buffer_to_window_coords(Gtk.TextWindowType.WIDGET, cursor.x, cursor.y)
        place = view.translate_coordinates(self._editor, x, y)
        if place is not None and self._popover is not None:
            at = Gdk.Rectangle()
            at.x, at.y, at.width, at.height = int(place[0]), int(place[1]), 1, cursor.height
            self._popover.set_pointing_to(at)

    def _select(self, step: int) -> None:
        row = self._list_box.get_selected_row()
        place = (row.get_index() if row is not None else 0) + step
        self._list_box.select_row(self._list_box.get_row_at_index(place % len(self._proposals)))

    def _complete(self) -> None:
        """Replace the typed beginning by the selected key, with what follows a key."""
        row = self._list_box.get_selected_row()
        if row is None:
            return
        key = json.dumps(self._proposals[row.get_index()], ensure_ascii=False)[1:]
        buffer = self._editor.buffer
        end = buffer.get_iter_at_mark(buffer.get_insert())
        start = end.copy()
        start.backward_chars(len(self._prefix))
        following = end.copy()
        following.forward_chars(1)
        has_quote = buffer.get_text(end, following, True) == '"'
        self.hide()
        self._is_completing = True
        buffer.begin_user_action()
        buffer.delete(start, following if has_quote else end)
        buffer.insert_at_cursor(key if has_quote else f"{key}: ")
        buffer.end_user_action()
        self._is_completing = False

    def _on_editor_changed(self, _editor: Editor) -> None:
        if not self._is_completing:
            self._update()

    def _on_buffer_mark_set(
        self, buffer: Gtk.TextBuffer, _place: Gtk.TextIter, mark: Gtk.TextMark
    ) -> None:
        if self._proposals and mark == buffer.get_insert() and self._typed_key() != self._prefix:
            GLib.idle_add(self._on_idle)

    def _on_idle(self) -> bool:
        if self._proposals:
            self._update()
        return GLib.SOURCE_REMOVE

    def _on_list_box_row_activated(self, list_box: Gtk.ListBox, row: Gtk.ListBoxRow) -> None:
        list_box.select_row(row)
        self._complete()
        self._editor.focus()

    def _on_editor_unrealize(self, _editor: Editor) -> None:
        if self._popover is not None:
            self._popover.set_child(None)
            self._popover.unparent()
            self._popover = None
            self._proposals = []
