"""The chooser of the environment in the header bar."""

from __future__ import annotations

from collections.abc import Sequence

from gi.repository import Adw, Gio, GLib, GObject, Gtk, Pango

from spacebeam.decode.visible import one_line
from spacebeam.profiles.collection import Environment
from spacebeam.ui.template import template
from spacebeam.wording.i18n import _

_NONE = _("No environment")
_MAX_SHOWN = 100


@template("environment_button.ui")
class EnvironmentButton(Adw.Bin):
    """Emits `chosen` (a name, or "" for none); hidden while there are no environments."""

    __gtype_name__ = "SpacebeamEnvironmentButton"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "chosen": (GObject.SignalFlags.RUN_FIRST, None, (str,)),
    }

    _button: Gtk.MenuButton = Gtk.Template.Child()
    _color_label: Gtk.Label = Gtk.Template.Child()
    _name_label: Gtk.Label = Gtk.Template.Child()
    _arrow_image: Gtk.Image = Gtk.Template.Child()

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[Sequence[Environment], str] | None = None
        self._choice = Gio.SimpleAction.new_stateful(
            "choose", GLib.VariantType("s"), GLib.Variant("s", "")
        )
        self._choice.connect("activate", self._on_choice_activate)
        group = Gio.SimpleActionGroup()
        group.add_action(self._choice)
        self.insert_action_group("environment", group)

    @property
    def name(self) -> str:
        """The name that is shown."""
        return self._name_label.get_text()

    def show_environments(self, environments: Sequence[Environment], chosen: str) -> None:
        """Offer these environments."""
        if self._shown == (environments, chosen):
            return
        self._shown = environments, chosen
        self.set_visible(bool(environments))
        self._choice.set_state(GLib.Variant("s", chosen))
        self._button.set_menu_model(_menu(environments))
        color = next((one.color for one in environments if one.name == chosen), "")
        self._color_label.set_css_classes([] if color else ["dim-label"])
        self._color_label.set_attributes(_colored(color))
        words = one_line(chosen) or _NONE
        self._name_label.set_text(words)
        self._name_label.set_css_classes([] if chosen else ["dim-label"])
        self._button.update_property(
            [Gtk.AccessibleProperty.LABEL], [_("Environment: {words}").format(words=words)]
        )

    def show_narrow(self, *, is_narrow: bool) -> None:
        """Show the color and an arrow only, where there is little room."""
        self._name_label.set_visible(not is_narrow)

    def _on_choice_activate(self, _action: Gio.SimpleAction, name: GLib.Variant) -> None:
        self.emit("chosen", name.get_string())


def _menu(environments: Sequence[Environment]) -> Gio.Menu:
    choices, others, menu = Gio.Menu(), Gio.Menu(), Gio.Menu()
    for name in ("", *(one.name for one in environments[:_MAX_SHOWN])):
        item = Gio.MenuItem.new(one_line(name).replace("_", "__") or _NONE, None)
        item.set_action_and_target_value("environment.choose", GLib.Variant("s", name))
        choices.append_item(item)
    others.append(_("_Edit Environments…"), "win.environments")
    menu.append_section(None, choices)
    menu.append_section(None, others)
    return menu


def _colored(color: str) -> Pango.AttrList | None:
    found, red, green, blue, _alpha = Pango.Color(), 0, 0, 0, 0
    if not color or not found.parse(color):
        return None
    red, green, blue = found.red, found.green, found.blue
    attributes = Pango.AttrList()
    attributes.insert(Pango.attr_foreground_new(red, green, blue))
    return attributes
