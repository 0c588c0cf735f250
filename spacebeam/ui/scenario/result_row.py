"""A row below the editor: a line that cannot be run, or what became of a scenario."""

from __future__ import annotations

from pathlib import Path

from gi.repository import GObject, Gtk

from spacebeam.decode.visible import one_line
from spacebeam.scenario.scenario import ScenarioProblem
from spacebeam.scenario.verdict import Fault, Outcome, ScenarioResult
from spacebeam.ui.compat import name_button
from spacebeam.ui.template import template
from spacebeam.wording.durations import rounded_words
from spacebeam.wording.fault_account import cut, fault_account
from spacebeam.wording.i18n import _
from spacebeam.wording.scenarios import problem_words

_SIGNS = {Outcome.PASSED: "✓", Outcome.FAILED: "✗", Outcome.ERROR: "✗", Outcome.SKIPPED: "-"}
_NAMES = {
    Outcome.PASSED: _("passed"),
    Outcome.FAILED: _("failed"),
    Outcome.ERROR: _("could not be run"),
    Outcome.SKIPPED: _("skipped"),
}


@template("result_row.ui")
class ResultRow(Gtk.ListBoxRow):
    """Emits `show-requested` (a Path) for the conversation, and `approve-requested` (a Fault).

    `line` is where it belongs.
    """

    __gtype_name__ = "SpacebeamResultRow"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "show-requested": (GObject.SignalFlags.RUN_FIRST, None, (object,)),
        "approve-requested": (GObject.SignalFlags.RUN_FIRST, None, (object,)),
    }

    _sign_label: Gtk.Label = Gtk.Template.Child()
    _title_label: Gtk.Label = Gtk.Template.Child()
    _detail_label: Gtk.Label = Gtk.Template.Child()
    _show_button: Gtk.Button = Gtk.Template.Child()
    _approve_button: Gtk.Button = Gtk.Template.Child()
    _account_label: Gtk.Label = Gtk.Template.Child()

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self._recording: Path | None = None
        self.fault: Fault | None = None

    def show_problem(self, problem: ScenarioProblem) -> None:
        """Show why a line cannot be run."""
        self._show(
            "!",
            "warning",
            one_line(problem_words(problem)),
            _("line {line:,}").format(line=problem.line),
        )

    def show_result(self, result: ScenarioResult) -> None:
        """Show how a scenario ended, and what came in place of what was expected."""
        style = "success" if result.outcome is Outcome.PASSED else "error"
        style = "dim-label" if result.outcome is Outcome.SKIPPED else style
        detail = _NAMES[result.outcome]
        if result.outcome is not Outcome.SKIPPED:
            detail = f"{detail} · {rounded_words(result.seconds)}"
        self._show(_SIGNS[result.outcome], style, cut(result.scenario.name), detail)
        self._recording = result.recording
        self._show_button.set_visible(result.recording is not None)
        name = _("Show Conversation of “{name}”").format(name=cut(result.scenario.name))
        name_button(self._show_button, name)
        self.fault = result.fault
        if result.fault is not None:
            self._approve_button.set_visible(result.fault.snapshot is not None)
            last = result.steps[-1] if result.steps else None
            step = last.step if last is not None and last.fault is not None else None
            place = "" if step is None else _("line {line:,}: ").format(line=step.line)
            self.line = self.line if step is None else step.line
            self._account_label.set_text("\n".join(fault_account(result.fault, step, place)))
            self._account_label.set_visible(True)

    def _show(self, sign: str, style: str, title: str, detail: str) -> None:
        self._sign_label.set_text(sign)
        self._sign_label.set_css_classes([style])
        self._title_label.set_text(title)
        self._detail_label.set_text(detail)
        self.update_property([Gtk.AccessibleProperty.LABEL], [f"{title}: {detail}"])

    @Gtk.Template.Callback()
    def _on_show_button_clicked(self, _button: Gtk.Button) -> None:
        if self._recording is not None:
            self.emit("show-requested", self._recording)

    @Gtk.Template.Callback()
    def _on_approve_button_clicked(self, _button: Gtk.Button) -> None:
        if self.fault is not None:
            self.emit("approve-requested", self.fault)

    def show_approved(self) -> None:
        """Say that what came is the snapshot now."""
        self._approve_button.set_visible(False)
        self._detail_label.set_text(_("snapshot approved"))
