"""A row of the saved messages: name, text, where it is from, and whether it is sent on connect."""

from __future__ import annotations

from gi.repository import Gdk, GObject, Gtk

from spacebeam.decode.visible import one_line
from spacebeam.library.titles import MAX_TITLE
from spacebeam.ui.composer.sent_row import preview
from spacebeam.ui.input_method import edit_all
from spacebeam.ui.messages.offered import OfferedMessage
from spacebeam.ui.template import template
from spacebeam.wording.i18n import _

_MAX_KEPT = 11  # characters of a format's name that are shown at any width


@template("message_row.ui")
class MessageRow(Gtk.ListBoxRow):
    """Emits `renamed` (the typed name, "" if cancelled), `delete-requested`, and
    `on-connect-changed` (whether it is sent on connect)."""

    __gtype_name__ = "SpacebeamMessageRow"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "renamed": (GObject.SignalFlags.RUN_FIRST, None, (str,)),
        "delete-requested": (GObject.SignalFlags.RUN_FIRST, None, ()),
        "on-connect-changed": (GObject.SignalFlags.RUN_FIRST, None, (bool,)),
    }

    _name_stack: Gtk.Stack = Gtk.Template.Child()
    _name_label: Gtk.Label = Gtk.Template.Child()
    _text_label: Gtk.Label = Gtk.Template.Child()
    _origin_label: Gtk.Label = Gtk.Template.Child()
    _on_connect_button: Gtk.ToggleButton = Gtk.Template.Child()
    _delete_button: Gtk.Button = Gtk.Template.Child()

    def __init__(self, offered: OfferedMessage) -> None:
        super().__init__()
        self.offered = offered
        self._entry: Gtk.Entry | None = None  # while the name is edited
        message = offered.message
        name, text = one_line(message.name), preview(message.text)
        place = " / ".join(filter(None, (offered.origin, message.folder)))
        where = (
            _("from {place}").format(place=one_line(place)) if offered.origin else one_line(place)
        )
        origin = " · ".join(filter(None, (one_line(message.encoding), where)))
        self._name_label.set_text(name)
        self._text_label.set_text(text)
        self._origin_label.set_text(origin)
        self._origin_label.set_visible(bool(origin))
        self._origin_label.set_width_chars(min(len(message.encoding), _MAX_KEPT))
        self._is_showing = True
        self._on_connect_button.set_active(message.on_connect)
        self._is_showing = False
        label = Gtk.AccessibleProperty.LABEL
        sent = [_("sent on connect")] if message.on_connect else []
        self.update_property([label], [", ".join(filter(None, (name, text, origin, *sent)))])
        self._on_connect_button.update_property(
            [label], [_("Send {name} on connect").format(name=name)]
        )
        self._delete_button.update_property([label], [_("Delete {name}").format(name=name)])

    def edit_name(self) -> None:
        """Let the person edit the name in place."""
        if self._entry is not None:
            return
        entry = Gtk.Entry(text=self.offered.message.name, max_length=MAX_TITLE, width_chars=16)
        entry.update_property([Gtk.AccessibleProperty.LABEL], [_("Name")])
        entry.connect("activate", self._on_entry_activate)
        keys = Gtk.EventControllerKey(propagation_phase=Gtk.PropagationPhase.CAPTURE)
        keys.connect("key-pressed", self._on_entry_key_pressed)
        entry.add_controller(keys)
        self._entry = entry
        self._name_stack.add_named(entry, "entry")
        self._name_stack.set_visible_child(entry)
        edit_all(entry)

    def toggle_on_connect(self) -> None:
        """Send the message on connect, or no longer."""
        self._on_connect_button.set_active(not self._on_connect_button.get_active())

    @property
    def is_editing(self) -> bool:
        """Whether the name is being edited."""
        return self._entry is not None

    def _finish(self, name: str) -> None:
        entry, self._entry = self._entry, None
        if entry is not None:
            self._name_stack.set_visible_child_name("name")
            self._name_stack.remove(entry)
            self.emit("renamed", name)

    def _on_entry_activate(self, entry: Gtk.Entry) -> None:
        self._finish(entry.get_text().strip())

    def _on_entry_key_pressed(
        self, _keys: Gtk.EventControllerKey, key: int, _code: int, _state: Gdk.ModifierType
    ) -> bool:
        if key == Gdk.KEY_Escape:
            self._finish("")
            return True
        return False

    @Gtk.Template.Callback()
    def _on_on_connect_button_toggled(self, button: Gtk.ToggleButton) -> None:
        if not self._is_showing:
            self.emit("on-connect-changed", button.get_active())

    @Gtk.Template.Callback()
    def _on_delete_button_clicked(self, _button: Gtk.Button) -> None:
        self.emit("delete-requested")
