"""The client of a test: sends messages, and waits for those that match a filter."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from spacebeam.net.close_reason import CloseReason
from spacebeam.net.handshake import HandshakeError
from spacebeam.profiles.made_values import MadeValues
from spacebeam.profiles.plan import ConnectionPlan, plan_for
from spacebeam.profiles.profile import (
    Limits,
    Profile,
    RequestSettings,
    SignIn,
    SignInMethod,
    TlsSettings,
)
from spacebeam.profiles.validation import validate
from spacebeam.profiles.variables import Resolver
from spacebeam.protocol.batch import Kind
from spacebeam.protocol.endpoint import EndpointError, parse
from spacebeam.scenario.inbox import Inbox, Received
from spacebeam.scenario.scenario import (
    DEFAULT_TIMEOUT,
    Expect,
    Expectation,
    ExpectClose,
    ExpectNext,
    ExpectNone,
    Scenario,
    Step,
)
from spacebeam.scenario.steps import FaultError, StepRunner
from spacebeam.scenario.verdict import ScenarioResult
from spacebeam.session.engine import in_engine
from spacebeam.session.outgoing import NotSentError, Ping
from spacebeam.session.session import Session
from spacebeam.wording.closing import close_words
from spacebeam.wording.failures import Face, failure_words
from spacebeam.wording.fault_account import fault_account
from spacebeam.wording.validation import validation_words

_ANY = "case:no"  # a filter that every message matches


class NotMetError(AssertionError):
    """What was expected did not come; the message says what came instead."""


@dataclass(frozen=True, slots=True)
class Message:
    """A received message."""

    number: int  # of its connection, from 1
    time: float  # Unix time in seconds
    data: str | bytes  # str for a text message, bytes for a binary one

    def json(self) -> Any:
        """Return the message's JSON. Raises ValueError if it is not JSON."""
        return json.loads(self.data)


class TestClient:
    """An open connection. Each step looks at what came after the message that was met last."""

    __test__ = False  # it is no test of pytest's

    def __init__(self, url: str, timeout: float) -> None:
        self._session = Session()
        self._inbox = Inbox(partial(self._session.hold, self), partial(self._session.release, self))
        self._session.observers.add(self._inbox)
        result = ScenarioResult(Scenario(url, 0, url), Path())
        resolver = Resolver({}, MadeValues({}))
        self._steps = StepRunner(self._session, self._inbox, resolver, {}, result)
        self._timeout = timeout

    async def send(self, message: str | bytes | Mapping[str, Any] | Sequence[Any]) -> None:
        """Send a text (str), a binary message (bytes), or anything else as JSON.

        Raises ConnectionError if the connection has ended.
        """
        if isinstance(message, bytearray | memoryview):
            message = bytes(message)
        if not isinstance(message, str | bytes):
            message = json.dumps(message, ensure_ascii=False)
        await in_engine(self._sent(message))

    async def ping(self, payload: bytes = b"") -> None:
        """Send a ping. Its pong is met by `is:pong`."""
        await in_engine(self._sent(Ping(payload)))

    async def receive(self, within: float | None = None) -> Message:
        """Return the very next message. Raises NotMetError after `within` seconds."""
        return await self._met(ExpectNext(0, _ANY), within)

    async def expect(self, filter: str, within: float | None = None) -> Message:
        """Return the next message that matches a filter; pass over others.

        Raises NotMetError after `within` seconds, or when the connection ends.
        """
        return await self._met(Expect(0, (Expectation(0, filter),)), within)

    async def expect_next(self, filter: str, within: float | None = None) -> Message:
        """Return the very next message, which has to match. Raises NotMetError."""
        return await self._met(ExpectNext(0, filter), within)

    async def expect_none(self, filter: str, within: float) -> None:
        """Wait `within` seconds. Raises NotMetError if a message matches."""
        await self._done(ExpectNone(0, filter, within), within)

    async def expect_close(self, code: int | None = None, within: float | None = None) -> None:
        """Wait until the server closes the connection. Raises NotMetError."""
        await self._done(ExpectClose(0, code), within)

    async def close(self, code: int = 1000, reason: str = "") -> None:
        """Close the connection, and wait until it is closed."""
        await in_engine(self._session.close(code, reason))

    @property
    def close_reason(self) -> CloseReason | None:
        """Why the connection ended; None while it is open."""
        return self._inbox.close_reason

    async def _open(self, plan: ConnectionPlan) -> None:
        await self._session.open(plan)
        await self._session.speech.accepted()

    async def _sent(self, message: str | bytes | Ping) -> None:
        try:
            await self._session.send(message)
        except NotSentError:
            reason = self._session.close_reason
            words = "" if reason is None else f" {close_words(reason)}"
            raise ConnectionError(f"Not sent: the connection has ended.{words}") from None

    async def _met(self, step: Step, within: float | None) -> Message:
        __tracebackhide__ = True  # pytest shows the line of the test
        await self._done(step, within)
        assert self._steps.met is not None
        return _message(self._steps.met)

    async def _done(self, step: Step, within: float | None) -> None:
        __tracebackhide__ = True
        self._steps.timeout = self._timeout if within is None else within
        try:
            await in_engine(self._steps.do(step))
        except FaultError as error:
            raise NotMetError("\n".join(fault_account(error.fault, step))) from None


def _message(received: Received) -> Message:
    payload = received.payload
    is_text = received.kind is Kind.TEXT
    data = payload.decode(errors="replace") if is_text else payload
    return Message(received.number, received.time, data)


@asynccontextmanager
async def connect(
    url: str,
    *,
    headers: Mapping[str, str] | Sequence[tuple[str, str]] = (),
    subprotocols: Sequence[str] = (),
    user: tuple[str, str] | None = None,
    bearer: str | None = None,
    verify: bool | str | Path = True,
    timeout: float = DEFAULT_TIMEOUT,
    profile: Profile | None = None,
) -> AsyncIterator[TestClient]:
    """Connect, and close when the block ends.

    `user` is a name and password; `verify` is False for any certificate, or a PEM file of
    authorities; `timeout` is how long to wait for the handshake and for each message, in seconds.
    `profile` has all that Spacebeam can set; then only `timeout` counts beside it.

    Raises ConnectionError if that fails, ValueError for an address or option that is not valid.
    """
    if profile is None:
        profile = _profile(headers, subprotocols, user, bearer, verify, timeout)
    if problems := list(validate(profile)):
        raise ValueError(" ".join(map(validation_words, problems)))
    try:
        plan = plan_for(parse(url), profile)
    except EndpointError as error:
        raise ValueError(error.explanation) from None
    client = TestClient(url, timeout)
    try:
        await in_engine(client._open(plan))
    except HandshakeError as error:
        raise ConnectionError(failure_words(error.failure, Face.TERMINAL)) from None
    try:
        yield client
    finally:
        await client.close()


def _profile(
    headers: Mapping[str, str] | Sequence[tuple[str, str]],
    subprotocols: Sequence[str],
    user: tuple[str, str] | None,
    bearer: str | None,
    verify: bool | str | Path,
    timeout: float,
) -> Profile:
    pairs = headers.items() if isinstance(headers, Mapping) else headers
    sign_in = SignIn()
    if user is not None:
        sign_in = SignIn(SignInMethod.PASSWORD, user=user[0], password=user[1])
    elif bearer is not None:
        sign_in = SignIn(SignInMethod.BEARER, token=bearer)
    authorities = "" if isinstance(verify, bool) else str(verify)
    return Profile(
        RequestSettings(headers=tuple(pairs), subprotocols=tuple(subprotocols)),
        sign_in,
        TlsSettings(verify=verify is not False, ca_file=authorities),
        limits=Limits(connect_timeout=timeout),
        record=False,
    )
