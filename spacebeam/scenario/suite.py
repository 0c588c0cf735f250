"""Runs the scenarios of files and folders: in order, several files at a time if wished."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from spacebeam.scenario.reading import read_file
from spacebeam.scenario.runner import RunSettings, run_with_retries
from spacebeam.scenario.scenario import Scenario, ScenarioFile
from spacebeam.scenario.verdict import Outcome, ScenarioResult, StepResult

SUFFIXES = (".http", ".rest")
MAX_FILES = 10_000
_MAX_AT_ONCE = 64  # connections of neighbours with @parallel


class NoFileError(Exception):
    """A file or folder cannot be read; `path` and the system's words."""

    def __init__(self, path: Path, words: str) -> None:
        super().__init__(words)
        self.path = path
        self.words = words


def scenario_files(paths: Iterable[Path]) -> Iterator[ScenarioFile]:
    """Yield the files, and those in folders in the order of their names. Raises NoFileError.

    Files of folders without a scenario are passed over: they are requests of HTTP.
    """
    for path in paths:
        if path.is_dir():
            for found in _in_folder(path):
                file = _read(found)
                if file.scenarios:
                    yield file
        else:
            yield _read(path)


def _in_folder(folder: Path) -> list[Path]:
    found: list[Path] = []
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        found += [Path(parent, name) for name in sorted(names) if name.endswith(SUFFIXES)]
        if len(found) > MAX_FILES:
            raise NoFileError(folder, f"It has more than {MAX_FILES:,} scenario files.")
    return found


def _read(path: Path) -> ScenarioFile:
    try:
        return read_file(path)
    except OSError as error:
        raise NoFileError(path, error.strerror or str(error)) from None
    except UnicodeDecodeError:
        raise NoFileError(path, "It is not UTF-8.") from None


@dataclass(slots=True)
class Suite:
    """Scenarios to run, and how. `on_result` is called when one has ended."""

    files: Sequence[ScenarioFile]
    settings: RunSettings
    tags: Collection[str] = ()  # run only those with one of these
    at_once: int = 1  # files
    retries: int = 0
    fail_fast: bool = False
    on_step: Callable[[Scenario, StepResult], None] = lambda _scenario, _result: None
    on_result: Callable[[ScenarioResult], None] = lambda _result: None
    results: list[ScenarioResult] = field(default_factory=list)
    _has_failed: bool = False

    async def run(self) -> list[ScenarioResult]:
        """Run all; return the results, in the order of the files."""
        limit = asyncio.Semaphore(self.at_once)
        every = [self._file(file, limit) for file in self.files]
        self.results = [one for found in await asyncio.gather(*every) for one in found]
        return self.results

    async def _file(self, file: ScenarioFile, limit: asyncio.Semaphore) -> list[ScenarioResult]:
        results: list[ScenarioResult] = []
        async with limit:
            for is_parallel, group in groupby(file.scenarios, lambda one: one.is_parallel):
                neighbours = list(group)
                size = _MAX_AT_ONCE if is_parallel else 1
                for first in range(0, len(neighbours), size):
                    some = neighbours[first : first + size]
                    results += await asyncio.gather(*(self._one(one, file.path) for one in some))
        return results

    async def _one(self, scenario: Scenario, path: Path) -> ScenarioResult:
        is_left_out = self.tags and not scenario.tags & set(self.tags)
        if is_left_out or (self.fail_fast and self._has_failed):
            result = ScenarioResult(scenario, path, Outcome.SKIPPED)
        else:
            result = await run_with_retries(
                scenario,
                path,
                self.settings,
                self.retries,
                lambda step: self.on_step(scenario, step),
            )
        self._has_failed |= result.outcome in (Outcome.FAILED, Outcome.ERROR)
        if not is_left_out:
            self.on_result(result)
        return result
