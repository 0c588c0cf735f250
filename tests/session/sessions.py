"""Sessions for tests, and what they left in files."""

from __future__ import annotations

import asyncio
import itertools
from contextlib import suppress
from pathlib import Path

from spacebeam.net.backoff import ReconnectProgress
from spacebeam.net.close_reason import CloseReason
from spacebeam.net.connection import ConnectionState
from spacebeam.net.cookies import CookieJar
from spacebeam.net.handshake import HandshakeError
from spacebeam.net.report import HandshakeReport
from spacebeam.profiles.plan import ConnectionPlan, plan_for
from spacebeam.profiles.profile import Profile
from spacebeam.protocol.batch import Batch, Data, Kind
from spacebeam.protocol.endpoint import parse
from spacebeam.recording.file import is_being_written
from spacebeam.recording.opening import create
from spacebeam.recording.recording import Recording
from spacebeam.session.observer import Observer
from spacebeam.session.recorder import NewRecording, SessionRecorder, in_memory
from spacebeam.session.session import Session
from spacebeam.wording.events import event_words
from tests.support.batches import numbered, received
from tests.support.floods import SIZE
from tests.support.waiting import eventually


def recorded_session(new_recording: NewRecording = in_memory) -> Session:
    """A session with a recorder."""
    return Session(SessionRecorder(new_recording))


def plan(url: str, profile: Profile | None = None, jar: CookieJar | None = None) -> ConnectionPlan:
    """How to connect to an address with a profile."""
    return plan_for(parse(url), profile or Profile(), jar)


def recorder(session: Session) -> SessionRecorder:
    """The session's recorder, which it has."""
    assert session.recorder is not None
    return session.recorder


def recording_of(session: Session) -> Recording:
    """What the session is recorded in."""
    return recorder(session).recording


async def leave(session: Session) -> None:
    """End a session, as the window does with a tab."""
    await session.close()
    await recorder(session).leave()


def said(source: Session | Recording) -> list[str]:
    """A recording's entries: direction and payload of each."""
    found = recording_of(source) if isinstance(source, Session) else source
    entries = map(found.entry, range(len(found)))
    return [f"{one.direction.name} {_text(one.kind, one.payload)}" for one in entries]


def _text(kind: Kind, payload: Data) -> str:
    return event_words(payload) if kind is Kind.EVENT else bytes(payload).decode(errors="replace")


def messages(found: Recording) -> int:
    """How many messages of a flood there are; none is missing."""
    payloads = [payload for payload in received(found) if len(payload) == SIZE]
    assert payloads == [numbered(number, SIZE) for number in range(len(payloads))]
    return len(payloads)


class Folder:
    """A folder with a recording for each address, in the order in which they were begun."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with suppress(OSError):  # something may be in the way
            path.mkdir(parents=True, exist_ok=True)
        self._numbers = itertools.count()

    def new_recording(self, _address: str) -> Recording:
        path = self.path / f"{next(self._numbers)}.beam"
        return create(path, asyncio.get_running_loop())

    @property
    def files(self) -> list[Path]:
        return sorted(self.path.glob("*.beam"))

    async def closed(self, *paths: Path) -> None:
        """Wait until nobody writes to these files, or to any."""
        await eventually(lambda: all(is_left(path) for path in paths or self.files))


def is_left(path: Path) -> bool:
    """Whether something was written to a file, and nobody writes there any more."""
    return path.exists() and path.stat().st_size > 0 and not is_being_written(path)


async def opened(
    session: Session, url: str, profile: Profile | None = None, jar: CookieJar | None = None
) -> None:
    """Connect to an address."""
    await session.open(plan(url, profile, jar))


class Told(Observer):
    """Notes what a session tells, in words, in order."""

    def __init__(self) -> None:
        self.calls: list[str] = []

    def opened(self, report: HandshakeReport) -> None:
        self.calls.append("opened")

    def failed(self, error: HandshakeError) -> None:
        self.calls.append("failed")

    def entries(self, batch: Batch) -> None:
        for place, kind in enumerate(batch.kinds):
            self.calls.append(f"entry {_text(Kind(kind), batch.payload(place))}")

    def state(self, state: ConnectionState) -> None:
        self.calls.append(state.name)

    def reconnecting(self, progress: ReconnectProgress | None) -> None:
        self.calls.append(progress.stage.name if progress else "over")

    def ended(self, reason: CloseReason) -> None:
        self.calls.append("ended")
