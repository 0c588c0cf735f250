"""The line above an entry's payload about where it violates the connection's schema."""

from __future__ import annotations

import asyncio

from gi.repository import Adw, Gtk

from spacebeam.decode.decoder import Context
from spacebeam.decode.json_schema import Violation
from spacebeam.recording.entry import Entry
from spacebeam.search.violations import is_checked, violations_of
from spacebeam.ui.inspector.json_tree_view import JsonTreeView
from spacebeam.ui.tasks import Tasks
from spacebeam.ui.template import template
from spacebeam.wording.violations import too_long_words, violations_words


@template("violation_bar.ui")
class ViolationBar(Adw.Bin):
    """Checks the entry that is shown in a thread, and marks the places in a tree."""

    __gtype_name__ = "SpacebeamViolationBar"

    _label: Gtk.Label = Gtk.Template.Child()

    def __init__(self) -> None:
        super().__init__()
        self._tasks = Tasks()
        self._found: tuple[Violation, ...] = ()

    def check(self, entry: Entry, context: Context, tree: JsonTreeView) -> None:
        """Check another entry, or the same again."""
        self.clear()
        if not is_checked(context):
            return
        if len(entry.payload) < entry.size:
            self._show(too_long_words())
        else:
            self._tasks.start(self._check(bytes(entry.payload), context, tree))

    def clear(self) -> None:
        """Show nothing."""
        self._tasks.cancel()
        self._found = ()
        self.set_visible(False)

    def mark(self, tree: JsonTreeView) -> None:
        """Mark the places in a tree that shows the entry now."""
        if self._found:
            words: dict[tuple[str | int, ...], str] = {}
            for one in self._found:
                before = f"{words[one.place]}\n" if one.place in words else ""
                words[one.place] = f"{before}{one.words}"
            tree.mark(words)

    async def _check(self, payload: bytes, context: Context, tree: JsonTreeView) -> None:
        found = await asyncio.to_thread(violations_of, payload, context)
        if found is None:
            self._show(too_long_words())
        elif found:
            self._found = found
            self._show(violations_words(found))
            self.mark(tree)

    def _show(self, words: str) -> None:
        self._label.set_text(words)
        self._label.set_tooltip_text(words)
        self.set_visible(True)
