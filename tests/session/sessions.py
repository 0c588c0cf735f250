"""Sessions for tests, and the recordings that they have written."""

from __future__ import annotations

import asyncio
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
    """Return a session with a recorder."""
    return Session(SessionRecorder(new_recording))


def plan(url: str, profile: Profile | None = None, jar: CookieJar | None = None) -> ConnectionPlan:
    """Return the plan of a connection to an address with a profile."""
    return plan_for(parse(url), profile or Profile(), jar)


def recorder(session: Session) -> SessionRecorder:
    """Return the recorder of a session that has one."""
    assert session.recorder is not None
    return session.recorder


def recording_of(session: Session) -> Recording:
    """Return the recording of a session."""
    return recorder(session).recording


async def close_session(session: Session) -> None:
    """Close a session and its recording, as a window's tab does."""
    await session.close()
    await recorder(session).close_recording()


def entry_texts(source: Session | Recording) -> list[str]:
    """Return the direction and text of each entry of a recording."""
    found = recording_of(source) if isinstance(source, Session) else source
    entries = map(found.entry, range(len(found)))
    return [f"{one.direction.name} {_text(one.kind, one.payload)}" for one in entries]


def _text(kind: Kind, payload: Data) -> str:
    return event_words(payload) if kind is Kind.EVENT else bytes(payload).decode(errors="replace")


def flood_count(found: Recording) -> int:
    """Check that no message of a flood is missing; return their count."""
    payloads = [payload for payload in received(found) if len(payload) == SIZE]
    assert payloads == [numbered(number, SIZE) for number in range(len(payloads))]
    return len(payloads)


class Folder:
    """A folder of recordings, named by numbers in the order of their beginning."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with suppress(OSError):  # a file may have the folder's name
            path.mkdir(parents=True, exist_ok=True)
        self.begun: list[Path] = []  # the writer's thread creates the files later

    def new_recording(self, _address: str) -> Recording:
        path = self.path / f"{len(self.begun)}.beam"
        self.begun.append(path)
        return create(path, asyncio.get_running_loop())

    @property
    def files(self) -> list[Path]:
        return sorted(self.path.glob("*.beam"))

    async def closed(self, *paths: Path) -> None:
        """Wait until these files, or those of all recordings, are written and closed."""
        await eventually(lambda: all(is_closed(path) for path in paths or self.begun))


def is_closed(path: Path) -> bool:
    """Return whether a file has data and is not being written."""
    return path.exists() and path.stat().st_size > 0 and not is_being_written(path)


async def opened(
    session: Session, url: str, profile: Profile | None = None, jar: CookieJar | None = None
) -> None:
    """Connect a session to an address."""
    await session.open(plan(url, profile, jar))


class CallLog(Observer):
    """Logs the calls of a session to its observer, as words in order."""

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
