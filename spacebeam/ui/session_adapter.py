"""A session for widgets: adds GObject signals, clearing, and earlier recordings."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from weakref import WeakKeyDictionary

from gi.repository import GObject

from spacebeam.decode.preview import size
from spacebeam.net.backoff import Backoff, ReconnectProgress
from spacebeam.net.close_reason import CloseReason
from spacebeam.net.connection import Connection, ConnectionState
from spacebeam.net.cookies import CookieJar
from spacebeam.net.message_writer import NotOpenError
from spacebeam.net.report import HandshakeReport
from spacebeam.profiles.plan import plan_for
from spacebeam.profiles.profile import Profile, SchemaFiles
from spacebeam.profiles.variables import has_variables
from spacebeam.protocol.batch import Batch, Direction, Kind
from spacebeam.protocol.endpoint import Endpoint, EndpointError, parse
from spacebeam.recording.recording import Recording
from spacebeam.session.observer import Observer
from spacebeam.session.outgoing import OutgoingMessage
from spacebeam.session.recorder import NewRecording, SessionRecorder, in_memory
from spacebeam.session.session import Session
from spacebeam.ui.closing import why_lost
from spacebeam.ui.handlers import weak_handlers
from spacebeam.wording.i18n import _
from spacebeam.wording.reconnect import given_up_words

_MESSAGES = (Kind.TEXT, Kind.BINARY)
_FOLLOWING_S = 1 / 20  # as often as lists are updated
_PAUSED_S = 1 / 2  # while the list is paused, only counts change


@weak_handlers
class SessionAdapter(GObject.Object):
    """One tab's session.

    Emits `changed` when the state, the progress of reconnecting or the storage error changed,
    `grown` when there is a new recording or new entries, for entries at most 20 times a second, and
    `sent` (an entry's number) when a message has been sent with `send`.
    """

    __gtype_name__ = "SpacebeamSessionAdapter"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "changed": (GObject.SignalFlags.RUN_FIRST, None, ()),
        "grown": (GObject.SignalFlags.RUN_FIRST, None, ()),
        "sent": (GObject.SignalFlags.RUN_FIRST, None, (GObject.TYPE_INT64,)),
    }

    def __init__(
        self, jar: CookieJar | None = None, new_recording: NewRecording = in_memory
    ) -> None:
        super().__init__()
        self.recorder = SessionRecorder(new_recording)
        self.session = Session(self.recorder)
        self.profile = Profile()  # of the newest connection that was open
        self._jar = jar
        self._private_jar = CookieJar()  # of private connections, until the tab is closed
        self.shows_earlier = False  # an earlier recording is shown
        self.is_restored = False  # it is this tab's own, from before a restart
        self._shown_endpoint: Endpoint | None = None  # of an earlier recording
        self._newest_sent = -1  # number of the newest entry that the person sent
        self.received = 0  # messages of all connections
        self._remark = ""
        self._shown_from: WeakKeyDictionary[Recording, int] = WeakKeyDictionary()
        self._told_recording = self.recorder.recording
        self._growth_interval = _FOLLOWING_S  # seconds
        self._is_growth_due = False
        self._told_at = 0.0  # by the monotonic clock
        self.recorder.on_storage_error = lambda: self.emit("changed")
        self.session.observers.add(_Relay(lambda: self.emit("changed"), self._on_batch))

    @property
    def recording(self) -> Recording:
        """The session's recording, or the earlier one that is shown."""
        return self.recorder.recording

    @property
    def has_private_messages(self) -> bool:
        """Whether there are messages that are only in memory, and not to be recorded."""
        recording = self.recording
        return recording.memory_limit is not None and (
            recording.first_number > 0
            or any(recording.entry(one).kind in _MESSAGES for one in range(len(recording)))
        )

    @property
    def endpoint(self) -> Endpoint | None:
        """The endpoint that the person typed; of the connection, or else of the first attempt."""
        plan = self.session.plan or self.session.opening
        return self._shown_endpoint if plan is None else plan.typed_endpoint

    @property
    def state(self) -> ConnectionState:
        """The session's state; CLOSED before the first connection."""
        return self.session.state

    @property
    def is_used(self) -> bool:
        """Whether there is a conversation, live or ended, or an earlier recording."""
        return self.shows_earlier or self.session.plan is not None

    @property
    def connection(self) -> Connection | None:
        """The newest connection that was open."""
        return self.session.connection

    @property
    def progress(self) -> ReconnectProgress | None:
        """The progress of reconnecting; None if it is not in progress."""
        return self.session.progress

    @property
    def backoff(self) -> Backoff | None:
        """How to reconnect after a loss; None: do not reconnect."""
        return self.session.backoff

    @backoff.setter
    def backoff(self, backoff: Backoff | None) -> None:
        self.session.backoff = backoff
        self.emit("changed")

    @property
    def answers_pings(self) -> bool:
        """Whether pings are answered with pongs."""
        return self.session.answers_pings

    @answers_pings.setter
    def answers_pings(self, answers: bool) -> None:
        self.session.answers_pings = answers
        self.emit("changed")

    @property
    def why_closed(self) -> str:
        """Why the newest connection ended, or why reconnecting ended; "" before that."""
        session = self.session
        if session.progress is not None:
            return why_lost(session.progress.why)
        if session.given_up is not None:
            lost, verdict = session.given_up.why, given_up_words(session.given_up.attempts)
            return f"{why_lost(lost)} {verdict}"
        return "" if session.close_reason is None else why_lost(session.close_reason)

    @property
    def remark(self) -> str:
        """A sentence about what is unusual in the recording, or ""."""
        if self.recording.memory_limit is not None:
            held = _("The newest {size} are held in memory.").format(
                size=size(self.recording.memory_limit)
            )
            return _("Private: nothing of this is written to the disk. {held}").format(held=held)
        return self._remark

    async def connect_to(self, address: str, profile: Profile | None = None) -> None:
        """Connect with a valid profile.

        Raises EndpointError for an invalid address, and HandshakeError; the session is then
        unchanged.
        """
        profile = profile or Profile()
        jar = self._jar if profile.record else self._private_jar
        await self.session.open(plan_for(parse(address), profile, jar))
        self.profile = profile
        self.shows_earlier = self.is_restored = False
        self._remark = ""
        self.emit("changed")

    def must_stay(self, address: str, profile: Profile) -> bool:
        """Return whether connecting to `address` would take something away.

        That is a live connection, an earlier recording, or entries that are only in memory. An
        invalid address takes nothing.
        """
        try:
            url = parse(address).url
        except EndpointError:
            return False
        connection, recording = self.connection, self.recording
        is_live = connection is not None and connection.state is not ConnectionState.CLOSED
        if is_live or self.session.is_reconnecting or (self.shows_earlier and not self.is_restored):
            return True
        if not len(recording) or self.session.plan is None:
            return False
        is_private = recording.memory_limit is not None
        is_same = url == self.session.plan.typed_endpoint.url
        is_saved = not is_private and recording.storage_error is None
        return not (is_saved or (is_same and profile.record is not is_private))

    async def send(self, message: OutgoingMessage) -> None:
        """Send a message as `Session.send` does, and emit `sent`."""
        connection = self.connection
        await self.session.send(message)
        if connection is not None:
            with suppress(NotOpenError):  # a raw frame may end the connection
                await connection.flush()
        if self._newest_sent >= 0:
            self.emit("sent", self._newest_sent)

    def show_recorded(
        self, recording: Recording, remark: str = "", restored: str | None = None
    ) -> None:
        """Disconnect and show an earlier recording with a remark.

        With a `restored` address, it is the tab's own, and connecting to the address replaces it.
        """
        self.session.detach()
        # The headers and passwords belong to another server.
        self.profile = Profile()
        address = "" if has_variables(restored or "") else restored
        try:
            self._shown_endpoint = parse(address or str(recording.facts.get("address", "")))
        except EndpointError:
            self._shown_endpoint = None
        self._remark = remark
        self.shows_earlier = True
        self.is_restored = restored is not None
        self.recorder.show(recording)
        self._tell_growth()
        self.emit("changed")

    def read_by(self, files: SchemaFiles) -> None:
        """Read the messages by other schemas."""
        self.profile = replace(self.profile, schemas=files)
        self.emit("changed")

    async def close(self) -> None:
        """Disconnect, and close the recording."""
        await self.session.close()
        await self.recorder.close_recording()
        self._tell_growth()

    # Clearing

    @property
    def shown_from(self) -> int:
        """The number of the first entry after the last clearing."""
        return self._shown_from.get(self.recording, 0)

    def clear(self) -> Callable[[], None]:
        """Hide all present entries; return a function that shows them again.

        The recording is unchanged.
        """
        recording, before = self.recording, self.shown_from
        self._shown_from[recording] = len(recording)
        self.emit("grown")

        def undo() -> None:
            self._shown_from[recording] = before
            self.emit("grown")

        return undo

    def show_cleared(self) -> None:
        """Show all cleared entries again."""
        if self._shown_from.pop(self.recording, 0):
            self.emit("grown")

    def _on_batch(self, batch: Batch) -> None:
        own = self.session.speech.own  # of a spoken protocol itself
        if batch.direction is Direction.SENT:
            # Pongs are sent by themselves.
            place = len(batch.kinds.rstrip(bytes((Kind.PONG,)))) - 1
            if place >= 0 and place not in own:
                self._newest_sent = len(self.recording) - len(batch) + place
        elif sum(batch.kinds.count(kind) for kind in _MESSAGES) > len(own):
            self.received += 1
        self._on_entries()

    def show_paused(self, *, is_paused: bool) -> None:
        """Emit `grown` for entries twice a second while their display is paused."""
        self._growth_interval = _PAUSED_S if is_paused else _FOLLOWING_S

    def _on_entries(self) -> None:
        """Emit `grown`, at most 20 times a second: a feed has a thousand batches in one."""
        if self._told_recording is not self.recording:
            self._growth_interval = _FOLLOWING_S  # another recording is not paused
            self._tell_growth()
        elif not self._is_growth_due:
            self._is_growth_due = True
            delay = max(0.0, self._told_at + self._growth_interval - time.monotonic())
            asyncio.get_running_loop().call_later(delay, self._tell_growth)

    def _tell_growth(self) -> None:
        self._is_growth_due = False
        self._told_at = time.monotonic()
        self._told_recording = self.recording
        self.emit("grown")


class _Relay(Observer):
    """Passes the calls of a session on to `on_changed` and `on_entries`."""

    def __init__(self, on_changed: Callable[[], None], on_entries: Callable[[Batch], None]) -> None:
        self._on_changed = on_changed
        self._on_entries = on_entries

    def opened(self, report: HandshakeReport) -> None:
        self._on_changed()

    def ready(self) -> None:
        self._on_changed()

    def refused(self, reason: str) -> None:
        self._on_changed()

    def entries(self, batch: Batch) -> None:
        self._on_entries(batch)

    def state(self, state: ConnectionState) -> None:
        self._on_changed()

    def reconnecting(self, progress: ReconnectProgress | None) -> None:
        self._on_changed()

    def ended(self, reason: CloseReason) -> None:
        self._on_changed()

    def replaced(self) -> Observer:
        """Observe the last entries of a connection too: they may be in the shown recording."""
        return _Relay(lambda: None, self._on_entries)
