"""A popover that explains the filter language by examples."""

from __future__ import annotations

from gi.repository import GObject, Gtk, Pango

from spacebeam.ui.hyphens import no_hyphens
from spacebeam.ui.popover_place import fit, fit_list
from spacebeam.ui.template import template
from spacebeam.wording.i18n import _

_WIDTH, _HEIGHT = 290, 560  # pixels, of the popover and of its list
EXAMPLES = (
    ("error", _("Contains this word, in upper or lower case")),
    ("case:yes", _("Upper and lower case differ in words; also the button Aa")),
    ('"two words"', _("Contains this text with spaces")),
    ("/time ?out/i", _("Matches this regular expression; only i ignores case")),
    ("is:sent", _("Also received, text, binary, ping, pong, close, event, starred")),
    ("size>10k", _("Large payloads; also <, >=, <= and =, in bytes, k, M or G")),
    ("after:12:30:05", _("From this time of every day on; of one day: 2026-11-25T12:30")),
    ("before:12:45", _("Before this time of every day")),
    ("json:type=trade", _("JSON with this value")),
    ('json:id="7"', _("JSON with this text, not the number 7")),
    ("json:price>100", _("JSON with a larger number, or a text that is one; also <, >=, <=, !=")),
    ("json:user.name~ann", _("JSON whose value contains this text, in upper or lower case")),
    ("json:items[0].id", _("JSON in which this path exists")),
    ("is:unanswered", _("Questions without an answer, in a protocol that has ids for them")),
    ("is:invalid", _("Messages that violate the connection's JSON Schema")),
    (
        "latency>200ms",
        _("Answers that came later than this; also <, >=, <=, =; ns, us, ms, s, m"),
    ),
    ("pair:getBook", _("Questions of this method, and their answers")),
    ("gap:json:seq", _("Messages before which a sequence number is missing, or that repeat one")),
    ("-is:ping", _("Not this; every condition can be negated")),
)


@template("filter_help.ui")
class FilterHelp(Gtk.Popover):
    """Lists examples; emits `example-chosen` with the term that was clicked."""

    __gtype_name__ = "SpacebeamFilterHelp"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "example-chosen": (GObject.SignalFlags.RUN_FIRST, None, (str,)),
    }

    _box: Gtk.Box = Gtk.Template.Child()
    _scrolled_window: Gtk.ScrolledWindow = Gtk.Template.Child()
    _list_box: Gtk.ListBox = Gtk.Template.Child()

    def __init__(self) -> None:
        super().__init__()
        for term, meaning in EXAMPLES:
            self._list_box.append(_row(term, meaning))

    @Gtk.Template.Callback()
    def _on_show(self, _popover: Gtk.Popover) -> None:
        fit(self, self._box, _WIDTH)
        fit_list(self, self._box, self._scrolled_window, _HEIGHT)

    @Gtk.Template.Callback()
    def _on_list_box_row_activated(self, _list_box: Gtk.ListBox, row: Gtk.ListBoxRow) -> None:
        self.popdown()
        self.emit("example-chosen", EXAMPLES[row.get_index()][0])

    @Gtk.Template.Callback()
    def _on_all_button_clicked(self, _button: Gtk.Button) -> None:
        self.popdown()


def _row(term: str, meaning: str) -> Gtk.ListBoxRow:
    box = Gtk.Box(orientation=Gtk.Orientation.VERTICAL)
    box.append(Gtk.Label(label=term, xalign=0, css_classes=["monospace"]))
    box.append(
        Gtk.Label(
            label=meaning,
            xalign=0,
            wrap=True,
            wrap_mode=Pango.WrapMode.WORD_CHAR,
            attributes=no_hyphens(),
            max_width_chars=34,
            css_classes=["caption", "dim-label"],
        )
    )
    row = Gtk.ListBoxRow(child=box)
    row.update_property([Gtk.AccessibleProperty.LABEL], [f"{term}: {meaning}"])
    return row
