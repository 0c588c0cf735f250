"""Checks the messages of the rows against the connection's schema, in a thread."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from itertools import islice
from weakref import ref

from spacebeam.decode.decoder import Context
from spacebeam.decode.json_schema import Violation
from spacebeam.decode.visible import one_line
from spacebeam.recording.entry import Entry
from spacebeam.recording.errors import RecordingError
from spacebeam.recording.recording import Recording
from spacebeam.search.violations import is_checked, violations_of
from spacebeam.ui.handlers import weak_handlers, weakly
from spacebeam.ui.tasks import Tasks
from spacebeam.ui.timeline.pair_note import PairNote
from spacebeam.wording.violations import violations_words

_MAX_SIZE = 64 * 1024  # bytes of a message whose row is marked
_MAX_WAITING = 300  # rows; the list has fewer
_MAX_KNOWN = 5000
_AT_ONCE = 16  # messages that a thread checks before the rows show it
_MAX_FOUND = 3  # violations that a row tells
_MAX_PLACE = 20  # characters


@weak_handlers
class RowChecks:
    """Knows what was found in each message; `on_checked` is called with numbers of entries."""

    def __init__(self, on_checked: Callable[[set[int]], object]) -> None:
        self._on_checked = weakly(on_checked)
        self._known: dict[int, tuple[Violation, ...]] = {}
        self._waiting: dict[int, tuple[Entry, Context]] = {}
        self._recording: Callable[[], Recording | None] = lambda: None
        self._tasks = Tasks()

    def show_recording(self, recording: Recording) -> None:
        """Forget what was found: the recording or its schema is another one."""
        self._recording = ref(recording)  # a closed tab's is released
        self._tasks.cancel()
        self._known.clear()
        self._waiting.clear()

    def note(self, entry: Entry, context: Context) -> PairNote | None:
        """Return what a row shows; None also for a message that is still to be checked."""
        if not is_checked(context) or entry.size > _MAX_SIZE:
            return None
        found = self._known.get(entry.number)
        if found is None:
            self._ask(entry, context)
        return _note(found) if found else None

    def _ask(self, entry: Entry, context: Context) -> None:
        self._waiting[entry.number] = entry, context
        while len(self._waiting) > _MAX_WAITING:
            self._waiting.pop(next(iter(self._waiting)))  # it was scrolled away
        if not self._tasks.are_running:
            self._tasks.start(self._check())

    async def _check(self) -> None:
        while self._waiting:
            newest = list(islice(reversed(self._waiting), _AT_ONCE))
            asked = {number: self._waiting.pop(number) for number in newest}
            payloads = [
                (number, self._whole(entry), context) for number, (entry, context) in asked.items()
            ]
            found = await asyncio.to_thread(_checked, payloads)
            if len(self._known) + len(found) > _MAX_KNOWN:
                self._known.clear()
            self._known |= found
            self._on_checked(set(found))

    def _whole(self, entry: Entry) -> bytes:
        recording = self._recording()
        if len(entry.payload) < entry.size and recording is not None:
            with suppress(RecordingError, IndexError):  # the row says why, or is gone
                return bytes(recording.entry(entry.number).payload)
        return bytes(entry.payload)


def _checked(payloads: list[tuple[int, bytes, Context]]) -> dict[int, tuple[Violation, ...]]:
    return {
        number: violations_of(payload, context, _MAX_FOUND) or ()
        for number, payload, context in payloads
    }


def _note(found: tuple[Violation, ...]) -> PairNote:
    place = one_line(found[0].json_path.removeprefix("$").removeprefix("."))
    shown = place if len(place) <= _MAX_PLACE else f"…{place[1 - _MAX_PLACE :]}"
    return PairNote(f"⚠ {shown}".rstrip(), violations_words(found), ("warning",))
