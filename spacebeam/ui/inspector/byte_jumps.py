"""Goes from a value in the tree to its bytes in the hex dump, and back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Generator
from contextlib import suppress
from functools import partial

from gi.repository import Gio, GLib, Gtk

from spacebeam.decode.byte_ranges import ByteRanges, Range, value_at
from spacebeam.decode.decoder import DecodeError
from spacebeam.decode.json_tree import JsonTree
from spacebeam.ui.actions import add, enable
from spacebeam.ui.handlers import weak_handlers
from spacebeam.ui.inspector.json_tree_view import JsonTreeView
from spacebeam.ui.inspector.paged_text import PagedText
from spacebeam.ui.inspector.views import PayloadView
from spacebeam.ui.tasks import Tasks
from spacebeam.wording.i18n import _

_KEY = "<Control><Shift>b"  # in the tree too


@weak_handlers
class ByteJumps:
    """Knows the bytes of the values of the entry that is shown, once they were asked for.

    `show` is called with the index of the view to show, and the bytes to mark in it.
    """

    def __init__(
        self,
        tree_view: JsonTreeView,
        paged_text: PagedText,
        actions: Gio.SimpleActionGroup,
        show: Callable[[int, Range | None], object],
    ) -> None:
        self._tree_view, self._paged_text = tree_view, paged_text
        self._actions, self._show = actions, show
        self._views: list[PayloadView] = []
        self._shown: PayloadView | None = None  # as a tree
        self._ranges: ByteRanges | None = None  # of that view
        self._awaited = -1  # byte whose value is shown when the tree is
        self._tasks = Tasks()
        tree_view.connect("bytes-requested", self._on_tree_view_bytes_requested)
        add(actions, {"show-value": self._show_value})
        keys = Gtk.ShortcutController()
        action = Gtk.NamedAction.new("inspector.show-value")
        keys.add_shortcut(Gtk.Shortcut.new(Gtk.ShortcutTrigger.parse_string(_KEY), action))
        paged_text.add_controller(keys)

    def show_views(self, views: list[PayloadView]) -> None:
        """Forget the entry; the next one has these views."""
        self._tasks.cancel()
        self._views, self._shown, self._ranges, self._awaited = views, None, None, -1

    def show_tree(self, view: PayloadView) -> None:
        """Note that a view is shown as a tree."""
        if view is not self._shown:
            self._shown, self._ranges = view, None
        self._tree_view.enable_bytes(can_find=view.has_ranges)
        offset, self._awaited = self._awaited, -1
        if offset >= 0:
            self._find(view, partial(self._go_to_byte, offset))

    def show_text(self, view: PayloadView) -> None:
        """Note that a view is shown as a text."""
        self._awaited = -1
        enable(self._actions, "show-value", view.is_dump and self._source() >= 0)

    def _source(self) -> int:
        """Return the index of the view whose values have known bytes, -1 if there is none."""
        places = [place for place, view in enumerate(self._views) if view.has_ranges]
        last = [place for place in places if self._views[place] is self._shown]
        return next(iter((*last, *places)), -1)

    def _find(self, view: PayloadView, react: Callable[[ByteRanges | None], object]) -> None:
        """Call `react` with the values' bytes; with None if they are the document's own."""
        if view.ranges is None or self._ranges is not None:
            react(self._ranges)
        elif view.is_slow:
            self._tasks.cancel()
            self._tasks.start(self._read(view.ranges, react))
        else:
            with suppress(DecodeError):  # as of values that are nested too deeply
                self._ranges = view.ranges()
                react(self._ranges)

    async def _read(
        self, read: Callable[[], ByteRanges], react: Callable[[ByteRanges | None], object]
    ) -> None:
        with suppress(DecodeError):
            self._ranges = await asyncio.to_thread(read)
            react(self._ranges)

    def _show_bytes(self, number: int, ranges: ByteRanges | None) -> None:
        found = self._tree_view.tree.range(number) if ranges is None else ranges.range(number)
        if ranges is not None and ranges.is_whole and number > 0:
            words = _("This value has no bytes of its own: those of the whole message are marked")
            self._tree_view.activate_action("tab.notify", GLib.Variant("s", words))
        dump = next((place for place, view in enumerate(self._views) if view.is_dump), -1)
        if dump >= 0:
            self._show(dump, found)

    def _go_to_byte(self, offset: int, ranges: ByteRanges | None) -> None:
        def find(tree: JsonTree) -> Generator[None, None, int]:
            return value_at(tree, tree.range if ranges is None else ranges.range, offset)

        self._tree_view.go_to_found(find)

    def _show_value(self) -> None:
        source = self._source()
        if source >= 0:
            self._awaited = self._paged_text.byte_at_cursor
            self._show(source, None)

    def _on_tree_view_bytes_requested(self, _view: JsonTreeView, number: int) -> None:
        if self._shown is not None and self._shown.has_ranges:
            self._find(self._shown, partial(self._show_bytes, number))
