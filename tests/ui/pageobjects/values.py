"""The pinned values of a tab as a person uses them."""

from __future__ import annotations

from collections.abc import Sequence

from gi.repository import GLib, Gtk

from spacebeam.ui.values.chart import ValueChart
from spacebeam.ui.values.pin_chip import PinChip
from spacebeam.ui.values.value_pane import ValuePane
from spacebeam.ui.values.value_plot import ValuePlot
from tests.ui.doing import click, descendants
from tests.ui.pageobjects.page import Page


class ValuesPage(Page[ValuePane]):
    """The strip of pinned values, and their chart."""

    @property
    def chips(self) -> dict[str, PinChip]:
        """The chips by path."""
        found = (one for one in descendants(self.widget, PinChip) if one.get_mapped())
        return {one.path: one for one in found}

    def value(self, path: str) -> str:
        """The newest value, as it is shown."""
        chip = self.chips.get(path)
        labels = [] if chip is None else list(descendants(chip, Gtk.Label))
        return labels[1].get_text() if labels else ""

    def press(self, path: str) -> None:
        """Show a value in the chart, or no longer."""
        chip = self.chips[path]
        chip.chart(is_charted=not chip.is_charted)

    def unpin(self, path: str) -> None:
        (_toggle, button) = descendants(self.chips[path], Gtk.Button)
        click(button)

    @property
    def plot(self) -> ValuePlot:
        return self.widget.plot

    @property
    def chart(self) -> ValueChart:
        """What is drawn."""
        return self.plot.chart

    @property
    def charted(self) -> Sequence[str]:
        """The paths in the chart, while it is seen."""
        return [one.path for one in self.chart.lanes] if self.plot.get_mapped() else []

    @property
    def breaks(self) -> Gtk.Button:
        """The button that says how many gaps a sequence has."""
        return self.child("_breaks_button", Gtk.Button)

    @property
    def info(self) -> str:
        return self.child("_info_label", Gtk.Label).get_text()

    def drag(self, begin: float, end: float) -> None:
        """Drag over these shares of the chart's width."""
        every = self.plot.observe_controllers()
        (gesture,) = (one for one in every if isinstance(one, Gtk.GestureDrag))
        width = self.plot.get_width()
        gesture.emit("drag-begin", begin * width, 5)
        gesture.emit("drag-update", (end - begin) * width, 0)
        gesture.emit("drag-end", (end - begin) * width, 0)

    def choose(self, action: str, target: str) -> None:
        """Choose an item of the chart's menu."""
        assert self.child("_menu_button", Gtk.MenuButton).activate_action(
            f"values.{action}", GLib.Variant("s", target)
        )
