"""A pinned value in the strip: its name, its newest value and its sparkline."""

from __future__ import annotations

from collections.abc import Sequence

from gi.repository import GObject, Gtk

from spacebeam.decode.visible import one_line
from spacebeam.ui.template import template
from spacebeam.ui.values.chart import short_name
from spacebeam.ui.values.sparkline import Sparkline
from spacebeam.wording.i18n import _
from spacebeam.wording.series import measured_name

_MAX_NAME, _MAX_VALUE = 16, 24  # characters


@template("pin_chip.ui")
class PinChip(Gtk.Box):
    """Emits `toggled` (whether it is in the chart), and `unpinned`."""

    __gtype_name__ = "SpacebeamPinChip"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "toggled": (GObject.SignalFlags.RUN_FIRST, None, (bool,)),
        "unpinned": (GObject.SignalFlags.RUN_FIRST, None, ()),
    }

    _button: Gtk.ToggleButton = Gtk.Template.Child()
    _name_label: Gtk.Label = Gtk.Template.Child()
    _value_label: Gtk.Label = Gtk.Template.Child()
    _sparkline: Sparkline = Gtk.Template.Child()
    _unpin_button: Gtk.Button = Gtk.Template.Child()

    def __init__(self, path: str) -> None:
        GObject.type_ensure(Sparkline)  # the template has one
        super().__init__()
        self.path = path
        self._name_label.set_text(_cut(short_name(path), _MAX_NAME))
        self._full_name = name = measured_name(path) or one_line(path)
        self._button.set_tooltip_text(_("{name}: show it in the chart").format(name=name))
        self._unpin_button.set_tooltip_text(_("Unpin {name}").format(name=name))
        self.show_value(None, ())

    @property
    def is_charted(self) -> bool:
        """Whether the value is in the chart."""
        return self._button.get_active()

    def chart(self, *, is_charted: bool = True) -> None:
        """Show the value in the chart, or no longer."""
        self._button.set_active(is_charted)

    def show_value(self, text: str | None, heights: Sequence[float | None]) -> None:
        """Show the newest value, None without any, and its course."""
        shown = "…" if text is None else _cut(one_line(text) or '""', _MAX_VALUE)
        self._value_label.set_text(shown)
        self._sparkline.show_heights(heights)
        self._sparkline.set_visible(any(one is not None for one in heights))
        words = f"{self._full_name}: {shown}"
        self._button.update_property([Gtk.AccessibleProperty.LABEL], [words])

    @Gtk.Template.Callback()
    def _on_button_toggled(self, button: Gtk.ToggleButton) -> None:
        self.emit("toggled", button.get_active())

    @Gtk.Template.Callback()
    def _on_unpin_button_clicked(self, _button: Gtk.Button) -> None:
        self.emit("unpinned")


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
