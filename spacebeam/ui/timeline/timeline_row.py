"""One row of the timeline: direction, time, kind, one line of payload, size."""

from __future__ import annotations

from gi.repository import Gtk, Pango

from spacebeam.decode.decoder import Context
from spacebeam.decode.visible import lines
from spacebeam.protocol.batch import Direction, Kind
from spacebeam.recording.entry import Entry, Mark
from spacebeam.search.filter import Filter
from spacebeam.search.highlights import highlights
from spacebeam.search.joined import Joined
from spacebeam.ui.template import template
from spacebeam.ui.text_marks import match_attributes
from spacebeam.ui.timeline import entry_words
from spacebeam.ui.timeline.columns import RIGHT, WIDTHS, Column, Times, cell
from spacebeam.ui.timeline.pair_note import PairNote, note_label, show_note
from spacebeam.wording.i18n import _

# Characters instead of icons make a row in a third of the time. Inscriptions instead of labels
# halve the cost of a screen of entries, as their size does not depend on the text.
_ARROWS = {Direction.SENT: "↑", Direction.RECEIVED: "↓", Direction.NONE: "•"}
_STAR, _NOTE = "★", "✎"
_DIRECTION_CLASSES = {
    Direction.SENT: "sent",
    Direction.RECEIVED: "received",
    Direction.NONE: "happened",
}


@template("timeline_row.ui")
class TimelineRow(Gtk.Box):
    """Shows one entry; a row is reused for other entries as the list scrolls."""

    __gtype_name__ = "SpacebeamTimelineRow"

    _direction_label: Gtk.Inscription = Gtk.Template.Child()
    _time_label: Gtk.Inscription = Gtk.Template.Child()
    _kind_label: Gtk.Inscription = Gtk.Template.Child()
    _preview_label: Gtk.Inscription = Gtk.Template.Child()
    _size_label: Gtk.Inscription = Gtk.Template.Child()

    def __init__(self) -> None:
        super().__init__()
        self.number = -1  # of the entry that is shown
        self.accessible_name = ""  # for the list's widget, which has no name of its own
        self._look: tuple[Direction, Kind, bool] | None = None
        self._cells = {
            Column.TIME: self._time_label,
            Column.KIND: self._kind_label,
            Column.SIZE: self._size_label,
        }
        # The template has the width of the English words.
        self._kind_label.set_min_chars(WIDTHS[Column.KIND])
        self._kind_label.set_nat_chars(WIDTHS[Column.KIND])
        self._columns = tuple(self._cells)
        self._mark: Mark | None = None
        self._mark_label: Gtk.Label | None = None  # few rows ever need one
        self._day_label: Gtk.Label | None = None  # the same
        self._pair_note: PairNote | None = None
        self._pair_label: Gtk.Label | None = None  # the same
        self._violation_note: PairNote | None = None
        self._violation_label: Gtk.Label | None = None  # the same
        self._is_highlighted = False

    def show_columns(self, columns: tuple[Column, ...]) -> None:
        """Show these columns; the next `show_entry` fills them."""
        if columns == self._columns:
            return
        self._columns = columns
        before: Gtk.Widget = self._direction_label
        for column in Column:
            if column is Column.SIZE:  # this and later ones are after the payload
                before = self._preview_label
            cell = self._cells.get(column)
            if cell is None and column in columns:
                cell = self._cells[column] = _cell(column)
                self.insert_child_after(cell, before)
            if cell is not None:
                cell.set_visible(column in columns)
                before = cell

    def show_entry(
        self,
        entry: Entry,
        mark: Mark | None = None,
        highlights_of: Filter | None = None,
        context: Context | None = None,
        times: Times | None = None,
        joined: Joined | None = None,
    ) -> None:
        """Show an entry, its star and note, and the matches of a filter.

        `context` is the payload's; by default nothing is known beside the entry. `joined` is what
        it says after those before it.
        """
        self.number = entry.number
        is_empty = entry_words.is_empty(entry)
        if joined is not None:
            preview = entry_words.joined_preview(joined, entry.number)
        else:
            preview = entry_words.EMPTY if is_empty else entry_words.preview(entry, context)
        # A flood binds hundreds of rows a second, most of one kind: set only what changed.
        look = entry.direction, entry.kind, is_empty
        if look != self._look:
            self._look = look
            classes = ["timeline-row", _DIRECTION_CLASSES[entry.direction], entry.kind.name.lower()]
            self.set_css_classes([*classes, "empty"] if is_empty else classes)
            self._direction_label.set_text(_ARROWS[entry.direction])
        for column in self._columns:
            self._cells[column].set_text(cell(column, entry, times or Times()))
        self._preview_label.set_text(preview)
        if highlights_of is not None or self._is_highlighted:
            has_text = joined is None and not is_empty
            has_text = has_text and entry_words.has_payload_text(entry, context)
            self._show_matches(preview, highlights_of if has_text else None)
        if mark != self._mark:
            self._show_mark(mark)
        self.accessible_name = entry_words.accessible_name(entry, preview, mark)

    def show_new_day(self, day: str) -> None:
        """Show that a day begins with this entry; "" hides it."""
        if self._day_label is None and not day:
            return
        if self._day_label is None:
            self._day_label = Gtk.Label(css_classes=["timeline-day"])
            self.insert_child_after(self._day_label, self._preview_label.get_prev_sibling())
        self._day_label.set_text(day)
        self._day_label.set_visible(bool(day))

    def show_pair(self, note: PairNote | None) -> bool:
        """Show which question the entry answers, or that it has no answer; None hides it.

        Return whether that is another note than before.
        """
        if note == self._pair_note:
            return False
        self._pair_note = note
        if self._pair_label is None:
            self._pair_label = note_label()
            self.insert_child_after(self._pair_label, self._preview_label)
        show_note(self._pair_label, note)
        return True

    def show_violation(self, note: PairNote | None) -> None:
        """Show where the message violates the schema; None hides it."""
        if note == self._violation_note:
            return
        self._violation_note = note
        if self._violation_label is None:
            self._violation_label = note_label()
            self.insert_child_after(self._violation_label, self._preview_label)
        show_note(self._violation_label, note)

    @property
    def notes_text(self) -> str:
        """What is shown of the schema and of the entry's question, or ""."""
        violation = "" if self._violation_note is None else self._violation_note.tooltip
        return ", ".join(filter(None, (violation.replace("\n", " "), self.pair_text)))

    @property
    def pair_text(self) -> str:
        """What is shown of the entry's question, or ""."""
        return "" if self._pair_note is None else self._pair_note.text

    def _show_matches(self, preview: str, found: Filter | None) -> None:
        ranges = highlights(found, preview) if found is not None else []
        if ranges or self._is_highlighted:
            attributes = match_attributes(preview, ranges) if ranges else Pango.AttrList()
            self._preview_label.set_attributes(attributes)
        self._is_highlighted = bool(ranges)

    def _show_mark(self, mark: Mark | None) -> None:
        self._mark = mark
        shown = mark or Mark()
        label = self._mark_label
        if label is None and shown == Mark():
            return
        if label is None:
            label = self._mark_label = Gtk.Label(css_classes=["timeline-mark"])
            self.insert_child_after(label, self._preview_label.get_prev_sibling())
        label.set_text((_STAR if shown.is_starred else "") + (_NOTE if shown.note else ""))
        label.set_visible(shown != Mark())
        note = lines(shown.note)
        label.set_tooltip_text(note or (_("Starred") if shown.is_starred else None))
        words = ", ".join(((_("Starred"),) if shown.is_starred else ()) + ((note,) if note else ()))
        label.update_property([Gtk.AccessibleProperty.LABEL], [words])


def _cell(column: Column) -> Gtk.Inscription:
    width = WIDTHS[column]
    return Gtk.Inscription(
        min_chars=width,
        nat_chars=width,
        xalign=1.0 if column in RIGHT else 0.0,
        css_classes=["numeric", "dim-label", "timeline-small"],
    )
