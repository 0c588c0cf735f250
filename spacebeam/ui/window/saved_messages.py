"""The saved messages of a tab: those of its connection and of the folders that it is in."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from gi.repository import Adw, Gio, GLib, Gtk

from spacebeam.decode.visible import one_line
from spacebeam.profiles.collection import MessageFormat, SavedMessage
from spacebeam.ui.actions import add
from spacebeam.ui.composer.composer import Composer
from spacebeam.ui.composer.draft import Draft, DraftError, PayloadFormat, Typed, form_of
from spacebeam.ui.connections.place_form import ask_place
from spacebeam.ui.connections.problems import LIBRARY_ERRORS, error_words
from spacebeam.ui.connections.tab_connection import TabConnection
from spacebeam.ui.handlers import weak_handlers, weakly
from spacebeam.ui.messages.messages_popover import MessagesPopover
from spacebeam.ui.messages.naming import proposed_name
from spacebeam.ui.messages.offered import OfferedMessage
from spacebeam.ui.tasks import Tasks
from spacebeam.wording.i18n import _

_FORMS = {
    MessageFormat.TEXT: PayloadFormat.TEXT,
    MessageFormat.JSON: PayloadFormat.JSON,
    MessageFormat.XML: PayloadFormat.XML,
    MessageFormat.HEX: PayloadFormat.HEX,
    MessageFormat.BASE64: PayloadFormat.BASE64,
}
_FORMATS = {form: format_ for format_, form in _FORMS.items()}
_EMPTY = _("No message is saved for this connection. Save Message saves what you typed.")
_OWN = _("This connection")


@weak_handlers
class SavedMessages:
    """Adds the actions `saved-messages` and `save-message`, and the button of the list.

    `send` sends a saved message; `notify` shows a short message.
    """

    def __init__(
        self,
        composer: Composer,
        popover: MessagesPopover,
        connection: TabConnection,
        tasks: Tasks,
        actions: Gio.SimpleActionGroup,
        send: Callable[[SavedMessage], object],
        notify: Callable[[str], Adw.Toast],
    ) -> None:
        self._composer = composer
        self._connection = connection
        self._tasks = tasks
        self._send, self._notify = weakly(send), weakly(notify)
        self._is_asking = False
        self._popover = popover
        self._button = Gtk.MenuButton(
            icon_name="starred-symbolic", popover=self._popover, direction=Gtk.ArrowType.UP
        )
        self._button.set_tooltip_text(_("Saved messages (Alt+M)"))
        self._button.update_property([Gtk.AccessibleProperty.LABEL], [_("Saved messages")])
        self._button.set_css_classes(["flat"])
        composer.add_tool(self._button)
        add(actions, {"saved-messages": self._open, "save-message": self._save_typed})
        self._popover.connect("map", self._on_popover_map)
        self._popover.connect("closed", self._on_popover_closed)
        self._popover.connect("chosen", self._on_popover_chosen)
        self._popover.connect("send-requested", self._on_popover_send_requested)
        self._popover.connect("delete-requested", self._on_popover_delete_requested)
        self._popover.connect("renamed", self._on_popover_renamed)
        self._popover.connect("moved", self._on_popover_moved)
        self._popover.connect("on-connect-changed", self._on_popover_on_connect_changed)
        self._popover.connect("save-requested", self._on_popover_save_requested)

    def close(self) -> None:
        """Close the list."""
        self._popover.popdown()

    def save(self, payload: str | bytes) -> None:
        """Ask for a name, and save a message that was sent or received."""
        if isinstance(payload, str):
            format_ = _FORMATS[form_of(payload, PayloadFormat.TEXT)]
            self._ask(SavedMessage("", payload, format_))
        else:
            self._ask(SavedMessage("", payload.hex(" "), MessageFormat.HEX))

    # Reading and writing

    def _owners(self) -> list[tuple[str, str, tuple[SavedMessage, ...]]]:
        """Return who has messages: a path, a name or "" for the connection, and the messages."""
        found = []
        if self._connection.is_bound:
            found.append((self._connection.key, "", self._connection.saved.saved.messages))
        for key, folder in reversed(self._connection.variables.folders_with_keys):
            found.append((key, folder.name, folder.messages))
        return found

    def _offered(self) -> list[OfferedMessage]:
        return [
            OfferedMessage(message, owner, place, origin)
            for owner, origin, messages in self._owners()
            for place, message in enumerate(messages)
        ]

    def _refresh(self) -> None:
        self._popover.show_messages(self._offered(), _EMPTY)

    def _change(
        self, owner: str, change: Callable[[list[SavedMessage]], object], undone: str = ""
    ) -> bool:
        """Change the messages of an owner; offer to undo it with these words."""
        messages = next((one[2] for one in self._owners() if one[0] == owner), None)
        if messages is None:
            return False
        changed = list(messages)
        change(changed)
        if not self._write(owner, tuple(changed)):
            return False
        if undone:
            toast = self._notify(undone)
            toast.set_button_label(_("Undo"))
            toast.connect("button-clicked", self._on_toast_button_clicked, owner, messages)
        return True

    def _write(self, owner: str, messages: tuple[SavedMessage, ...]) -> bool:
        try:
            self._connection.set_messages(owner, messages)
        except LIBRARY_ERRORS as error:
            self._notify(_("Not saved. {reason}").format(reason=error_words(error)))
            return False
        self._refresh()
        return True

    # Saving

    def _save_typed(self) -> None:
        content, row = self._composer.content, self._composer.call_row
        if row.verb is not None:
            self._save_call()
            return
        if not content.text:
            self._notify(_("Type a message first."))
            return
        is_encoded = content.form is PayloadFormat.JSON
        self._ask(
            SavedMessage(
                "",
                content.text,
                _FORMATS[content.form],
                encoding=self._composer.encoding.name if is_encoded else "",
            )
        )

    def _save_call(self) -> None:
        """Save the call of the composer as the message that it is."""
        composer = self._composer
        try:
            draft = composer.draft() or Draft("", composer.form, "")
            payload = composer.call_row.single(draft)
        except DraftError as error:
            self._notify(str(error))
        else:
            self.save(payload)

    def _ask(self, message: SavedMessage) -> None:
        if not self._is_asking:
            self._tasks.start(self._ask_and_save(message))

    async def _ask_and_save(self, message: SavedMessage) -> None:
        window, owners = self._composer.get_root(), self._owners()
        if not isinstance(window, Gtk.Window) or not owners:
            return
        names = [name or _OWN for _owner, name, _messages in owners]
        self._is_asking = True
        try:
            chosen = await ask_place(
                window,
                _("Save the message"),
                _("_Save"),
                proposed_name(message.text),
                names,
                offers_new=False,
                folder_label=_("For"),
            )
        finally:
            self._is_asking = False
        if chosen is not None:
            made = replace(message, name=chosen.name)
            if self._change(owners[chosen.folder][0], lambda messages: messages.append(made)):
                self._notify(_("“{name}” saved").format(name=one_line(chosen.name)))

    # The list

    def _open(self) -> None:
        self._button.popup()

    def _on_popover_map(self, _popover: MessagesPopover) -> None:
        self._refresh()

    def _on_popover_closed(self, _popover: MessagesPopover) -> None:
        # Newer versions of GTK give the focus back to the button afterwards.
        GLib.idle_add(weakly(self._composer.focus))

    def _on_popover_chosen(self, _popover: MessagesPopover, offered: OfferedMessage) -> None:
        message = offered.message
        self._composer.restore(Typed(_FORMS[message.format], message.text))
        self._composer.encoding.choose(message.encoding)

    def _on_popover_send_requested(
        self, _popover: MessagesPopover, offered: OfferedMessage
    ) -> None:
        self._send(offered.message)

    def _on_popover_delete_requested(
        self, _popover: MessagesPopover, offered: OfferedMessage
    ) -> None:
        words = _("“{name}” deleted").format(name=one_line(offered.message.name))
        self._change(offered.owner, lambda messages: messages.pop(offered.place), words)

    def _replace(self, offered: OfferedMessage, message: SavedMessage) -> None:
        def change(messages: list[SavedMessage]) -> None:
            messages[offered.place] = message

        self._change(offered.owner, change)

    def _on_popover_renamed(
        self, _popover: MessagesPopover, offered: OfferedMessage, name: str
    ) -> None:
        self._replace(offered, replace(offered.message, name=name))

    def _on_popover_on_connect_changed(
        self, _popover: MessagesPopover, offered: OfferedMessage, is_sent: bool
    ) -> None:
        self._replace(offered, replace(offered.message, on_connect=is_sent))

    def _on_popover_moved(
        self, _popover: MessagesPopover, offered: OfferedMessage, step: int
    ) -> None:
        def change(messages: list[SavedMessage]) -> None:
            with suppress(IndexError):
                moved = messages.pop(offered.place)
                messages.insert(max(offered.place + step, 0), moved)

        self._change(offered.owner, change)

    def _on_popover_save_requested(self, _popover: MessagesPopover) -> None:
        self._save_typed()

    def _on_toast_button_clicked(
        self, _toast: Adw.Toast, owner: str, messages: tuple[SavedMessage, ...]
    ) -> None:
        self._write(owner, messages)
