"""Binds the rows of a page to the fields of a profile, by the fields' paths.

Text is shown and read as it was typed, valid or not.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any, Generic, TypeVar

from gi.repository import Adw, Gtk, Pango

from spacebeam.profiles.profile import (
    DEFAULTS,
    MIB,
    NUMBER_LIMITS,
    Profile,
    value_at,
    with_values,
)
from spacebeam.profiles.validation import ValidationError
from spacebeam.ui.handlers import weak_handlers
from spacebeam.ui.hyphens import no_hyphens
from spacebeam.ui.options.number_row import NumberRow
from spacebeam.ui.options.pairs_group import PairsGroup
from spacebeam.ui.options.switch_row import SwitchRow
from spacebeam.wording.validation import validation_words

Row = TypeVar("Row", bound=Gtk.Widget)
Changed = Callable[[], None]

# Numbers that a row shows in a larger unit.
_UNITS = {"limits.max_message": MIB}


@weak_handlers
class OptionsForm:
    """The fields of one page. `on_changed` is called after every change by the person."""

    def __init__(self, rows: Mapping[str, Gtk.Widget]) -> None:
        self._fields = {path: _field(path, row) for path, row in rows.items()}
        self._is_showing = False
        self.on_changed: Changed = lambda: None
        for one in self._fields.values():
            one.connect(self._on_field_changed)

    @property
    def rows(self) -> tuple[Gtk.Widget, ...]:
        """The rows of the fields."""
        return tuple(one.row for one in self._fields.values())

    @property
    def paths(self) -> tuple[str, ...]:
        """The paths of the fields."""
        return tuple(self._fields)

    def show(self, profile: Profile) -> None:
        """Show the profile's values in the rows."""
        self._is_showing = True
        for path, one in self._fields.items():
            one.show(value_at(profile, path))
        self._is_showing = False

    def read(self, profile: Profile) -> Profile:
        """Return the profile with the values of the rows."""
        return with_values(profile, {path: one.read() for path, one in self._fields.items()})

    def show_errors(self, errors: tuple[ValidationError, ...]) -> None:
        """Mark the invalid rows and show why; remove the marks of all others."""
        for path, one in self._fields.items():
            one.show_errors([error for error in errors if error.path == path])

    def focus(self, error: ValidationError) -> bool:
        """Move the focus to the invalid row. Return False if it is not on this page."""
        one = self._fields.get(error.path)
        if one is not None:
            one.focus(error)
        return one is not None

    def _on_field_changed(self) -> None:
        if not self._is_showing:
            self.on_changed()


class Field(ABC, Generic[Row]):
    """One field of a profile and its row."""

    def __init__(self, path: str, row: Row) -> None:
        self.path = path
        self.row = row

    @abstractmethod
    def connect(self, changed: Changed) -> None:
        """Call `changed` after every change of the row."""

    @abstractmethod
    def show(self, value: Any) -> None:
        """Show the value in the row."""

    @abstractmethod
    def read(self) -> Any:
        """Return the value of the row."""

    def show_errors(self, errors: list[ValidationError]) -> None:
        """Mark the row as invalid and show the first error; remove the mark without one."""
        message = validation_words(errors[0]) if errors else ""
        (self.row.add_css_class if message else self.row.remove_css_class)("error")
        self.row.set_tooltip_text(message or None)
        self._show_message(message)

    def _show_message(self, message: str) -> None:
        """Show the error, or remove it if the message is empty. Some rows are always valid."""

    def focus(self, _error: ValidationError) -> None:
        self.row.grab_focus()


class TextField(Field[Adw.EntryRow]):
    """Text or a secret. A secret that was not saved is None until something is typed."""

    def __init__(self, path: str, row: Adw.EntryRow) -> None:
        super().__init__(path, row)
        self._is_known = True
        # An entry row has no second line, so the error is shown in a row below it.
        self._error_label = Gtk.Label(
            xalign=0,
            wrap=True,
            wrap_mode=Pango.WrapMode.WORD_CHAR,
            attributes=no_hyphens(),
            margin_top=6,
            margin_bottom=6,
            margin_start=12,
            margin_end=12,
            css_classes=["error", "caption"],
        )
        self._error_row = Adw.PreferencesRow(
            child=self._error_label, visible=False, activatable=False, focusable=False
        )
        rows = row.get_parent()
        assert isinstance(rows, Gtk.ListBox)
        rows.insert(self._error_row, row.get_index() + 1)

    def connect(self, changed: Changed) -> None:
        def on_changed(_row: Adw.EntryRow) -> None:
            self._is_known = True
            changed()

        self.row.connect("changed", on_changed)

    def show(self, value: str | None) -> None:
        self.row.set_text(value or "")
        self._is_known = value is not None

    def read(self) -> Any:
        return self.row.get_text() if self._is_known else None

    def _show_message(self, message: str) -> None:
        self._error_label.set_text(message)
        self._error_row.set_visible(bool(message))
        text = self.row.get_delegate()
        if isinstance(text, Gtk.Text):
            text.update_property([Gtk.AccessibleProperty.DESCRIPTION], [message])


class NamesField(TextField):
    """Names, separated by commas."""

    def show(self, value: Any) -> None:
        super().show(", ".join(value))

    def read(self) -> Any:
        names = (name.strip() for name in self.row.get_text().split(","))
        return tuple(name for name in names if name)


class SwitchField(Field[SwitchRow]):
    """On or off."""

    def connect(self, changed: Changed) -> None:
        self.row.connect("notify::active", lambda _row, _property: changed())

    def show(self, value: bool) -> None:
        self.row.active = value

    def read(self) -> bool:
        return bool(self.row.active)


class NumberField(Field[NumberRow]):
    """A number within its limits."""

    def __init__(self, path: str, row: NumberRow) -> None:
        super().__init__(path, row)
        self._unit = _UNITS.get(path, 1)
        least, most = (limit / self._unit for limit in NUMBER_LIMITS[path])
        row.set_limits(least, most, digits=0 if isinstance(DEFAULTS[path], int) else 1)

    def connect(self, changed: Changed) -> None:
        self.row.connect("changed", lambda _row: changed())

    def show(self, value: float) -> None:
        self.row.value = value / self._unit

    def read(self) -> float:
        return self.row.value * self._unit

    def _show_message(self, message: str) -> None:
        self.row.show_error(message)


class ChoiceField(Field[Adw.ComboRow]):
    """One member of an enum; the row has them in the same order."""

    def __init__(self, path: str, row: Adw.ComboRow) -> None:
        super().__init__(path, row)
        default: Enum = DEFAULTS[path]
        self._members = list(type(default))

    def connect(self, changed: Changed) -> None:
        self.row.connect("notify::selected", lambda _row, _property: changed())

    def show(self, value: Enum) -> None:
        self.row.set_selected(self._members.index(value))

    def read(self) -> Enum:
        return self._members[self.row.get_selected()]


class PairsField(Field[PairsGroup]):
    """Names and values."""

    def __init__(self, path: str, row: PairsGroup) -> None:
        super().__init__(path, row)
        row.path = path

    def connect(self, changed: Changed) -> None:
        self.row.connect("changed", lambda _group: changed())

    def show(self, value: Any) -> None:
        self.row.show_pairs(value)

    def read(self) -> Any:
        return self.row.pairs

    def show_errors(self, errors: list[ValidationError]) -> None:
        self.row.show_errors({error.row: validation_words(error) for error in errors})

    def focus(self, error: ValidationError) -> None:
        self.row.focus_pair(error.row or 0)


def _field(path: str, row: Gtk.Widget) -> Field[Any]:
    if isinstance(row, PairsGroup):
        return PairsField(path, row)
    if isinstance(row, NumberRow):
        return NumberField(path, row)
    if isinstance(row, SwitchRow):
        return SwitchField(path, row)
    if isinstance(row, Adw.ComboRow):
        return ChoiceField(path, row)
    assert isinstance(row, Adw.EntryRow), path
    return NamesField(path, row) if isinstance(DEFAULTS[path], tuple) else TextField(path, row)
