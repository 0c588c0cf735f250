"""Finds and replaces text in the composer's message."""

from __future__ import annotations

from gi.repository import Gdk, GObject, Gtk, GtkSource

from spacebeam.ui.composer.editor import Editor
from spacebeam.ui.focus import select_all
from spacebeam.ui.template import template
from spacebeam.wording.i18n import _, ngettext


@template("find_bar.ui")
class FindBar(Gtk.Grid):
    """Highlights the matches in an editor while it is visible, in either case of letters."""

    __gtype_name__ = "SpacebeamFindBar"

    _find_entry: Gtk.Entry = Gtk.Template.Child()
    _replace_entry: Gtk.Entry = Gtk.Template.Child()
    _count_label: Gtk.Label = Gtk.Template.Child()
    _previous_button: Gtk.Button = Gtk.Template.Child()
    _next_button: Gtk.Button = Gtk.Template.Child()
    _replace_button: Gtk.Button = Gtk.Template.Child()
    _replace_all_button: Gtk.Button = Gtk.Template.Child()

    def __init__(self, editor: Editor) -> None:
        super().__init__()
        self._editor = editor
        self._settings = GtkSource.SearchSettings(wrap_around=True)
        self._context = GtkSource.SearchContext.new(editor.buffer, self._settings)
        self._context.set_highlight(False)
        self._context.connect("notify::occurrences-count", self._on_context_notify)
        editor.buffer.connect_after("mark-set", self._on_buffer_mark_set)
        keys = Gtk.EventControllerKey(propagation_phase=Gtk.PropagationPhase.BUBBLE)
        keys.connect("key-pressed", self._on_key_pressed)
        self.add_controller(keys)
        self._show_count()

    def open(self) -> None:
        """Show the bar with the selected text, and focus it."""
        selected = self._editor.buffer.get_selection_bounds()
        if selected:
            text = self._editor.buffer.get_text(*selected, include_hidden_chars=True)
            if text and "\n" not in text:
                self._find_entry.set_text(text)
        self.set_visible(True)
        self._context.set_highlight(True)
        self._search()
        select_all(self._find_entry)

    def close(self) -> None:
        """Hide the bar and its highlights, and focus the message."""
        self.set_visible(False)
        self._context.set_highlight(False)
        self._settings.set_search_text(None)
        self._editor.focus()

    def _search(self) -> None:
        self._settings.set_search_text(self._find_entry.get_text() or None)
        self._show_count()

    def _move(self, *, is_forward: bool) -> None:
        """Select the match after or before the selection."""
        buffer = self._editor.buffer
        selected = buffer.get_selection_bounds()
        place = buffer.get_iter_at_mark(buffer.get_insert())
        start, end = selected or (place, place)
        found = self._context.forward(end) if is_forward else self._context.backward(start)
        if found[0]:
            buffer.select_range(found[1], found[2])
            self._editor.view.scroll_mark_onscreen(buffer.get_insert())

    def _replace(self) -> None:
        """Replace the selected match, and select the next one."""
        buffer = self._editor.buffer
        selected = buffer.get_selection_bounds()
        if selected and self._context.get_occurrence_position(*selected) > 0:
            self._context.replace(*selected, self._replace_entry.get_text(), -1)
        self._move(is_forward=True)

    def _show_count(self) -> None:
        count = self._context.get_occurrences_count()
        selected = self._editor.buffer.get_selection_bounds()
        place = self._context.get_occurrence_position(*selected) if selected else 0
        words = ngettext("{count:,} match", "{count:,} matches", count).format(count=count)
        if place > 0:
            words = _("{number:,} of {count:,}").format(number=place, count=count)
        is_searching = bool(self._settings.get_search_text()) and count >= 0
        self._count_label.set_text(words if is_searching else "")
        for button in (
            self._previous_button,
            self._next_button,
            self._replace_button,
            self._replace_all_button,
        ):
            button.set_sensitive(count > 0)

    def _on_context_notify(
        self, _context: GtkSource.SearchContext, _property: GObject.ParamSpec
    ) -> None:
        self._show_count()

    def _on_buffer_mark_set(
        self, buffer: Gtk.TextBuffer, _place: Gtk.TextIter, mark: Gtk.TextMark
    ) -> None:
        if self.get_visible() and mark == buffer.get_insert():
            self._show_count()

    def _on_key_pressed(
        self, _keys: Gtk.EventControllerKey, key: int, _code: int, state: Gdk.ModifierType
    ) -> bool:
        if key == Gdk.KEY_Escape:
            self.close()
            return True
        if key in (Gdk.KEY_Return, Gdk.KEY_KP_Enter) and state & Gdk.ModifierType.SHIFT_MASK:
            self._move(is_forward=False)
            return True
        if key == Gdk.KEY_Tab and self._find_entry.get_focus_child() is not None:
            return bool(self._replace_entry.grab_focus())  # not the buttons between them
        return False

    @Gtk.Template.Callback()
    def _on_find_entry_changed(self, _entry: Gtk.Entry) -> None:
        self._search()

    @Gtk.Template.Callback()
    def _on_find_entry_activate(self, _widget: Gtk.Widget) -> None:
        self._move(is_forward=True)

    @Gtk.Template.Callback()
    def _on_previous_button_clicked(self, _button: Gtk.Button) -> None:
        self._move(is_forward=False)

    @Gtk.Template.Callback()
    def _on_close_button_clicked(self, _button: Gtk.Button) -> None:
        self.close()

    @Gtk.Template.Callback()
    def _on_replace_button_clicked(self, _widget: Gtk.Widget) -> None:
        self._replace()

    @Gtk.Template.Callback()
    def _on_replace_all_button_clicked(self, _button: Gtk.Button) -> None:
        self._context.replace_all(self._replace_entry.get_text(), -1)
