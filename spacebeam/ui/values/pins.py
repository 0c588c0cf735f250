"""Which values a tab has pinned: those of its address, shared with other tabs and saved.

What is pinned in a private conversation, or in a recording without an address, is remembered until
the tab is closed.
"""

from __future__ import annotations

from gi.repository import GObject

from spacebeam.library.filters import MAX_PINNED
from spacebeam.protocol.secrets import saved_address
from spacebeam.search.json_path import PathError
from spacebeam.search.series.measured import check_path
from spacebeam.ui.handlers import weak_handlers
from spacebeam.ui.session_adapter import SessionAdapter
from spacebeam.ui.settings_service import SettingsService
from spacebeam.wording.i18n import _


@weak_handlers
class Pins(GObject.Object):
    """Emits `changed` when other values are pinned."""

    __gtype_name__ = "SpacebeamPins"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "changed": (GObject.SignalFlags.RUN_FIRST, None, ()),
    }

    def __init__(self, session: SessionAdapter, settings_service: SettingsService) -> None:
        super().__init__()
        self._session = session
        self._service = settings_service
        self._of_tab: list[str] = []
        self.paths: list[str] = []
        self._handlers: list[tuple[GObject.Object, int]] = [
            (session, session.connect("changed", self._on_changed)),
            (settings_service, settings_service.connect("changed", self._on_changed)),
        ]
        self._on_changed(self)

    def close(self) -> None:
        """Disconnect all signals."""
        for source, handler in self._handlers:
            source.disconnect(handler)

    def pin(self, path: str) -> str:
        """Pin a value; return why it cannot be pinned, or ""."""
        try:
            check_path(path)
        except PathError as error:
            return f"{error}."
        if path in self.paths:
            return ""
        if len(self.paths) >= MAX_PINNED:
            words = _("At most {count} values can be pinned; unpin one first.")
            return words.format(count=MAX_PINNED)
        self._set([*self.paths, path])
        return ""

    def unpin(self, path: str) -> None:
        """Unpin a value."""
        self._set([one for one in self.paths if one != path])

    @property
    def _address(self) -> str:
        """The address whose pins are saved; "" if they are the tab's."""
        endpoint = self._session.endpoint
        is_saved = endpoint is not None and self._session.profile.record
        return saved_address(endpoint.url) if is_saved and endpoint is not None else ""

    def _set(self, paths: list[str]) -> None:
        if address := self._address:
            self._service.settings.filters.pin(address, paths)
            self._service.save()
        else:
            self._of_tab = paths
        self._on_changed(self)

    def _on_changed(self, _source: GObject.Object) -> None:
        saved = self._service.settings.filters.pinned
        paths = list(saved.get(address, ())) if (address := self._address) else self._of_tab
        if paths != self.paths:
            self.paths = paths
            self.emit("changed")
