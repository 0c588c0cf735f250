"""The connections of an assistant: opened, sent to, waited for, recorded, closed."""

from __future__ import annotations

import asyncio
import base64
import binascii
import json
import time
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from spacebeam.assistant.permissions import AllowedServer, is_allowed
from spacebeam.assistant.shapes import (
    MAX_PAGE,
    MAX_PAGE_BYTES,
    ToolConnection,
    ToolMessage,
    ToolPage,
    tool_message,
)
from spacebeam.library.recordings import Recordings
from spacebeam.net.handshake import HandshakeError
from spacebeam.profiles.made_values import MadeValues
from spacebeam.profiles.plan import plan_for
from spacebeam.profiles.profile import Profile, RequestSettings
from spacebeam.profiles.validation import validate
from spacebeam.profiles.variables import Resolver
from spacebeam.protocol.batch import Kind
from spacebeam.protocol.endpoint import EndpointError, parse
from spacebeam.recording.opening import create
from spacebeam.scenario.inbox import Inbox, Received
from spacebeam.scenario.scenario import Expect, Expectation, Scenario
from spacebeam.scenario.steps import FaultError, StepRunner
from spacebeam.scenario.verdict import ScenarioResult
from spacebeam.session.outgoing import NotSentError
from spacebeam.session.recorder import SessionRecorder
from spacebeam.session.session import Session
from spacebeam.wording.closing import close_words
from spacebeam.wording.failures import Face, failure_words
from spacebeam.wording.fault_account import fault_account
from spacebeam.wording.validation import validation_words

MAX_CONNECTIONS = 16
MAX_WAIT = 120.0  # seconds
_MESSAGES = (Kind.TEXT, Kind.BINARY)


class ToolProblem(Exception):
    """What a tool could not do, and why, as sentences for the assistant."""


class Conversation:
    """One connection, and what has come."""

    def __init__(self, number: int, recorder: SessionRecorder | None, recording: str) -> None:
        self.number = number
        self._recorder = recorder
        self._recording = recording
        self._session = Session(recorder)
        self._inbox = Inbox(partial(self._session.hold, self), partial(self._session.release, self))
        self._session.observers.add(self._inbox)
        result = ScenarioResult(Scenario("", 0, ""), Path())
        self._steps = StepRunner(
            self._session, self._inbox, Resolver({}, MadeValues({})), {}, result
        )

    async def open(self, url: str, profile: Profile) -> None:
        """Connect. Raises ToolProblem."""
        try:
            plan = plan_for(parse(url), profile)
        except EndpointError as error:
            raise ToolProblem(error.explanation) from None
        try:
            await self._session.open(plan)
            await self._session.speech.accepted()
        except HandshakeError as error:
            raise ToolProblem(failure_words(error.failure, Face.TERMINAL)) from None

    @property
    def is_open(self) -> bool:
        """Whether the connection has not ended."""
        return self._inbox.close_reason is None

    def told(self) -> ToolConnection:
        """Return the connection as the tools tell it."""
        plan, connection = self._session.plan, self._session.connection
        report = None if connection is None else connection.report
        reason = self._inbox.close_reason
        return ToolConnection(
            self.number,
            "" if plan is None else plan.shown_address,
            "open" if reason is None else "closed",
            (report.subprotocol or "") if report is not None else "",
            self._inbox.unread_messages(),
            "" if reason is None else close_words(reason),
            self._recording,
        )

    async def send(self, message: str | bytes) -> None:
        """Send a message. Raises ToolProblem."""
        try:
            await self._session.send(message)
        except NotSentError:
            raise ToolProblem(f"Not sent: the connection has ended. {self.told().closed}") from None

    async def expect(self, filter_: str, within: float) -> ToolMessage:
        """Return the next message that matches. Raises ToolProblem, which says what came."""
        self._steps.timeout = within
        step = Expect(0, (Expectation(0, filter_),))
        try:
            await self._steps.do(step)
        except FaultError as error:
            raise ToolProblem("\n".join(fault_account(error.fault, step))) from None
        assert self._steps.met is not None
        return _told(self._steps.met)

    async def receive(self, count: int, within: float) -> ToolPage:
        """Return the messages that no tool has returned; wait for the first if there is none."""
        deadline = asyncio.get_running_loop().time() + within
        await self._inbox.until(lambda: self._inbox.unread_messages() > 0, deadline)
        page: list[ToolMessage] = []
        size = 0
        for one in self._inbox.unread:
            if one.kind in _MESSAGES:
                size += len(one.payload)
                if len(page) >= count or (page and size > MAX_PAGE_BYTES):
                    break
                page.append(_told(one))
            self._inbox.pass_to(one)
        left = self._inbox.unread_messages()
        return ToolPage(page, page[-1].number + 1 if page and left else None)

    async def close(self, code: int = 1000, reason: str = "") -> None:
        """Close the connection, and its recording. Raises ToolProblem."""
        try:
            await self._session.close(code, reason)
        except ValueError as error:
            raise ToolProblem(f"{error}.") from None
        if self._recorder is not None:
            await self._recorder.until_written()
            self._recorder.close(_WRITE_TIMEOUT)


_WRITE_TIMEOUT = 10.0  # seconds


class Conversations:
    """The connections of one assistant, to allowed servers only."""

    def __init__(self, servers: Sequence[AllowedServer], recordings: Recordings | None) -> None:
        self._servers = servers
        self._recordings = recordings  # None: nothing is recorded
        self._known: dict[int, Conversation] = {}
        self._count = 0

    async def connect(
        self, url: str, headers: Mapping[str, str], subprotocols: Sequence[str], timeout: float
    ) -> ToolConnection:
        """Connect to an allowed server. Raises ToolProblem."""
        if sum(one.is_open for one in self._known.values()) >= MAX_CONNECTIONS:
            raise ToolProblem(f"There are {MAX_CONNECTIONS} connections already: close one.")
        try:
            endpoint = parse(url)
        except EndpointError as error:
            raise ToolProblem(error.explanation) from None
        if not is_allowed(endpoint, self._servers):
            raise ToolProblem(
                "This server is not allowed. The person can allow it when starting the program: "
                f"spacebeam mcp --allow {endpoint.host}"
            )
        # Another server is not reached by a redirect either.
        request = RequestSettings(
            headers=tuple(headers.items()), subprotocols=tuple(subprotocols), follow_redirects=False
        )
        profile = Profile(request, record=self._recordings is not None)
        if problems := list(validate(profile)):
            raise ToolProblem(" ".join(map(validation_words, problems)))
        self._count += 1
        recorder, name = None, ""
        if self._recordings is not None:
            path = self._recordings.new_path(url, time.time())
            recording = create(path, asyncio.get_running_loop())
            recorder, name = SessionRecorder(recording=recording), path.name
        conversation = Conversation(self._count, recorder, name)
        try:
            async with asyncio.timeout(timeout):
                await conversation.open(url, profile)
        except TimeoutError:
            raise ToolProblem(f"The server did not answer within {timeout:g} s.") from None
        self._known[conversation.number] = conversation
        return conversation.told()

    def get(self, number: int) -> Conversation:
        """Return a connection. Raises ToolProblem."""
        if number not in self._known:
            raise ToolProblem(f"There is no connection {number}.")
        return self._known[number]

    def all(self) -> list[ToolConnection]:
        """Return all connections, the newest first."""
        return [one.told() for one in reversed(self._known.values())]

    async def close_all(self) -> None:
        """Close all connections."""
        await asyncio.gather(*(one.close() for one in self._known.values()))


def message_of(text: str | None, json_: Any, base64_: str | None) -> str | bytes:
    """Return the message that is given in one of three ways. Raises ToolProblem."""
    given = [one for one in (text, json_, base64_) if one is not None]
    if len(given) != 1:
        raise ToolProblem("Give one of text, json and base64.")
    if text is not None:
        return text
    if base64_ is None:
        return json.dumps(json_, ensure_ascii=False)
    try:
        return base64.b64decode(base64_, validate=True)
    except (binascii.Error, ValueError):
        raise ToolProblem("This is not Base64.") from None


def bounded(count: int, within: float) -> tuple[int, float]:
    """Return how much and how long a tool may return and wait."""
    return max(1, min(count, MAX_PAGE)), max(0.0, min(within, MAX_WAIT))


def _told(received: Received) -> ToolMessage:
    payload = received.payload
    return tool_message(
        received.number, received.time, "received", received.kind, payload, len(payload)
    )
