"""Rows that show the options of a connection, by the options' names, and read them back.

A page says which row is which option; what was typed stays as it was typed, right or wrong.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import replace
from enum import Enum
from typing import Any, Generic, TypeVar

from gi.repository import Adw, Gtk, Pango

from spacebeam.profiles.profile import BOUNDS, Profile
from spacebeam.profiles.validation import ValidationError
from spacebeam.ui.options.number_row import NumberRow
from spacebeam.ui.options.pairs_group import PairsGroup
from spacebeam.ui.options.switch_row import SwitchRow

Row = TypeVar("Row", bound=Gtk.Widget)
Changed = Callable[[], None]


class OptionsForm:
    """The rows of one page. `on_changed` is called after every change by the person."""

    def __init__(self, rows: Mapping[str, Gtk.Widget]) -> None:
        self._fields = {name: _field(name, row) for name, row in rows.items()}
        self._is_showing = False
        self.on_changed: Changed = lambda: None
        for one in self._fields.values():
            one.listen(self._on_field_changed)

    def show(self, settings: Profile) -> None:
        """Put the options into the rows."""
        self._is_showing = True
        for name, one in self._fields.items():
            one.show(getattr(settings, name))
        self._is_showing = False

    def read(self, settings: Profile) -> Profile:
        """`settings` with what stands in the rows."""
        return replace(settings, **{name: one.read() for name, one in self._fields.items()})

    def mark(self, mistakes: tuple[ValidationError, ...]) -> None:
        """Show what is wrong at its row, and nothing at the others."""
        for name, one in self._fields.items():
            one.mark([mistake for mistake in mistakes if mistake.field == name])

    def focus(self, mistake: ValidationError) -> bool:
        """Put the cursor where the mistake is; whether it is on this page."""
        one = self._fields.get(mistake.field)
        if one is not None:
            one.focus(mistake)
        return one is not None

    def _on_field_changed(self) -> None:
        if not self._is_showing:
            self.on_changed()


class Field(ABC, Generic[Row]):
    """One option and its row."""

    def __init__(self, name: str, row: Row) -> None:
        self.name = name
        self.row = row

    @abstractmethod
    def listen(self, changed: Changed) -> None:
        """Call `changed` after every change."""

    @abstractmethod
    def show(self, value: Any) -> None:
        """Put a value into the row."""

    @abstractmethod
    def read(self) -> Any:
        """What stands in the row."""

    def mark(self, mistakes: list[ValidationError]) -> None:
        """Show that something is wrong, or that nothing is."""
        words = mistakes[0].words if mistakes else ""
        (self.row.add_css_class if words else self.row.remove_css_class)("error")
        self.row.set_tooltip_text(words or None)
        self.explain(words)

    @abstractmethod
    def explain(self, words: str) -> None:
        """Say in words what is wrong; without words, that nothing is."""

    def focus(self, _mistake: ValidationError) -> None:
        self.row.grab_focus()


class TextField(Field[Adw.EntryRow]):
    """Text, or a secret; of a secret that was not kept there is nothing to show."""

    def __init__(self, name: str, row: Adw.EntryRow) -> None:
        super().__init__(name, row)
        self._was_kept = True
        # An entry's row has no second line; what is wrong stands below its group.
        self._fault_label = Gtk.Label(
            visible=False,
            xalign=0,
            wrap=True,
            wrap_mode=Pango.WrapMode.WORD_CHAR,
            margin_top=6,
            margin_start=12,
            margin_end=12,
            css_classes=["error", "caption"],
        )
        group = row.get_ancestor(Adw.PreferencesGroup)
        assert isinstance(group, Adw.PreferencesGroup)
        group.add(self._fault_label)

    def listen(self, changed: Changed) -> None:
        def on_changed(_row: Adw.EntryRow) -> None:
            self._was_kept = True
            changed()

        self.row.connect("changed", on_changed)

    def show(self, value: str | None) -> None:
        self.row.set_text(value or "")
        self._was_kept = value is not None

    def read(self) -> Any:
        return self.row.get_text() if self._was_kept else None

    def explain(self, words: str) -> None:
        self._fault_label.set_text(f"{self.row.get_title()}: {words}")
        self._fault_label.set_visible(bool(words))
        text = self.row.get_delegate()
        if isinstance(text, Gtk.Text):
            text.update_property([Gtk.AccessibleProperty.DESCRIPTION], [words])


class NamesField(TextField):
    """Names with commas between them."""

    def show(self, value: Any) -> None:
        super().show(", ".join(value))

    def read(self) -> Any:
        names = (name.strip() for name in self.row.get_text().split(","))
        return tuple(name for name in names if name)


class SwitchField(Field[SwitchRow]):
    """On or off."""

    def listen(self, changed: Changed) -> None:
        self.row.connect("notify::active", lambda _row, _property: changed())

    def show(self, value: bool) -> None:
        self.row.active = value

    def read(self) -> bool:
        return bool(self.row.active)

    def explain(self, words: str) -> None:
        """Neither way is wrong."""


class NumberField(Field[NumberRow]):
    """A number within its bounds."""

    def __init__(self, name: str, row: NumberRow) -> None:
        super().__init__(name, row)
        is_whole = isinstance(getattr(Profile(), name), int)
        row.bound(*BOUNDS[name], digits=0 if is_whole else 1)

    def listen(self, changed: Changed) -> None:
        self.row.connect("changed", lambda _row: changed())

    def show(self, value: float) -> None:
        self.row.value = value

    def read(self) -> float:
        return self.row.value

    def explain(self, words: str) -> None:
        self.row.explain(words)


class ChoiceField(Field[Adw.ComboRow]):
    """One of an enum's members, in their order."""

    def __init__(self, name: str, row: Adw.ComboRow) -> None:
        super().__init__(name, row)
        default: Enum = getattr(Profile(), name)
        self._members = list(type(default))

    def listen(self, changed: Changed) -> None:
        self.row.connect("notify::selected", lambda _row, _property: changed())

    def show(self, value: Enum) -> None:
        self.row.set_selected(self._members.index(value))

    def read(self) -> Enum:
        return self._members[self.row.get_selected()]

    def explain(self, words: str) -> None:
        """No choice is wrong."""


class PairsField(Field[PairsGroup]):
    """Names and values."""

    def __init__(self, name: str, row: PairsGroup) -> None:
        super().__init__(name, row)
        row.field = name

    def listen(self, changed: Changed) -> None:
        self.row.connect("changed", lambda _group: changed())

    def show(self, value: Any) -> None:
        self.row.show_pairs(value)

    def read(self) -> Any:
        return self.row.pairs

    def mark(self, mistakes: list[ValidationError]) -> None:
        self.row.mark({mistake.row: mistake.words for mistake in mistakes})

    def explain(self, words: str) -> None:
        """Each pair explains itself."""

    def focus(self, mistake: ValidationError) -> None:
        self.row.focus_pair(mistake.row or 0)


def _field(name: str, row: Gtk.Widget) -> Field[Any]:
    if isinstance(row, PairsGroup):
        return PairsField(name, row)
    if isinstance(row, NumberRow):
        return NumberField(name, row)
    if isinstance(row, SwitchRow):
        return SwitchField(name, row)
    if isinstance(row, Adw.ComboRow):
        return ChoiceField(name, row)
    assert isinstance(row, Adw.EntryRow), name
    is_names = isinstance(getattr(Profile(), name), tuple)
    return NamesField(name, row) if is_names else TextField(name, row)
