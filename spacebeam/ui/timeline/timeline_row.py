"""One entry in the timeline: direction, time, kind, one line of payload, size."""

from __future__ import annotations

from gi.repository import Gtk

from spacebeam.recording.entry import Entry
from spacebeam.ui.template import template
from spacebeam.ui.timeline import entry_words
from spacebeam.wire.batch import Direction, Kind

# Characters, not icons: a row is made in a third of the time. And inscriptions, not labels: their
# size does not depend on the text, so a screen of other entries costs half as much.
_ARROWS = {Direction.SENT: "↑", Direction.RECEIVED: "↓", Direction.NONE: "•"}
_DIRECTION_CLASSES = {
    Direction.SENT: "sent",
    Direction.RECEIVED: "received",
    Direction.NONE: "happened",
}


@template("timeline_row.ui")
class TimelineRow(Gtk.Box):
    """Shows one entry; rows are reused for others as the list scrolls."""

    __gtype_name__ = "SpacebeamTimelineRow"

    _direction_label: Gtk.Inscription = Gtk.Template.Child()
    _time_label: Gtk.Inscription = Gtk.Template.Child()
    _kind_label: Gtk.Inscription = Gtk.Template.Child()
    _preview_label: Gtk.Inscription = Gtk.Template.Child()
    _size_label: Gtk.Inscription = Gtk.Template.Child()

    def __init__(self) -> None:
        super().__init__()
        self._direction: Direction | None = None
        self._kind: Kind | None = None

    def show_entry(self, entry: Entry) -> None:
        # A flood binds hundreds of rows a second, most of one kind: only what differs is set.
        if entry.direction is not self._direction or entry.kind is not self._kind:
            self._direction, self._kind = entry.direction, entry.kind
            classes = ["timeline-row", _DIRECTION_CLASSES[entry.direction], entry.kind.name.lower()]
            self.set_css_classes(classes)
            self._direction_label.set_text(_ARROWS[entry.direction])
            self._kind_label.set_text(entry_words.KINDS[entry.kind])
        self._time_label.set_text(entry_words.clock(entry))
        self._preview_label.set_text(entry_words.preview(entry))
        self._size_label.set_text(entry_words.size_words(entry))
