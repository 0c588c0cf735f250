"""Remembers a tab's filters: saves them by name, and those that were used last.

They are shared by all tabs. What is used in a private conversation is remembered by its tab alone.
"""

from __future__ import annotations

from collections.abc import Callable

from gi.repository import Adw, GObject

from spacebeam.ui.handlers import weak_handlers
from spacebeam.ui.search.filter_bar import FilterBar
from spacebeam.ui.search.filter_menu import FilterMenu
from spacebeam.ui.session_adapter import SessionAdapter
from spacebeam.ui.settings_service import SettingsService
from spacebeam.wording.i18n import _


@weak_handlers
class FilterMemory:
    """Connects the menu and the history of a filter bar with the settings."""

    def __init__(
        self,
        session: SessionAdapter,
        bar: FilterBar,
        settings_service: SettingsService,
        show_toast: Callable[[str], Adw.Toast],
    ) -> None:
        self._session = session
        self._bar = bar
        self._service = settings_service
        self._show_toast = show_toast
        menu = bar.menu
        self._handlers: list[tuple[GObject.Object, int]] = [
            (bar, bar.connect("filter-used", self._on_bar_filter_used)),
            (menu, menu.connect("saved", self._on_menu_saved)),
            (menu, menu.connect("renamed", self._on_menu_renamed)),
            (menu, menu.connect("deleted", self._on_menu_deleted)),
            (settings_service, settings_service.connect("changed", self._on_service_changed)),
        ]
        self._on_service_changed(settings_service)

    def close(self) -> None:
        """Disconnect all signals."""
        for source, handler in self._handlers:
            source.disconnect(handler)

    def _set_saved(self, saved: dict[str, str]) -> None:
        self._service.settings.filters.saved = saved
        self._service.save()

    def _tell(self, words: str, before: dict[str, str]) -> None:
        toast = self._show_toast(words)
        toast.set_button_label(_("Undo"))
        toast.connect("button-clicked", self._on_toast_button_clicked, before)

    def _on_toast_button_clicked(self, _toast: Adw.Toast, before: dict[str, str]) -> None:
        self._set_saved(before)

    def _on_service_changed(self, service: SettingsService) -> None:
        filters = service.settings.filters
        self._bar.show_history(filters.used)
        self._bar.menu.show_filters(filters.saved, filters.used)

    def _on_bar_filter_used(self, _bar: FilterBar, text: str) -> None:
        if self._session.profile.record and self._service.settings.filters.remember(text):
            self._service.save()

    def _on_menu_saved(self, _menu: FilterMenu, name: str) -> None:
        before = dict(self._service.settings.filters.saved)
        self._set_saved({**before, name: self._bar.text.strip()})
        self._tell(_("Saved as “{name}”").format(name=name), before)

    def _on_menu_renamed(self, _menu: FilterMenu, before: str, name: str) -> None:
        saved = self._service.settings.filters.saved
        self._set_saved({name if one == before else one: text for one, text in saved.items()})

    def _on_menu_deleted(self, _menu: FilterMenu, name: str) -> None:
        before = dict(self._service.settings.filters.saved)
        self._set_saved({one: text for one, text in before.items() if one != name})
        self._tell(_("Deleted “{name}”").format(name=name), before)
