"""What a tab hides: the filters of its address, shared with other tabs and saved.

What is hidden in a private conversation is remembered until the program ends, and so is what is
hidden in a recording without an address, for its tab.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from gi.repository import Adw, GObject

from spacebeam.library.filters import MAX_LENGTH, Hidden
from spacebeam.protocol.secrets import saved_address
from spacebeam.search.filter import Filter, is_about_others
from spacebeam.search.parser import parse
from spacebeam.ui.handlers import weak_handlers
from spacebeam.ui.search.hidden_button import HiddenButton
from spacebeam.ui.session_adapter import SessionAdapter
from spacebeam.ui.settings_service import SettingsService
from spacebeam.wording.i18n import _

_SAVED = _("Hidden at this address, also after a restart. Recordings have everything.")
_PRIVATE = _("Hidden until the program ends, as the connection is private.")
_OF_TAB = _("Hidden until the tab is closed.")
PINGS = ("is:ping", "is:pong")


def can_hide(text: str) -> bool:
    """Return whether a filter can hide entries: it has a condition, and no error."""
    found = parse(text)
    has_condition = not all(map(is_about_others, found.conditions))
    return has_condition and not found.errors and len(text) <= MAX_LENGTH


@weak_handlers
class Hiding(GObject.Object):
    """Emits `changed` when other filters hide entries."""

    __gtype_name__ = "SpacebeamHiding"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "changed": (GObject.SignalFlags.RUN_FIRST, None, ()),
    }

    def __init__(
        self,
        session: SessionAdapter,
        button: HiddenButton,
        settings_service: SettingsService,
        show_toast: Callable[[str], Adw.Toast],
    ) -> None:
        super().__init__()
        self._session = session
        self._button = button
        self._service = settings_service
        self._show_toast = show_toast
        self._of_tab: Hidden = {}  # without an address
        self._shown: Hidden = {}
        self.filters: tuple[Filter, ...] = ()  # those that hide entries now
        self._handlers: list[tuple[GObject.Object, int]] = [
            (session, session.connect("changed", self._on_session_changed)),
            (settings_service, settings_service.connect("changed", self._on_service_changed)),
            (button, button.connect("switched", self._on_button_switched)),
            (button, button.connect("removed", self._on_button_removed)),
            (button, button.connect("all-switched", self._on_button_all_switched)),
        ]
        self._refresh()

    def close(self) -> None:
        """Disconnect all signals."""
        for source, handler in self._handlers:
            source.disconnect(handler)

    def hide(self, texts: Iterable[str], words: str) -> None:
        """Hide the entries that match any of these filters, and say so with an Undo."""
        before, place = dict(self._hidden), self._place
        self._set({**before, **dict.fromkeys(texts, True)})
        toast = self._show_toast(words)
        toast.set_button_label(_("Undo"))
        toast.connect("button-clicked", self._on_toast_button_clicked, before, place)

    def hide_pings(self) -> None:
        """Hide pings and pongs."""
        self.hide(PINGS, _("Pings and pongs hidden"))

    def switch_all(self, is_on: bool) -> None:
        """Hide the entries of all filters, or of none."""
        self._set(dict.fromkeys(self._hidden, is_on))

    @property
    def _place(self) -> tuple[str, bool]:
        """The address, or "", and whether nothing of its conversation is saved."""
        endpoint = self._session.endpoint
        address = "" if endpoint is None else saved_address(endpoint.url)
        return address, not self._session.profile.record

    @property
    def _hidden(self) -> Hidden:
        settings, (address, is_private) = self._service.settings, self._place
        if not address:
            return self._of_tab
        saved = settings.filters.hidden.get(address, {})
        return settings.private_hidden.get(address, saved) if is_private else saved

    def _set(self, hidden: Hidden, place: tuple[str, bool] | None = None) -> None:
        """Hide by these filters, at this tab's address or at an earlier one."""
        settings, (address, is_private) = self._service.settings, place or self._place
        if not address:
            self._of_tab = hidden
            self._refresh()
        elif is_private:
            settings.private_hidden[address] = hidden
            self._service.emit("changed")
        else:
            settings.filters.hide(address, hidden)
            self._service.save()

    def _refresh(self) -> None:
        hidden = self._hidden
        if hidden != self._shown:
            self._shown = dict(hidden)
            self.filters = tuple(parse(text) for text, is_on in hidden.items() if is_on)
            address, is_private = self._place
            about = _OF_TAB if not address else _PRIVATE if is_private else _SAVED
            self._button.show_hidden(hidden, about)
            self.emit("changed")

    def _on_toast_button_clicked(
        self, _toast: Adw.Toast, before: Hidden, place: tuple[str, bool]
    ) -> None:
        self._set(before, place)

    def _on_session_changed(self, _session: SessionAdapter) -> None:
        self._refresh()

    def _on_service_changed(self, _service: SettingsService) -> None:
        self._refresh()

    def _on_button_switched(self, _button: HiddenButton, text: str, is_on: bool) -> None:
        self._set({**self._hidden, text: is_on})

    def _on_button_removed(self, _button: HiddenButton, text: str) -> None:
        self._set({one: is_on for one, is_on in self._hidden.items() if one != text})

    def _on_button_all_switched(self, _button: HiddenButton, is_on: bool) -> None:
        self.switch_all(is_on)
