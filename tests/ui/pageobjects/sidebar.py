"""The sidebar, the saved connection of a tab, and environments, as a person uses them."""

from __future__ import annotations

from gi.repository import Gdk, Gtk

from spacebeam.profiles.collection import Variable
from spacebeam.ui.connections.place_form import PlaceForm
from spacebeam.ui.environments.environment_button import EnvironmentButton
from spacebeam.ui.environments.environments_window import EnvironmentsWindow
from spacebeam.ui.pages.saved_bar import SavedBar
from spacebeam.ui.sidebar.sidebar import Sidebar
from spacebeam.ui.sidebar.sidebar_row import SidebarRow
from spacebeam.ui.variables.variable_row import VariableRow
from spacebeam.ui.variables.variables_group import VariablesGroup
from tests.support.waiting import eventually
from tests.ui.doing import NO_KEYS, descendants, key, words
from tests.ui.pageobjects.page import Page, dialog_of, menu_items
from tests.ui.pageobjects.tab import TabPage
from tests.ui.pageobjects.window import WindowPage, questions


class SidebarPage(Page[Sidebar]):
    """The search and the tree."""

    @property
    def list_view(self) -> Gtk.ListView:
        return self.child("_list_view", Gtk.ListView)

    @property
    def rows(self) -> dict[str, SidebarRow]:
        """The rows on the screen, by their names, in order."""
        found = [one for one in descendants(self.list_view, SidebarRow) if one.get_mapped()]
        placed = sorted(found, key=lambda one: one.get_parent().get_allocation().y)  # type: ignore[union-attr]
        return {one.row.node.name: one for one in placed if one.row is not None}

    @property
    def names(self) -> list[str]:
        """The names of the rows on the screen."""
        return list(self.rows)

    @property
    def status(self) -> str:
        """What is said in place of rows."""
        label = self.child("_status_label", Gtk.Label)
        return label.get_text() if label.get_mapped() else ""

    async def shows(self, *names: str) -> None:
        """Wait until there are rows with these names."""
        await eventually(lambda: set(names) <= set(self.names))

    def type(self, text: str) -> None:
        """Search."""
        self.child("_search_entry", Gtk.SearchEntry).set_text(text)

    def press_in_search(self, pressed: int, state: Gdk.ModifierType = NO_KEYS) -> bool:
        return key(self.child("_search_entry", Gtk.SearchEntry), pressed, state)

    def click(self, name: str) -> None:
        """Click a row once."""
        row = self.rows[name]
        (gesture,) = (
            one
            for one in row.observe_controllers()
            if isinstance(one, Gtk.GestureClick) and one.get_button() == Gdk.BUTTON_PRIMARY
        )
        gesture.emit("pressed", 1, 2.0, 2.0)
        gesture.emit("released", 1, 2.0, 2.0)

    def select(self, name: str) -> None:
        """Select a row, as the arrow keys do."""
        row = self.rows[name].row
        assert row is not None
        self.widget.select(row.node.key)

    def activate(self, name: str) -> None:
        """Press Enter on a row."""
        self.select(name)
        selection = self.list_view.get_model()
        assert isinstance(selection, Gtk.SingleSelection)
        self.list_view.emit("activate", selection.get_selected())

    def choose(self, name: str, action: str) -> None:
        """Use an action of a row's menu or a key of it."""
        self.select(name)
        self.widget.activate_action(f"sidebar.{action}", None)

    def menu_of(self, name: str) -> dict[str, str]:
        """Open the menu of a row with its key; return the items."""
        row = self.rows[name]
        cell = row.get_parent()
        assert cell is not None
        cell.grab_focus()
        phase = Gtk.PropagationPhase.BUBBLE
        assert key(self.list_view, Gdk.KEY_Menu, phase=phase)
        menu = self.child("_menu", Gtk.PopoverMenu)
        found = menu_items(menu.get_menu_model())
        menu.popdown()
        return found

    async def rename(self, name: str, new: str) -> None:
        """Rename a row in place."""
        self.choose(name, "rename")
        await eventually(lambda: any(True for _one in self._entries))
        (entry,) = self._entries
        entry.set_text(new)
        entry.emit("activate")

    @property
    def _entries(self) -> list[Gtk.Entry]:
        return list(descendants(self.list_view, Gtk.Entry))

    def words_of(self, name: str) -> list[str]:
        """What a row says."""
        return words(self.rows[name])

    def icon_of(self, name: str) -> str:
        """The icon at the beginning of a row."""
        image = next(descendants(self.rows[name], Gtk.Image))
        return image.get_icon_name() or ""

    def hint_of(self, name: str) -> str:
        """The tooltip of a row."""
        return self.rows[name].hint


async def sidebar_of(window: WindowPage) -> SidebarPage:
    """Show the sidebar if it is hidden, and wait for its contents."""
    if not window.is_on("win.sidebar"):
        window.do("win.sidebar")
    await eventually(lambda: any(descendants(window.widget, Sidebar)))
    page = SidebarPage(next(descendants(window.widget, Sidebar)))
    await eventually(lambda: page.is_shown)
    return page


class SavedPage(Page[SavedBar]):
    """The bar over the address of a saved connection."""

    @property
    def name(self) -> str:
        """The connection's name, or "" while none is shown."""
        return self.child("_name_label", Gtk.Label).get_text() if self.is_visible else ""

    @property
    def place(self) -> str:
        return self.child("_place_label", Gtk.Label).get_text()


def saved_of(tab: TabPage) -> SavedPage:
    """Return the bar of a tab's first screen."""
    return SavedPage(next(descendants(tab.widget, SavedBar)))


def resolved_of(tab: TabPage) -> str:
    """Return the address with its variables replaced, as it is shown."""
    label = tab.connect_page.child("_resolved_label", Gtk.Label)
    return label.get_text() if label.get_visible() else ""


async def answer_place(name: str | None, folder: str = "", new_folder: str = "") -> None:
    """Fill in where to save or move, and confirm."""
    await eventually(lambda: len(questions()) == 1)
    (dialog,) = questions()
    form = next(descendants(dialog, PlaceForm))
    page = Page(form)
    if name is not None:
        page.child("_name_row", Gtk.Widget).set_property("text", name)
    row = page.child("_folder_row", Gtk.Widget)
    model = row.get_property("model")
    every = [model.get_string(at) for at in range(model.get_n_items())]
    if folder:
        row.set_property("selected", next(at for at, one in enumerate(every) if folder in one))
    if new_folder:
        row.set_property("selected", len(every) - 1)
        page.child("_new_folder_row", Gtk.Widget).set_property("text", new_folder)
    dialog.response("done")
    await eventually(lambda: not questions())


class EnvironmentsPage(Page[EnvironmentsWindow]):
    """The window in which environments are edited."""

    @property
    def names(self) -> list[str]:
        """The names of the environments."""
        model = self.child("_drop_down", Gtk.DropDown).get_model()
        assert isinstance(model, Gtk.StringList)
        return [model.get_string(at) or "" for at in range(model.get_n_items())]

    def select(self, name: str) -> None:
        self.child("_drop_down", Gtk.DropDown).set_selected(self.names.index(name))

    def name(self, text: str) -> None:
        """Type another name."""
        self.child("_name_row", Gtk.Widget).set_property("text", text)

    @property
    def group(self) -> VariablesGroup:
        return self.child("_variables_group", VariablesGroup)

    def set(self, *variables: Variable) -> None:
        """Replace the variables."""
        self.group.show_variables(variables)
        self.group.emit("changed")

    @property
    def variable_rows(self) -> list[Page[VariableRow]]:
        return [Page(one) for one in descendants(self.group, VariableRow)]

    def close(self) -> None:
        self.widget.close()


async def environments_of(window: WindowPage) -> EnvironmentsPage:
    """Open the window of environments."""
    window.do("win.environments")
    return EnvironmentsPage(await dialog_of(window.widget, EnvironmentsWindow))


def environment_button(window: WindowPage) -> EnvironmentButton:
    """Return the chooser in the header bar."""
    return next(descendants(window.widget, EnvironmentButton))
