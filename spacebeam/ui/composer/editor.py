"""The composer's field: an editor whose text is JSON, plain text, XML, hexadecimal or Base64."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from gi.repository import GLib, GObject, Gtk, GtkSource, Pango

from spacebeam.ui.clipboard import put
from spacebeam.ui.composer.draft import PayloadFormat
from spacebeam.ui.composer.highlighting import MAX_LINE, Highlighting
from spacebeam.ui.handlers import weakly
from spacebeam.ui.hyphens import never_hyphenate
from spacebeam.ui.long_lines import SOFT_BREAK, LongLines, shown_offset, whole
from spacebeam.ui.pasting import watch_pastes
from spacebeam.ui.template import template
from spacebeam.wording.i18n import _

_PLACEHOLDERS = {
    PayloadFormat.JSON: _("Type a message in JSON"),
    PayloadFormat.TEXT: _("Type a message"),
    PayloadFormat.XML: _("Type a message in XML"),
    PayloadFormat.HEX: _("Type bytes in hexadecimal, such as 48 65 6c 6c 6f"),
    PayloadFormat.BASE64: _("Type bytes in Base64, such as SGVsbG8="),
}
_LEAST_HEIGHT = 60  # pixels
_PIECE = 16 * 1024  # characters
_NUL = _(
    "Only the part before a NUL character was pasted: a text field cannot hold NUL. "
    "With Escapes, in the composer's menu, it is written \\0."
)
_SEPARATOR = _(
    "The text was not inserted: a text field cannot hold its paragraph separator (U+2029). "
    "With Escapes, in the composer's menu, it is written \\u{2029}."
)

GtkSource.init()


@template("editor.ui")
class Editor(Gtk.Box):
    """Emits `changed` when the text or the input method's preedit text changed."""

    __gtype_name__ = "SpacebeamEditor"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "changed": (GObject.SignalFlags.RUN_FIRST, None, ()),
    }

    view: Gtk.TextView = Gtk.Template.Child("_text_view")
    _placeholder_label: Gtk.Label = Gtk.Template.Child()
    _scrolled_window: Gtk.ScrolledWindow = Gtk.Template.Child()
    _check_label: Gtk.Label = Gtk.Template.Child()

    def __init__(self, show_error: Callable[[str], object]) -> None:
        """`show_error` is called when not all of a text was inserted."""
        super().__init__()
        self._form = PayloadFormat.TEXT
        self._heights = 0, 0
        self.preedit = ""  # see `Composing`
        self._show_error = weakly(show_error)
        buffer = self.view.get_buffer()
        assert isinstance(buffer, GtkSource.Buffer)
        self.buffer = buffer
        never_hyphenate(buffer)
        self._long_lines = LongLines(buffer, self._refuse_separator)
        self._highlighting = Highlighting(buffer)
        self._mistake_tag = Gtk.TextTag(name="mistake", underline=Pango.Underline.ERROR)
        buffer.get_tag_table().add(self._mistake_tag)
        buffer.connect("changed", self._on_buffer_changed)
        self.view.connect("preedit-changed", self._on_view_preedit_changed)
        self._bar_source = 0  # of the idle that shows or hides the scroll bar
        adjustment = self._scrolled_window.get_vadjustment()
        adjustment.connect("changed", self._on_adjustment_changed)
        adjustment.connect("value-changed", self._on_adjustment_value_changed)
        self._copied = ""  # the selection, if it has soft breaks
        for name in ("copy-clipboard", "cut-clipboard"):
            self.view.connect(name, self._on_view_copying)
            self.view.connect_after(name, self._on_view_copied)
        watch_pastes(self.view, weakly(self._warn_of_nul))
        self.show_form(self._form)

    @property
    def text(self) -> str:
        """The typed text."""
        return whole(self._shown)

    def pieces(self) -> Iterator[str]:
        """Yield the typed text in pieces, each in less than a millisecond."""
        start = self.buffer.get_start_iter()
        while not start.is_end():
            end = start.copy()
            end.forward_chars(_PIECE)
            yield whole(self.buffer.get_text(start, end, True))
            start = end

    @property
    def length(self) -> int:
        """The number of typed characters."""
        return self.buffer.get_char_count()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is typed or being composed."""
        return not (self.buffer.get_char_count() or self.preedit)

    @property
    def _shown(self) -> str:
        return self.buffer.get_text(*self.buffer.get_bounds(), include_hidden_chars=True)

    def show_form(self, form: PayloadFormat) -> None:
        """Show the text as this format is shown."""
        self._form = form
        self._refresh()

    def show_heights(self, least: int, limit: int) -> None:
        """Set the least height in pixels, and that from which on the text scrolls."""
        limit = max(limit, least, _LEAST_HEIGHT)
        if self._heights == (least, limit):
            return  # setting them again would be another layout
        self._heights = least, limit
        self._scrolled_window.set_min_content_height(-1)  # it may not be above the limit
        self._scrolled_window.set_max_content_height(limit)
        self._scrolled_window.set_min_content_height(least or -1)

    @property
    def text_height(self) -> int:
        """The height in pixels that the text has now."""
        return self._scrolled_window.get_height()

    def show_check(self, words: str, mark: int | None = None, *, is_mistake: bool = False) -> None:
        """Show what the check found, and underline the character `mark`; "" hides it."""
        self._check_label.set_text(words)
        self._check_label.set_tooltip_text(words)
        self._check_label.set_visible(bool(words))
        self._check_label.set_css_classes(
            ["caption", "composer-check", "error" if is_mistake else "dim-label"]
        )
        marked = self.buffer.get_start_iter()
        if marked.starts_tag(self._mistake_tag) or marked.forward_to_tag_toggle(self._mistake_tag):
            self.buffer.remove_tag(self._mistake_tag, marked, self.buffer.get_end_iter())
        if mark is not None:
            start = self._place(mark)
            end = start.copy()
            if start.ends_line():
                start.backward_char()
            else:
                end.forward_char()
            self.buffer.apply_tag(self._mistake_tag, start, end)

    def go_to(self, offset: int) -> None:
        """Place the cursor before a character of the text."""
        self.buffer.place_cursor(self._place(offset))
        self.view.scroll_mark_onscreen(self.buffer.get_insert())
        self.focus()

    def note_longest_line(self, text: str) -> None:
        """Colour a text again whose long line has been cut since; `text` is all of it."""
        if self._long_lines.longest > MAX_LINE:
            self._long_lines.longest = max(map(len, text.split("\n")))
            self._refresh()

    def _place(self, offset: int) -> Gtk.TextIter:
        return self.buffer.get_iter_at_offset(shown_offset(self._shown, offset))

    def replace(self, text: str) -> None:
        """Replace the text, in one step of undo."""
        self.buffer.begin_user_action()
        self.buffer.delete(*self.buffer.get_bounds())
        self.buffer.insert(self.buffer.get_start_iter(), text)
        self.buffer.end_user_action()

    def break_line(self) -> None:
        """Begin a new line, indented as the one before."""
        self.buffer.begin_user_action()
        self.buffer.delete_selection(True, True)
        end = self.buffer.get_iter_at_mark(self.buffer.get_insert())
        start = end.copy()
        start.set_line_offset(0)
        line = self.buffer.get_text(start, end, True)
        self.buffer.insert_at_cursor("\n" + line[: len(line) - len(line.lstrip(" \t"))])
        self.buffer.end_user_action()
        self.view.scroll_mark_onscreen(self.buffer.get_insert())

    def focus(self) -> None:
        """Focus the text."""
        self.view.grab_focus()

    def _refresh(self) -> None:
        if not self.buffer.get_char_count():
            self._long_lines.longest = 0
        self._placeholder_label.set_text(_PLACEHOLDERS[self._form])
        self._placeholder_label.set_visible(self.is_empty)
        self._highlighting.show(self._form, self._long_lines.longest)

    def _refuse_separator(self) -> None:
        self._show_error(_SEPARATOR)

    def _warn_of_nul(self) -> None:
        self._show_error(_NUL)

    def _on_buffer_changed(self, _buffer: Gtk.TextBuffer) -> None:
        self._refresh()
        self.emit("changed")

    @property
    def _fits(self) -> bool:
        """Whether the field is or becomes as high as its text."""
        top, height = self.view.get_line_yrange(self.buffer.get_end_iter())
        margins = self.view.get_top_margin() + self.view.get_bottom_margin()
        return top + height + margins <= self._scrolled_window.get_max_content_height()

    def _on_adjustment_value_changed(self, adjustment: Gtk.Adjustment) -> None:
        if adjustment.get_value() and self._fits:
            adjustment.set_value(0)  # GTK scrolls to a new line before the field has grown

    def _on_adjustment_changed(self, _adjustment: Gtk.Adjustment) -> None:
        if not self._bar_source:  # it may not change while it is laid out
            self._bar_source = GLib.idle_add(self._on_idle, priority=GLib.PRIORITY_HIGH_IDLE)

    def _on_idle(self) -> bool:
        """Have a scroll bar only where it is needed; GTK shows it with each line for a moment."""
        self._bar_source = 0
        policy = Gtk.PolicyType.EXTERNAL if self._fits else Gtk.PolicyType.AUTOMATIC
        self._scrolled_window.set_policy(Gtk.PolicyType.NEVER, policy)
        return GLib.SOURCE_REMOVE

    def _on_view_preedit_changed(self, _view: Gtk.TextView, preedit: str) -> None:
        self.preedit = preedit
        self._refresh()
        self.emit("changed")

    def _on_view_copying(self, _view: Gtk.TextView) -> None:
        selected = self.buffer.get_selection_bounds()
        text = self.buffer.get_text(*selected, True) if selected else ""
        self._copied = whole(text) if SOFT_BREAK in text else ""

    def _on_view_copied(self, view: Gtk.TextView) -> None:
        if self._copied:
            put(self._copied, view.get_clipboard())
