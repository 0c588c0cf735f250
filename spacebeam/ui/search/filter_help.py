"""The filter language by examples; a click on one writes it."""

from __future__ import annotations

from gi.repository import GObject, Gtk, Pango

from spacebeam.ui.template import template

EXAMPLES = (
    ("error", "What holds this word, as it is written"),
    ('"two words"', "A text with blanks in it"),
    ("/time ?out/i", "A regular expression; the i ignores case"),
    ("is:sent", "Also received, text, binary, ping, pong, close, event, starred"),
    ("size>10k", "Large payloads; also <, >=, <= and =, in bytes, k, M or G"),
    ("after:12:30:05", "From a time on; a day is written 2026-11-25T12:30"),
    ("before:12:45", "Up to a time"),
    ("json:type=trade", "JSON with this value"),
    ("json:user.name~ann", "JSON whose value holds a text"),
    ("json:items[0].id", "JSON that has this at all"),
    ("-is:ping", "Not this. A minus can stand before everything"),
)


@template("filter_help.ui")
class FilterHelp(Gtk.Popover):
    """What can be written. `example-chosen` carries a term."""

    __gtype_name__ = "SpacebeamFilterHelp"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "example-chosen": (GObject.SignalFlags.RUN_FIRST, None, (str,)),
    }

    _list_box: Gtk.ListBox = Gtk.Template.Child()

    def __init__(self) -> None:
        super().__init__()
        for term, meaning in EXAMPLES:
            self._list_box.append(_row(term, meaning))

    @Gtk.Template.Callback()
    def _on_list_box_row_activated(self, _list_box: Gtk.ListBox, row: Gtk.ListBoxRow) -> None:
        self.popdown()
        self.emit("example-chosen", EXAMPLES[row.get_index()][0])


def _row(term: str, meaning: str) -> Gtk.ListBoxRow:
    box = Gtk.Box(orientation=Gtk.Orientation.VERTICAL)
    box.append(Gtk.Label(label=term, xalign=0, css_classes=["monospace"]))
    box.append(
        Gtk.Label(
            label=meaning,
            xalign=0,
            wrap=True,
            wrap_mode=Pango.WrapMode.WORD_CHAR,
            max_width_chars=34,
            css_classes=["caption", "dim-label"],
        )
    )
    row = Gtk.ListBoxRow(child=box)
    row.update_property([Gtk.AccessibleProperty.LABEL], [f"{term}: {meaning}"])
    return row
