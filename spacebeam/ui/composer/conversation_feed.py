"""Tells the composer what the conversation is about: its keys, and whether it is JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress

from gi.repository import GLib

from spacebeam.decode.decoder import Context
from spacebeam.decode.json import JsonDecoder
from spacebeam.decode.json_keys import keys
from spacebeam.protocol.batch import Kind
from spacebeam.recording.errors import RecordingError
from spacebeam.recording.recording import Recording
from spacebeam.ui.composer.composer import Composer
from spacebeam.ui.composer.draft import PayloadFormat
from spacebeam.ui.handlers import weak_handlers, weakly
from spacebeam.ui.inspector.sliced_task import SlicedTask
from spacebeam.ui.session_adapter import SessionAdapter

_INTERVAL_MS = 250
_SLICE_S = 0.002
_MAX_LOOKED_AT = 10  # messages; parsing JSON is what a feed costs most
_MAX_READ = 16 * 1024  # bytes of a message


@weak_handlers
class ConversationFeed:
    """Looks at the newest messages four times a second, and not at all of them in a flood."""

    def __init__(
        self, session: SessionAdapter, composer: Composer, is_chat: Callable[[], bool]
    ) -> None:
        """`is_chat` returns whether people talk here; it is bound weakly."""
        self._session = session
        self._is_chat = weakly(is_chat)
        self._composer = composer
        self._recording: Recording | None = None
        self._seen = 0  # the number after the newest entry that was looked at
        self._timer = 0
        self._task = SlicedTask(_SLICE_S, self._on_task_done)
        self._handler = session.connect("grown", self._on_session_grown)

    def close(self) -> None:
        """Stop looking, and release the recording."""
        self._session.disconnect(self._handler)
        self._task.stop()
        self._recording = None
        if self._timer:
            GLib.source_remove(self._timer)
            self._timer = 0

    def _on_session_grown(self, _session: SessionAdapter) -> None:
        if not self._timer and not self._task.is_busy:
            self._timer = GLib.timeout_add(
                _INTERVAL_MS, self._on_timer, priority=GLib.PRIORITY_DEFAULT_IDLE
            )

    def _on_task_done(self) -> None:
        if self._seen < len(self._session.recording):
            self._on_session_grown(self._session)

    def _on_timer(self) -> bool:
        self._timer = 0
        self._task.start(self._look())
        return GLib.SOURCE_REMOVE

    def _look(self) -> Iterator[None]:
        """Look at the newest messages, one a step; the newest first."""
        recording = self._session.recording
        if recording is not self._recording:
            self._recording, self._seen = recording, 0
            self._composer.keys.clear()
        newest = len(recording) - 1
        oldest = max(self._seen, newest + 1 - _MAX_LOOKED_AT, recording.first_number)
        self._seen = newest + 1
        is_newest_text = True
        for number in range(newest, oldest - 1, -1):
            with suppress(RecordingError, IndexError):  # the timeline shows the error
                entry = recording.entry(number, _MAX_READ)
                if entry.kind is Kind.TEXT:
                    self._take(bytes(entry.payload), is_newest=is_newest_text)
                    is_newest_text = False
            yield

    def _take(self, payload: bytes, *, is_newest: bool) -> None:
        context = Context(kind="text", is_cut=len(payload) >= _MAX_READ)
        is_json = JsonDecoder().confidence(payload, context) > 0
        if is_newest:
            is_typed_as_json = is_json and not self._is_chat()  # a room speaks JSON, people do not
            form = PayloadFormat.JSON if is_typed_as_json else PayloadFormat.TEXT
            self._composer.follow_form(form)
        if is_json:
            self._composer.keys.add(keys(payload))
