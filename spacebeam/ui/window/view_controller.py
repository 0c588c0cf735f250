"""Remembers how the person arranges a tab's conversation, for all tabs and windows."""

from __future__ import annotations

from dataclasses import replace

from gi.repository import Gtk

from spacebeam.ui.handlers import weak_handlers
from spacebeam.ui.inspector.inspector import Inspector
from spacebeam.ui.pages.conversation_page import ConversationPage
from spacebeam.ui.settings_service import SettingsService


@weak_handlers
class ViewController:
    """Shows the view settings in a tab, and stores the person's changes."""

    def __init__(self, page: ConversationPage, settings_service: SettingsService) -> None:
        self._page = page
        self._settings_service = settings_service
        self._handlers: list[tuple[Gtk.Widget, int]] = [
            (page.panes, page.panes.connect("share-changed", self._on_share_changed)),
            (page.inspector, page.inspector.connect("tree-chosen", self._on_tree_chosen)),
            (page, page.connect("map", self._on_page_map)),
        ]
        self._settings_handler = settings_service.connect("view-changed", self._on_view_changed)
        self._show()

    def close(self) -> None:
        """Disconnect all signals."""
        for widget, handler in self._handlers:
            widget.disconnect(handler)
        self._settings_service.disconnect(self._settings_handler)

    def _show(self) -> None:
        view = self._settings_service.settings.view
        self._page.panes.show_shares(view.share_beside, view.share_below)
        self._page.inspector.show_trees(view.json_tree)

    def _on_share_changed(self, _panes: Gtk.Widget, is_beside: bool, share: float) -> None:
        view, share = self._settings_service.settings.view, round(share, 4)
        self._settings_service.set_view(
            replace(view, share_beside=share) if is_beside else replace(view, share_below=share)
        )

    def _on_tree_chosen(self, _inspector: Inspector, is_tree: bool) -> None:
        view = self._settings_service.settings.view
        self._settings_service.set_view(replace(view, json_tree=is_tree))

    def _on_page_map(self, _page: Gtk.Widget) -> None:
        self._show()

    def _on_view_changed(self, _service: SettingsService) -> None:
        if self._page.get_mapped():
            self._show()
