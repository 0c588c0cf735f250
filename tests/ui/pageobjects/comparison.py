"""The window that compares two entries as a person uses it."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator

from gi.repository import Adw, Gtk

from spacebeam.ui.compare.comparison_window import ComparisonWindow
from spacebeam.ui.compare.difference_row import DifferenceRow
from spacebeam.ui.compare.left_out_button import LeftOutButton
from tests.support.waiting import eventually
from tests.ui.doing import click, descendants
from tests.ui.pageobjects.page import Page


class ComparisonPage(Page[ComparisonWindow]):
    """What differs, as a tree or as text, and what is left out."""

    @property
    def title(self) -> str:
        return self.child("_title", Adw.WindowTitle).get_title()

    @property
    def summary(self) -> str:
        """How many values or lines differ."""
        return self.child("_title", Adw.WindowTitle).get_subtitle()

    @property
    def heads(self) -> list[str]:
        """The two entries."""
        return [self.child(f"_{one}_label", Gtk.Label).get_text() for one in ("before", "after")]

    @property
    def rows(self) -> list[str]:
        """The rows in sight: sign, key, values and how they differ."""
        view = self.child("_list_view", Gtk.ListView)
        if not view.get_mapped():
            return []
        found = []
        cell = view.get_first_child()
        while cell is not None:
            row = next(descendants(cell, DifferenceRow), None)
            if row is not None and cell.get_mapped():
                labels = (one for one in descendants(row, Gtk.Label) if one.get_visible())
                found.append(" ".join(filter(None, (one.get_text().strip() for one in labels))))
            cell = cell.get_next_sibling()
        return found

    @property
    def selected(self) -> int:
        """The place of the selected row."""
        model = self.child("_list_view", Gtk.ListView).get_model()
        assert isinstance(model, Gtk.SingleSelection)
        return model.get_selected()

    @property
    def text(self) -> list[str]:
        """The lines of the text."""
        view = self.child("_text_view", Gtk.TextView)
        if not view.get_mapped():
            return []
        buffer = view.get_buffer()
        return buffer.get_text(*buffer.get_bounds(), True).split("\n")

    @property
    def says_same(self) -> bool:
        """Whether it says that nothing differs."""
        return self.child("_same_page", Adw.StatusPage).get_mapped()

    def show_text(self) -> None:
        """Press the button that shows the text in place of the tree."""
        self.child("_tree_button", Gtk.ToggleButton).set_active(False)

    def step(self, by: int) -> None:
        """Go to the next or the previous difference."""
        self.widget.activate_action("compare.next" if by > 0 else "compare.previous", None)

    def press_row(self, place: int) -> None:
        """Press the button of a row, which leaves its path out or no longer."""
        rows = [one for one in descendants(self.widget, DifferenceRow) if one.get_mapped()]
        click(next(descendants(rows[place], Gtk.Button)))

    @property
    def left_out(self) -> list[str]:
        """The paths in the list of the button that has them."""
        button = next(descendants(self.widget, LeftOutButton))
        rows = descendants(button, Gtk.ListBoxRow)
        return [next(descendants(one, Gtk.Label)).get_text() for one in rows]

    def put_back(self, place: int) -> None:
        """Press the button of a path in that list."""
        button = next(descendants(self.widget, LeftOutButton))
        click(next(descendants(list(descendants(button, Gtk.ListBoxRow))[place], Gtk.Button)))


@contextlib.asynccontextmanager
async def opened_comparison() -> AsyncIterator[ComparisonPage]:
    """The window, once it is open; it is closed afterwards."""

    def windows() -> list[ComparisonWindow]:
        return [one for one in Gtk.Window.list_toplevels() if isinstance(one, ComparisonWindow)]

    await eventually(lambda: any(one.get_mapped() for one in windows()))
    page = ComparisonPage(windows()[-1])
    await eventually(lambda: page.summary)
    try:
        yield page
    finally:
        page.widget.close()
        await eventually(lambda: not page.widget.get_mapped())
