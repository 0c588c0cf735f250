"""A field for a payload, typed as text, hexadecimal or Base64, with a byte count."""

from __future__ import annotations

from gi.repository import Gdk, GObject, Gtk

from spacebeam.ui.composer.draft import PAYLOAD_FORMATS, DraftError, PayloadFormat, message
from spacebeam.ui.hyphens import never_hyphenate
from spacebeam.ui.input_method import takes_key
from spacebeam.ui.pasting import watch_pastes
from spacebeam.ui.template import template
from spacebeam.wording.i18n import _

_FORMS = PAYLOAD_FORMATS
_HINTS = {
    PayloadFormat.TEXT: "",
    PayloadFormat.HEX: _("Hexadecimal, such as 48 65 6c 6c 6f"),
    PayloadFormat.BASE64: _("Base64, such as SGVsbG8="),
}
_CUT = _("Only the part before a NUL character was pasted. Write it in hexadecimal or Base64.")


@template("payload_field.ui")
class PayloadField(Gtk.Box):
    """Emits `changed` when the payload changes and `activate` when it is to be sent.

    Ctrl+Enter activates; Enter too if `single-line` is set.
    """

    __gtype_name__ = "SpacebeamPayloadField"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "changed": (GObject.SignalFlags.RUN_FIRST, None, ()),
        "activate": (GObject.SignalFlags.RUN_FIRST, None, ()),
    }

    limit = GObject.Property(type=int, default=0)  # maximum size in bytes; 0 is no limit
    single_line = GObject.Property(type=bool, default=False)

    _form_drop_down: Gtk.DropDown = Gtk.Template.Child()
    _text_view: Gtk.TextView = Gtk.Template.Child()
    _hint_label: Gtk.Label = Gtk.Template.Child()
    _error_label: Gtk.Label = Gtk.Template.Child()
    _count_label: Gtk.Label = Gtk.Template.Child()

    def __init__(self) -> None:
        super().__init__()
        self._form_drop_down.set_model(Gtk.StringList.new([form.value for form in _FORMS]))
        never_hyphenate(self._text_view.get_buffer())
        self._text_view.get_buffer().connect("changed", self._on_buffer_changed)
        keys = Gtk.EventControllerKey(propagation_phase=Gtk.PropagationPhase.CAPTURE)
        keys.connect("key-pressed", self._on_text_view_key_pressed)
        self._text_view.add_controller(keys)
        watch_pastes(self._text_view, self._on_pasted_nul)
        self.connect("notify::limit", self._on_notify_limit)
        self._refresh()

    @property
    def form(self) -> PayloadFormat:
        """How the payload is typed."""
        return _FORMS[min(self._form_drop_down.get_selected(), len(_FORMS) - 1)]

    @property
    def typed(self) -> str:
        """The typed text."""
        buffer = self._text_view.get_buffer()
        return buffer.get_text(*buffer.get_bounds(), include_hidden_chars=True)

    def payload(self) -> bytes:
        """Return the payload. Raises DraftError if it is invalid or too long."""
        value = message(self.form, self.typed)
        payload = value.encode() if isinstance(value, str) else value
        if self.limit and len(payload) > self.limit:
            raise DraftError(
                _("The payload has {count} bytes; at most {limit} fit.").format(
                    count=len(payload), limit=self.limit
                )
            )
        return payload

    def fill(self, form: PayloadFormat, typed: str) -> None:
        """Fill in a format and a text."""
        self._form_drop_down.set_selected(_FORMS.index(form))
        self._text_view.get_buffer().set_text(typed)

    def do_grab_focus(self) -> bool:
        return self._text_view.grab_focus()

    def _refresh(self) -> None:
        self._hint_label.set_text(_HINTS[self.form])
        self._hint_label.set_visible(bool(_HINTS[self.form]) and not self.typed)
        self._text_view.set_monospace(self.form is not PayloadFormat.TEXT)
        try:
            count, error = len(self.payload()), ""
        except DraftError as caught:
            count, error = None, str(caught)
        self._show_error(error)
        self._count_label.set_visible(not error)
        of = _(" of {limit}").format(limit=self.limit) if self.limit else ""
        self._count_label.set_text(
            "" if count is None else _("{count:,}{of} bytes").format(count=count, of=of)
        )
        self.emit("changed")

    def _show_error(self, words: str) -> None:
        self._error_label.set_text(words)
        self._error_label.set_visible(bool(words))

    def _on_buffer_changed(self, _buffer: Gtk.TextBuffer) -> None:
        self._refresh()

    def _on_pasted_nul(self) -> None:
        self._show_error(_CUT)

    def _on_notify_limit(self, _field: Gtk.Widget, _property: GObject.ParamSpec) -> None:
        self._refresh()

    def _on_text_view_key_pressed(
        self, keys: Gtk.EventControllerKey, key: int, _code: int, state: Gdk.ModifierType
    ) -> bool:
        if key not in (Gdk.KEY_Return, Gdk.KEY_KP_Enter):
            return False
        if takes_key(keys, self._text_view):
            return True
        if not self.single_line and not state & Gdk.ModifierType.CONTROL_MASK:
            return False
        self.emit("activate")
        return True

    @Gtk.Template.Callback()
    def _on_form_drop_down_notify_selected(
        self, _drop_down: Gtk.DropDown, _property: GObject.ParamSpec
    ) -> None:
        self._refresh()
