"""What is highlighted in the inspector: the words of its own field, or else the filter's."""

from __future__ import annotations

from collections.abc import Callable

from spacebeam.search.edits import quote
from spacebeam.search.filter import Filter
from spacebeam.search.parser import parse
from spacebeam.ui.handlers import weak_handlers
from spacebeam.ui.inspector.json_tree_view import JsonTreeView
from spacebeam.ui.inspector.paged_text import PagedText
from spacebeam.ui.inspector.payload_find_bar import PayloadFindBar

_View = PagedText | JsonTreeView


@weak_handlers
class Finding:
    """Searches the shown message for words; a search goes on at the other end of the message.

    `shown` returns which of the views is on the screen.
    """

    def __init__(
        self, bar: PayloadFindBar, views: tuple[_View, ...], shown: Callable[[], _View]
    ) -> None:
        self._bar, self._views, self._shown = bar, views, shown
        self._filter: Filter | None = None  # of the conversation
        bar.connect("text-changed", self._on_bar_text_changed)
        bar.connect("step-requested", self._on_bar_step_requested)
        bar.connect("close-requested", self._on_bar_close_requested)

    @property
    def is_on(self) -> bool:
        """Whether words are searched."""
        return self._bar.get_visible() and bool(self._bar.text)

    def show_filter(self, wanted: Filter | None) -> None:
        """Highlight the conversation's filter while no words are searched."""
        self._filter = wanted
        if not self.is_on:
            self._show(wanted)

    def open(self) -> None:
        """Show the field and focus it; words that are in it are searched again."""
        self._bar.set_visible(True)
        self._bar.focus()
        self._on_bar_text_changed(self._bar)

    def close(self) -> bool:
        """Hide the field, and highlight the filter; return whether it was shown."""
        was_shown = self._bar.get_visible()
        if was_shown:
            self._bar.set_visible(False)
            self._show(self._filter)
        return was_shown

    def wrap(self, direction: int) -> bool:
        """Go on at the other end of the message if words are searched; return whether they are."""
        if self.is_on:
            self._shown().enter(direction)
        return self.is_on

    def _show(self, wanted: Filter | None) -> None:
        for view in self._views:
            view.show_highlights(wanted)

    def _on_bar_text_changed(self, _bar: PayloadFindBar) -> None:
        self._show(parse(quote(self._bar.text)) if self._bar.text else self._filter)

    def _on_bar_step_requested(self, _bar: PayloadFindBar, direction: int) -> None:
        view = self._shown()
        if not (view.next_match() if direction > 0 else view.previous_match()):
            self.wrap(direction)

    def _on_bar_close_requested(self, _bar: PayloadFindBar) -> None:
        self.close()
        self._shown().focus()
