"""A row of the window of calls, and its columns."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from gi.repository import GObject, Gtk, Pango

from spacebeam.decode.visible import one_line
from spacebeam.search.statistics import Group
from spacebeam.ui.handlers import weak_handlers
from spacebeam.wording.i18n import _
from spacebeam.wording.pairs import short_latency_words

_PERCENTS = (50.0, 95.0, 99.0)
_UNKNOWN = -1.0  # a latency of calls without an answer; sorted before all others


class CallItem(GObject.Object):
    """The calls of one name: their counts, and latencies in seconds."""

    __gtype_name__ = "SpacebeamCallItem"

    name = GObject.Property(type=str, default="")
    count = GObject.Property(type=float, default=0.0)  # a whole number
    unanswered = GObject.Property(type=float, default=0.0)  # a whole number
    errors = GObject.Property(type=float, default=0.0)  # a whole number
    median = GObject.Property(type=float, default=_UNKNOWN)
    p95 = GObject.Property(type=float, default=_UNKNOWN)
    p99 = GObject.Property(type=float, default=_UNKNOWN)
    slowest = GObject.Property(type=float, default=_UNKNOWN)

    def __init__(self, name: str) -> None:
        super().__init__(name=name)
        self.slowest_number = -1  # of the slowest answer's entry
        self._counted = (0, 0, 0)

    def update(self, group: Group) -> bool:
        """Take the numbers of a group; return whether they changed. It takes a millisecond."""
        counted = group.questions, group.errors, group.latencies.count
        if counted == self._counted:
            return False
        self._counted = counted
        self.count, self.errors, answered = counted
        self.unanswered = max(group.questions - answered, 0)
        if answered:
            self.median, self.p95, self.p99 = group.latencies.percentiles(*_PERCENTS)
            self.slowest, self.slowest_number = group.slowest, group.slowest_number
        return True


class CallColumn(NamedTuple):
    """A column: the property it shows and sorts by, its title, and its text."""

    key: str
    title: str
    text: Callable[[CallItem], str]
    is_wide: bool = False  # it is left out in a narrow window


def _latency(key: str) -> Callable[[CallItem], str]:
    def text(item: CallItem) -> str:
        seconds = item.get_property(key)
        return "" if seconds < 0 else short_latency_words(seconds)

    return text


def _number(key: str) -> Callable[[CallItem], str]:
    def text(item: CallItem) -> str:
        number = int(item.get_property(key))
        return f"{number:,}" if number else ""

    return text


def call_columns() -> tuple[CallColumn, ...]:
    """Return the columns in their order."""
    return (
        CallColumn("name", _("Name"), lambda item: one_line(item.name)),
        CallColumn("count", _("Calls"), _number("count")),
        CallColumn("unanswered", _("No Answer"), _number("unanswered"), is_wide=True),
        CallColumn("errors", _("Errors"), _number("errors")),
        CallColumn("median", _("Median"), _latency("median"), is_wide=True),
        CallColumn("p95", "95 %", _latency("p95")),
        CallColumn("p99", "99 %", _latency("p99"), is_wide=True),
        CallColumn("slowest", _("Slowest"), _latency("slowest")),
    )


@weak_handlers
class CallCells:
    """Makes and fills the cells of a column."""

    def __init__(self, column: CallColumn) -> None:
        self._column = column
        self._bound: set[Gtk.ListItem] = set()
        self.factory = Gtk.SignalListItemFactory()
        self.factory.connect("setup", self._on_factory_setup)
        self.factory.connect("bind", self._on_factory_bind)
        self.factory.connect("unbind", self._on_factory_unbind)

    def refresh(self) -> None:
        """Show the numbers as they are now."""
        for cell in self._bound:
            self._fill(cell)

    def _fill(self, cell: Gtk.ListItem) -> None:
        label, item = cell.get_child(), cell.get_item()
        if isinstance(label, Gtk.Label) and isinstance(item, CallItem):
            label.set_text(self._column.text(item))
            if self._column.key == "name":
                label.set_tooltip_text(one_line(item.name))

    def _on_factory_setup(self, _factory: Gtk.ListItemFactory, cell: Gtk.ListItem) -> None:
        label = Gtk.Label(xalign=1, css_classes=["numeric"])
        if self._column.key == "name":
            label = Gtk.Label(xalign=0, ellipsize=Pango.EllipsizeMode.MIDDLE, width_chars=12)
        cell.set_child(label)

    def _on_factory_bind(self, _factory: Gtk.ListItemFactory, cell: Gtk.ListItem) -> None:
        self._bound.add(cell)
        self._fill(cell)

    def _on_factory_unbind(self, _factory: Gtk.ListItemFactory, cell: Gtk.ListItem) -> None:
        self._bound.discard(cell)
