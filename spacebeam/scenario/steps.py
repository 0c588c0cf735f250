"""Does the steps of a scenario on an open connection; one that does not pass raises its fault."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from functools import singledispatchmethod
from pathlib import Path

from spacebeam.decode.decoder import DecodeError
from spacebeam.net.close_reason import CloseReason
from spacebeam.profiles.collection import Variable
from spacebeam.profiles.variables import Resolver, TooLongError, Unresolved
from spacebeam.scenario.checks import CheckError, check_schema, check_snapshot
from spacebeam.scenario.inbox import Expected, Inbox, Received
from spacebeam.scenario.misses import as_json, miss, nearest
from spacebeam.scenario.scenario import (
    DEFAULT_TIMEOUT,
    Capture,
    CheckSchema,
    CheckSnapshot,
    Close,
    Delay,
    Expect,
    ExpectClose,
    ExpectNext,
    ExpectNone,
    SendFile,
    SendText,
    SetTimeout,
    Step,
    Wait,
)
from spacebeam.scenario.verdict import Fault, FaultKind, ScenarioResult
from spacebeam.search.filter import Filter
from spacebeam.search.json_path import MISSING, compile_path
from spacebeam.search.parser import parse
from spacebeam.session.outgoing import NotSentError
from spacebeam.session.session import Session

MAX_FILE = 64 * 1024 * 1024  # bytes of a message in a file

_LOOK_S = 0.003  # that messages are looked at in one go
_LOOKED_AT = 100  # messages passed over, among which the nearest are found
_MAX_REMEMBERED = 1000  # filters

Numbers = tuple[int, ...]  # of the messages that met a step


class FaultError(Exception):
    """A step did not pass."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.kind.value)
        self.fault = fault


class StepRunner:
    """Does one step after another."""

    def __init__(
        self,
        session: Session,
        inbox: Inbox,
        resolver: Resolver,
        variables: dict[str, Variable],
        result: ScenarioResult,
        approve: bool = False,
    ) -> None:
        self.timeout = DEFAULT_TIMEOUT  # seconds
        self._session = session
        self._inbox = inbox
        self._resolver = resolver
        self._variables = variables  # those of the resolver
        self._result = result
        self._approve = approve
        self._waited = 0  # messages that were waited for since the last one was sent
        self.met: Received | None = None  # the message that was met last
        self._matched: dict[str, Expected] = {}  # by their texts, as a filter is often repeated

    @singledispatchmethod
    async def do(self, step: Step) -> Numbers:
        """Do a step; return the numbers of the messages that met it. Raises FaultError."""
        raise AssertionError(step)

    @do.register
    async def _send_text(self, step: SendText) -> Numbers:
        return await self._send(self._text(step.text))

    @do.register
    async def _send_file(self, step: SendFile) -> Numbers:
        data = self._bytes(step.path)
        if not step.is_text:
            return await self._send(data)
        try:
            return await self._send(self._text(data.decode("utf-8-sig")))
        except UnicodeDecodeError:
            raise FaultError(Fault(FaultKind.FILE, (step.path,), detail="not UTF-8")) from None

    @do.register
    async def _wait(self, step: Wait) -> Numbers:
        self._waited = step.count
        came = await self._until(lambda: self._inbox.unread_messages() >= step.count)
        if not came:
            raise FaultError(self._nothing((), FaultKind.NOTHING_CAME))
        return ()

    @do.register
    async def _expect(self, step: Expect) -> Numbers:
        unmet = [self._expected(one.filter) for one in step.expectations]
        last = unmet[-1]  # the line above a capture or a check
        met: list[Received] = []
        passed: list[Received] = []

        def look() -> bool:
            """Look at what is new, for a moment; return whether all are met."""
            until = time.monotonic() + _LOOK_S
            for received in self._inbox.unread:
                found = next((one for one in unmet if one.is_met_by(received)), None)
                if found is None:
                    passed.append(received)
                    del passed[:-_LOOKED_AT]
                else:
                    if found is last and unmet.count(last) == 1:
                        self.met = received
                    unmet.remove(found)
                    met.append(received)
                self._inbox.pass_to(received)
                if not unmet:
                    return True
                if time.monotonic() >= until:
                    self._inbox.has_more = True
                    break
            return False

        if not await self._until(look):
            fault = self._nothing(tuple(one.filter.text for one in unmet), FaultKind.NO_MATCH)
            raise FaultError(_with_misses(fault, unmet[0], passed))
        return tuple(one.number for one in met)

    @do.register
    async def _expect_next(self, step: ExpectNext) -> Numbers:
        expected = self._expected(step.filter)

        def following() -> Received | None:
            return next(filter(expected.concerns, self._inbox.unread), None)

        if not await self._until(lambda: following() is not None):
            raise FaultError(self._nothing((expected.filter.text,), FaultKind.NOTHING_CAME))
        received = following()
        assert received is not None
        self._inbox.pass_to(received)
        if not expected.is_met_by(received):
            fault = self._nothing((expected.filter.text,), FaultKind.NO_MATCH)
            raise FaultError(_with_misses(fault, expected, [received]))
        self.met = received
        return (received.number,)

    @do.register
    async def _expect_none(self, step: ExpectNone) -> Numbers:
        expected = self._expected(step.filter)
        looked = 0  # number of the last message that was looked at

        def unexpected() -> Received | None:
            nonlocal looked
            for received in self._inbox.unread:
                if received.number > looked:
                    looked = received.number
                    if expected.is_met_by(received):
                        return received
            return None

        found: list[Received] = []

        def look() -> bool:
            found.extend(filter(None, (unexpected(),)))
            return bool(found)

        if await self._until(look, step.seconds):
            names = (expected.filter.text,)
            fault = Fault(FaultKind.UNEXPECTED, names, (miss(found[0]),), seconds=step.seconds)
            raise FaultError(fault)
        return ()

    @do.register
    async def _expect_close(self, step: ExpectClose) -> Numbers:
        if not await self._until(lambda: self._ended is not None):
            fault = Fault(FaultKind.STILL_OPEN, code=step.code, seconds=self.timeout)
            raise FaultError(fault)
        assert self._ended is not None
        if step.code is not None and self._ended.code != step.code:
            raise FaultError(Fault(FaultKind.OTHER_CODE, code=step.code, close_reason=self._ended))
        return ()

    @do.register
    async def _set_timeout(self, step: SetTimeout) -> Numbers:
        self.timeout = step.seconds
        return ()

    @do.register
    async def _delay(self, step: Delay) -> Numbers:
        await asyncio.sleep(step.seconds)
        return ()

    @do.register
    async def _capture(self, step: Capture) -> Numbers:
        received = self._met_last()
        try:
            value = compile_path(step.path).find(received.value())
        except (DecodeError, RecursionError):
            value = MISSING
        if value is MISSING or value is None:
            raise FaultError(Fault(FaultKind.NO_VALUE, (step.path,), (miss(received),)))
        self._variables[step.name] = Variable(step.name, as_text(value))
        return (received.number,)

    @do.register
    async def _check_schema(self, step: CheckSchema) -> Numbers:
        return self._check(lambda received: check_schema(received, self._folder / step.path))

    @do.register
    async def _check_snapshot(self, step: CheckSnapshot) -> Numbers:
        file = self._result.file
        return self._check(
            lambda received: check_snapshot(received, step, file, approve=self._approve)
        )

    @do.register
    async def _close(self, step: Close) -> Numbers:
        await self._session.close(step.code, step.reason)
        return ()

    @property
    def _folder(self) -> Path:
        return self._result.file.parent

    @property
    def _ended(self) -> CloseReason | None:
        return self._inbox.close_reason

    def _check(self, check: Callable[[Received], None]) -> Numbers:
        received = self._met_last()
        try:
            check(received)
        except CheckError as error:
            raise FaultError(error.fault) from None
        return (received.number,)

    def _met_last(self) -> Received:
        if self.met is None:
            raise FaultError(Fault(FaultKind.NO_MESSAGE))
        return self.met

    async def _send(self, message: str | bytes) -> Numbers:
        self._inbox.pass_messages(self._waited)
        self._waited = 0
        try:
            await self._session.send(message)
        except NotSentError:
            fault = Fault(FaultKind.NOT_SENT, close_reason=self._session.close_reason)
            raise FaultError(fault) from None
        self._result.exchanges += 1
        return ()

    def _text(self, text: str) -> str:
        """Return a message with its variables replaced; braces of unknown names stay."""
        try:
            return self._resolver.message(text)
        except TooLongError:
            raise FaultError(Fault(FaultKind.TOO_LONG)) from None

    def _bytes(self, path: str) -> bytes:
        file = self._folder / path
        try:
            with file.open("rb") as opened:
                data = opened.read(MAX_FILE + 1)
        except OSError as error:
            raise FaultError(Fault(FaultKind.FILE, (path,), detail=error.strerror or "")) from None
        if len(data) > MAX_FILE:
            raise FaultError(Fault(FaultKind.FILE, (path,), detail="more than 64 MiB"))
        return data

    def _expected(self, written: str) -> Expected:
        """Return a filter with its variables replaced; all of them have to be known."""
        self._resolver.unresolved = Unresolved()
        try:
            text = self._resolver.text(written)
        except TooLongError:
            raise FaultError(Fault(FaultKind.TOO_LONG)) from None
        if names := self._resolver.unresolved.names:
            raise FaultError(Fault(FaultKind.VARIABLES, names))
        found = self._matched.get(text)
        if found is None:
            filter = parse(text)
            _check_filter(filter)
            found = Expected(filter)
            if len(self._matched) < _MAX_REMEMBERED:
                self._matched[text] = found
        return found

    async def _until(self, condition: Callable[[], bool], seconds: float | None = None) -> bool:
        limit = self.timeout if seconds is None else seconds
        deadline = asyncio.get_running_loop().time() + limit
        return await self._inbox.until(condition, deadline)

    def _nothing(self, filters: tuple[str, ...], kind: FaultKind) -> Fault:
        """Return the fault of a step that was not met in time, or before the end."""
        kind = kind if self._ended is None else FaultKind.CLOSED
        return Fault(kind, filters, seconds=self.timeout, close_reason=self._ended)


def _with_misses(fault: Fault, expected: Expected, passed: list[Received]) -> Fault:
    concerned = [one for one in passed if expected.concerns(one)]
    kind = fault.kind
    if not concerned and kind is FaultKind.NO_MATCH:
        kind = FaultKind.NOTHING_CAME
    return Fault(
        kind,
        fault.names,
        nearest(expected, concerned),
        len(concerned),
        fault.seconds,
        fault.close_reason,
    )


def _check_filter(filter: Filter) -> None:
    if filter.errors:
        detail = filter.errors[0].message
        raise FaultError(Fault(FaultKind.FILTER, (filter.text,), detail=detail))


def as_text(value: object) -> str:
    """Return a captured value as it is put into a text: a string bare, others as JSON."""
    return value if isinstance(value, str) else as_json(value)
