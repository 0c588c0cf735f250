"""The inspector: one entry's payload, as a decoder shows it, with its facts, star and note."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import suppress

from gi.repository import Gio, GObject, Gtk

from spacebeam.decode.byte_ranges import Range
from spacebeam.decode.decoder import Data, DecodeError, Rendering
from spacebeam.decode.hex import width_for
from spacebeam.protocol.batch import Kind
from spacebeam.recording.entry import Entry, Mark
from spacebeam.recording.recording import Recording
from spacebeam.search.filter import Filter
from spacebeam.search.selected import Chunk
from spacebeam.ui.actions import add, insert
from spacebeam.ui.compare.change_marks import ChangeMarks
from spacebeam.ui.focus import has_focus
from spacebeam.ui.handlers import weakly
from spacebeam.ui.inspector.byte_jumps import ByteJumps
from spacebeam.ui.inspector.counterpart_row import CounterpartRow
from spacebeam.ui.inspector.entry_facts import cut_words, details, head
from spacebeam.ui.inspector.finding import Finding
from spacebeam.ui.inspector.json_table_view import JsonTableView
from spacebeam.ui.inspector.json_tree_view import JsonTreeView
from spacebeam.ui.inspector.media_page import MediaPage
from spacebeam.ui.inspector.media_switch import MediaSwitch
from spacebeam.ui.inspector.note_row import NoteRow
from spacebeam.ui.inspector.paged_text import PagedText
from spacebeam.ui.inspector.payload_find_bar import PayloadFindBar
from spacebeam.ui.inspector.several_page import SeveralPage
from spacebeam.ui.inspector.span_row import SpanRow
from spacebeam.ui.inspector.table_switch import TableSwitch
from spacebeam.ui.inspector.views import PayloadView, context_for, views_for
from spacebeam.ui.inspector.violation_bar import ViolationBar
from spacebeam.ui.tasks import Tasks
from spacebeam.ui.template import template
from spacebeam.ui.timeline.row_menu import entry_menu

SHOWN_BYTES = 512 * 1024  # of a payload, until all of it is requested


@template("inspector.ui")
class Inspector(Gtk.Box):
    """Shows one entry.

    Emits `whole-requested`, `copy-requested` and `close-requested`; `star-toggled` and
    `note-changed` with the entry's new mark; `decoder-chosen` with a Kind and the name of the
    decoder that shows entries of this kind, "" for the best one; and `matches-ended` with 1 or -1
    if there is no further match that way; `filter-requested` with the term that finds a value;
    `entry-requested` with the number of the entry that answers this one, or is answered by it; and
    `tree-chosen` when the person chose to see JSON as a tree, or as text.
    """

    __gtype_name__ = "SpacebeamInspector"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "whole-requested": (GObject.SignalFlags.RUN_FIRST, None, ()),
        "copy-requested": (GObject.SignalFlags.RUN_FIRST, None, ()),
        "close-requested": (GObject.SignalFlags.RUN_FIRST, None, ()),
        "star-toggled": (GObject.SignalFlags.RUN_FIRST, None, (bool,)),
        "note-changed": (GObject.SignalFlags.RUN_FIRST, None, (str,)),
        "decoder-chosen": (GObject.SignalFlags.RUN_FIRST, None, (object, str)),
        "matches-ended": (GObject.SignalFlags.RUN_FIRST, None, (int,)),
        "filter-requested": (GObject.SignalFlags.RUN_FIRST, None, (str,)),
        "entry-requested": (GObject.SignalFlags.RUN_FIRST, None, (int,)),
        "tree-chosen": (GObject.SignalFlags.RUN_FIRST, None, (bool,)),
    }

    _head_box: Gtk.Box = Gtk.Template.Child()
    _buttons_box: Gtk.Box = Gtk.Template.Child()
    _title_label: Gtk.Label = Gtk.Template.Child()
    _star_button: Gtk.ToggleButton = Gtk.Template.Child()
    _note_row: NoteRow = Gtk.Template.Child()
    counterpart_row: CounterpartRow = Gtk.Template.Child("_counterpart_row")
    span_row: SpanRow = Gtk.Template.Child("_span_row")
    _view_drop_down: Gtk.DropDown = Gtk.Template.Child()
    _violation_bar: ViolationBar = Gtk.Template.Child()
    _cut_box: Gtk.Box = Gtk.Template.Child()
    _cut_label: Gtk.Label = Gtk.Template.Child()
    _tree_button: Gtk.ToggleButton = Gtk.Template.Child()
    _find_bar: PayloadFindBar = Gtk.Template.Child()
    _changes_button: Gtk.ToggleButton = Gtk.Template.Child()
    _stack: Gtk.Stack = Gtk.Template.Child()
    _paged_text: PagedText = Gtk.Template.Child()
    _tree_view: JsonTreeView = Gtk.Template.Child()
    _table_button: Gtk.Button = Gtk.Template.Child()
    _table_view: JsonTableView = Gtk.Template.Child()
    _media_page: MediaPage = Gtk.Template.Child()
    _several_page: SeveralPage = Gtk.Template.Child()
    _menu_button: Gtk.MenuButton = Gtk.Template.Child()

    def __init__(self) -> None:
        super().__init__()
        self._entry: Entry | None = None
        self._views: list[PayloadView] = []
        self._recording = Recording()
        self._tasks = Tasks()
        self.changes = ChangeMarks(self._tree_view, self._changes_button)
        self._chosen: dict[Kind, str] = {}  # names of decoders, for the connection
        self._columns = self._paged_text.columns  # of what is shown
        self._is_showing_mark = False
        self._is_showing_views = False
        self._menu_button.set_menu_model(entry_menu())
        stack, text, tree = self._stack, self._paged_text, self._tree_view
        self.finding = Finding(self._find_bar, (text, tree), weakly(self._shown_view))
        self._table_switch = TableSwitch(stack, tree, self._table_view, self._table_button)
        self._media_switch = MediaSwitch(stack, tree, self._media_page)
        actions = Gio.SimpleActionGroup()
        add(actions, {"find": self.find})
        insert(self, "inspector", actions)
        self._jumps = ByteJumps(tree, text, actions, weakly(self._show_view_with))

    def show_narrow(self, is_narrow: bool) -> None:
        """Put the buttons below the title if the window is narrow."""
        upright = Gtk.Orientation.VERTICAL if is_narrow else Gtk.Orientation.HORIZONTAL
        self._head_box.set_orientation(upright)
        self._buttons_box.set_halign(Gtk.Align.END if is_narrow else Gtk.Align.FILL)

    def show_recording(self, recording: Recording) -> None:
        """Forget the chosen decoders: later entries are those of another connection."""
        self._recording = recording
        for kind in list(self._chosen):
            self._choose(kind, "")

    def show_entry(self, entry: Entry) -> None:
        """Show an entry; its payload may be the beginning only."""
        self._several_page.clear()
        self._show_parts_of_one(True)
        self._entry = entry
        self._title_label.set_text(head(entry))
        self._title_label.set_tooltip_text(details(entry))
        self.span_row.show_entry(self._recording, entry)
        self._show_views(entry)
        self._render()
        self.counterpart_row.show_entry(self._recording, entry.number)

    def show_several(self, count: int, chunks: Iterator[Chunk]) -> None:
        """Show how many entries are selected, and the sum of their sizes."""
        self.clear()
        self._show_parts_of_one(False)
        self._stack.set_visible_child(self._several_page)
        self._several_page.show_selected(count, chunks)

    def _show_parts_of_one(self, is_one: bool) -> None:
        self._head_box.set_visible(is_one)
        if not is_one:
            self.finding.close()
            self._note_row.set_visible(False)
            self._cut_box.set_visible(False)

    def show_mark(self, mark: Mark | None) -> None:
        """Show the entry's star and note."""
        self._is_showing_mark = True
        self._star_button.set_active(mark is not None and mark.is_starred)
        self._is_showing_mark = False
        note = "" if mark is None else mark.note
        self._note_row.show_note(note)
        self._note_row.set_visible(bool(note) or has_focus(self._note_row))

    def edit_note(self) -> None:
        """Show the field for the note and focus it."""
        self._note_row.set_visible(True)
        self._note_row.focus()

    def focus(self) -> None:
        """Focus the payload, or the first button if it cannot have the focus."""
        is_several = self._stack.get_visible_child() is self._several_page
        view = self._table_view if self._table_switch.is_table else self._shown_view()
        if is_several or not view.focus():
            self.child_focus(Gtk.DirectionType.TAB_FORWARD)

    def show_trees(self, is_tree: bool) -> None:
        """Show JSON as a tree, or as text."""
        if self._tree_button.get_active() != is_tree:
            self._is_showing_views = True
            self._tree_button.set_active(is_tree)
            self._is_showing_views = False
            self._render()

    def show_highlights(self, wanted: Filter | None) -> None:
        """Highlight a filter's matches, in this entry and in later ones."""
        self.finding.show_filter(wanted)

    def find(self) -> bool:
        """Open the field for words; return False if no entry is shown, or it has the focus."""
        can_find = self._entry is not None and not has_focus(self._find_bar)
        if can_find:
            self._table_switch.show_tree()
            self.finding.open()
        return can_find

    def next_match(self) -> bool:
        """Go to the next match in the payload; return whether there is one.

        Returns True while the search goes on; if it finds none, `matches-ended` is emitted with 1.
        """
        return self._shown_view().next_match()

    def previous_match(self) -> bool:
        """Go to the previous match, at first to the last one; as `next_match`, with -1."""
        return self._shown_view().previous_match()

    def enter(self, direction: int) -> None:
        """Go to the first match, or with -1 the last, as soon as it is found."""
        self._shown_view().enter(direction)

    def clear(self) -> None:
        """Forget the entry."""
        self._tasks.cancel()
        self.counterpart_row.clear()
        self.span_row.clear()
        self._violation_bar.clear()
        self._jumps.show_views([])
        self._entry = None
        self._several_page.clear()
        self._paged_text.clear()
        self.changes.clear_tree()
        self._table_view.clear()

    def close(self) -> None:
        """Show nothing any more, as its tab is closed."""
        self.clear()
        self._tree_view.close()
        self._table_view.close()

    def _shown_view(self) -> PagedText | JsonTreeView:
        is_text = self._stack.get_visible_child() is self._paged_text
        return self._paged_text if is_text else self._tree_view

    def _choose(self, kind: Kind, name: str) -> None:
        self._chosen.pop(kind, None)
        if name:
            self._chosen[kind] = name
        self.emit("decoder-chosen", kind, name)

    def decoder_of(self, kind: Kind) -> str:
        """Return the name of the decoder that was chosen for payloads of a kind, or ""."""
        return self._chosen.get(kind, "")

    def choose_decoder(self, kind: Kind, name: str) -> None:
        """Choose the decoder of a kind of the connection's messages; "" for the best one."""
        self._choose(kind, name)
        if self._entry is not None and self._entry.kind is kind:
            self.decode_again()

    def decode_again(self) -> None:
        """Decode the entry again, as another decoder or schema is used."""
        if self._entry is not None:
            self._show_views(self._entry)
            self._render()

    def _show_views(self, entry: Entry) -> None:
        """Offer the views of an entry, and select the one chosen for the connection."""
        joined = self.span_row.joined
        context = context_for(entry, self._recording, joined)
        # The best view stays first; choosing it resets the choice.
        self._views = views_for(entry, context, joined)
        self._violation_bar.check(entry, context, self._tree_view)
        self._jumps.show_views(self._views)
        names = [view.name for view in self._views]
        chosen = self._chosen.get(entry.kind, "")
        self._is_showing_views = True
        self._view_drop_down.set_model(Gtk.StringList.new([view.label for view in self._views]))
        self._view_drop_down.set_selected(names.index(chosen) if chosen in names else 0)
        self._is_showing_views = False

    def _show_view_with(self, place: int, marked: Range | None) -> None:
        """Show a view once, with bytes that are marked; as a tree if it has one."""
        self._is_showing_views = True
        self._view_drop_down.set_selected(place)
        self._tree_button.set_active(self._tree_button.get_active() or self._views[place].has_tree)
        self._is_showing_views = False
        self._render(0 if marked is None else marked[0], marked)
        self._shown_view().focus()

    def _render(self, offset: int = 0, marked: Range | None = None) -> None:
        """Show the payload in the chosen view, from its byte `offset` on."""
        entry, place = self._entry, self._view_drop_down.get_selected()
        if entry is None or place >= len(self._views):
            return
        view = self._views[place]
        self._cut_box.set_visible(len(entry.payload) < entry.size)
        self._cut_label.set_text(cut_words(entry))
        self._tree_button.set_visible(view.has_tree)
        self._tasks.cancel()
        if view.media is not None:
            self._media_switch.show_payload(view.media)
        elif view.is_slow:
            self._tasks.start(self._decode(entry, view))
        elif view.tree is not None and self._tree_button.get_active():
            try:
                self._show_tree(entry, view, view.tree())
            except DecodeError:  # the text says why
                self._show_text(entry, view, view.render(self._paged_text.columns))
        else:
            self._show_text(entry, view, view.render(self._paged_text.columns), offset, marked)

    async def _decode(self, entry: Entry, view: PayloadView) -> None:
        """Show a payload that takes longer than a frame to decode."""
        if view.tree is not None and self._tree_button.get_active():
            with suppress(DecodeError):  # the text says why
                self._show_tree(entry, view, await asyncio.to_thread(view.tree))
                return
        self._show_text(entry, view, await asyncio.to_thread(view.render, self._paged_text.columns))

    def _show_tree(self, entry: Entry, view: PayloadView, document: Data) -> None:
        self._paged_text.clear()
        self._stack.set_visible_child(self._tree_view)
        self.changes.show_tree(self._recording, entry, view.name, document)
        self._jumps.show_tree(view)
        self._violation_bar.mark(self._tree_view)

    def _show_text(
        self,
        entry: Entry,
        view: PayloadView,
        rendering: Rendering,
        offset: int = 0,
        marked: Range | None = None,
    ) -> None:
        self.changes.clear_tree()
        self._stack.set_visible_child(self._paged_text)
        self._columns = self._paged_text.columns
        self._paged_text.show_rendering(
            rendering,
            len(entry.payload),
            is_wrapped=view.is_wrapped,
            is_whole=len(entry.payload) >= entry.size,
            offset=offset,
            dump_width=width_for(self._columns) if view.is_dump else 0,
            marked=marked,
        )
        self._jumps.show_text(view)

    @Gtk.Template.Callback()
    def _on_paged_text_columns_changed(self, text: PagedText) -> None:
        place, before = self._view_drop_down.get_selected(), self._columns
        if place < len(self._views) and not self._views[place].is_same(before, text.columns):
            marked = text.selected_bytes
            self._render(text.offset if marked is None else marked[0], marked)

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
    def _on_entry_requested(self, _row: CounterpartRow | SpanRow, number: int) -> None:
        self.emit("entry-requested", number)

    @Gtk.Template.Callback()
    def _on_span_row_read(self, _row: SpanRow) -> None:
        self.decode_again()

    @Gtk.Template.Callback()
    def _on_view_drop_down_notify_selected(
        self, drop_down: Gtk.DropDown, _property: GObject.ParamSpec
    ) -> None:
        entry, place = self._entry, drop_down.get_selected()
        if self._is_showing_views or entry is None or place >= len(self._views):
            return
        self._choose(entry.kind, self._views[place].name if place else "")
        self._render()

    @Gtk.Template.Callback()
    def _on_tree_button_toggled(self, button: Gtk.ToggleButton) -> None:
        if not self._is_showing_views:
            self._render()
            self.emit("tree-chosen", button.get_active())

    @Gtk.Template.Callback()
    def _on_tree_view_filter_requested(self, _view: JsonTreeView, term: str) -> None:
        self.emit("filter-requested", term)

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
    def _on_matches_ended(self, _view: PagedText | JsonTreeView, direction: int) -> None:
        if not self.finding.wrap(direction):
            self.emit("matches-ended", direction)
