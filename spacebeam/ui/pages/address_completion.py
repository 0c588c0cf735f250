"""Proposes saved and recent connections while an address is typed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from gi.repository import Adw, Gdk, GObject, Gtk

from spacebeam.ui.handlers import weak_handlers, weakly
from spacebeam.ui.proposals import Proposal, Proposals

Find = Callable[[str], Sequence[Proposal]]


@weak_handlers
class AddressCompletion(GObject.Object):
    """The proposals of an address entry; `find` returns them for what is typed.

    None is selected at first, so Enter connects to what is typed. Emits `chosen` (a proposal's
    text, and whether to connect): Enter connects, Tab and a click fill in.
    """

    __gtype_name__ = "SpacebeamAddressCompletion"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "chosen": (GObject.SignalFlags.RUN_FIRST, None, (str, bool)),
    }

    def __init__(self, entry: Gtk.Entry | Adw.EntryRow, find: Find) -> None:
        super().__init__()
        self._entry = entry
        self._find = weakly(find)
        self._proposals = Proposals(entry, is_wide=True)
        self._proposals.connect("chosen", self._on_proposals_chosen)
        entry.connect(
            "activate" if isinstance(entry, Gtk.Entry) else "entry-activated",
            self._on_entry_activate,
        )
        focus = Gtk.EventControllerFocus()
        focus.connect("leave", self._on_focus_leave)
        entry.add_controller(focus)

    def typed(self) -> None:
        """Propose what fits, as the person has typed."""
        text = self._entry.get_text()
        if not text.strip() or not _has_focus(self._entry) or "{{" in text:
            self._proposals.hide()
            return
        place = Gdk.Rectangle()
        place.width, place.height = self._entry.get_width(), self._entry.get_height()
        self._proposals.show(self._find(text), place, selects=False)

    def hide(self) -> None:
        """Propose nothing until more is typed."""
        self._proposals.hide()

    def _on_proposals_chosen(self, _proposals: Proposals, proposal: Proposal, key: int) -> None:
        self.emit("chosen", proposal.text, key in (Gdk.KEY_Return, Gdk.KEY_KP_Enter))

    def _on_entry_activate(self, _entry: Gtk.Widget) -> None:
        self._proposals.hide()

    def _on_focus_leave(self, _focus: Gtk.EventControllerFocus) -> None:
        self._proposals.hide()


def _has_focus(entry: Gtk.Entry | Adw.EntryRow) -> bool:
    text = entry.get_delegate()
    return isinstance(text, Gtk.Widget) and text.has_focus()
