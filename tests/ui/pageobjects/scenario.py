"""A scenario's window as a person uses it."""

from __future__ import annotations

from gi.repository import Adw, Gtk, GtkSource

from spacebeam.ui.scenario.result_row import ResultRow
from spacebeam.ui.scenario.scenario_editor import ScenarioEditor
from spacebeam.ui.scenario.scenario_window import ScenarioWindow
from tests.support.waiting import eventually
from tests.ui.doing import descendants, text
from tests.ui.pageobjects.page import Page


class ScenarioPage(Page[ScenarioWindow]):
    """The text, what is beside its lines, and what is said of it."""

    @property
    def _view(self) -> Gtk.TextView:
        return self.child("_text_view", Gtk.TextView)

    @property
    def text(self) -> str:
        return text(self._view.get_buffer())

    def type_text(self, written: str) -> None:
        """Replace the text."""
        buffer = self._view.get_buffer()
        buffer.delete(*buffer.get_bounds())
        buffer.insert(buffer.get_start_iter(), written, -1)

    def insert(self, written: str, line: int) -> None:
        """Type at the beginning of a line."""
        buffer = self._view.get_buffer()
        _found, place = buffer.get_iter_at_line(line - 1)
        buffer.insert(place, written, -1)

    def colours_of(self, part: str) -> tuple[str, ...]:
        """Return the colours that the first character of a part has; "bold" for a bold one."""
        buffer = self._view.get_buffer()
        assert isinstance(buffer, GtkSource.Buffer)
        buffer.ensure_highlight(*buffer.get_bounds())
        tags = buffer.get_iter_at_offset(self.text.index(part)).get_tags()
        coloured = (one for one in tags if one.get_property("foreground-set"))
        colours = [one.get_property("foreground-rgba").to_string() for one in coloured]
        is_bold = any(one.get_property("weight-set") for one in tags)
        return (*colours, *(["bold"] if is_bold else []))

    @property
    def is_editable(self) -> bool:
        return self._view.get_editable()

    def place_cursor(self, line: int) -> None:
        """Click into a line, counted from 1."""
        self.child("_editor", ScenarioEditor).go_to(line)

    @property
    def cursor_line(self) -> int:
        return self.child("_editor", ScenarioEditor).cursor_line

    def beside(self, line: int) -> str:
        """Return the sign beside a line: "✓", "✗", "!" or ""."""
        mark = self.child("_editor", ScenarioEditor).mark_at(line)
        return "" if mark is None else mark.sign

    def explained(self, line: int) -> str:
        """Return the tooltip of a line."""
        mark = self.child("_editor", ScenarioEditor).mark_at(line)
        return "" if mark is None else mark.explanation

    @property
    def status(self) -> str:
        return self.child("_status_label", Gtk.Label).get_text()

    @property
    def title(self) -> str:
        return self.child("_title", Adw.WindowTitle).get_title() or ""

    @property
    def asks_about_outside(self) -> bool:
        """Whether the bar is shown that another program changed the file."""
        return self.child("_outside_bar", Gtk.Box).get_visible()

    @property
    def rows(self) -> list[str]:
        """The texts of the rows below the editor."""
        found = []
        for row in descendants(self.widget, ResultRow):
            labels = (one for one in descendants(row, Gtk.Label) if one.get_mapped())
            found.append("\n".join(one.get_text() for one in labels if one.get_text()))
        return found

    def activate_row(self, place: int) -> None:
        """Click a row below the editor."""
        row = list(descendants(self.widget, ResultRow))[place]
        row.activate()

    @property
    def environments(self) -> list[str]:
        drop_down = self.child("_environment_drop_down", Gtk.DropDown)
        model = drop_down.get_model()
        if not isinstance(model, Gtk.StringList):  # none are offered yet
            return []
        return [model.get_string(at) or "" for at in range(model.get_n_items())]

    def choose_environment(self, name: str) -> None:
        place = self.environments.index(name)
        self.child("_environment_drop_down", Gtk.DropDown).set_selected(place)

    @property
    def is_running(self) -> bool:
        return self.child("_stop_button", Gtk.Button).get_visible()

    async def until_checked(self, status: str) -> None:
        """Wait until the status says this."""
        await eventually(lambda: status in self.status)

    async def run(self, action: str = "scenario.run") -> None:
        """Run, and wait until that has ended."""
        self.do(action)
        await eventually(lambda: self.is_running)
        await eventually(lambda: not self.is_running)
        await eventually(lambda: "Running" not in self.status)


def scenario_pages() -> list[ScenarioPage]:
    """The open windows of scenarios."""
    every = Gtk.Window.list_toplevels()
    return [ScenarioPage(one) for one in every if isinstance(one, ScenarioWindow)]


async def opened_scenario() -> ScenarioPage:
    """Wait for the window of a scenario, and for its text to be checked."""
    await eventually(lambda: scenario_pages() and scenario_pages()[0].status)
    return scenario_pages()[0]
