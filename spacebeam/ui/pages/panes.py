"""Two panes with a handle, beside or below each other, that share the space in proportion."""

from __future__ import annotations

from gi.repository import GObject, Gtk

from spacebeam.ui.compat import set_movable
from spacebeam.ui.handlers import weak_handlers

_LEAST_SHARE, _LARGEST_SHARE = 0.1, 0.9


@weak_handlers
class Panes(Gtk.Paned):
    """Keeps the first pane's share of the space when its own size or orientation changes.

    Emits `share-changed` (whether the panes are beside each other, and the share from 0 to 1) when
    the person moves the handle.
    """

    __gtype_name__ = "SpacebeamPanes"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "share-changed": (GObject.SignalFlags.RUN_FIRST, None, (bool, float)),
    }

    def __init__(self) -> None:
        super().__init__()
        self._shares = {Gtk.Orientation.HORIZONTAL: 0.6, Gtk.Orientation.VERTICAL: 0.5}
        self._is_arranging = False
        self._arranged: tuple[object, ...] = ()  # what the position was calculated from
        set_movable(self, False)
        self.connect("notify::position", self._on_notify_position)

    @property
    def is_beside(self) -> bool:
        """Whether the panes are beside each other."""
        return bool(self.get_orientation() == Gtk.Orientation.HORIZONTAL)

    def show_beside(self, is_beside: bool) -> None:
        """Put the panes beside or below each other."""
        if is_beside is not self.is_beside:
            self._is_arranging = True  # GTK resets the position
            self.set_orientation(
                Gtk.Orientation.HORIZONTAL if is_beside else Gtk.Orientation.VERTICAL
            )
            self._is_arranging = False
            self.queue_allocate()

    def show_shares(self, beside: float, below: float) -> None:
        """Set the first pane's share when they are beside and when they are below each other."""
        shares = {Gtk.Orientation.HORIZONTAL: beside, Gtk.Orientation.VERTICAL: below}
        if shares != self._shares:
            self._shares = shares
            self.queue_allocate()

    def show_second(self, is_shown: bool) -> None:
        """Show or hide the second pane, and the handle."""
        second = self.get_end_child()
        if second is not None:
            second.set_visible(is_shown)
        set_movable(self, is_shown)

    def do_size_allocate(self, width: int, height: int, baseline: int) -> None:
        self._is_arranging = True
        room, share = width if self.is_beside else height, self._shares[self.get_orientation()]
        second = self.get_end_child()
        wanted = room, share, self.is_beside, second is not None and second.get_visible()
        Gtk.Paned.do_size_allocate(self, width, height, baseline)  # it scales the last position
        if wanted != self._arranged:
            self._arranged = wanted
            self.set_position(round(room * share))
            Gtk.Paned.do_size_allocate(self, width, height, baseline)
        self._is_arranging = False

    def _on_notify_position(self, _paned: Gtk.Paned, _property: GObject.ParamSpec) -> None:
        room = self.get_width() if self.is_beside else self.get_height()
        if self._is_arranging or room <= 0:
            return
        share = min(max(self.get_position() / room, _LEAST_SHARE), _LARGEST_SHARE)
        self._shares[self.get_orientation()] = share
        self._arranged = room, share, self.is_beside, True
        self.emit("share-changed", self.is_beside, share)
