"""The rate graph as a person uses it."""

from __future__ import annotations

from gi.repository import Gtk

from spacebeam.ui.rates.bars import RateChart
from spacebeam.ui.rates.rate_graph import RateGraph
from spacebeam.ui.rates.rate_plot import RatePlot
from tests.ui.pageobjects.page import Page


class PlotPage(Page[RatePlot]):
    """The bars, which are dragged over to select a time span."""

    @property
    def chart(self) -> RateChart:
        """What is drawn."""
        return self.widget._chart

    @property
    def gesture(self) -> Gtk.GestureDrag:
        every = self.widget.observe_controllers()
        (found,) = (one for one in every if isinstance(one, Gtk.GestureDrag))
        return found

    def drag(self, begin: float, end: float) -> None:
        """Drag over these shares of the width."""
        width = self.widget.get_width()
        moved = (end - begin) * width
        self.gesture.emit("drag-begin", begin * width, 5)
        self.gesture.emit("drag-update", moved / 2, 0)
        self.gesture.emit("drag-update", moved, 0)
        self.gesture.emit("drag-end", moved, 0)


class RatesPage(Page[RateGraph]):
    """The graph with its words."""

    @property
    def plot(self) -> PlotPage:
        return PlotPage(self.child("_plot", RatePlot))

    @property
    def is_drawn(self) -> bool:
        """Whether the bars fill the graph's width."""
        width = self.plot.widget.get_width()
        return width > 10 and self.plot.chart.width == width

    @property
    def rate(self) -> Gtk.Label:
        """How fast it is now."""
        return self.child("_rate_label", Gtk.Label)

    @property
    def span(self) -> Gtk.Label:
        """What is in the selected time span."""
        return self.child("_range_label", Gtk.Label)

    @property
    def is_redraw_due(self) -> bool:
        return bool(self.widget._timer)
