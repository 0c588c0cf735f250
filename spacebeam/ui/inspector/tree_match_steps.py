"""Leads from match to match in a tree, with the bar that counts them."""

from __future__ import annotations

from collections.abc import Callable

from spacebeam.decode.json_tree import JsonTree
from spacebeam.search.filter import Filter
from spacebeam.ui.handlers import weak_handlers
from spacebeam.ui.inspector.match_bar import MatchBar
from spacebeam.ui.inspector.match_words import match_words
from spacebeam.ui.inspector.tree_matches import TreeMatches


@weak_handlers
class TreeMatchSteps:
    """The matches of the tree that is shown, and which of them is the current one.

    `go_to` is called with the number of a value that should be shown, `tell_end` with 1 or -1 if
    there is no further match in that direction.
    """

    def __init__(
        self, bar: MatchBar, go_to: Callable[[int], object], tell_end: Callable[[int], object]
    ) -> None:
        self._bar = bar
        self._go_to, self._tell_end = go_to, tell_end
        self._matches = TreeMatches(self._on_matches_found)
        self._is_whole = True
        self._has_tree = False
        self._current = -1  # index of the current match, or -1
        self._awaited = 0  # direction of a step that waits for the search
        self._tells_end = False
        self._is_first_awaited = False
        bar.connect("next-match", self._on_bar_next_match)
        bar.connect("previous-match", self._on_bar_previous_match)
        bar.connect("stopped", self._on_bar_stopped)

    def look_for(self, wanted: Filter | None) -> None:
        """Find a filter's matches, in this tree and in later ones."""
        self._forget()
        self._matches.look_for(wanted)

    def await_tree(self, *, is_whole: bool = True) -> None:
        """Show that a tree is read now; `is_whole` is false for a payload's beginning."""
        self._forget()
        self._has_tree, self._is_whole = True, is_whole
        self._matches.search(None)

    def search(self, tree: JsonTree) -> None:
        """Find the matches of a tree, and go to the first one."""
        self._matches.search(tree)

    def clear(self) -> None:
        """Forget the tree."""
        self._has_tree = False
        self._forget()
        self._matches.search(None)

    def go(self, direction: int) -> bool:
        """Go to the next match, or the previous one with -1; return whether there may be one."""
        matches = self._matches
        if not (matches.is_on and self._has_tree):
            return False
        place = self._current + direction
        if self._current < 0 and direction < 0:
            place = len(matches) - 1 if matches.is_done else len(matches)
        self._awaited, self._is_first_awaited = 0, False
        if 0 <= place < len(matches):
            self._show(place)
            return True
        if place >= 0 and not matches.is_done:
            self._awaited, self._tells_end = direction, True
            return True
        return False

    def enter(self, direction: int) -> None:
        """Go to the first match, or with -1 the last, as soon as it is found."""
        self._current = -1
        self.go(direction)
        self._tells_end = False

    def _forget(self) -> None:
        self._current, self._awaited, self._is_first_awaited = -1, 0, True

    def _show(self, place: int) -> None:
        self._current = place
        self._go_to(self._matches[place])
        self._show_bar()

    def _show_bar(self) -> None:
        matches = self._matches
        is_shown = matches.is_on and self._has_tree
        self._bar.set_visible(is_shown)
        if is_shown:
            words = match_words(
                self._current,
                len(matches),
                is_done=matches.is_done,
                is_all=True,
                is_whole=self._is_whole,
                progress=matches.progress if matches.is_stopped or not matches.is_done else 1,
            )
            self._bar.show_matches(
                words, self._current, len(matches), is_searching=not matches.is_done
            )

    def _on_matches_found(self) -> None:
        if self._is_first_awaited and len(self._matches):
            self._is_first_awaited = False
            self._show(0)
        self._show_bar()
        awaited, tells_end = self._awaited, self._tells_end
        if awaited and self.go(awaited):
            self._tells_end = tells_end
        elif awaited and tells_end:
            self._tell_end(awaited)

    def _on_bar_next_match(self, _bar: MatchBar) -> None:
        self.go(1)

    def _on_bar_previous_match(self, _bar: MatchBar) -> None:
        self.go(-1)

    def _on_bar_stopped(self, _bar: MatchBar) -> None:
        self._matches.stop()
        self._show_bar()
