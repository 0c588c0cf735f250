"""One run of a text's scenarios; their conversations are recorded until the next run."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from spacebeam.profiles.collection import Variable
from spacebeam.profiles.profile import Profile
from spacebeam.recording.opening import create
from spacebeam.scenario.runner import RunSettings
from spacebeam.scenario.scenario import Scenario, ScenarioFile
from spacebeam.scenario.suite import Suite
from spacebeam.scenario.verdict import ScenarioResult, StepResult
from spacebeam.session.recorder import SessionRecorder
from spacebeam.ui.handlers import weakly

OnStep = Callable[[Scenario, StepResult], None]
OnResult = Callable[[ScenarioResult], None]


class ScenarioRun:
    """Runs scenarios, and holds their recordings in a temporary folder until it is closed.

    `on_step` and `on_result` are bound weakly.
    """

    def __init__(self, on_step: OnStep, on_result: OnResult) -> None:
        self._on_step = weakly(on_step)
        self._on_result = weakly(on_result)
        self._folder: TemporaryDirectory[str] | None = None
        self._count = 0

    async def run(
        self, file: ScenarioFile, variables: Mapping[str, Variable]
    ) -> list[ScenarioResult]:
        """Run all scenarios of a file."""
        await self.close()
        self._folder = await asyncio.to_thread(TemporaryDirectory, prefix="spacebeam-run-")
        settings = RunSettings(variables, Profile(record=True), recorder=self._recorder)
        suite = Suite([file], settings, on_step=self._on_step, on_result=self._on_result)
        return await suite.run()

    async def close(self) -> None:
        """Remove the recordings."""
        folder, self._folder = self._folder, None
        if folder is not None:
            await asyncio.to_thread(folder.cleanup)

    def _recorder(self, _scenario: Scenario) -> tuple[SessionRecorder, Path]:
        assert self._folder is not None
        self._count += 1
        path = Path(self._folder.name, f"{self._count}.beam")
        return SessionRecorder(recording=create(path, asyncio.get_running_loop())), path


def only(file: ScenarioFile, line: int) -> ScenarioFile:
    """Return a file with the scenario alone that a line belongs to; with none before the first."""
    before = [one for one in file.scenarios if one.line <= line]
    after = [one for one in file.scenarios if one.line > line]
    chosen = before[-1:] or after[:1]
    return replace(file, scenarios=tuple(chosen))
