"""The window in which environments are edited; changes apply at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from gi.repository import Adw, Gdk, GLib, GObject, Gtk

from spacebeam.decode.visible import one_line
from spacebeam.profiles.collection import Environment, Variable
from spacebeam.ui.compat import name_mnemonic_button, set_parent
from spacebeam.ui.handlers import weakly
from spacebeam.ui.input_method import Composing
from spacebeam.ui.surface_width import text_scale
from spacebeam.ui.template import template
from spacebeam.ui.variables.variables_group import VariablesGroup
from spacebeam.wording.i18n import _
from spacebeam.wording.keyring import secret_variables_words

_WIDTH, _HEIGHT = 640, 560  # pixels
_SAVE_DELAY_MS = 400  # after the last change
_NO_COLOR = "#9a9996"


@template("environments_window.ui")
class EnvironmentsWindow(Adw.Window):
    """Emits `saved` (the Environment before, or None, and now) and `deleted` (a name)."""

    __gtype_name__ = "SpacebeamEnvironmentsWindow"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "saved": (GObject.SignalFlags.RUN_FIRST, None, (object, object)),
        "deleted": (GObject.SignalFlags.RUN_FIRST, None, (str,)),
    }

    _drop_down: Gtk.DropDown = Gtk.Template.Child()
    _new_button: Gtk.Button = Gtk.Template.Child()
    _delete_button: Gtk.Button = Gtk.Template.Child()
    _toast_overlay: Adw.ToastOverlay = Gtk.Template.Child()
    _stack: Gtk.Stack = Gtk.Template.Child()
    _name_row: Adw.EntryRow = Gtk.Template.Child()
    _name_error_label: Gtk.Label = Gtk.Template.Child()
    _color_button: Gtk.ColorButton = Gtk.Template.Child()
    _variables_group: VariablesGroup = Gtk.Template.Child()
    _file_group: VariablesGroup = Gtk.Template.Child()

    def __init__(
        self,
        parent: Gtk.Window,
        environments: Sequence[Environment],
        from_files: Mapping[str, Sequence[Variable]],
        chosen: str = "",
    ) -> None:
        """Edit environments; `from_files` are the variables of their .env files, by their names.

        The one that is `chosen` is shown first.
        """
        GObject.type_ensure(VariablesGroup)  # the template has two
        super().__init__()
        set_parent(self, parent)
        Composing(self)
        name_mnemonic_button(self._new_button)
        inner = self._color_button.get_first_child()  # which has the focus
        if inner is not None:
            inner.update_property([Gtk.AccessibleProperty.LABEL], [_("Color")])
        width = int(_WIDTH * text_scale(self))
        self.set_default_size(min(width, max(360, parent.get_width())), _HEIGHT)
        self._environments = list(environments)
        self._saved = list(environments)  # as they were last saved, in the same order
        self._from_files = from_files
        self._shown = -1  # place of the shown environment
        self._is_showing = False
        self._timer = 0
        self._has_failed = False  # the last change was not saved
        self._in_keyring: Collection[tuple[str, str]] = ()  # environments and their variables
        self.secrets: object = None  # what saves them, for as long as the window is there
        self.connect("close-request", self._on_close_request)
        names = [one.name for one in environments]
        self._refresh(names.index(chosen) if chosen in names else 0)

    def show_error(self, words: str) -> None:
        """Show why a change was not saved."""
        self._has_failed = True
        self._toast_overlay.add_toast(Adw.Toast(title=GLib.markup_escape_text(words)))

    def show_keyring(self, problem: str, saved: Collection[tuple[str, str]]) -> None:
        """Show that secrets are saved in the keyring, or why not.

        `saved` are the environments and variables that it has.
        """
        words = problem or secret_variables_words()
        self._variables_group.set_description(f"{self._variables_group.get_description()} {words}")
        self._in_keyring = saved
        self._show_saved()

    def _show_saved(self) -> None:
        name = self._saved[self._shown].name if self._shown >= 0 else ""
        self._variables_group.show_saved({one for env, one in self._in_keyring if env == name})

    def add(self, variable: str = "") -> None:
        """Make a new environment, with a variable of this name if there is one."""
        self._save_now()
        name = _free_name(_("New environment"), [one.name for one in self._environments])
        variables = (Variable(variable, ""),) if variable else ()
        made = Environment(name, variables)
        self._environments.append(made)
        self._saved.append(made)
        self.emit("saved", None, made)
        self._refresh(len(self._environments) - 1)
        self._name_row.grab_focus()

    def add_variable(self, name: str) -> None:
        """Add a variable to the shown environment, or to a new one, and focus its value."""
        if self._shown < 0:
            self.add(name)
        else:
            self._variables_group.add_variable(name)

    # What is shown

    def _refresh(self, place: int) -> None:
        """Show the list of environments and the one at a place."""
        self._is_showing = True
        self._drop_down.set_model(
            Gtk.StringList.new([one_line(one.name) for one in self._environments])
        )
        has_any = bool(self._environments)
        self._drop_down.set_visible(has_any)
        self._delete_button.set_sensitive(has_any)
        self._stack.set_visible_child_name("one" if has_any else "none")
        if has_any:
            self._drop_down.set_selected(place)
        self._is_showing = False
        self._show(place if has_any else -1)

    def _show(self, place: int) -> None:
        self._shown = place
        if place < 0:
            return
        one = self._environments[place]
        self._is_showing = True
        self._name_row.set_text(one.name)
        color = Gdk.RGBA()
        color.parse(one.color or _NO_COLOR)
        self._color_button.set_rgba(color)
        self._variables_group.show_variables(one.variables)
        self._show_saved()
        in_file = tuple(self._from_files.get(one.name, ()))
        self._file_group.set_visible(bool(in_file))
        self._file_group.set_title(_("From {file}").format(file=one_line(one.env_file) or ".env"))
        self._file_group.show_read_only(in_file)
        self._show_name_error("")
        self._is_showing = False

    def _show_name_error(self, words: str) -> None:
        self._name_error_label.set_text(words)
        self._name_error_label.set_visible(bool(words))
        (self._name_row.add_css_class if words else self._name_row.remove_css_class)("error")
        self._name_row.update_property([Gtk.AccessibleProperty.DESCRIPTION], [words])

    # What is changed

    def _change(self) -> None:
        """Take up what is typed, and save it soon."""
        if self._is_showing or self._shown < 0:
            return
        name = self._name_row.get_text().strip()
        others = [one.name for at, one in enumerate(self._environments) if at != self._shown]
        error = "" if name else _("It needs a name.")
        if name in others:
            error = _("Another environment has this name.")
        self._show_name_error(error)
        before = self._environments[self._shown]
        self._environments[self._shown] = replace(
            before,
            name=before.name if error else name,
            variables=self._variables_group.variables,
        )
        if not self._timer:
            self._timer = GLib.timeout_add(_SAVE_DELAY_MS, weakly(self._save_later))

    def _save_later(self) -> bool:
        self._timer = 0
        self._save()
        return GLib.SOURCE_REMOVE

    def _save_now(self) -> None:
        if self._timer:
            GLib.source_remove(self._timer)
            self._timer = 0
            self._save()

    def _save(self) -> None:
        one, was = self._environments[self._shown], self._saved[self._shown]
        if was.name != one.name:
            self._is_showing = True
            names = self._drop_down.get_model()
            assert isinstance(names, Gtk.StringList)
            names.splice(self._shown, 1, [one_line(one.name)])
            self._drop_down.set_selected(self._shown)
            self._is_showing = False
        self._has_failed = False
        self.emit("saved", was, one)
        if not self._has_failed:
            self._saved[self._shown] = one

    def _undo_delete(self, deleted: Environment, place: int) -> None:
        self._environments.insert(place, deleted)
        self._saved.insert(place, deleted)
        self.emit("saved", None, deleted)
        self._refresh(place)

    def _offer_undo(self, words: str) -> Adw.Toast:
        toast = Adw.Toast(title=GLib.markup_escape_text(words), button_label=_("Undo"), timeout=10)
        self._toast_overlay.add_toast(toast)
        return toast

    @Gtk.Template.Callback()
    def _on_drop_down_notify_selected(self, drop_down: Gtk.DropDown, _property: object) -> None:
        if not self._is_showing:
            self._save_now()
            self._show(drop_down.get_selected())

    @Gtk.Template.Callback()
    def _on_add_button_clicked(self, _button: Gtk.Button) -> None:
        self.add()

    @Gtk.Template.Callback()
    def _on_delete_button_clicked(self, _button: Gtk.Button) -> None:
        self._save_now()
        place = self._shown
        deleted = self._environments.pop(place)
        self._saved.pop(place)
        self.emit("deleted", deleted.name)
        self._refresh(min(place, len(self._environments) - 1))
        toast = self._offer_undo(_("“{name}” deleted").format(name=one_line(deleted.name)))
        toast.connect("button-clicked", self._on_environment_undo_clicked, deleted, place)

    def _on_environment_undo_clicked(
        self, _toast: Adw.Toast, deleted: Environment, place: int
    ) -> None:
        self._undo_delete(deleted, min(place, len(self._environments)))

    @Gtk.Template.Callback()
    def _on_name_row_changed(self, _row: Adw.EntryRow) -> None:
        self._change()

    @Gtk.Template.Callback()
    def _on_color_button_color_set(self, button: Gtk.ColorButton) -> None:
        rgba = button.get_rgba()
        parts = (round(one * 255) for one in (rgba.red, rgba.green, rgba.blue))
        before = self._environments[self._shown]
        self._environments[self._shown] = replace(
            before, color="#" + "".join(f"{one:02x}" for one in parts)
        )
        self._change()

    @Gtk.Template.Callback()
    def _on_variables_group_changed(self, _group: VariablesGroup) -> None:
        self._change()

    @Gtk.Template.Callback()
    def _on_variables_group_removed(
        self, _group: VariablesGroup, removed: Variable, place: int
    ) -> None:
        toast = self._offer_undo(_("“{name}” removed").format(name=one_line(removed.name)))
        name = self._environments[self._shown].name
        toast.connect("button-clicked", self._on_variable_undo_clicked, name, removed, place)

    def _on_variable_undo_clicked(
        self, _toast: Adw.Toast, name: str, removed: Variable, place: int
    ) -> None:
        if self._shown >= 0 and self._environments[self._shown].name == name:
            self._variables_group.insert(removed, place)

    def _on_close_request(self, _window: Gtk.Window) -> bool:
        self._has_failed = False
        self._save_now()
        return self._has_failed  # it stays open once, so that the error can be read


def _free_name(wanted: str, names: Sequence[str]) -> str:
    number, name = 1, wanted
    while name in names:
        number += 1
        name = f"{wanted} {number}"
    return name
