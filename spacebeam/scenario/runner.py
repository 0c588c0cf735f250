"""Runs a scenario: connects, does its steps, and gives a verdict for each."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from spacebeam.net.events import event
from spacebeam.net.handshake import HandshakeError
from spacebeam.profiles.collection import Variable, by_name
from spacebeam.profiles.made_values import MadeValues
from spacebeam.profiles.overlay import overlaid
from spacebeam.profiles.plan import ConnectionPlan, plan_for
from spacebeam.profiles.profile import Profile
from spacebeam.profiles.validation import validate
from spacebeam.profiles.variables import Resolver, TooLongError
from spacebeam.protocol.endpoint import EndpointError, parse
from spacebeam.protocol.known_secrets import hide
from spacebeam.scenario.expectation_event import expectation_event
from spacebeam.scenario.inbox import Inbox
from spacebeam.scenario.scenario import DEFAULT_TIMEOUT, Repeat, Scenario, Step
from spacebeam.scenario.steps import FaultError, StepRunner
from spacebeam.scenario.verdict import Fault, FaultKind, Outcome, ScenarioResult, StepResult
from spacebeam.session.recorder import SessionRecorder
from spacebeam.session.session import Session

_WRITE_TIMEOUT = 10.0  # seconds
_CLOSE_TIMEOUT = 2.0  # seconds, at the end of a scenario

# Faults of what was to be tried, not of what the server did.
_ERRORS = frozenset(
    (
        FaultKind.NOT_CONNECTED,
        FaultKind.ADDRESS,
        FaultKind.OPTIONS,
        FaultKind.VARIABLES,
        FaultKind.TOO_LONG,
        FaultKind.FILE,
        FaultKind.FILTER,
        FaultKind.NO_LIBRARY,
        FaultKind.SCHEMA,
    )
)


@dataclass(frozen=True, slots=True)
class RunSettings:
    """What holds for all scenarios of a run."""

    variables: Mapping[str, Variable] = field(default_factory=dict)  # over those of a file
    profile: Profile = field(default_factory=Profile)  # laid over that of a scenario
    timeout: float = DEFAULT_TIMEOUT  # seconds, unless a scenario has its own
    approve: bool = False  # what comes becomes the snapshot
    recorder: Callable[[Scenario], tuple[SessionRecorder, Path] | None] = lambda _scenario: None


class ScenarioRunner:
    """One attempt at a scenario; `on_step` is called after each step."""

    def __init__(
        self,
        scenario: Scenario,
        file: Path,
        settings: RunSettings,
        on_step: Callable[[StepResult], None] = lambda _result: None,
    ) -> None:
        self._scenario = scenario
        self._settings = settings
        self._on_step = on_step
        self._variables = {**by_name(scenario.variables), **settings.variables}
        self._resolver = Resolver(self._variables, MadeValues())
        self._session: Session | None = None
        self.result = ScenarioResult(scenario, file)

    async def run(self) -> ScenarioResult:
        """Do all steps, up to the first that does not pass."""
        result = self.result
        if self._scenario.is_disabled:
            result.outcome = Outcome.SKIPPED
            return result
        result.began = time.time()
        begin = time.monotonic()
        try:
            await self._converse()
        except FaultError as error:
            result.fault = error.fault
            result.outcome = outcome_of(error.fault)
        result.seconds = time.monotonic() - begin
        return result

    async def _converse(self) -> None:
        plan = self._plan()
        recorded = self._settings.recorder(self._scenario)
        session = self._session = Session(recorded[0] if recorded else None)
        inbox = Inbox(partial(session.hold, self), partial(session.release, self))
        session.observers.add(inbox)
        try:
            try:
                await session.open(plan)
                await session.speech.accepted()
            except HandshakeError as error:
                if recorded is not None:
                    recorded[1].unlink(missing_ok=True)
                fault = Fault(FaultKind.NOT_CONNECTED, failure=error.failure)
                raise FaultError(fault) from None
            if recorded is not None:
                self.result.recording = recorded[1]
            steps = StepRunner(
                session, inbox, self._resolver, self._variables, self.result, self._settings.approve
            )
            steps.timeout = self._settings.timeout
            await self._all(steps, self._scenario.steps)
        finally:
            session.release(self)
            await session.close()
            if recorded is not None:
                await recorded[0].until_written()
                recorded[0].close(_WRITE_TIMEOUT)

    def _plan(self) -> ConnectionPlan:
        """Return how to connect. Raises FaultError."""
        resolver = self._resolver
        try:
            address = resolver.text(self._scenario.address)
            profile = resolver.profile(overlaid(self._scenario.profile, self._settings.profile))
            profile = replace(profile, record=self._settings.profile.record)
        except TooLongError:
            raise FaultError(Fault(FaultKind.TOO_LONG)) from None
        hide(resolver.secrets)
        if names := resolver.unresolved.names:
            raise FaultError(Fault(FaultKind.VARIABLES, names))
        if problems := tuple(validate(profile)):
            raise FaultError(Fault(FaultKind.OPTIONS, problems=problems))
        try:
            plan = plan_for(parse(address), profile)
        except EndpointError as error:
            raise FaultError(Fault(FaultKind.ADDRESS, detail=str(error))) from None
        limits = replace(plan.limits, close_time=min(plan.limits.close_time, _CLOSE_TIMEOUT))
        return replace(plan, limits=limits, backoff=None)

    async def _all(self, runner: StepRunner, steps: Iterable[Step], turn: int = 1) -> None:
        for step in steps:
            if isinstance(step, Repeat):
                first = len(self.result.steps)
                for number in range(1, step.times + 1):
                    del self.result.steps[first:]  # a million turns are told as the last one
                    await self._all(runner, step.steps, number)
            else:
                await self._one(runner, step, turn)

    async def _one(self, runner: StepRunner, step: Step, turn: int) -> None:
        begin = time.monotonic()
        try:
            received = await runner.do(step)
        except FaultError as error:
            outcome = outcome_of(error.fault)
            self._tell(StepResult(step, outcome, time.monotonic() - begin, turn, error.fault))
            raise
        seconds = time.monotonic() - begin
        self._tell(StepResult(step, Outcome.PASSED, seconds, turn, received=received))

    def _tell(self, result: StepResult) -> None:
        self.result.steps.append(result)
        session, verdict = self._session, expectation_event(result)
        if session is not None and session.recorder is not None and verdict is not None:
            session.recorder.entries(event(session.clock.now(), verdict))
        self._on_step(result)


def outcome_of(fault: Fault) -> Outcome:
    """Return whether a fault is the server's, or of what was to be tried."""
    return Outcome.ERROR if fault.kind in _ERRORS else Outcome.FAILED


async def run_with_retries(
    scenario: Scenario,
    file: Path,
    settings: RunSettings,
    retries: int = 0,
    on_step: Callable[[StepResult], None] = lambda _result: None,
) -> ScenarioResult:
    """Run a scenario; run it again, up to `retries` times, while it does not pass."""
    attempt = 0
    while True:
        attempt += 1
        result = await ScenarioRunner(scenario, file, settings, on_step).run()
        result.attempts = attempt
        if attempt > retries or result.outcome in (Outcome.PASSED, Outcome.SKIPPED):
            return result
        await asyncio.sleep(0)
