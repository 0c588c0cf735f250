"""Lets input methods compose text: they get each key first, and no composed text is lost.

Chinese, Japanese, Korean and accented letters are composed of several keys. Until the text is
complete it is the preedit text, which is shown in the field but is not part of its contents.
"""

from __future__ import annotations

from weakref import WeakKeyDictionary, ref

from gi.repository import Gdk, GLib, Gtk

from spacebeam.ui.focus import select_all
from spacebeam.ui.handlers import weak_handlers

_SHORTCUT = Gdk.ModifierType.CONTROL_MASK | Gdk.ModifierType.ALT_MASK
_DEAD_KEYS = range(Gdk.KEY_dead_grave, Gdk.KEY_dead_greek + 1)


def takes_key(keys: Gtk.EventControllerKey, text_view: Gtk.TextView) -> bool:
    """Return whether the text view's input method uses the key that `keys` is handling.

    A handler in the capture phase asks this before it uses a key itself.
    """
    event = keys.get_current_event()
    return event is not None and text_view.im_context_filter_keypress(event)


def edit_all(entry: Gtk.Entry) -> None:
    """Focus an entry that has just been made, with its text selected.

    The first key of a text removes the selected one before an input method gets the key. GTK 4.8
    would remove it when composing begins, and reset the input method, which would lose the key.
    """
    select_all(entry)
    keys = Gtk.EventControllerKey(propagation_phase=Gtk.PropagationPhase.CAPTURE)
    keys.connect("key-pressed", _on_key_of_entry_pressed, ref(entry))
    entry.add_controller(keys)


def _on_key_of_entry_pressed(
    _keys: Gtk.EventControllerKey,
    key: int,
    _code: int,
    state: Gdk.ModifierType,
    entry: ref[Gtk.Entry],
) -> bool:
    field = entry()
    is_text = chr(Gdk.keyval_to_unicode(key)).isprintable() or key in _DEAD_KEYS
    if field is not None and is_text and not state & _SHORTCUT:
        field.delete_selection()
    return False


@weak_handlers
class Composing:
    """Preedit text in the fields of a window.

    While there is any, the field gets each key before the window's shortcuts, some of which input
    methods use too, such as Ctrl+H. When the focus leaves the field, preedit text that would be
    lost is inserted.
    """

    def __init__(self, window: Gtk.Window) -> None:
        """Observe a window's fields as long as the window lives."""
        _of_windows[window] = self
        self._field: Gtk.TextView | Gtk.Text | None = None  # the one with the focus
        self._preedit = ""
        self._handlers: list[int] = []  # of the field's signals
        window.connect("notify::focus-widget", self._on_window_notify_focus_widget)
        self._on_window_notify_focus_widget(window, None)
        # Added last, it runs before the window's shortcuts, which have the same phase.
        keys = Gtk.EventControllerKey(propagation_phase=Gtk.PropagationPhase.CAPTURE)
        keys.connect("key-pressed", self._on_key_pressed)
        window.add_controller(keys)

    def _on_window_notify_focus_widget(self, window: Gtk.Window, _property: object) -> None:
        focus = window.get_focus()
        if focus is self._field:
            return
        if self._field is not None:
            for handler in self._handlers:
                self._field.disconnect(handler)
        self._field, self._preedit = None, ""
        if isinstance(focus, Gtk.TextView | Gtk.Text):
            self._field = focus
            self._handlers = [
                focus.connect("preedit-changed", self._on_field_preedit_changed),
                focus.connect("notify::has-focus", self._on_field_notify_has_focus),
            ]

    def _on_field_preedit_changed(self, _field: Gtk.Widget, preedit: str) -> None:
        self._preedit = preedit

    def _on_key_pressed(
        self, keys: Gtk.EventControllerKey, _key: int, _code: int, _state: Gdk.ModifierType
    ) -> bool:
        return self._field is not None and bool(self._preedit) and keys.forward(self._field)

    def _on_field_notify_has_focus(self, field: Gtk.TextView | Gtk.Text, _property: object) -> None:
        preedit = self._preedit
        if preedit and not field.has_focus():
            # Most input methods insert it themselves once they hear of it, which is next.
            priority = GLib.PRIORITY_HIGH
            GLib.idle_add(_insert_if_lost, field, preedit, _contents(field), priority=priority)


_of_windows: WeakKeyDictionary[Gtk.Window, Composing] = WeakKeyDictionary()


def end_composing(text_view: Gtk.TextView, preedit: str) -> None:
    """End composing, and insert the preedit text if the input method does not insert it itself."""
    if preedit:
        before = _contents(text_view)
        text_view.reset_im_context()
        _insert_if_lost(text_view, preedit, before)


def _contents(field: Gtk.TextView | Gtk.Text) -> str:
    if isinstance(field, Gtk.Text):
        return field.get_text()
    buffer = field.get_buffer()
    return buffer.get_text(*buffer.get_bounds(), include_hidden_chars=True)


def _insert_if_lost(field: Gtk.TextView | Gtk.Text, preedit: str, before: str) -> bool:
    """Insert preedit text at the cursor, unless the field's text has changed."""
    if _contents(field) != before:
        return GLib.SOURCE_REMOVE
    if isinstance(field, Gtk.TextView):
        field.reset_im_context()
        field.get_buffer().insert_interactive_at_cursor(preedit, -1, field.get_editable())
    elif field.get_editable():
        place = field.insert_text(preedit, field.get_position())  # type: ignore[no-untyped-call]
        field.set_position(place)  # it resets the input method, too
    return GLib.SOURCE_REMOVE
