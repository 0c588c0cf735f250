"""The parts of a conversation's page, which are made before they are put together."""

from __future__ import annotations

from functools import cached_property

from spacebeam.ui.chat.chat_pane import ChatPane
from spacebeam.ui.composer.composer import Composer
from spacebeam.ui.inspector.inspector import Inspector
from spacebeam.ui.rates.rate_graph import RateGraph
from spacebeam.ui.search.filter_bar import FilterBar
from spacebeam.ui.timeline.timeline import Timeline
from spacebeam.ui.values.value_pane import ValuePane


class PageParts:
    """Makes each part when it is first wanted: all of them take 40 ms."""

    @cached_property
    def timeline(self) -> Timeline:
        return Timeline()

    @cached_property
    def composer(self) -> Composer:
        return Composer()

    @cached_property
    def filter_bar(self) -> FilterBar:
        return FilterBar()

    @cached_property
    def inspector(self) -> Inspector:
        return Inspector()

    @cached_property
    def chat(self) -> ChatPane:
        return ChatPane()

    @cached_property
    def rate_graph(self) -> RateGraph:
        return RateGraph()

    @cached_property
    def values(self) -> ValuePane:
        return ValuePane()

    def close(self) -> None:
        """Show nothing, so that GTK no longer uses the lists' models."""
        for name in ("timeline", "chat", "inspector"):
            if name in vars(self):
                vars(self)[name].close()
