"""The window and its tabs as a person uses them."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Sequence

from gi.repository import Adw, Gdk, Gio, GObject, Gtk

from spacebeam.library.recordings import OpenRecordings
from spacebeam.ui.window.window import Window
from tests.support.waiting import eventually
from tests.ui.doing import descendants, opened
from tests.ui.pageobjects.header import HeaderPage, header_above
from tests.ui.pageobjects.page import Page
from tests.ui.pageobjects.tab import TabPage


class WindowPage(Page[Window]):
    """A window: its title, its tabs, and files that are dropped on it."""

    @property
    def tab_view(self) -> Adw.TabView:
        return self.child("_tab_view", Adw.TabView)

    @property
    def tabs(self) -> list[Adw.TabPage]:
        """The tabs as the tab bar shows them: title, tooltip, icon."""
        view = self.tab_view
        return [view.get_nth_page(place) for place in range(view.get_n_pages())]

    @property
    def names(self) -> list[str]:
        """The names of the tabs."""
        return [one.get_title() for one in self.tabs]

    @property
    def tab_widgets(self) -> list[Gtk.Widget]:
        """The tabs in the tab bar."""
        every = descendants(self.child("_tab_bar", Adw.TabBar), Gtk.Widget)
        return [one for one in every if one.get_css_name() == "tab" and one.get_width()]

    def double_click(self, tab: Gtk.Widget) -> None:
        """Click twice in the middle of a tab of the tab bar."""
        bar = self.child("_tab_bar", Adw.TabBar)
        middle = tab.translate_coordinates(bar, tab.get_width() / 2, tab.get_height() / 2)
        assert middle is not None
        every = bar.observe_controllers()
        (click,) = (one for one in every if isinstance(one, Gtk.GestureClick))
        for count in (1, 2):
            click.emit("pressed", count, *middle)

    @property
    def tab(self) -> TabPage:
        """The selected tab."""
        tab = self.widget.tab
        assert tab is not None
        return TabPage(tab)

    @property
    def open_recordings(self) -> OpenRecordings:
        """The recordings that are open in the program, and those that tabs hold."""
        return self.widget._settings_service.recordings.opened

    @property
    def title(self) -> str:
        return self.widget.get_title() or ""

    @property
    def header(self) -> HeaderPage:
        """The header bar."""
        return header_above(self.widget)

    def select_tab(self, tab: TabPage) -> None:
        """Click a tab."""
        self.tab_view.set_selected_page(self.tab_view.get_page(tab.widget))

    def add_tab(self) -> TabPage:
        """Open a new tab, as its button does."""
        self.do("win.new-tab")
        return self.tab

    def close(self) -> None:
        self.widget.close()

    async def connect(self, address: str) -> TabPage:
        """Connect in the selected tab."""
        tab = self.tab
        await tab.connect(address)
        return tab

    def drop(self, files: Sequence[Gio.File], on: Gtk.Widget | None = None) -> bool:
        """Drop files on a widget, or in the middle; return whether the window accepted them."""
        over = self.widget if on is None else on
        middle = over.get_width() / 2, over.get_height() / 2
        place = over.translate_coordinates(self.widget, *middle) or middle
        dropped = GObject.Value(Gdk.FileList.__gtype__, Gdk.FileList.new_from_list(list(files)))
        every = self.widget.observe_controllers()
        (target,) = (one for one in every if isinstance(one, Gtk.DropTarget))
        return bool(target.emit("drop", dropped, *place))

    async def finish_opening(self) -> None:
        """Wait until every file is open or its error is shown, and no file is being chosen."""
        await self.widget._tasks.finish()


@contextlib.asynccontextmanager
async def opened_window() -> AsyncIterator[WindowPage]:
    """A window of the application, at its first screen."""
    async with opened() as window:
        yield WindowPage(window)


def windows_of(program: Gtk.Application) -> list[WindowPage]:
    """The windows of the application, in the order in which they were opened."""
    every = [one for one in program.get_windows() if isinstance(one, Window)]
    return [WindowPage(one) for one in sorted(every, key=lambda one: one.get_id())]


async def answer(response: str, says: str = "") -> None:
    """Answer the question that is asked, and wait until it is closed."""
    await eventually(lambda: len(questions()) == 1)
    assert says in questions()[0].get_body()
    questions()[0].response(response)
    await eventually(lambda: not questions())


def questions() -> list[Adw.MessageDialog]:
    """The message dialogs that are open."""
    return [one for one in Gtk.Window.list_toplevels() if isinstance(one, Adw.MessageDialog)]
