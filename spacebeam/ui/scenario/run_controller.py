"""Runs a scenario window's text: environments, variables, verdicts as they come, Stop."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from gi.repository import Gtk

from spacebeam.decode.visible import one_line
from spacebeam.exchange.collections.importers.http_environments import (
    EnvironmentFileError,
    environments_for,
)
from spacebeam.library.connections.variables import usable_environments
from spacebeam.profiles.collection import Environment, Variable, by_name
from spacebeam.scenario.scenario import Scenario, ScenarioFile
from spacebeam.scenario.unknown import unknown_names, used_names
from spacebeam.scenario.verdict import Outcome, ScenarioResult, StepResult
from spacebeam.ui.handlers import weak_handlers, weakly
from spacebeam.ui.library_service import LibraryService
from spacebeam.ui.scenario.line_marks import LineMark
from spacebeam.ui.scenario.result_list import ResultList
from spacebeam.ui.scenario.scenario_editor import ScenarioEditor
from spacebeam.ui.scenario.scenario_run import ScenarioRun, only
from spacebeam.ui.scenario.variables_dialog import ask_other_values, ask_values
from spacebeam.ui.tasks import Tasks
from spacebeam.wording.durations import rounded_words
from spacebeam.wording.fault_account import fault_account
from spacebeam.wording.i18n import _, ngettext
from spacebeam.wording.scenarios import step_words

_NO_ENVIRONMENT = _("No Environment")
_LEAST_SHOWN_S = 0.001  # of a step that only did something
_SHOW_INTERVAL_S = 0.1  # between two states of the lines


@weak_handlers
class RunController:
    """`on_changed` is called when a run begins or ends; it is bound weakly."""

    def __init__(
        self,
        window: Gtk.Window,
        editor: ScenarioEditor,
        result_list: ResultList,
        environment_drop_down: Gtk.DropDown,
        variables_button: Gtk.Button,
        status_label: Gtk.Label,
        library: LibraryService,
        on_changed: Callable[[], object],
    ) -> None:
        self._window = window
        self._editor = editor
        self._result_list = result_list
        self._drop_down = environment_drop_down
        self._variables_button = variables_button
        self._status_label = status_label
        self._library = library
        self._changed = weakly(on_changed)
        self._tasks = Tasks()
        self._environments: tuple[Environment, ...] = ()
        self._typed: dict[str, str] = {}  # values that nothing else has, for this window's runs
        self._chosen_values: dict[str, str] = {}  # over all others
        self._run = ScenarioRun(self._on_step, self._on_result)
        self._running: asyncio.Task[list[ScenarioResult]] | None = None
        self._is_starting = False
        self._marks: dict[int, LineMark] = {}
        self._are_marks_shown = True
        self._count = 0  # of the scenarios that are run
        self._outcomes: Counter[Outcome] = Counter()

    @property
    def is_running(self) -> bool:
        """Whether scenarios are being run."""
        return self._running is not None

    def show_check(self, file: ScenarioFile) -> None:
        """Say how many scenarios there are, unless there is more to say."""
        if self.is_running or self._outcomes:
            return
        problems, count = len(file.problems), len(file.scenarios)
        words = ngettext("{count:,} scenario", "{count:,} scenarios", count).format(count=count)
        if problems:
            words += ngettext("; {problems:,} problem", "; {problems:,} problems", problems).format(
                problems=problems
            )
        self._status_label.set_text(words)

    async def find_environments(self, path: Path | None) -> None:
        """Offer the environments of the file's folder, and those of the saved connections.

        The chosen one stays chosen.
        """
        chosen = self._chosen
        found: tuple[Environment, ...] = ()
        try:
            if path is not None:
                found = await asyncio.to_thread(environments_for, path)
        except EnvironmentFileError as error:
            self._status_label.set_text(
                one_line(
                    _("Could not read the environments in {list}.").format(
                        list=", ".join(error.names)
                    )
                )
            )
        own = {one.name for one in found}
        roots = [one.root for one in self._library.library.folders]
        others = await asyncio.to_thread(usable_environments, roots)
        found += tuple(one for one in others if one.name not in own)
        self._environments = found
        names = [one.name for one in found]
        shown = [_NO_ENVIRONMENT, *map(one_line, names)]
        self._drop_down.set_model(Gtk.StringList.new(shown))
        if chosen is not None and chosen.name in names:
            self._drop_down.set_selected(1 + names.index(chosen.name))
        self._drop_down.set_visible(bool(found))

    @property
    def _chosen(self) -> Environment | None:
        place = self._drop_down.get_selected()
        return self._environments[place - 1] if 0 < place <= len(self._environments) else None

    async def run(self, file: ScenarioFile, line: int | None = None) -> None:
        """Run all scenarios, or the one at a line; ask for values that are missing."""
        if self.is_running or self._is_starting:
            return
        if file.problems:
            await self._result_list.clear_results()
            self._outcomes.clear()
            self.show_check(file)
            self._editor.go_to(file.problems[0].line)
            return
        self._is_starting = True
        try:
            chosen = file if line is None else only(file, line)
            variables = await self._variables(chosen)
            if variables is not None:
                await self._run_chosen(chosen, variables)
        finally:
            self._is_starting = False

    async def _variables(self, file: ScenarioFile) -> dict[str, Variable] | None:
        """Return the values over those of the file; None if the person cancels."""
        await self.find_environments(file.path)
        known = self._of_environment()
        known |= {name: Variable(name, value) for name, value in self._chosen_values.items()}
        # In a thread: a hundred scenarios would hold up the loop.
        names = await asyncio.to_thread(unknown_names, file.scenarios, known)
        if names:
            given = await ask_values(self._window, names, self._typed)
            if given is None:
                return None
            self._typed |= given
        typed = {name: Variable(name, self._typed[name]) for name in names if name in self._typed}
        return known | typed

    def _of_environment(self) -> dict[str, Variable]:
        chosen = self._chosen
        return {} if chosen is None else dict(by_name(chosen.variables))

    async def choose_variables(self, file: ScenarioFile) -> None:
        """Let the person give variables of the file another value, for this window's runs."""
        of_file = by_name(*(one.variables for one in file.scenarios))
        otherwise = {**of_file, **self._of_environment()}
        used = await asyncio.to_thread(used_names, file.scenarios)
        names = list(dict.fromkeys((*used, *self._chosen_values)))
        given = await ask_other_values(self._window, names, otherwise, self._chosen_values)
        if given is not None:
            self._chosen_values = given
            count = len(given)
            words = _("_Variables ({count:,} changed)") if count else _("_Variables")
            self._variables_button.set_label(words.format(count=count))

    async def _run_chosen(self, file: ScenarioFile, variables: dict[str, Variable]) -> None:
        await self._result_list.clear_results()
        self._marks, self._count = {}, len(file.scenarios)
        self._outcomes.clear()
        self._editor.show_verdicts({})
        self._editor.set_editable(is_editable=False)
        began = asyncio.get_running_loop().time()
        self._running = self._tasks.start(self._run.run(file, variables))
        self._changed()
        is_stopped = False
        try:
            while not self._running.done():
                self._show_progress()
                await asyncio.wait((self._running,), timeout=_SHOW_INTERVAL_S)
            with suppress(asyncio.CancelledError):
                await self._running
            is_stopped = self._running.cancelled()
        finally:
            self._running = None
            self._show_progress()
            self._editor.set_editable(is_editable=True)
            self._changed()
        seconds = asyncio.get_running_loop().time() - began
        self._status_label.set_text(self._summary(seconds, is_stopped=is_stopped))

    def stop(self) -> None:
        """Stop the run."""
        if self._running is not None:
            self._running.cancel()

    async def close(self) -> None:
        """Stop the run, and remove what it recorded."""
        self.stop()
        running = self._running
        if running is not None:
            await asyncio.wait((running,))
        await self._run.close()

    def _show_progress(self) -> None:
        if not self._are_marks_shown:
            self._are_marks_shown = True
            self._editor.show_verdicts(self._marks)
        if self.is_running:
            done = self._outcomes.total()
            words = (
                _("Running: {done:,} of {count:,}").format(done=done, count=self._count)
                if self._count > 1
                else _("Running")
            )
            self._status_label.set_text(words)

    def _summary(self, seconds: float, *, is_stopped: bool) -> str:
        outcomes = self._outcomes
        bad = outcomes[Outcome.FAILED] + outcomes[Outcome.ERROR]
        parts = [
            f"{count:,} {word}"
            for count, word in (
                (outcomes[Outcome.PASSED], _("passed")),
                (bad, _("did not pass")),
                (outcomes[Outcome.SKIPPED], _("skipped")),
            )
            if count
        ]
        if is_stopped:
            parts.insert(0, _("Stopped"))
        return " · ".join((*parts, rounded_words(seconds)))

    def _on_step(self, _scenario: Scenario, result: StepResult) -> None:
        is_good = result.outcome is Outcome.PASSED
        account = "" if result.fault is None else "\n".join(fault_account(result.fault))
        mark = LineMark(
            "✓" if is_good else "✗",
            rounded_words(result.seconds) if result.seconds >= _LEAST_SHOWN_S else "",
            is_good,
            account or one_line(step_words(result.step)),
        )
        for line in {result.step.line, *_other_lines(result)}:
            self._marks[line] = mark
        self._are_marks_shown = False

    def _on_result(self, result: ScenarioResult) -> None:
        self._outcomes[result.outcome] += 1
        self._result_list.add_result(result)
        if result.fault is not None and not (result.steps and result.steps[-1].fault):
            words = "\n".join(fault_account(result.fault))
            took = rounded_words(result.seconds)
            self._marks[result.scenario.line] = LineMark("✗", took, False, words)
            self._are_marks_shown = False


def _other_lines(result: StepResult) -> tuple[int, ...]:
    """Return the lines of a step that has several, if it passed: else one of them did not."""
    expectations = getattr(result.step, "expectations", ())
    return tuple(one.line for one in expectations) if result.fault is None else ()
