"""The dialog that sends to several connections, as a person uses it."""

from __future__ import annotations

from gi.repository import Adw, Gtk

from spacebeam.ui.composer.send_to_dialog import SendToDialog
from tests.ui.doing import descendants
from tests.ui.pageobjects.page import Page


class SendToPage(Page[SendToDialog]):
    """A list of connections with check boxes."""

    @property
    def _rows(self) -> list[Adw.ActionRow]:
        return list(descendants(self.widget, Adw.ActionRow))

    @property
    def names(self) -> list[str]:
        return [row.get_title() for row in self._rows]

    @property
    def notes(self) -> list[str]:
        """The address of each connection, or what became of the message."""
        return [row.get_subtitle() or "" for row in self._rows]

    def _check(self, place: int) -> Gtk.CheckButton:
        return next(descendants(self._rows[place], Gtk.CheckButton))

    @property
    def chosen(self) -> list[bool]:
        return [self._check(place).get_active() for place in range(len(self._rows))]

    def choose(self, place: int, is_chosen: bool = True) -> None:
        self._check(place).set_active(is_chosen)

    @property
    def can_send(self) -> bool:
        return self.button("Send").is_sensitive()
