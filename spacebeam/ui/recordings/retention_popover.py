"""Asks how long recordings are kept, and how much of them."""

from __future__ import annotations

from gi.repository import GObject, Gtk

from spacebeam.library.retention import GIB, RetentionPolicy
from spacebeam.ui.recordings import recording_words
from spacebeam.ui.template import template

_AGES = (1, 7, 30, 90, 365)  # days
_SIZES = tuple(count * GIB for count in (1, 5, 10, 50, 200))

Choices = tuple[int | None, ...]


@template("retention_popover.ui")
class RetentionPopover(Gtk.Popover):
    """Says with `changed` (a RetentionPolicy) what the person chose."""

    __gtype_name__ = "SpacebeamRetentionPopover"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "changed": (GObject.SignalFlags.RUN_FIRST, None, (object,)),
    }

    _age_drop_down: Gtk.DropDown = Gtk.Template.Child()
    _size_drop_down: Gtk.DropDown = Gtk.Template.Child()

    def __init__(self) -> None:
        super().__init__()
        self._ages: Choices = ()
        self._sizes: Choices = ()
        self._keeping = RetentionPolicy()
        self._is_showing = False

    def show_keeping(self, keeping: RetentionPolicy) -> None:
        """Show how it is; what is no usual choice is offered too."""
        self._is_showing = True
        self._keeping = keeping
        self._ages = _choices(_AGES, keeping.max_age)
        self._sizes = _choices(_SIZES, keeping.max_size)
        for drop_down, choices, words, chosen in (
            (self._age_drop_down, self._ages, recording_words.age, keeping.max_age),
            (self._size_drop_down, self._sizes, recording_words.room, keeping.max_size),
        ):
            names = [words(one).capitalize() if one is None else words(one) for one in choices]
            drop_down.set_model(Gtk.StringList.new(names))
            drop_down.set_selected(choices.index(chosen))
        self._is_showing = False

    @Gtk.Template.Callback()
    def _on_drop_down_notify_selected(
        self, _drop_down: Gtk.DropDown, _property: GObject.ParamSpec
    ) -> None:
        if self._is_showing:
            return
        keeping = RetentionPolicy(
            self._ages[self._age_drop_down.get_selected()],
            self._sizes[self._size_drop_down.get_selected()],
        )
        if keeping != self._keeping:
            self._keeping = keeping
            self.emit("changed", keeping)


def _choices(usual: tuple[int, ...], chosen: int | None) -> Choices:
    return (*sorted({*usual, *(() if chosen is None else (chosen,))}), None)
