"""The actions that show and hide the timeline's columns, in all tabs, and remember them."""

from __future__ import annotations

from functools import partial

from gi.repository import Gio, GLib

from spacebeam.ui.actions import add_switch, turn
from spacebeam.ui.handlers import weak_handlers
from spacebeam.ui.settings_service import SettingsService
from spacebeam.ui.timeline.columns import Column, columns
from spacebeam.ui.timeline.timeline import Timeline


@weak_handlers
class ColumnController:
    """Adds the actions `column-…` to a tab's group."""

    def __init__(
        self, timeline: Timeline, settings_service: SettingsService, actions: Gio.SimpleActionGroup
    ) -> None:
        self._timeline = timeline
        self._settings_service = settings_service
        self._actions = actions
        for column in Column:
            add_switch(actions, f"column-{column}", partial(self._on_column_change_state, column))
        self._handler = settings_service.connect("changed", self._on_settings_changed)
        self._on_settings_changed(settings_service)

    def close(self) -> None:
        """Disconnect the signal."""
        self._settings_service.disconnect(self._handler)

    def _on_column_change_state(
        self, column: Column, _action: Gio.SimpleAction, is_on: GLib.Variant
    ) -> None:
        shown = self._settings_service.settings.columns
        others = [name for name in shown if name != column]
        self._settings_service.settings.columns = (
            [*others, str(column)] if is_on.get_boolean() else others
        )
        self._settings_service.save()

    def _on_settings_changed(self, settings_service: SettingsService) -> None:
        shown = columns(settings_service.settings.columns)
        self._timeline.rows.show_columns(shown)
        for column in Column:
            turn(self._actions, f"column-{column}", column in shown)
