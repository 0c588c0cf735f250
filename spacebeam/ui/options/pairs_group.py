"""A list of names and values, with buttons to add a row and to paste from the clipboard."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from gi.repository import Adw, Gdk, Gio, GLib, GObject, Gtk

from spacebeam.profiles import pasted
from spacebeam.profiles.pasted import PastedPairs
from spacebeam.profiles.profile import MAX_PAIRS, Pair
from spacebeam.ui.options.pair_row import PairRow
from spacebeam.ui.template import template
from spacebeam.ui.variables.known import Known
from spacebeam.wording.i18n import _, has_translations, ngettext

_READERS: dict[str, Callable[[str], PastedPairs]] = {
    "request.headers": pasted.headers,
    "request.query": pasted.parameters,
    "request.cookies": pasted.cookies,
}


@template("pairs_group.ui")
class PairsGroup(Adw.PreferencesGroup):
    """Emits `changed` after every change, and `noticed` with a sentence about what was pasted.

    `path` is the path of the field in the profile.
    """

    __gtype_name__ = "SpacebeamPairsGroup"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "changed": (GObject.SignalFlags.RUN_FIRST, None, ()),
        "noticed": (GObject.SignalFlags.RUN_FIRST, None, (str,)),
    }

    _add_button: Gtk.Button = Gtk.Template.Child()
    _paste_button: Gtk.Button = Gtk.Template.Child()

    def __init__(self) -> None:
        super().__init__()
        self.path = "request.headers"
        self._known: Callable[[], Known] | None = None  # variables
        self._rows: list[PairRow] = []
        self.connect("notify::title", self._on_notify_title)

    def follow_variables(self, known: Callable[[], Known]) -> None:
        """Propose and mark variables in all rows."""
        self._known = known
        for row in self._rows:
            row.follow_variables(known)

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """The pairs of all rows that are not empty."""
        return tuple(row.pair for row in self._filled)

    def show_pairs(self, pairs: tuple[Pair, ...]) -> None:
        """Show these pairs in place of all others."""
        for row in self._rows:
            self.remove(row)
        self._rows = []
        for pair in pairs:
            self._add(pair)

    def show_errors(self, messages: dict[int | None, str]) -> None:
        """Show the errors of pairs, by their number."""
        for number, row in enumerate(self._filled):
            row.show_error(messages.get(number, ""))

    def focus_pair(self, number: int) -> None:
        """Move the focus to a pair."""
        self._filled[number].grab_focus()

    def paste(self, text: str) -> None:
        """Add pairs from text; emit `noticed` for what is left out."""
        found = _READERS[self.path](text)
        room = max(0, MAX_PAIRS - len(self.pairs))
        for row in [row for row in self._rows if row.is_empty]:
            self._remove(row)
        for pair in found.pairs[:room]:
            self._add(pair)
        self.emit("changed")
        for words in _notices(found, len(found.pairs[room:])):
            self.emit("noticed", words)

    @property
    def _filled(self) -> list[PairRow]:
        return [row for row in self._rows if not row.is_empty]

    def _add(self, pair: Pair) -> PairRow:
        row = PairRow(self.path, pair)
        if self._known is not None:
            row.follow_variables(self._known)
        row.connect("changed", self._on_row_changed)
        row.connect("remove-requested", self._on_row_remove_requested)
        self._rows.append(row)
        self.add(row)
        return row

    def _remove(self, row: PairRow) -> None:
        self._rows.remove(row)
        self.remove(row)

    def _on_row_changed(self, row: PairRow) -> None:
        if row.is_empty:
            row.show_error("")
        self.emit("changed")

    def _on_row_remove_requested(self, row: PairRow) -> None:
        at = self._rows.index(row)
        self._remove(row)
        # The removed row had the focus.
        (self._rows[min(at, len(self._rows) - 1)] if self._rows else self._add_button).grab_focus()
        self.emit("changed")

    def _on_notify_title(self, _group: Adw.PreferencesGroup, _property: GObject.ParamSpec) -> None:
        title = self.get_title()
        what = title if has_translations() else title.lower()  # nouns may need their capital
        for button, words in (
            (self._add_button, _("Add {what}")),
            (self._paste_button, _("Paste {what}")),
        ):
            button.update_property([Gtk.AccessibleProperty.LABEL], [words.format(what=what)])

    def _on_clipboard_read(self, clipboard: Gdk.Clipboard, result: Gio.AsyncResult) -> None:
        try:
            text = clipboard.read_text_finish(result)
        except GLib.Error:  # a picture, or nothing at all
            text = None
        self.paste(text or "")

    @Gtk.Template.Callback()
    def _on_add_button_clicked(self, _button: Gtk.Button) -> None:
        empty = next((row for row in self._rows if row.is_empty), None)
        (empty or self._add(("", ""))).grab_focus()

    @Gtk.Template.Callback()
    def _on_paste_button_clicked(self, _button: Gtk.Button) -> None:
        self.get_clipboard().read_text_async(None, self._on_clipboard_read)


def _notices(found: PastedPairs, too_many: int) -> Iterator[str]:
    """Yield a sentence for each reason why pasted text was left out."""
    if found.left_out:
        words = ngettext(
            "{count} left out: every handshake sends it",
            "{count} left out: every handshake sends them",
            found.left_out,
        )
        yield words.format(count=found.left_out)
    elif not found.pairs:
        yield _("There is no text to paste")
    if too_many:
        yield _("{count} left out: the list is full").format(count=too_many)
