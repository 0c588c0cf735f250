"""The composer as a person uses it."""

from __future__ import annotations

from gi.repository import Gdk, Gtk

from spacebeam.ui.composer.attachment import Attachment
from spacebeam.ui.composer.composer import Composer
from spacebeam.ui.composer.draft import PayloadFormat
from tests.ui.doing import NO_KEYS, click, descendants, key, words
from tests.ui.pageobjects.page import Page, has_focus


class ComposerPage(Page[Composer]):
    """The field for a message, its format, a file, and Send."""

    @property
    def field(self) -> Gtk.TextView:
        return self.child("_text_view", Gtk.TextView)

    @property
    def has_focus(self) -> bool:
        """Whether typed text goes into the field."""
        return has_focus(self.field)

    @property
    def typed(self) -> str:
        return self.widget.typed

    def type_message(self, text: str, form: PayloadFormat | None = None) -> None:
        """Replace the text, and choose its format if one is given."""
        if form is not None:
            self.choose_format(form)
        self.field.get_buffer().set_text(text)

    def type_in(self, text: str) -> None:
        """Type at the cursor."""
        self.field.get_buffer().insert_interactive_at_cursor(text, -1, True)

    @property
    def proposals(self) -> list[str]:
        """The keys that are proposed."""
        every = descendants(self.widget, Gtk.Popover)
        shown = [one for one in every if one.has_css_class("completion") and one.get_visible()]
        return words(shown[0]) if shown else []

    def choose_format(self, form: PayloadFormat) -> None:
        drop_down = self.child("_form_drop_down", Gtk.DropDown)
        drop_down.set_selected(list(PayloadFormat).index(form))

    def choose_call(self, verb: str, name: str = "") -> None:
        """Choose what is called of the spoken protocol."""
        drop_down = self.child("_verb_drop_down", Gtk.DropDown)
        model = drop_down.get_model()
        assert isinstance(model, Gtk.StringList)
        titles = [model.get_string(place) for place in range(model.get_n_items())]
        drop_down.set_selected(titles.index(verb))
        self.child("_name_entry", Gtk.Entry).set_text(name)

    @property
    def call(self) -> tuple[str, str]:
        """The verb and the name of the call that is shown; empty if there is none."""
        drop_down = self.child("_verb_drop_down", Gtk.DropDown)
        item = drop_down.get_selected_item()
        if not drop_down.get_mapped() or not isinstance(item, Gtk.StringObject):
            return "", ""
        return item.get_string(), self.child("_name_entry", Gtk.Entry).get_text()

    def press_enter_in_name(self) -> None:
        """Press Enter in the name of a call."""
        self.child("_name_entry", Gtk.Entry).emit("activate")

    def press_key(self, pressed: int, state: Gdk.ModifierType = NO_KEYS) -> bool:
        """Press a key in the field; return whether the composer used it."""
        return key(self.field, pressed, state)

    def press_enter(self) -> bool:
        return self.press_key(Gdk.KEY_Return)

    def undo(self) -> None:
        """Press Ctrl+Z in the field."""
        self.field.activate_action("text.undo", None)

    @property
    def can_send(self) -> bool:
        return self.child("_send_button", Gtk.Button).is_sensitive()

    def send(self) -> None:
        """Click Send."""
        click(self.child("_send_button", Gtk.Button))

    def say(self, text: str) -> None:
        """Type a message and press Enter."""
        self.type_message(text)
        self.press_enter()

    def attach(self, name: str, contents: bytes) -> None:
        """Attach a file as binary."""
        self.widget.attach(Attachment(name, contents), is_text=False)

    def send_file_as(self, kind: str) -> None:
        """Choose whether the attached file is sent as "text" or "binary"."""
        drop_down = self.child("_kind_drop_down", Gtk.DropDown)
        drop_down.set_selected(["text", "binary"].index(kind))

    @property
    def height(self) -> int:
        """The height of the text in pixels."""
        return self.child("_scrolled_window", Gtk.ScrolledWindow).get_height()

    @property
    def checked(self) -> str:
        """What the check says below the text, or ""."""
        label = self.child("_check_label", Gtk.Label)
        return label.get_text() if label.get_mapped() else ""

    @property
    def marked(self) -> str:
        """The underlined text."""
        buffer = self.field.get_buffer()
        tag = buffer.get_tag_table().lookup("mistake")
        start = buffer.get_start_iter()
        if tag is None or not (start.starts_tag(tag) or start.forward_to_tag_toggle(tag)):
            return ""
        end = start.copy()
        end.forward_to_tag_toggle(tag)
        return buffer.get_text(start, end, include_hidden_chars=True)

    @property
    def has_file(self) -> bool:
        """Whether an attached file is shown."""
        return self.child("_attachment_row", Gtk.Box).get_mapped()

    @property
    def is_sending(self) -> bool:
        """Whether it shows that a long message is being sent."""
        return self.child("_sending_box", Gtk.Box).get_mapped()

    @property
    def error(self) -> str:
        """The error below the field, or ""."""
        label = self.child("_error_label", Gtk.Label)
        return label.get_text() if label.get_mapped() else ""
