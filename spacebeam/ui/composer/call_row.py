"""The row above a message that is sent as a call of the protocol which the connection speaks."""

from __future__ import annotations

from gi.repository import GObject, Gtk

from spacebeam.decode.extended_json import written_extended
from spacebeam.decode.speaking.speaker import Call, Payload, Speaker, Verb, arguments_of
from spacebeam.session.speech import Speech
from spacebeam.ui.composer.draft import Draft, PayloadFormat
from spacebeam.ui.composer.draft_error import DraftError
from spacebeam.ui.template import template
from spacebeam.wording.speaking import (
    attachment_words,
    body_words,
    message_words,
    name_words,
    not_ready_words,
    refused_words,
    verb_words,
)


@template("call_row.ui")
class CallRow(Gtk.Box):
    """A verb and a name; hidden unless a protocol is spoken that has calls.

    Emits `changed` when another call is chosen, and `activated` when Enter is pressed in the name.
    """

    __gtype_name__ = "SpacebeamCallRow"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "changed": (GObject.SignalFlags.RUN_FIRST, None, ()),
        "activated": (GObject.SignalFlags.RUN_FIRST, None, ()),
    }

    _verb_drop_down: Gtk.DropDown = Gtk.Template.Child()
    _name_entry: Gtk.Entry = Gtk.Template.Child()
    _hint_label: Gtk.Label = Gtk.Template.Child()

    def __init__(self) -> None:
        super().__init__()
        self._speech: Speech | None = None
        self._speaker: Speaker | None = None

    def show_speech(self, speech: Speech) -> None:
        """Show what can be called over the session's newest connection."""
        self._speech = speech
        if speech.speaker is self._speaker:
            return
        self._speaker = speaker = speech.speaker
        verbs = speaker.verbs if speaker is not None else ()
        titles = [*map(verb_words, verbs), message_words()]
        self._verb_drop_down.set_model(Gtk.StringList.new(titles))
        self._verb_drop_down.set_selected(0)
        self.set_visible(bool(verbs))
        self._show_verb()

    @property
    def verb(self) -> Verb | None:
        """The verb that is chosen; None if the message is sent as it is."""
        place = self._verb_drop_down.get_selected()
        verbs = self._speaker.verbs if self._speaker is not None else ()
        return verbs[place] if place < len(verbs) else None

    @property
    def name(self) -> str:
        """The name as it was typed."""
        return self._name_entry.get_text()

    @property
    def usual_form(self) -> PayloadFormat | None:
        """The format in which a call's message is usually typed; None if that depends."""
        speaker = self._speaker
        if speaker is None or self.verb is None or speaker.has_bodies:
            return None
        return PayloadFormat.TEXT if speaker.has_document else PayloadFormat.JSON

    @property
    def has_call(self) -> bool:
        """Whether there is a call that needs no message."""
        speaker = self._speaker
        if self.verb is None or speaker is None or speaker.has_document:
            return False
        return speaker.has_name and bool(self.name)

    def payloads(self, draft: Draft, message: Payload, name: str) -> tuple[Payload, ...]:
        """Return what is sent for a draft; `message` and `name` have their variables replaced.

        Raises DraftError.
        """
        speech, speaker = self._speech, self._speaker
        if self.verb is not None and speech is not None and speaker is not None:
            if speech.refusal:
                raise DraftError(refused_words(speaker.name, speech.refusal))
            if not speech.is_ready:
                raise DraftError(not_ready_words(speaker.name))
        return self._written(draft, message, name)

    def _written(self, draft: Draft, message: Payload, name: str) -> tuple[Payload, ...]:
        verb, speech, speaker = self.verb, self._speech, self._speaker
        if verb is None or speech is None or speaker is None:
            return (message,)
        is_json = draft.form is PayloadFormat.JSON and draft.file_name is None
        try:
            return speech.payloads(_call(speaker, verb, name, message, is_json=is_json))
        except ValueError as error:
            words = str(error)
            raise DraftError(f"{words[:1].upper()}{words[1:]}.") from None

    def single(self, draft: Draft) -> Payload:
        """Return a draft as one message, to be sent later. Raises DraftError."""
        payloads = self._written(draft, draft.message, self.name)
        if len(payloads) > 1:
            raise DraftError(attachment_words())
        return payloads[0]

    def take_apart(self, payload: Payload) -> Payload:
        """Show the call that a payload is, and return its message; else return the payload."""
        speaker = self._speaker
        if speaker is None or not speaker.verbs:
            return payload
        call = speaker.call_in(payload)
        if call is None:
            self._verb_drop_down.set_selected(len(speaker.verbs))
            return payload
        self._verb_drop_down.set_selected(speaker.verbs.index(call.verb))
        if speaker.has_document:
            self._name_entry.set_text("".join(map(written_extended, call.arguments)))
            return call.name
        self._name_entry.set_text(call.name)
        return _body(speaker, call)

    def _show_verb(self) -> None:
        speaker, verb = self._speaker, self.verb
        is_call = speaker is not None and verb is not None
        has_entry = is_call and speaker is not None and (speaker.has_name or speaker.has_document)
        self._name_entry.set_visible(has_entry)
        self._hint_label.set_visible(speaker is not None)
        if speaker is None:
            return
        title = name_words(speaker.name)
        self._name_entry.set_placeholder_text(title)
        self._name_entry.update_property([Gtk.AccessibleProperty.LABEL], [title])
        hint = body_words(speaker, verb)
        self._hint_label.set_text(hint)
        self._hint_label.set_tooltip_text(hint)

    @Gtk.Template.Callback()
    def _on_verb_drop_down_notify_selected(
        self, _drop_down: Gtk.DropDown, _property: GObject.ParamSpec
    ) -> None:
        self._show_verb()
        self.emit("changed")

    @Gtk.Template.Callback()
    def _on_name_entry_changed(self, _entry: Gtk.Entry) -> None:
        self.emit("changed")

    @Gtk.Template.Callback()
    def _on_name_entry_activate(self, _entry: Gtk.Entry) -> None:
        self.emit("activated")


def _call(speaker: Speaker, verb: Verb, name: str, message: Payload, *, is_json: bool) -> Call:
    """Return the call of a typed message. Raises ValueError."""
    if speaker.has_document:
        if not isinstance(message, str):
            raise ValueError("a document is a text")
        return Call(verb, message, arguments_of(name, is_json=True))
    if speaker.has_bodies:
        return Call(verb, name, (message,) if message else ())
    if not name and speaker.has_name:
        raise ValueError("enter a name first")
    return Call(verb, name, arguments_of(message, is_json=is_json))


def _body(speaker: Speaker, call: Call) -> Payload:
    """Return the message of a call, as `_call` reads it."""
    if speaker.has_bodies:
        body = call.arguments[0] if call.arguments else ""
        return body if isinstance(body, str | bytes) else written_extended(body)
    arguments = list(call.arguments)
    is_one = len(arguments) == 1 and not isinstance(arguments[0], list)
    return written_extended(arguments[0] if is_one else arguments) if arguments else ""
