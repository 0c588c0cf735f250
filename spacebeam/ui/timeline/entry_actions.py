"""What a person does with the selected entries: copy, save, filter by them, remove them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from functools import partial
from pathlib import Path

from gi.repository import Adw, Gio, GLib, Gtk

from spacebeam.decode.decoder import DecodeError
from spacebeam.decode.preview import size
from spacebeam.exchange.copy_as import (
    MAX_CODE_SIZE,
    CopyForm,
    formatted,
    in_form,
    lacks_secrets,
    left_out,
)
from spacebeam.protocol.batch import Kind
from spacebeam.recording.entry import Entry
from spacebeam.recording.errors import RecordingError
from spacebeam.ui.actions import add, enable
from spacebeam.ui.compat import choose_target
from spacebeam.ui.handlers import weak_handlers
from spacebeam.ui.inspector.copying import Copy, place
from spacebeam.ui.pages.conversation_page import ConversationPage
from spacebeam.ui.recordings.dialogs import show_error
from spacebeam.ui.session_adapter import SessionAdapter
from spacebeam.ui.tasks import Tasks
from spacebeam.ui.timeline.selected_lines import TooManyError, copied_lines, save_lines
from spacebeam.wording.copying import not_in_form_words
from spacebeam.wording.i18n import _, ngettext
from spacebeam.wording.recordings import recording_error_words

_SECRETS_LEFT_OUT = _("Copied without the secrets; “•••” stands in their place")
_CODE = (CopyForm.COMMAND, CopyForm.PYTHON)
_MESSAGES = (Kind.TEXT, Kind.BINARY)
_MAX_FORMATTED = 8 * 1024 * 1024  # bytes of a document that is copied with indentation
_FORMATTED_AT_ONCE = 256 * 1024  # bytes; a longer one is formatted in a thread


@weak_handlers
class EntryActions:
    """Adds the actions of the selected entries to a tab's group.

    `copy`, `save-payload` and `remove` work with several entries too, the others with one.
    """

    def __init__(
        self,
        session: SessionAdapter,
        page: ConversationPage,
        tasks: Tasks,
        actions: Gio.SimpleActionGroup,
        notify: Callable[[str], Adw.Toast],
    ) -> None:
        self._session = session
        self._page = page
        self._tasks = tasks
        self._actions = actions
        self._notify = notify
        self._copying: asyncio.Task[None] | None = None
        add(
            actions,
            {
                "copy": self._copy,
                "copy-formatted": self._copy_formatted,
                "save-payload": self._save,
                "remove": self._remove,
                "show-removed": self._show_removed,
            },
        )
        copy_as = Gio.SimpleAction.new("copy-as", GLib.VariantType("s"))
        copy_as.connect("activate", self._on_copy_as_activate)
        actions.add_action(copy_as)
        self._handlers = [
            page.timeline.connect("entry-selected", self._on_entry_selected),
            page.timeline.connect("several-selected", self._on_entry_selected),
        ]
        self._enable()

    def close(self) -> None:
        """Disconnect the signals."""
        for handler in self._handlers:
            self._page.timeline.disconnect(handler)

    def _on_entry_selected(self, _timeline: Gtk.Widget, _number: int) -> None:
        self._enable()

    def _enable(self) -> None:
        timeline = self._page.timeline
        head = self._page.selected_head()
        is_message = head is not None and head.kind in _MESSAGES
        has_payload = head is not None and head.kind is not Kind.EVENT
        is_json = head is not None and is_message and _begins_like_json(head)
        several = timeline.several > 0
        for name, is_enabled in (
            ("copy", head is not None or several),
            ("copy-formatted", is_json),
            ("copy-as", is_message),
            ("save-payload", has_payload or several),
            ("note", head is not None),
            ("star", head is not None or several),
            ("remove", head is not None or several),
            ("show-removed", timeline.has_removed),
        ):
            enable(self._actions, name, is_enabled)

    # Copying

    def _copy(self) -> None:
        self._start_copying(self._copy_selected)

    def _copy_formatted(self) -> None:
        self._start_copying(self._copy_as_document)

    def _on_copy_as_activate(self, _action: Gio.SimpleAction, form: GLib.Variant) -> None:
        entry = self._page.selected_entry()
        if entry is None:
            return
        if form.get_string() == CopyForm.DIAGNOSTIC:
            self._start_copying(partial(self._copy_diagnostic, entry))
        else:
            self._copy_in_form(CopyForm(form.get_string()), entry)

    async def _copy_diagnostic(self, entry: Entry) -> None:
        form, profile = CopyForm.DIAGNOSTIC, self._session.profile
        try:
            self._place(Copy(await asyncio.to_thread(in_form, form, entry, "", profile)))
        except DecodeError as error:
            words = _("This is not CBOR: {reason} (byte {offset})")
            self._notify(words.format(reason=error, offset=f"{error.offset:,}"))

    def _start_copying(self, copy: Callable[[], Coroutine[None, None, None]]) -> None:
        if self._copying is not None:
            self._copying.cancel()  # what is copied last is in the clipboard
        self._copying = self._tasks.start(copy())

    async def _copy_selected(self) -> None:
        timeline = self._page.timeline
        if not timeline.several:
            self._say(await self._page.copy_selected())
            return
        count = timeline.several
        try:
            text = await copied_lines(timeline.selected_chunks(), self._session.recording.marks)
        except TooManyError as error:
            toast = self._notify(
                _("{count:,} entries are too large to copy: more than {size}").format(
                    count=count, size=size(error.limit)
                )
            )
            toast.set_button_label(_("Save…"))
            toast.set_action_name("tab.save-payload")
            return
        except RecordingError as error:
            self._notify(recording_error_words(error))
            return
        self._place(
            Copy(
                text,
                _("Copied {count:,} entries, {size}").format(count=count, size=size(len(text))),
            )
        )

    async def _copy_as_document(self) -> None:
        entry = self._page.selected_entry()
        if entry is None:
            return
        payload = bytes(entry.payload)
        if len(payload) > _MAX_FORMATTED:
            self._notify(
                _("Documents of more than {size} are not formatted").format(
                    size=size(_MAX_FORMATTED)
                )
            )
            return
        is_long = len(payload) > _FORMATTED_AT_ONCE
        text = await asyncio.to_thread(formatted, payload) if is_long else formatted(payload)
        if text is None:
            self._notify(_("This is not a JSON document"))
        else:
            self._place(Copy(text))

    def _copy_in_form(self, form: CopyForm, entry: Entry) -> None:
        if form in _CODE and entry.size > MAX_CODE_SIZE:
            self._notify(_("This message is too long for that; Save Payload… writes it to a file"))
            return
        endpoint, profile = self._session.endpoint, self._session.profile
        address = "" if endpoint is None else endpoint.url
        mark = self._session.recording.marks.get(entry.number)
        text = in_form(form, entry, address, profile, mark)
        lacks, parts = lacks_secrets(form, address, profile), left_out(form, profile)
        notice = _SECRETS_LEFT_OUT if lacks else ""
        if parts:
            notice = f"{notice}. " if notice else ""
            notice += not_in_form_words(parts)
        self._place(Copy(text, notice))

    def _place(self, copy: Copy) -> None:
        self._say(place(copy, self._page.get_clipboard()))

    def _say(self, words: str) -> None:
        if words:
            self._notify(words)

    # Saving

    def _save(self) -> None:
        self._tasks.start(self._choose_and_save())

    async def _choose_and_save(self) -> None:
        window, timeline = self._page.get_root(), self._page.timeline
        entry = self._page.selected_entry()
        if not isinstance(window, Gtk.Window) or (entry is None and not timeline.several):
            return
        if entry is None:
            name, title = (
                "entries.jsonl",
                _("Save {count:,} entries as JSON Lines").format(count=timeline.several),
            )
        else:
            name, title = f"message-{entry.number + 1}{_suffix(entry)}", _("Save the payload")
        chunks, count = timeline.selected_chunks(), timeline.several
        file = await choose_target(window, title, name)
        path = None if file is None else file.get_path()
        if path is None:
            return
        try:
            if entry is not None:
                await asyncio.to_thread(Path(path).write_bytes, entry.payload)
            elif not await save_lines(
                window, chunks, count, self._session.recording.marks, Path(path)
            ):
                return
        except OSError as error:
            await show_error(window, _("Could not save the file"), f"{error.strerror}.")
        except RecordingError as error:
            await show_error(window, _("Could not save the file"), recording_error_words(error))
        else:
            self._notify(_("Saved “{name}”").format(name=Path(path).name))

    # The view

    def _remove(self) -> None:
        timeline = self._page.timeline
        count = timeline.several or 1
        undo = timeline.remove_selected()
        self._enable()
        words = ngettext("{count:,} entry", "{count:,} entries", count).format(count=count)
        toast = self._notify(
            _("{words} removed from this view; the recording has them").format(words=words)
        )
        toast.set_button_label(_("Undo"))
        toast.connect("button-clicked", self._on_toast_button_clicked, undo)

    def _show_removed(self) -> None:
        self._show_again(self._page.timeline.show_removed)

    def _show_again(self, show: Callable[[], None]) -> None:
        show()
        self._enable()

    def _on_toast_button_clicked(self, _toast: Adw.Toast, undo: Callable[[], None]) -> None:
        self._show_again(undo)


def _begins_like_json(head: Entry) -> bool:
    return bytes(head.payload[:64]).lstrip()[:1] in (b"{", b"[")


def _suffix(entry: Entry) -> str:
    if entry.kind is not Kind.TEXT:
        return ".bin"
    return ".json" if _begins_like_json(entry) else ".txt"
