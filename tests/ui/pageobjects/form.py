"""Dialogs and pages with fields, as a person fills them in: a field is found by its title."""

from __future__ import annotations

from typing import TypeVar

from gi.repository import Adw, Gdk, Gtk

from spacebeam.ui.composer.draft import PAYLOAD_FORMATS, PayloadFormat
from spacebeam.ui.expert.payload_field import PayloadField
from tests.ui.doing import NO_KEYS, descendants, key
from tests.ui.pageobjects.page import Page, W_co

CLAIMED_LENGTH = "Length to claim instead of the payload\N{RIGHT SINGLE QUOTATION MARK}s"

R = TypeVar("R", bound=Adw.PreferencesRow)


class PayloadPage(Page[PayloadField]):
    """The field for a payload."""

    @property
    def field(self) -> Gtk.TextView:
        return self.child("_text_view", Gtk.TextView)

    def choose_format(self, form: PayloadFormat) -> None:
        drop_down = self.child("_form_drop_down", Gtk.DropDown)
        drop_down.set_selected(PAYLOAD_FORMATS.index(form))

    def type_payload(self, text: str, form: PayloadFormat = PayloadFormat.TEXT) -> None:
        """Choose a format and replace the text."""
        self.choose_format(form)
        self.field.get_buffer().set_text(text)

    def press_enter(self, state: Gdk.ModifierType = NO_KEYS) -> bool:
        """Press Enter in the field; return whether the field used it."""
        return key(self.field, Gdk.KEY_Return, state)

    @property
    def has_error(self) -> bool:
        return self.child("_error_label", Gtk.Label).get_visible()


class FormPage(Page[W_co]):
    """A dialog, or a page of one, with rows of fields."""

    def row(self, title: str, kind: type[R]) -> R:
        """Return the row with this title."""
        rows = descendants(self.widget, kind)
        return next(row for row in rows if row.get_title() == title)

    def shows(self, *titles: str) -> list[bool]:
        """Return for each of the rows whether it is shown."""
        return [self.row(title, Adw.PreferencesRow).get_visible() for title in titles]

    def entry(self, title: str) -> Adw.EntryRow:
        return self.row(title, Adw.EntryRow)

    def type_in(self, title: str, text: str) -> None:
        """Replace the text of an entry."""
        self.entry(title).set_text(text)

    def press_enter(self, title: str) -> None:
        """Press Enter in an entry."""
        self.entry(title).emit("entry-activated")

    def has_error(self, title: str) -> bool:
        """Return whether an entry is marked as wrong."""
        return self.entry(title).has_css_class("error")

    def choose(self, title: str, item: str) -> None:
        """Choose an item of a list by its text or its first word."""
        row = self.row(title, Adw.ComboRow)
        model = row.get_model()
        assert isinstance(model, Gtk.StringList)
        items = [model.get_string(place) or "" for place in range(model.get_n_items())]
        row.set_selected(
            next(at for at, text in enumerate(items) if item in (text, text.split()[0]))
        )

    def switch(self, title: str) -> None:
        """Click the row of a switch."""
        (switch,) = descendants(self.row(title, Adw.ActionRow), Gtk.Switch)
        switch.set_active(not switch.get_active())

    def is_switched_on(self, title: str) -> bool:
        (switch,) = descendants(self.row(title, Adw.ActionRow), Gtk.Switch)
        return switch.get_active()

    def enter_number(self, title: str, value: float) -> None:
        """Replace the number of a row."""
        (button,) = descendants(self.row(title, Adw.ActionRow), Gtk.SpinButton)
        button.set_value(value)

    def check(self, label: str) -> None:
        """Click a check button."""
        checks = descendants(self.widget, Gtk.CheckButton)
        check = next(one for one in checks if one.get_label() == label)
        check.set_active(not check.get_active())

    @property
    def payload(self) -> PayloadPage:
        return PayloadPage(self.child("_payload_field", PayloadField))

    def can_press(self, label: str) -> bool:
        """Return whether the button with this label can be pressed."""
        every = descendants(self.widget, Gtk.Button)
        return next(one for one in every if one.get_label() == label).get_sensitive()
