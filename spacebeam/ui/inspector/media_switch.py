"""Switches between the tree and the picture or sound that a value in it is."""

from __future__ import annotations

from gi.repository import Gtk

from spacebeam.decode.binary_values import bytes_of
from spacebeam.decode.decoder import Data
from spacebeam.ui.handlers import weak_handlers
from spacebeam.ui.inspector.json_tree_view import JsonTreeView
from spacebeam.ui.inspector.media_page import MediaPage


@weak_handlers
class MediaSwitch:
    """Shows the page for media in the stack, for a payload or for a value of the tree."""

    def __init__(self, stack: Gtk.Stack, tree_view: JsonTreeView, page: MediaPage) -> None:
        self._stack, self._tree_view, self._page = stack, tree_view, page
        tree_view.connect("media-requested", self._on_tree_view_media_requested)
        page.connect("tree-requested", self._on_page_tree_requested)
        stack.connect("notify::visible-child", self._on_stack_notify_visible_child)

    def show_payload(self, payload: Data) -> None:
        """Show a payload that is a picture or a sound."""
        self._tree_view.clear()
        self._page.show_media(payload, is_value=False)
        self._stack.set_visible_child(self._page)

    def _on_tree_view_media_requested(self, view: JsonTreeView, number: int) -> None:
        data = bytes_of(view.tree, number)
        if data is not None:
            self._page.show_media(data, is_value=True)
            self._stack.set_visible_child(self._page)

    def _on_page_tree_requested(self, _page: MediaPage) -> None:
        self._stack.set_visible_child(self._tree_view)
        self._tree_view.focus()

    def _on_stack_notify_visible_child(self, _stack: Gtk.Stack, _property: object) -> None:
        if self._stack.get_visible_child() is not self._page:
            self._page.clear()
