"""Chooses how long recordings stay, and their total size."""

from __future__ import annotations

from gi.repository import GObject, Gtk

from spacebeam.library.retention_policy import GIB, RetentionPolicy
from spacebeam.ui.recordings import recording_words
from spacebeam.ui.template import template

_AGES = (1, 7, 30, 90, 365)  # days
_SIZES = tuple(count * GIB for count in (1, 5, 10, 50, 200))

Choices = tuple[int | None, ...]


@template("retention_popover.ui")
class RetentionPopover(Gtk.Popover):
    """Emits `changed` with the chosen RetentionPolicy."""

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
        self._policy = RetentionPolicy()
        self._is_showing = False

    def show_policy(self, policy: RetentionPolicy) -> None:
        """Show a policy; values that are not among the usual choices are added to them."""
        if policy == self._policy and self._ages:
            return  # a list must not be replaced while the person chooses from it
        self._is_showing = True
        self._policy = policy
        self._ages = _choices(_AGES, policy.max_age)
        self._sizes = _choices(_SIZES, policy.max_size)
        for drop_down, choices, words, chosen in (
            (self._age_drop_down, self._ages, recording_words.age, policy.max_age),
            (self._size_drop_down, self._sizes, recording_words.max_size, policy.max_size),
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
        policy = RetentionPolicy(
            self._ages[self._age_drop_down.get_selected()],
            self._sizes[self._size_drop_down.get_selected()],
        )
        if policy != self._policy:
            self._policy = policy
            self.emit("changed", policy)


def _choices(usual: tuple[int, ...], chosen: int | None) -> Choices:
    return (*sorted({*usual, *(() if chosen is None else (chosen,))}), None)
