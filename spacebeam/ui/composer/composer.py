"""The composer: types a message in one of several formats, or attaches a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gi.repository import Adw, Gdk, Gio, GLib, GObject, Gtk

from spacebeam.ui.actions import add_switch, insert, turn
from spacebeam.ui.composer.arranging import ComposerLayout
from spacebeam.ui.composer.attachment import Attachment
from spacebeam.ui.composer.attachment_row import AttachmentRow
from spacebeam.ui.composer.call_row import CallRow
from spacebeam.ui.composer.draft import Draft, DraftError, PayloadFormat, Typed, form_of, message
from spacebeam.ui.composer.encoding import Encoding
from spacebeam.ui.composer.escapes import escaped, needs_escapes
from spacebeam.ui.composer.height_handle import HeightHandle
from spacebeam.ui.composer.key_store import KeyStore
from spacebeam.ui.composer.recall import Message, Recall
from spacebeam.ui.input_method import end_composing, takes_key
from spacebeam.ui.template import template
from spacebeam.wording.i18n import _
from spacebeam.wording.mistakes import place_words

if TYPE_CHECKING:
    from spacebeam.ui.composer.completion import KeyCompletion
    from spacebeam.ui.composer.editing import Editing
    from spacebeam.ui.composer.editor import Editor

_FORMS = list(PayloadFormat)
_SHORTCUTS = {"<Control><Shift>j": "indent", "<Control><Shift>f": "find"}


@template("composer.ui")
class Composer(Gtk.Box):
    """Emits `send-requested` (a Draft) and `attach-requested`.

    `give_back` returns a draft that could not be sent. Enter sends, and Tab moves the focus, as in
    GNOME's fields for messages: JSON is indented by Format, and Tab takes a proposed key.
    """

    __gtype_name__ = "SpacebeamComposer"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "send-requested": (GObject.SignalFlags.RUN_FIRST, None, (object,)),
        "attach-requested": (GObject.SignalFlags.RUN_FIRST, None, ()),
    }

    _error_label: Gtk.Label = Gtk.Template.Child()
    variables_label: Gtk.Label = Gtk.Template.Child("_variables_label")
    _sending_box: Gtk.Box = Gtk.Template.Child()
    _sending_label: Gtk.Label = Gtk.Template.Child()
    attachment_row: AttachmentRow = Gtk.Template.Child("_attachment_row")
    height_handle: HeightHandle = Gtk.Template.Child("_height_handle")
    call_row: CallRow = Gtk.Template.Child("_call_row")
    _grid: Gtk.Grid = Gtk.Template.Child()
    _form_box: Gtk.Box = Gtk.Template.Child()
    _form_drop_down: Gtk.DropDown = Gtk.Template.Child()
    _editor_bin: Adw.Bin = Gtk.Template.Child()
    _end_box: Gtk.Box = Gtk.Template.Child()
    _tools_box: Gtk.Box = Gtk.Template.Child()
    _send_button: Gtk.Button = Gtk.Template.Child()
    _json_section: Gio.Menu = Gtk.Template.Child()

    def __init__(self) -> None:
        super().__init__()
        self._made_editor: Editor | None = None
        self._editing: Editing | None = None  # of that editor
        self._completion: KeyCompletion | None = None
        self.keys = KeyStore()  # of the conversation
        parts = self._editor_bin, self._form_box, self._end_box
        self._layout = ComposerLayout(self._grid, parts, self.height_handle)
        self.recall = Recall()  # of sent messages, with Up and Down
        self._is_open = False
        self._is_connection_error = False  # the error is over with the next connection
        self._is_choosing = False  # the program sets the format
        self._actions = self._add_actions()
        self._form_drop_down.set_model(Gtk.StringList.new([form.value for form in _FORMS]))
        self._choose_form(PayloadFormat.TEXT)
        self._has_chosen_form = False  # by the person; then it does not follow the conversation
        self._is_in_room = False
        self.encoding = Encoding(self, self._on_encoding_changed)
        self._json_section.append_submenu("Send JSON _As", self.encoding.menu())
        self._refresh()

    @property
    def editor(self) -> Editor:
        """The field. GtkSourceView takes 10 ms: not before the first conversation."""
        if self._made_editor is None:
            from spacebeam.ui.composer.completion import KeyCompletion
            from spacebeam.ui.composer.editing import Editing
            from spacebeam.ui.composer.editor import Editor

            editor = self._made_editor = Editor(self.show_error)
            self._editing = Editing(editor, self._actions, self.encoding)
            self._completion = KeyCompletion(editor, self.keys)
            keys = Gtk.EventControllerKey(propagation_phase=Gtk.PropagationPhase.CAPTURE)
            keys.connect("key-pressed", self._on_editor_key_pressed)
            editor.view.add_controller(keys)
            self._show_form()
            editor.connect("changed", self._on_editor_changed)
            self._editor_bin.set_child(editor)
            self.height_handle.show_editor(editor)
        return self._made_editor

    @property
    def typed(self) -> str:
        """The typed text."""
        return "" if self._made_editor is None else self._made_editor.text

    @property
    def typed_length(self) -> int:
        """The number of typed characters."""
        return 0 if self._made_editor is None else self._made_editor.length

    @property
    def has_file(self) -> bool:
        """Whether a file is attached."""
        return self.attachment_row.attachment is not None

    @property
    def form(self) -> PayloadFormat:
        """How the message is typed."""
        return _FORMS[min(self._form_drop_down.get_selected(), len(_FORMS) - 1)]

    @property
    def has_escapes(self) -> bool:
        """Whether a backslash begins an escape."""
        state = self._actions.get_action_state("escapes")
        return state is not None and state.get_boolean()

    @property
    def content(self) -> Typed:
        """The typed text with its format, as `restore` takes it."""
        return Typed(self.form, self.typed, self.has_escapes)

    def restore(self, content: Typed) -> None:
        """Replace the text and its format."""
        self.editor.replace(content.text)
        self._choose_form(content.form)
        turn(self._actions, "escapes", content.has_escapes)
        self._show_form()

    def follow_form(self, form: PayloadFormat) -> None:
        """Choose the format of the newest message, until the person types or chooses one."""
        if not (self._has_chosen_form or self.typed):
            usual = PayloadFormat.TEXT if self._is_in_room else self.call_row.usual_form
            self._choose_form(usual or form)

    def enter_room(self, *, is_in_room: bool) -> None:
        """In a chat room a message is text, whatever the format of the room's own messages."""
        self._is_in_room = is_in_room
        if is_in_room:
            self.follow_form(PayloadFormat.TEXT)

    def draft(self) -> Draft | None:
        """Return the message, or None if nothing is typed. Raises DraftError."""
        attachment = self.attachment_row.attachment
        if attachment is not None:
            contents = attachment.message(is_text=self.attachment_row.is_text)
            return Draft(contents, self.form, "", attachment.name)
        form, typed, has_escapes = self.form, self.typed, self.has_escapes
        if not typed:
            return None
        payload = self.encoding.message(form, message(form, typed, has_escapes=has_escapes))
        return Draft(payload, form, typed, has_escapes=has_escapes)

    def take_draft(self) -> Draft | None:
        """Return the message and clear the composer. Raises DraftError."""
        draft = self.draft()
        if self.has_file:
            self.attachment_row.show_attachment(None)
        elif draft is not None:
            self.editor.replace("")  # one step of undo brings the sent text back
        self.show_error("")
        return draft

    def edit(self, payload: Message) -> None:
        """Replace what is typed by a message, in one step of undo.

        Text is put in as it is, with escapes if a text field cannot hold it; bytes in hexadecimal.
        """
        content = self.call_row.take_apart(payload)
        form = form_of(content, self.form) if content else self.form
        typed = content if isinstance(content, str) else content.hex(" ")
        if (json := self.encoding.edited(content)) is not None:
            form, typed = PayloadFormat.JSON, json
        elif isinstance(content, str) and form is not PayloadFormat.JSON:
            if needs_escapes(content):
                turn(self._actions, "escapes", True)
            typed = escaped(content) if self.has_escapes else content
        self.recall.put(typed, payload)
        self.editor.replace(typed)
        self._choose_form(form)
        self._show_form()

    def add_tool(self, button: Gtk.Widget) -> None:
        """Add a button beside the text."""
        self._tools_box.append(button)

    def focus(self) -> None:
        """Focus the text."""
        self.editor.focus()

    def show_open(self, is_open: bool) -> None:
        """Enable or disable sending; typing is always possible."""
        self._is_open = is_open
        if is_open and self._is_connection_error:
            self.show_error("")
        self._refresh()

    def attach(self, attachment: Attachment, *, is_text: bool) -> None:
        """Attach a file; it is sent before the typed text."""
        self.attachment_row.show_attachment(attachment, is_text=is_text)

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
        if draft.file_name is not None:
            is_text = isinstance(draft.message, str)
            contents = draft.message.encode() if isinstance(draft.message, str) else draft.message
            self.attach(Attachment(draft.file_name, contents), is_text=is_text)
        else:
            between = "\n" if self.typed else ""
            buffer = self.editor.buffer
            buffer.insert(buffer.get_start_iter(), draft.typed + between)
            self._choose_form(draft.form)
            turn(self._actions, "escapes", draft.has_escapes)
            self._show_form()
        self._show_connection_error(words)

    def do_map(self) -> None:
        self.editor  # noqa: B018  it is made now
        Gtk.Box.do_map(self)
        self._layout.follow()

    def do_unmap(self) -> None:
        self._layout.stop()
        Gtk.Box.do_unmap(self)

    def _refresh(self) -> None:
        editor = self._made_editor
        has_draft = self.has_file or (editor is not None and not editor.is_empty)
        self._send_button.set_sensitive(self._is_open and (has_draft or self.call_row.has_call))

    def _add_actions(self) -> Gio.SimpleActionGroup:
        group = Gio.SimpleActionGroup()
        add_switch(group, "escapes", self._on_escapes_change_state)
        insert(self, "composer", group)
        shortcuts = Gtk.ShortcutController()
        for key, name in _SHORTCUTS.items():
            trigger = Gtk.ShortcutTrigger.parse_string(key)
            action = Gtk.NamedAction.new(f"composer.{name}")
            shortcuts.add_shortcut(Gtk.Shortcut.new(trigger, action))
        self.add_controller(shortcuts)
        return group

    def _show_form(self) -> None:
        if self._completion is not None:
            self._completion.form = self.form
        if self._made_editor is not None and self._editing is not None:
            self._made_editor.show_form(self.form)
            self._editing.show_form(self.form, has_escapes=self.has_escapes)

    def _choose_form(self, form: PayloadFormat) -> None:
        """Choose a format as the program does, not the person."""
        self._is_choosing = True
        self._form_drop_down.set_selected(_FORMS.index(form))
        self._is_choosing = False

    def _send(self) -> None:
        editor = self.editor
        preedit, editor.preedit = editor.preedit, ""
        end_composing(editor.view, preedit)
        if editor.is_empty and not (self.has_file or self.call_row.has_call):
            return
        if not self._is_open:
            self._show_connection_error(_("Not connected: reconnect before sending."))
            return
        content, has_file = self.content, self.has_file
        try:
            draft = self.take_draft() or Draft("", self.form, "")
        except DraftError as error:
            self._show_draft_error(error)
            return
        self.emit("send-requested", draft)
        if words := "" if has_file or self._editing is None else self._editing.warning(content):
            self.activate_action("tab.notify", GLib.Variant("s", words))

    def _show_draft_error(self, error: DraftError) -> None:
        if error.offset is None:
            self.show_error(str(error))
        else:
            self.show_error(place_words(self.typed, error.offset, str(error).removesuffix(".")))

    def _on_editor_key_pressed(
        self, keys: Gtk.EventControllerKey, key: int, _code: int, state: Gdk.ModifierType
    ) -> bool:
        if self._completion is not None and self._completion.press(keys, key, state):
            return True
        pressed = state & Gtk.accelerator_get_default_mod_mask()
        if key in (Gdk.KEY_Up, Gdk.KEY_Down) and not pressed:
            return self._recalls(is_older=key == Gdk.KEY_Up, keys=keys)
        if key not in (Gdk.KEY_Return, Gdk.KEY_KP_Enter):
            return False
        if takes_key(keys, self.editor.view):
            return True
        if state & Gdk.ModifierType.SHIFT_MASK:
            self.editor.break_line()
            return True
        self._send()
        return True

    def _recalls(self, *, is_older: bool, keys: Gtk.EventControllerKey) -> bool:
        """Show an older or newer message; return whether the key is used for that.

        In a text of several lines the cursor goes through the lines first.
        """
        buffer = self.editor.buffer
        line = buffer.get_iter_at_mark(buffer.get_insert()).get_line()
        is_at_end = line == (0 if is_older else buffer.get_line_count() - 1)
        if not is_at_end or not self.recall.shows(typed := self.typed):
            return False
        if takes_key(keys, self.editor.view):
            return True
        found = self.recall.older(typed) if is_older else self.recall.newer()
        if found is not None:
            self.edit(found)
            place = buffer.get_start_iter() if is_older else buffer.get_end_iter()
            buffer.place_cursor(place)
        return found is not None or not typed

    def _on_escapes_change_state(self, action: Gio.SimpleAction, is_on: GLib.Variant) -> None:
        action.set_state(is_on)
        self._show_form()

    def _on_encoding_changed(self) -> None:
        if self.encoding.name:
            self._choose_form(PayloadFormat.JSON)
        self._show_form()
        if self._editing is not None:
            self._editing.check_again()

    def _on_editor_changed(self, _editor: Gtk.Widget) -> None:
        self.show_error("")

    @Gtk.Template.Callback()
    def _on_call_row_changed(self, _row: CallRow) -> None:
        self.follow_form(self.form)
        self.show_error("")

    @Gtk.Template.Callback()
    def _on_call_row_activated(self, _row: CallRow) -> None:
        self._send()

    @Gtk.Template.Callback()
    def _on_form_drop_down_notify_selected(
        self, _drop_down: Gtk.DropDown, _property: GObject.ParamSpec
    ) -> None:
        if not self._is_choosing:
            self._has_chosen_form = True
        self._show_form()
        self.show_error("")

    @Gtk.Template.Callback()
    def _on_attachment_row_changed(self, row: AttachmentRow) -> None:
        self.show_error("")
        attachment = row.attachment
        if attachment is not None and row.is_text and attachment.bad_byte is not None:
            self.show_error(attachment.not_text_words)

    @Gtk.Template.Callback()
    def _on_attachment_row_removed(self, _row: AttachmentRow) -> None:
        self.focus()

    @Gtk.Template.Callback()
    def _on_attach_button_clicked(self, _button: Gtk.Button) -> None:
        self.emit("attach-requested")

    @Gtk.Template.Callback()
    def _on_send_button_clicked(self, _button: Gtk.Button) -> None:
        self._send()
