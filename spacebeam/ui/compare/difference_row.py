"""A row of the differences: a value's key, what it was and is, and how it differs in a word."""

from __future__ import annotations

from gi.repository import GObject, Gtk, Pango

from spacebeam.compare.difference import Difference, Mark
from spacebeam.ui.handlers import weak_handlers
from spacebeam.wording.differences import change_words, left_out_words, mark_words, put_back_words

_INDENT = 16  # pixels
_MAX_INDENTED = 10  # deeper values stand under each other
_SIGNS = {Mark.ADDED: "+", Mark.REMOVED: "-", Mark.CHANGED: "~"}
_STYLES = {
    Mark.ADDED: "success",
    Mark.REMOVED: "error",
    Mark.CHANGED: "warning",
    Mark.LEFT_OUT: "dim-label",
}
_END, _MIDDLE = Pango.EllipsizeMode.END, Pango.EllipsizeMode.MIDDLE


@weak_handlers
class DifferenceRow(Gtk.Box):
    """One row; emits `left-out-toggled` if its path is to be left out, or no longer."""

    __gtype_name__ = "SpacebeamDifferenceRow"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "left-out-toggled": (GObject.SignalFlags.RUN_FIRST, None, ()),
    }

    def __init__(self) -> None:
        super().__init__(spacing=6, css_classes=["difference-row"])
        self.set_overflow(Gtk.Overflow.HIDDEN)  # a peer's combining marks
        self._sign_label = Gtk.Label(width_chars=1)
        self._key_label = Gtk.Label(xalign=0, ellipsize=_END, max_width_chars=40)
        self._before_label = Gtk.Label(xalign=0, ellipsize=_MIDDLE, css_classes=["before"])
        self._arrow_label = Gtk.Label(label="→", css_classes=["dim-label"])
        self._after_label = Gtk.Label(xalign=0, ellipsize=_MIDDLE, css_classes=["after"])
        space = Gtk.Box(hexpand=True)
        self._word_label = Gtk.Label(css_classes=["caption"])
        self._button = Gtk.Button(css_classes=["flat", "small-button"], valign=Gtk.Align.CENTER)
        self._button.connect("clicked", self._on_button_clicked)
        labels = self._before_label, self._arrow_label, self._after_label
        for widget in (self._sign_label, self._key_label, *labels, space, self._word_label):
            self.append(widget)
        self.append(self._button)

    def show_difference(self, found: Difference, depth: int) -> str:
        """Show a value; return what the row says."""
        self._sign_label.set_margin_start(_INDENT * min(depth, _MAX_INDENTED))
        self._sign_label.set_text(_SIGNS.get(found.mark, " "))
        style = _STYLES.get(found.mark)
        for label in (self._sign_label, self._word_label):
            for other in _STYLES.values():
                label.remove_css_class(other)
            if style is not None:
                label.add_css_class(style)
        is_inside = found.mark is Mark.INSIDE
        self._key_label.set_text(f"{found.label}{'' if is_inside or not found.label else ':'}")
        self._key_label.set_visible(bool(found.label))
        _show(self._before_label, found.before_text)
        _show(self._after_label, found.after_text)
        self._arrow_label.set_visible(bool(found.before_text and found.after_text))
        self._word_label.set_text(mark_words(found.mark))
        self._button.set_visible(bool(found.pattern) and not is_inside)
        words = change_words(found)
        self.set_tooltip_text(None if is_inside else words)
        self._show_button(found)
        return words

    def _show_button(self, found: Difference) -> None:
        is_left_out = found.mark is Mark.LEFT_OUT
        self._button.set_icon_name(
            "view-reveal-symbolic" if is_left_out else "view-conceal-symbolic"
        )
        name = put_back_words(found.left_out_by) if is_left_out else left_out_words(found.pattern)
        self._button.set_tooltip_text(name)
        self._button.update_property([Gtk.AccessibleProperty.LABEL], [name])

    def _on_button_clicked(self, _button: Gtk.Button) -> None:
        self.emit("left-out-toggled")


def _show(label: Gtk.Label, text: str) -> None:
    label.set_text(text)
    label.set_visible(bool(text))
