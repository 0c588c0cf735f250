"""A list of proposals beside the cursor, which never takes the focus."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gi.repository import Gdk, GObject, Gtk, Pango

from spacebeam.decode.visible import one_line
from spacebeam.ui.handlers import weak_handlers
from spacebeam.ui.input_method import takes_key

MAX_PROPOSALS = 8
_KEYS = frozenset(
    (
        *(Gdk.KEY_Up, Gdk.KEY_Down, Gdk.KEY_Escape),
        *(Gdk.KEY_Tab, Gdk.KEY_Return, Gdk.KEY_KP_Enter),  # these choose
    )
)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is put in, and how it is shown."""

    text: str
    label: str
    detail: str = ""


@weak_handlers
class Proposals(GObject.Object):
    """The proposals for one field; emits `chosen` (a Proposal, and the key, 0 for a click).

    Arrow keys select one, Tab and Enter choose it, and Escape hides them. `parent` is the widget
    that the list is placed over; it has a layout that allocates no popover by itself, so the list
    is placed whenever it is shown. The keys are those of `field`, or of the parent; a controller
    that is added last is asked first.
    """

    __gtype_name__ = "SpacebeamProposals"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "chosen": (GObject.SignalFlags.RUN_FIRST, None, (object, int)),
    }

    def __init__(
        self, parent: Gtk.Widget, *, field: Gtk.TextView | None = None, is_wide: bool = False
    ) -> None:
        super().__init__()
        self._parent = parent
        self._text_view = field
        self._is_wide = is_wide  # as wide as the field
        self._shown: Sequence[Proposal] = ()
        self._popover: Gtk.Popover | None = None
        self._list_box = Gtk.ListBox(selection_mode=Gtk.SelectionMode.BROWSE)
        self._list_box.connect("row-activated", self._on_list_box_row_activated)
        keys = Gtk.EventControllerKey(propagation_phase=Gtk.PropagationPhase.CAPTURE)
        keys.connect("key-pressed", self._on_key_pressed)
        (field or parent).add_controller(keys)

    @property
    def are_shown(self) -> bool:
        """Whether there are proposals."""
        return bool(self._shown)

    @property
    def _selected(self) -> Proposal | None:
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

    def _step(self, step: int) -> None:
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
        self._choose(0)

    def _choose(self, key: int) -> bool:
        """Emit the selected proposal, if there is one."""
        chosen = self._selected
        self.hide()
        if chosen is not None:
            self.emit("chosen", chosen, key)
        return chosen is not None

    def _on_key_pressed(
        self, keys: Gtk.EventControllerKey, key: int, _code: int, state: Gdk.ModifierType
    ) -> bool:
        is_plain = not state & Gtk.accelerator_get_default_mod_mask()
        if not self.are_shown or not is_plain or key not in _KEYS:
            return False
        if self._text_view is not None and takes_key(keys, self._text_view):
            return True
        if key in (Gdk.KEY_Down, Gdk.KEY_Up):
            self._step(1 if key == Gdk.KEY_Down else -1)
        elif key == Gdk.KEY_Escape:
            self.hide()
        else:
            return self._choose(key)
        return True

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
