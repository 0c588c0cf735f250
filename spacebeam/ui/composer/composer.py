"""The composer: types a message as text, hexadecimal or Base64, or attaches a file."""

from __future__ import annotations

from gi.repository import Gdk, Gio, GObject, Gtk

from spacebeam.decode.preview import size
from spacebeam.decode.visible import one_line
from spacebeam.ui.composer.draft import Draft, DraftError, PayloadFormat, message
from spacebeam.ui.composer.recall import Message, Recall
from spacebeam.ui.input_method import end_composing, takes_key
from spacebeam.ui.pasting import watch_pastes
from spacebeam.ui.template import template

_FORMS = list(PayloadFormat)
_PLACEHOLDERS = {
    PayloadFormat.TEXT: "Type a message",
    PayloadFormat.HEX: "Type bytes in hexadecimal, such as 48 65 6c 6c 6f",
    PayloadFormat.BASE64: "Type bytes in Base64, such as SGVsbG8=",
}
_CUT = (
    "Only the part before a NUL character was pasted: a text field cannot hold NUL. "
    "Raw Frame (Ctrl+E) can send it, written in hexadecimal."
)


@template("composer.ui")
class Composer(Gtk.Box):
    """Emits `send-requested` (a Draft), `file-dropped` (a Gio.File) and `attach-requested`.

    `give_back` returns a draft that could not be sent.
    """

    __gtype_name__ = "SpacebeamComposer"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "send-requested": (GObject.SignalFlags.RUN_FIRST, None, (object,)),
        "file-dropped": (GObject.SignalFlags.RUN_FIRST, None, (Gio.File,)),
        "attach-requested": (GObject.SignalFlags.RUN_FIRST, None, ()),
    }

    _error_label: Gtk.Label = Gtk.Template.Child()
    _sending_box: Gtk.Box = Gtk.Template.Child()
    _sending_label: Gtk.Label = Gtk.Template.Child()
    _file_box: Gtk.Box = Gtk.Template.Child()
    _file_label: Gtk.Label = Gtk.Template.Child()
    _form_drop_down: Gtk.DropDown = Gtk.Template.Child()
    _text_view: Gtk.TextView = Gtk.Template.Child()
    _placeholder_label: Gtk.Label = Gtk.Template.Child()
    _send_button: Gtk.Button = Gtk.Template.Child()

    def __init__(self) -> None:
        super().__init__()
        self._file: tuple[str, bytes] | None = None
        self._preedit = ""  # see `Composing`
        self.recall = Recall()  # of sent messages, with Up and Down
        self._is_open = False
        self._is_connection_error = False  # the error is over with the next connection
        self._form_drop_down.set_model(Gtk.StringList.new([form.value for form in _FORMS]))
        self._text_view.get_buffer().connect("changed", self._on_buffer_changed)
        keys = Gtk.EventControllerKey(propagation_phase=Gtk.PropagationPhase.CAPTURE)
        keys.connect("key-pressed", self._on_text_view_key_pressed)
        self._text_view.add_controller(keys)
        watch_pastes(self._text_view, self._on_pasted_nul)
        self._text_view.connect("preedit-changed", self._on_text_view_preedit_changed)
        drop = Gtk.DropTarget.new(Gio.File, Gdk.DragAction.COPY)
        drop.connect("drop", self._on_drop)
        self.add_controller(drop)
        self._refresh()

    @property
    def typed(self) -> str:
        """The typed text."""
        buffer = self._text_view.get_buffer()
        return buffer.get_text(*buffer.get_bounds(), include_hidden_chars=True)

    @property
    def typed_length(self) -> int:
        """The number of typed characters."""
        return self._text_view.get_buffer().get_char_count()

    @property
    def has_file(self) -> bool:
        """Whether a file is attached."""
        return self._file is not None

    @property
    def form(self) -> PayloadFormat:
        """How the message is typed."""
        return _FORMS[min(self._form_drop_down.get_selected(), len(_FORMS) - 1)]

    def draft(self) -> Draft | None:
        """Return the message, or None if nothing is typed. Raises DraftError."""
        if self._file is not None:
            name, payload = self._file
            return Draft(payload, self.form, "", name)
        typed = self.typed
        return Draft(message(self.form, typed), self.form, typed) if typed else None

    def take_draft(self) -> Draft | None:
        """Return the message and clear the composer. Raises DraftError."""
        draft = self.draft()
        if self._file is not None:
            self._file = None
        else:
            buffer = self._text_view.get_buffer()
            buffer.begin_user_action()  # one step of undo brings the sent text back
            buffer.delete(*buffer.get_bounds())
            buffer.end_user_action()
        self.show_error("")
        return draft

    def edit(self, payload: Message) -> None:
        """Replace what is typed by a message, in one step of undo.

        Text is put in as it is, bytes in hexadecimal.
        """
        form = PayloadFormat.TEXT if isinstance(payload, str) else PayloadFormat.HEX
        typed = payload if isinstance(payload, str) else payload.hex(" ")
        self.recall.put(typed)
        buffer = self._text_view.get_buffer()
        buffer.begin_user_action()
        buffer.delete(*buffer.get_bounds())
        buffer.insert(buffer.get_start_iter(), typed)
        buffer.end_user_action()
        self._form_drop_down.set_selected(_FORMS.index(form))

    def restore(self, form: str, typed: str) -> None:
        """Put in what was typed before a restart, and choose its format by its name."""
        known = [one.value for one in _FORMS]
        if form in known:
            self._form_drop_down.set_selected(known.index(form))
        self._text_view.get_buffer().set_text(typed)

    def focus(self) -> None:
        """Focus the text."""
        self._text_view.grab_focus()

    def show_open(self, is_open: bool) -> None:
        """Enable or disable sending; typing is always possible."""
        self._is_open = is_open
        if is_open and self._is_connection_error:
            self.show_error("")
        self._refresh()

    def show_file(self, name: str, payload: bytes) -> None:
        """Attach a file; it is sent as a binary message before the typed text."""
        self._file = name, payload
        self._file_label.set_text(f"{one_line(name)}, {size(len(payload))}, sent as binary")
        self.show_error("")

    def show_sending(self, words: str) -> None:
        """Show that a long message is being sent; "" hides it."""
        self._sending_label.set_text(words)
        self._sending_box.set_visible(bool(words))

    def show_error(self, words: str) -> None:
        """Show an error; "" hides it."""
        self._is_connection_error = False
        self._error_label.set_text(words)
        self._error_label.set_visible(bool(words))
        self._refresh()

    def _show_connection_error(self, words: str) -> None:
        """Show an error that the next connection ends."""
        self.show_error(words)
        self._is_connection_error = True

    def give_back(self, draft: Draft, words: str) -> None:
        """Put a draft that was not sent before the text typed since, and show the error."""
        if draft.file_name is not None and isinstance(draft.message, bytes):
            self.show_file(draft.file_name, draft.message)
        else:
            between = "\n" if self.typed else ""
            buffer = self._text_view.get_buffer()
            buffer.insert(buffer.get_start_iter(), draft.typed + between)
            self._form_drop_down.set_selected(_FORMS.index(draft.form))
        self._show_connection_error(words)

    def _refresh(self) -> None:
        has_text = self._text_view.get_buffer().get_char_count() > 0 or bool(self._preedit)
        self._placeholder_label.set_text(_PLACEHOLDERS[self.form])
        self._placeholder_label.set_visible(not has_text)
        self._text_view.set_monospace(self.form is not PayloadFormat.TEXT)
        self._file_box.set_visible(self._file is not None)
        has_draft = has_text or self._file is not None
        self._send_button.set_sensitive(self._is_open and has_draft)

    def _send(self) -> None:
        preedit, self._preedit = self._preedit, ""
        end_composing(self._text_view, preedit)
        if not self.typed and self._file is None:
            return
        if not self._is_open:
            self._show_connection_error("Not connected: reconnect before sending.")
            return
        try:
            draft = self.take_draft()
        except DraftError as error:
            self.show_error(str(error))
        else:
            self.emit("send-requested", draft)

    def _on_text_view_key_pressed(
        self, keys: Gtk.EventControllerKey, key: int, _code: int, state: Gdk.ModifierType
    ) -> bool:
        pressed = state & Gtk.accelerator_get_default_mod_mask()
        if key in (Gdk.KEY_Up, Gdk.KEY_Down) and not pressed:
            return self._recalls(is_older=key == Gdk.KEY_Up, keys=keys)
        if key not in (Gdk.KEY_Return, Gdk.KEY_KP_Enter):
            return False
        if takes_key(keys, self._text_view):
            return True
        if state & Gdk.ModifierType.SHIFT_MASK:
            self._text_view.get_buffer().insert_at_cursor("\n")
            return True
        self._send()
        return True

    def _recalls(self, *, is_older: bool, keys: Gtk.EventControllerKey) -> bool:
        """Show an older or newer message; return whether the key is used for that.

        In a text of several lines the cursor goes through the lines first.
        """
        buffer, typed = self._text_view.get_buffer(), self.typed
        line = buffer.get_iter_at_mark(buffer.get_insert()).get_line()
        is_at_end = line == (0 if is_older else buffer.get_line_count() - 1)
        if not is_at_end or not self.recall.shows(typed):
            return False
        if takes_key(keys, self._text_view):
            return True
        found = self.recall.older(typed) if is_older else self.recall.newer()
        if found is not None:
            self.edit(found)
            place = buffer.get_start_iter() if is_older else buffer.get_end_iter()
            buffer.place_cursor(place)
        return found is not None or not typed

    def _on_text_view_preedit_changed(self, _text_view: Gtk.TextView, preedit: str) -> None:
        self._preedit = preedit
        self._refresh()

    def _on_pasted_nul(self) -> None:
        self.show_error(_CUT)

    def _on_buffer_changed(self, _buffer: Gtk.TextBuffer) -> None:
        self.show_error("")

    def _on_drop(self, _target: Gtk.DropTarget, file: Gio.File, _x: float, _y: float) -> bool:
        self.emit("file-dropped", file)
        return True

    @Gtk.Template.Callback()
    def _on_form_drop_down_notify_selected(
        self, _drop_down: Gtk.DropDown, _property: GObject.ParamSpec
    ) -> None:
        self.show_error("")

    @Gtk.Template.Callback()
    def _on_file_button_clicked(self, _button: Gtk.Button) -> None:
        self._file = None
        self.show_error("")
        self.focus()

    @Gtk.Template.Callback()
    def _on_attach_button_clicked(self, _button: Gtk.Button) -> None:
        self.emit("attach-requested")

    @Gtk.Template.Callback()
    def _on_send_button_clicked(self, _button: Gtk.Button) -> None:
        self._send()
