"""A list of proposals beside the cursor, which never takes the focus."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gi.repository import Gdk, GObject, Gtk, Pango

from spacebeam.decode.visible import one_line
from spacebeam.ui.handlers import weak_handlers

MAX_PROPOSALS = 8


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is put in, and how it is shown."""

    text: str
    label: str
    detail: str = ""


@weak_handlers
class Proposals(GObject.Object):
    """The proposals for one field; emits `chosen` (a Proposal) after a click.

    `parent` is the widget that the list is placed over; it has a layout that allocates no popover
    by itself, so the list is placed whenever it is shown.
    """

    __gtype_name__ = "SpacebeamProposals"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "chosen": (GObject.SignalFlags.RUN_FIRST, None, (object,)),
    }

    def __init__(self, parent: Gtk.Widget, *, is_wide: bool = False) -> None:
        super().__init__()
        self._parent = parent
        self._is_wide = is_wide  # as wide as the field
        self._shown: Sequence[Proposal] = ()
        self._popover: Gtk.Popover | None = None
        self._list_box = Gtk.ListBox(selection_mode=Gtk.SelectionMode.BROWSE)
        self._list_box.connect("row-activated", self._on_list_box_row_activated)

    @property
    def are_shown(self) -> bool:
        """Whether there are proposals."""
        return bool(self._shown)

    @property
    def selected(self) -> Proposal | None:
        """The selected proposal."""
        row = self._list_box.get_selected_row()
        at = -1 if row is None else row.get_index()
        return self._shown[at] if 0 <= at < len(self._shown) else None

    def show(self, proposals: Sequence[Proposal], at: Gdk.Rectangle, *, selects: bool) -> None:
        """Show proposals below a place in the parent; hide the list if there are none."""
        proposals = proposals[:MAX_PROPOSALS]
        if not proposals:
            self.hide()
            return
        if proposals != self._shown:
            self._shown = proposals
            while (row := self._list_box.get_row_at_index(0)) is not None:
                self._list_box.remove(row)
            for one in proposals:
                self._list_box.append(_row(one))
            self._list_box.select_row(self._list_box.get_row_at_index(0) if selects else None)
        popover = self._made()
        if self._is_wide:
            self._list_box.set_size_request(max(at.width - 12, 100), -1)
        popover.set_pointing_to(at)
        popover.popup()

    def hide(self) -> None:
        """Propose nothing."""
        self._shown = ()
        if self._popover is not None and self._popover.get_visible():
            self._popover.popdown()

    def step(self, step: int) -> None:
        """Select the next (1) or previous (-1) proposal; before the first one, none is selected."""
        row = self._list_box.get_selected_row()
        count = len(self._shown)
        at = (row.get_index() if row is not None else -1) + step
        if at == -1 or at >= count:
            at = -1 if step < 0 else 0
        elif at < -1:
            at = count - 1
        self._list_box.select_row(self._list_box.get_row_at_index(at) if at >= 0 else None)

    def _made(self) -> Gtk.Popover:
        if self._popover is None:
            popover = Gtk.Popover(
                child=self._list_box, autohide=False, has_arrow=False, can_focus=False
            )
            popover.set_position(Gtk.PositionType.BOTTOM)
            popover.set_halign(Gtk.Align.START)
            popover.add_css_class("completion")
            popover.set_parent(self._parent)
            self._parent.connect("unrealize", self._on_parent_unrealize)
            self._popover = popover
        return self._popover

    def _on_list_box_row_activated(self, list_box: Gtk.ListBox, row: Gtk.ListBoxRow) -> None:
        list_box.select_row(row)
        chosen = self.selected
        self.hide()
        if chosen is not None:
            self.emit("chosen", chosen)

    def _on_parent_unrealize(self, _parent: Gtk.Widget) -> None:
        if self._popover is not None:
            self._popover.set_child(None)
            self._popover.unparent()
            self._popover = None
            self._shown = ()


def _row(proposal: Proposal) -> Gtk.Widget:
    box = Gtk.Box(spacing=12)
    label = Gtk.Label(label=one_line(proposal.label), xalign=0, hexpand=True)
    label.set_ellipsize(Pango.EllipsizeMode.END)
    label.set_width_chars(min(len(proposal.label), 24))
    box.append(label)
    if proposal.detail:
        detail = Gtk.Label(label=one_line(proposal.detail), xalign=1, max_width_chars=28)
        detail.set_ellipsize(Pango.EllipsizeMode.END)
        detail.set_css_classes(["caption", "dim-label"])
        box.append(detail)
    return box
