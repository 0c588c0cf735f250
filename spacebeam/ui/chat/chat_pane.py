"""The chat beside the composer: who is in the room, the bubbles, and what can be chosen."""

from __future__ import annotations

from gi.repository import GObject, Gtk

from spacebeam.decode.visible import one_line
from spacebeam.ui.chat.chat_list import ChatList
from spacebeam.ui.chat.room_words import count_here
from spacebeam.ui.chat.speech import ChatPaths, valid_path
from spacebeam.ui.focus import select_all
from spacebeam.ui.template import template
from spacebeam.wording.i18n import _

_PATHS_HINT = _("Paths into JSON (JMESPath). Without one, the whole message is shown.")


@template("chat_pane.ui")
class ChatPane(Gtk.Box):
    """Shows a chat.

    Emits `name-chosen` (the person's name in the room) and `paths-chosen` (ChatPaths). Its other
    buttons use actions of the tab.
    """

    __gtype_name__ = "SpacebeamChatPane"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "name-chosen": (GObject.SignalFlags.RUN_FIRST, None, (str,)),
        "paths-chosen": (GObject.SignalFlags.RUN_FIRST, None, (object,)),
    }

    chat_list: ChatList = Gtk.Template.Child("_chat_list")
    _people_button: Gtk.MenuButton = Gtk.Template.Child()
    _people_label: Gtk.Label = Gtk.Template.Child()
    _names_label: Gtk.Label = Gtk.Template.Child()
    _name_button: Gtk.MenuButton = Gtk.Template.Child()
    _name_label: Gtk.Label = Gtk.Template.Child()
    _name_popover: Gtk.Popover = Gtk.Template.Child()
    _name_entry: Gtk.Entry = Gtk.Template.Child()
    _paths_button: Gtk.MenuButton = Gtk.Template.Child()
    _name_path_entry: Gtk.Entry = Gtk.Template.Child()
    _text_path_entry: Gtk.Entry = Gtk.Template.Child()
    _paths_label: Gtk.Label = Gtk.Template.Child()
    _share_button: Gtk.Button = Gtk.Template.Child()
    _alone_box: Gtk.Box = Gtk.Template.Child()

    def __init__(self) -> None:
        GObject.type_ensure(ChatList)  # the template has one
        super().__init__()
        self._paths = ChatPaths()  # that are used
        self._own_name = ""

    def close(self) -> None:
        """Show nothing."""
        self.chat_list.close()

    def show_room(self, own_name: str, names: list[str]) -> None:
        """Show who is in the room; an empty `own_name` if this side is not."""
        self._own_name = own_name
        self._people_button.set_visible(bool(own_name))
        self._name_button.set_visible(bool(own_name))
        self._people_label.set_text(count_here(len(names)))
        self._name_label.set_text(one_line(own_name))
        others = sorted((one for one in names if one != own_name), key=str.casefold)
        lines = [_("{name} (you)").format(name=own_name), *others] if own_name else others
        self._names_label.set_text("\n".join(map(one_line, lines)))

    def show_kind(self, *, is_room: bool, can_share: bool) -> None:
        """Show what can be done: names and texts have their places in a room's messages."""
        self._paths_button.set_visible(not is_room)
        self._share_button.set_visible(can_share)

    def show_alone(self, *, is_alone: bool) -> None:
        """Offer a second window to somebody who is alone."""
        self._alone_box.set_visible(is_alone)

    def show_shared(self, *, is_shared: bool) -> None:
        """Show whether other computers can join."""
        self._share_button.set_label(_("Shared…") if is_shared else _("Share…"))

    def show_paths(self, paths: ChatPaths) -> None:
        """Show where names and texts are read."""
        self._paths = paths
        for entry, path in self._path_entries(paths):
            if entry.get_text() != path:
                entry.set_text(path)

    def _path_entries(self, paths: ChatPaths) -> tuple[tuple[Gtk.Entry, str], ...]:
        return (self._name_path_entry, paths.name), (self._text_path_entry, paths.text)

    @property
    def _typed_paths(self) -> ChatPaths:
        entries = self._name_path_entry, self._text_path_entry
        return ChatPaths(*(entry.get_text().strip() for entry in entries))

    def _check_paths(self) -> bool:
        """Show what is wrong with the typed paths; return whether both are valid."""
        errors = []
        for entry, path in self._path_entries(self._typed_paths):
            error = valid_path(path)
            errors.append(error)
            entry.add_css_class("error") if error else entry.remove_css_class("error")
        self._paths_label.set_text(next(filter(None, errors), _PATHS_HINT))
        return not any(errors)

    def _choose_paths(self) -> None:
        if self._check_paths() and self._typed_paths != self._paths:
            self.emit("paths-chosen", self._typed_paths)

    @Gtk.Template.Callback()
    def _on_path_entry_notify_text(self, _entry: Gtk.Entry, _property: GObject.ParamSpec) -> None:
        self._check_paths()

    @Gtk.Template.Callback()
    def _on_path_entry_activate(self, _entry: Gtk.Entry) -> None:
        self._choose_paths()

    @Gtk.Template.Callback()
    def _on_paths_popover_closed(self, _popover: Gtk.Popover) -> None:
        self._choose_paths()

    @Gtk.Template.Callback()
    def _on_name_popover_show(self, _popover: Gtk.Popover) -> None:
        self._name_entry.set_text(self._own_name)
        select_all(self._name_entry)

    @Gtk.Template.Callback()
    def _on_name_entry_activate(self, _entry: Gtk.Entry) -> None:
        self._choose_name()

    @Gtk.Template.Callback()
    def _on_name_change_button_clicked(self, _button: Gtk.Button) -> None:
        self._choose_name()

    def _choose_name(self) -> None:
        self._name_popover.popdown()
        name = self._name_entry.get_text().strip()
        if name and name != self._own_name:
            self.emit("name-chosen", name)
