"""The inspector: one entry's whole payload, as text, indented JSON or a hex dump."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from gi.repository import Adw, Gdk, GObject, Gtk, GtkSource

from spacebeam.decode.preview import size
from spacebeam.protocol.batch import Kind
from spacebeam.recording.entry import Entry, Mark
from spacebeam.search.filter import Filter
from spacebeam.ui.inspector.cursor_scroller import CursorScroller
from spacebeam.ui.inspector.match_bar import MatchBar
from spacebeam.ui.inspector.match_finder import MOST, MatchFinder
from spacebeam.ui.inspector.match_words import match_words
from spacebeam.ui.inspector.note_row import NoteRow
from spacebeam.ui.inspector.origin_words import origin_words
from spacebeam.ui.inspector.text_filler import TextFiller
from spacebeam.ui.inspector.views import HEX, PayloadView, broken, views_for
from spacebeam.ui.template import template
from spacebeam.ui.timeline.entry_words import size_words, title

SHOWN_BYTES = 64 * 1024  # of a payload, until the whole is asked for
_HIGHLIGHTED_BYTES = 256 * 1024


@template("inspector.ui")
class Inspector(Gtk.Box):
    """Shows one entry. It asks with `whole-requested`, `copy-requested` and `close-requested`, and
    says with `star-toggled` and `note-changed` what the person says about it."""

    __gtype_name__ = "SpacebeamInspector"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "whole-requested": (GObject.SignalFlags.RUN_FIRST, None, ()),
        "copy-requested": (GObject.SignalFlags.RUN_FIRST, None, ()),
        "close-requested": (GObject.SignalFlags.RUN_FIRST, None, ()),
        "star-toggled": (GObject.SignalFlags.RUN_FIRST, None, (bool,)),
        "note-changed": (GObject.SignalFlags.RUN_FIRST, None, (str,)),
        "matches-ended": (GObject.SignalFlags.RUN_FIRST, None, (int,)),
    }

    _title_label: Gtk.Label = Gtk.Template.Child()
    _facts_label: Gtk.Label = Gtk.Template.Child()
    _origin_label: Gtk.Label = Gtk.Template.Child()
    _star_button: Gtk.ToggleButton = Gtk.Template.Child()
    _note_row: NoteRow = Gtk.Template.Child()
    _match_bar: MatchBar = Gtk.Template.Child()
    _view_drop_down: Gtk.DropDown = Gtk.Template.Child()
    _cut_box: Gtk.Box = Gtk.Template.Child()
    _cut_label: Gtk.Label = Gtk.Template.Child()
    _loading_spinner: Gtk.Spinner = Gtk.Template.Child()
    _whole_button: Gtk.Button = Gtk.Template.Child()
    _stop_button: Gtk.Button = Gtk.Template.Child()
    _text_view: Gtk.TextView = Gtk.Template.Child()

    def __init__(self) -> None:
        super().__init__()
        self._entry: Entry | None = None
        self._views: list[PayloadView] = []
        self._buffer = cast("GtkSource.Buffer", self._text_view.get_buffer())
        self._filler = TextFiller(self._buffer, self._on_filler_done, self._on_filler_grown)
        self._finder = MatchFinder(
            self._buffer, lambda: self._filler.is_busy, self._on_finder_found
        )
        self._awaited = 0  # where to go, forward or back, once more of the text was looked at
        self._tells_end = False  # where it turns out that there is nowhere to go
        self._is_first_awaited = False  # to be gone to as soon as it is found
        self._is_showing_mark = False
        self._scroller = CursorScroller(self._text_view)
        style = Adw.StyleManager.get_default()
        style.connect("notify::dark", self._on_style_notify_dark)
        self._on_style_notify_dark(style, None)

    def show_entry(self, entry: Entry) -> None:
        """Show an entry; its payload may be the beginning only."""
        self._entry = entry
        self._title_label.set_text(title(entry))
        self._facts_label.set_text(_facts(entry))
        came = "" if entry.origin is None else origin_words(entry.origin, entry.size)
        self._origin_label.set_text(came)
        self._origin_label.set_visible(bool(came))
        chosen = self._chosen_name()
        self._views = views_for(entry.kind, entry.payload)
        names = [view.name for view in self._views]
        self._view_drop_down.set_model(Gtk.StringList.new(names))
        # Whoever reads hex goes on reading hex, but a new kind begins with its best view.
        self._view_drop_down.set_selected(names.index(chosen) if chosen in names[1:] else 0)
        self._render()

    def show_mark(self, mark: Mark | None) -> None:
        """Show what the person said about the entry."""
        self._is_showing_mark = True
        self._star_button.set_active(mark is not None and mark.is_starred)
        self._is_showing_mark = False
        self._note_row.show_note("" if mark is None else mark.note)

    def show_highlights(self, wanted: Filter | None) -> None:
        """Colour what a filter looks for, in this entry and in those that come."""
        self._awaited, self._is_first_awaited = 0, False
        self._finder.look_for(wanted)

    def next_match(self) -> bool:
        """Go to the next match in the payload; whether there is one.

        While it is still being looked for, this says yes; if there is none, `matches-ended` says so
        later, with 1.
        """
        return self._go(1)

    def previous_match(self) -> bool:
        """Go to the match before, from nowhere to the last; as `next_match`, with -1."""
        return self._go(-1)

    def enter(self, direction: int) -> None:
        """The person came here from a match elsewhere: be at the first one, or with -1 the last,
        as soon as it is found."""
        self._go(direction)
        self._tells_end = False

    def clear(self) -> None:
        """Let go of the entry."""
        self._awaited = 0
        self._finder.stop()
        self._filler.stop()
        self._entry = None
        self._buffer.set_text("")
        self._finder.restart()

    def _chosen_name(self) -> str:
        chosen = self._view_drop_down.get_selected()
        return self._views[chosen].name if 0 < chosen < len(self._views) else ""

    def _render(self) -> None:
        entry, place = self._entry, self._view_drop_down.get_selected()
        if entry is None or place >= len(self._views):
            return
        view = self._views[place]
        manager = GtkSource.LanguageManager.get_default()
        highlights = view.language is not None and len(entry.payload) <= _HIGHLIGHTED_BYTES
        self._buffer.set_language(
            manager.get_language(view.language) if highlights and view.language else None
        )
        wrap = Gtk.WrapMode.NONE if view is HEX else Gtk.WrapMode.CHAR
        self._text_view.set_wrap_mode(wrap)
        self._awaited = 0
        self._finder.stop()
        self._filler.fill(broken(view.render(entry.payload)))
        self._is_first_awaited = False
        self._finder.restart(view.text_column)
        self._is_first_awaited = not self._show_first_match()
        self._show_cut()

    def _show_cut(self) -> None:
        entry = self._entry
        if entry is None:
            return
        is_cut = len(entry.payload) < entry.size
        busy = self._filler.is_busy
        self._cut_box.set_visible(is_cut or busy)
        self._loading_spinner.set_spinning(busy)
        self._loading_spinner.set_visible(busy)
        self._stop_button.set_visible(busy)
        self._whole_button.set_visible(is_cut and not busy)
        shown = size(len(entry.payload))
        words = f"The first {shown} of {size(entry.size)}" if is_cut else f"Loading {shown}…"
        self._cut_label.set_text(words)

    def _go(self, direction: int) -> bool:
        finder = self._finder
        if not finder.is_on or self._entry is None:
            return False
        place = finder.current + direction
        if finder.current < 0 and direction < 0:
            # The last one is known when all were found.
            place = len(finder) - 1 if finder.is_done else len(finder)
        self._awaited, self._is_first_awaited = 0, False
        if 0 <= place < len(finder):
            self._show_place(finder.go_to(place))
            self._show_matches()
            return True
        if place >= 0 and not finder.is_done:
            self._awaited, self._tells_end = direction, True
            return True
        return False

    def _show_first_match(self) -> bool:
        first = self._finder.first()
        if first is not None:
            self._show_place(first)
        return first is not None

    def _is_at_top(self) -> bool:
        adjustment = self._text_view.get_vadjustment()
        return adjustment is None or not adjustment.get_value()

    def _show_place(self, place: Gtk.TextIter) -> None:
        self._buffer.place_cursor(place)
        self._scroller.scroll()

    def _show_matches(self) -> None:
        finder, entry = self._finder, self._entry
        self._match_bar.set_visible(finder.is_on and entry is not None)
        if finder.is_on and entry is not None:
            words = match_words(
                finder.current,
                len(finder),
                is_done=finder.is_done,
                is_all=len(finder) < MOST,
                is_whole=len(entry.payload) == entry.size,
            )
            self._match_bar.show_matches(words, finder.current, len(finder))

    def _on_finder_found(self) -> None:
        if self._is_first_awaited:
            # Not where the person has gone elsewhere meanwhile.
            self._is_first_awaited = self._is_at_top() and not self._show_first_match()
        self._show_matches()
        awaited, tells_end = self._awaited, self._tells_end
        if awaited and self._go(awaited):
            self._tells_end = tells_end
        elif awaited and tells_end:
            self.emit("matches-ended", awaited)

    def _on_filler_grown(self) -> None:
        self._finder.wake()

    def _on_filler_done(self) -> None:
        self._finder.wake()
        self._show_cut()

    @Gtk.Template.Callback()
    def _on_star_button_toggled(self, button: Gtk.ToggleButton) -> None:
        name = "starred-symbolic" if button.get_active() else "non-starred-symbolic"
        button.set_icon_name(name)
        if not self._is_showing_mark:
            self.emit("star-toggled", button.get_active())

    @Gtk.Template.Callback()
    def _on_note_row_note_changed(self, _row: NoteRow, note: str) -> None:
        self.emit("note-changed", note)

    @Gtk.Template.Callback()
    def _on_match_bar_next_match(self, _bar: MatchBar) -> None:
        self.next_match()

    @Gtk.Template.Callback()
    def _on_match_bar_previous_match(self, _bar: MatchBar) -> None:
        self.previous_match()

    @Gtk.Template.Callback()
    def _on_view_drop_down_notify_selected(
        self, _drop_down: Gtk.DropDown, _property: GObject.ParamSpec
    ) -> None:
        self._render()

    @Gtk.Template.Callback()
    def _on_copy_button_clicked(self, _button: Gtk.Button) -> None:
        self.emit("copy-requested")

    @Gtk.Template.Callback()
    def _on_close_button_clicked(self, _button: Gtk.Button) -> None:
        self.emit("close-requested")

    @Gtk.Template.Callback()
    def _on_whole_button_clicked(self, _button: Gtk.Button) -> None:
        self.emit("whole-requested")

    @Gtk.Template.Callback()
    def _on_stop_button_clicked(self, _button: Gtk.Button) -> None:
        self._filler.stop()
        self._finder.wake()
        self._show_cut()

    def _on_style_notify_dark(
        self, style: Adw.StyleManager, _property: GObject.ParamSpec | None
    ) -> None:
        name = "Adwaita-dark" if style.get_dark() else "Adwaita"
        scheme = GtkSource.StyleSchemeManager.get_default().get_scheme(name)
        self._buffer.set_style_scheme(scheme)


def copied(entry: Entry) -> Gdk.ContentProvider:
    """What copying an entry puts on the clipboard: text as it is, binary as hexadecimal."""
    is_text = entry.kind in (Kind.TEXT, Kind.EVENT)
    text = entry.payload.decode(errors="replace") if is_text else entry.payload.hex(" ")
    return Gdk.ContentProvider.new_for_value(text)


def _facts(entry: Entry) -> str:
    moment = datetime.fromtimestamp(entry.time).strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]
    facts = [f"#{entry.number + 1:,}", moment, size_words(entry)]
    return " · ".join(fact for fact in facts if fact)
