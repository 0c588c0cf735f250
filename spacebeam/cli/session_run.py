"""The common part of `connect` and `record`: connects, reports reconnecting, disconnects."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from spacebeam.cli.loop import unless
from spacebeam.cli.messages import print_error, print_note
from spacebeam.cli.options.values import CloseOptions
from spacebeam.cli.output import Output, error_descriptor
from spacebeam.cli.status import Status
from spacebeam.cli.verbose import FramePrinter
from spacebeam.decode.visible import one_line
from spacebeam.net.backoff import ReconnectProgress, ReconnectStage
from spacebeam.net.close_reason import CloseCause, CloseReason
from spacebeam.net.connection import ConnectionState
from spacebeam.net.failures import Failure
from spacebeam.net.handshake import HandshakeError
from spacebeam.net.reconnect import GivenUpError
from spacebeam.profiles.plan import ConnectionPlan
from spacebeam.protocol.close import CloseCode
from spacebeam.session.oauth.opening import SignInFlow
from spacebeam.session.observer import Observer
from spacebeam.session.recorder import SessionRecorder
from spacebeam.session.session import Session
from spacebeam.wording.closing import close_words
from spacebeam.wording.failures import Face, failure_words
from spacebeam.wording.reconnect import given_up_words, lost_words, progress_words
from spacebeam.wording.speaking import refused_words

GRACE_S = 1.0  # for closing the connection after a timeout
_GOOD_CODES = (CloseCode.NORMAL, CloseCode.GOING_AWAY, CloseCode.NO_STATUS)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunPlan:
    """The values of the options that both commands have."""

    connection: ConnectionPlan
    sign_in: SignInFlow = field(default_factory=SignInFlow)
    close: CloseOptions = field(default_factory=CloseOptions)
    is_verbose: bool = False


class SessionRun(Observer):
    """One run of a command with a session, until the first reason to stop.

    `ended_reason` is the reason to stop when the connection ends and is not reconnected.
    """

    def __init__(self, plan: RunPlan, ended_reason: object) -> None:
        self.is_lost = False  # the connection was lost and is not open again
        limits = replace(plan.connection.limits, linger_time=GRACE_S / 2)
        self._connection_plan = replace(plan.connection, limits=limits)
        self._sign_in = plan.sign_in
        self._close_options = plan.close
        self._ended_reason = ended_reason
        self._frames = Output(error_descriptor()) if plan.is_verbose else None

    def _begin(
        self,
        outputs: Sequence[Output] = (),
        recorder: SessionRecorder | None = None,
        observers: Callable[[Session], Sequence[Observer]] = lambda _session: (),
    ) -> None:
        """Create the session; while an output is full, reading pauses."""
        self._reason: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._session = Session(recorder)
        self._session.sign_in = self._sign_in
        for one in outputs:
            one.on_full = partial(self._session.hold, one)
            one.on_room = partial(self._session.release, one)
        if self._frames is not None:
            self._session.observers.add(FramePrinter(self._frames.write))
        for observer in (*observers(self._session), self):
            self._session.observers.add(observer)

    def _leave(self, reason: object) -> None:
        if not self._reason.done():
            self._reason.set_result(reason)

    async def _connect(self) -> bool:
        """Connect; return False if that failed or there is a reason to stop first."""
        try:
            return await unless(self._reason, self._session.open(self._connection_plan, retry=True))
        except HandshakeError as error:
            print_error(failure_words(error.failure, Face.TERMINAL))
            self._on_refused(error)
        except GivenUpError as error:
            print_error(given_up(error))
            self._on_refused(error.last)
        return False

    @property
    def _connected_address(self) -> str:
        """The address of the connection, after redirects and without secrets."""
        connection = self._session.connection
        report = None if connection is None else connection.report
        return self._connection_plan.shown_address if report is None else report.url

    def _not_connected(self, interrupted: object) -> Status:
        """Return the exit code if connecting failed; `interrupted` is the reason of Ctrl+C."""
        is_interrupted = self._reason.done() and self._reason.result() is interrupted
        return Status.INTERRUPTED if is_interrupted else Status.FAILED

    def _on_refused(self, error: HandshakeError | None) -> None:
        """Handle the failure of the last attempt to connect."""

    async def _close(self) -> CloseReason:
        """Close as the options say; return the close reason."""
        close = self._close_options
        reason = await self._session.close(
            close.code, close.reason, even_illegal=close.even_illegal
        )
        assert reason is not None
        return reason

    def _report(self, ending: CloseReason) -> None:
        """Print who closed the connection and why, unless it is printed already."""
        if self.is_lost:
            return
        if not self._is_good(ending):
            print_error(close_advice(ending))
        elif self._frames is None:
            print_note(one_line(close_words(ending)))

    def _is_good(self, reason: CloseReason) -> bool:
        """Return whether the close code is normal or the one of --close."""
        is_wanted = reason.is_clean and reason.code == self._close_options.code
        return is_wanted or reason.code in _GOOD_CODES

    # Calls by the session

    def refused(self, reason: str) -> None:
        """Print why the server refuses the spoken protocol."""
        speaker = self._session.speech.speaker
        assert speaker is not None
        print_error(refused_words(speaker.name, reason))

    def ended(self, reason: CloseReason) -> None:
        """Stop, unless the session reconnects."""
        if self._session.is_reconnecting and not self._reason.done():
            self.is_lost = True
        else:
            self._leave(self._ended_reason)

    def reconnecting(self, progress: ReconnectProgress | None) -> None:
        """Print the progress and the outcome of reconnecting."""
        if progress is None:
            self._on_reconnecting_over()
        elif progress.stage is not ReconnectStage.TRYING:
            print_error(lost(progress.why))
            print_note(progress_words(progress, time.monotonic()))

    def _on_reconnecting_over(self) -> None:
        session = self._session
        if session.given_up is not None:
            print_error(given_up(session.given_up))
            self._leave(self._ended_reason)
        elif self.is_lost and session.state is ConnectionState.OPEN:
            self.is_lost = False
            print_note(f"Connected to {self._connected_address} again.")


def lost(why: CloseReason | Failure) -> str:
    """Return why the connection was lost, with advice on options."""
    return close_advice(why) if isinstance(why, CloseReason) else lost_words(why, Face.TERMINAL)


def close_advice(reason: CloseReason) -> str:
    """Return why the connection ended, with its code and advice on options."""
    words = one_line(close_words(reason))  # the server may not forge a line
    if reason.code == CloseCode.ABNORMAL:
        words = f"{words.removesuffix('.')} ({CloseCode.ABNORMAL:d})."
    is_too_big = reason.cause is CloseCause.MESSAGE_TOO_BIG
    if is_too_big:
        return f"{words} Raise the limit with --max-message."
    is_invalid = reason.cause is CloseCause.PROTOCOL_ERROR
    if is_invalid and reason.code == CloseCode.INVALID_PAYLOAD:
        return f"{words} See it with --lenient."
    return words


def given_up(error: GivenUpError) -> str:
    """Return why a connection was lost and why there is no further attempt."""
    return f"{lost(error.why)} {given_up_words(error.attempts)}"
