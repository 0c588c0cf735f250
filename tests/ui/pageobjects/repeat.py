"""The repetition of a message, as a person starts, reads and stops it."""

from __future__ import annotations

from gi.repository import Gdk, Gtk

from spacebeam.ui.composer.repeat_bar import RepeatBar
from spacebeam.ui.composer.repeat_popover import RepeatPopover
from tests.ui.doing import NO_KEYS, click, descendants, key
from tests.ui.pageobjects.page import Page


class RepeatFormPage(Page[RepeatPopover]):
    """The form that starts a repetition."""

    def enter(self, name: str, number: int) -> None:
        """Replace a number: interval, times or number."""
        self.child(f"_{name}_spin", Gtk.SpinButton).set_value(number)

    def type_into(self, name: str, text: str) -> None:
        """Type a number, without leaving its field."""
        self.child(f"_{name}_spin", Gtk.SpinButton).set_text(text)

    def number(self, name: str) -> int:
        return self.child(f"_{name}_spin", Gtk.SpinButton).get_value_as_int()

    def asks_for(self, name: str) -> bool:
        """Return whether this number can be entered."""
        spin = self.child(f"_{name}_spin", Gtk.SpinButton)
        return spin.get_visible() and spin.is_sensitive()

    def check(self, name: str, is_on: bool = True) -> None:
        """Set a check box: endless or reconnecting."""
        self.child(f"_{name}_check", Gtk.CheckButton).set_active(is_on)

    def is_checked(self, name: str) -> bool:
        return self.child(f"_{name}_check", Gtk.CheckButton).get_active()

    @property
    def can_start(self) -> bool:
        return self.child("_start_button", Gtk.Button).is_sensitive()

    def start(self) -> None:
        click(self.child("_start_button", Gtk.Button))

    def press_key(self, pressed: int, state: Gdk.ModifierType = NO_KEYS) -> bool:
        """Press a key in the form; return whether it used it."""
        return key(self.widget, pressed, state)


class RepeatBarPage(Page[RepeatBar]):
    """The bar that counts."""

    @property
    def count(self) -> str:
        """How often the message was sent, or how that ended; "" while the bar is hidden."""
        return self.child("_count_label", Gtk.Label).get_text() if self.is_shown else ""

    @property
    def message(self) -> str:
        """What is being sent; "" if nothing is."""
        label = self.child("_message_label", Gtk.Label)
        return label.get_text() if label.get_mapped() else ""


def repeat_form(widget: Gtk.Widget) -> RepeatFormPage:
    """Return the form of a composer or a tab, open or not."""
    (popover,) = descendants(widget, RepeatPopover)
    return RepeatFormPage(popover)


def repeat_bar(widget: Gtk.Widget) -> RepeatBarPage:
    """Return the bar of a composer or a tab, shown or not."""
    (bar,) = descendants(widget, RepeatBar)
    return RepeatBarPage(bar)
