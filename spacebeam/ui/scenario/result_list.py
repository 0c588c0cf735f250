"""The list below the editor: lines that cannot be run, and what became of the scenarios."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from gi.repository import GObject, Gtk

from spacebeam.scenario.scenario import ScenarioProblem
from spacebeam.scenario.verdict import Fault, Outcome, ScenarioResult
from spacebeam.ui.scenario.result_row import ResultRow
from spacebeam.ui.template import template

_MAX_PROBLEMS = 20
_REMOVED_AT_ONCE = 4  # rows; about 2 ms
_MAX_RESULTS = 200  # rows; as many more may be of scenarios that did not pass


@template("result_list.ui")
class ResultList(Gtk.Box):
    """Emits `problem-chosen`, `result-chosen` (a line), and the signals of its rows.

    The line of a result is that of the run; the text may have been edited since.
    """

    __gtype_name__ = "SpacebeamResultList"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "problem-chosen": (GObject.SignalFlags.RUN_FIRST, None, (int,)),
        "result-chosen": (GObject.SignalFlags.RUN_FIRST, None, (int,)),
        "show-requested": (GObject.SignalFlags.RUN_FIRST, None, (object,)),
        "approve-requested": (GObject.SignalFlags.RUN_FIRST, None, (object,)),
    }

    _list_box: Gtk.ListBox = Gtk.Template.Child()

    def __init__(self) -> None:
        super().__init__()
        self._problems: list[ResultRow] = []
        self._results: list[ResultRow] = []

    def show_problems(self, problems: Sequence[ScenarioProblem]) -> None:
        """Show the first problems, in place of the earlier ones, before the results."""
        for row in self._problems:
            self._list_box.remove(row)
        self._problems = []
        for place, problem in enumerate(problems[:_MAX_PROBLEMS]):
            row = ResultRow(problem.line)
            row.show_problem(problem)
            self._list_box.insert(row, place)
            self._problems.append(row)
        self._show_or_hide()

    async def clear_results(self) -> None:
        """Remove the results of the run before, a few in each turn of the loop."""
        rows, self._results = self._results, []
        self._show_or_hide()
        for count, row in enumerate(rows, 1):
            self._list_box.remove(row)
            if count % _REMOVED_AT_ONCE == 0:
                await asyncio.sleep(0)

    def add_result(self, result: ScenarioResult) -> None:
        """Add what became of a scenario, unless there are too many."""
        if len(self._results) >= _MAX_RESULTS and result.outcome is Outcome.PASSED:
            return
        if len(self._results) >= 2 * _MAX_RESULTS:
            return
        row = ResultRow(result.scenario.line)
        row.show_result(result)
        row.connect("show-requested", self._on_row_show_requested)
        row.connect("approve-requested", self._on_row_approve_requested)
        self._list_box.append(row)
        self._results.append(row)
        self._show_or_hide()

    def show_approved(self, fault: Fault) -> None:
        """Say in the rows with this fault that their snapshot is approved."""
        for row in self._results:
            if row.fault is fault:
                row.show_approved()

    def _show_or_hide(self) -> None:
        self.set_visible(bool(self._problems or self._results))

    def _on_row_show_requested(self, _row: ResultRow, recording: Path) -> None:
        self.emit("show-requested", recording)

    def _on_row_approve_requested(self, _row: ResultRow, fault: Fault) -> None:
        self.emit("approve-requested", fault)

    @Gtk.Template.Callback()
    def _on_list_box_row_activated(self, _list_box: Gtk.ListBox, row: ResultRow) -> None:
        self.emit("problem-chosen" if row in self._problems else "result-chosen", row.line)
