"""Environments and variables in the window."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from gi.repository import Gdk, GLib, Gtk

from spacebeam.library.connections.environments import EnvironmentFiles
from spacebeam.library.sent_history import default_folder
from spacebeam.profiles.collection import Environment, MessageFormat, SavedMessage, Variable
from spacebeam.ui.environments.environments_window import EnvironmentsWindow
from spacebeam.ui.variables.variable_row import VariableRow
from spacebeam.ui.variables.variables_group import VariablesGroup
from tests.support.listener import listener
from tests.support.waiting import eventually
from tests.ui.doing import descendants, key, serving, words
from tests.ui.pageobjects.history import history_of
from tests.ui.pageobjects.page import dialog_of
from tests.ui.pageobjects.sidebar import (
    EnvironmentsPage,
    environment_button,
    environments_of,
    resolved_of,
    sidebar_of,
)
from tests.ui.pageobjects.tab import TabPage
from tests.ui.pageobjects.window import WindowPage, answer, opened_window
from tests.ui.sidebar.conftest import Saved
from tests.ui.window.test_repeating import opened_form


def choose(window: WindowPage, name: str) -> None:
    """Choose an environment in the header bar."""
    button = environment_button(window)
    button.activate_action("environment.choose", GLib.Variant("s", name))


async def opened_connection(window: WindowPage, name: str) -> TabPage:
    sidebar = await sidebar_of(window)
    await sidebar.shows(name)
    sidebar.click(name)
    return window.tab


async def tab_with_environment(
    window: WindowPage, environment: str, *, is_saved: bool, name: str = "Feed"
) -> TabPage:
    """Choose an environment; return the tab of the saved connection, or else a new one."""
    await opened_connection(window, name)
    choose(window, environment)
    if not is_saved:
        window.do("win.new-tab")
    return window.tab


@asynccontextmanager
async def feed_with_symbol(library: Saved, symbol: str) -> AsyncIterator[TabPage]:
    """A tab that is connected to an echo, with an environment that has a `symbol`."""
    library.add_environment("Staging", symbol=symbol)
    async with serving() as url, opened_window() as window:
        library.add("Feed", f"{url}/echo")
        tab = await opened_connection(window, "Feed")
        choose(window, "Staging")
        await tab.connect(f"{url}/echo")
        yield tab


async def test_the_environment_is_chosen_in_the_header_bar(library: Saved) -> None:
    with listener() as first, listener() as second:
        library.add_environment("One", base=first.url)
        library.add_environment("Two", base=second.url)
        library.add("Feed", "{{base}}")
        async with opened_window() as window:
            tab = await opened_connection(window, "Feed")
            await eventually(environment_button(window).get_mapped)
            choose(window, "One")
            assert environment_button(window).name == "One"
            await eventually(lambda: resolved_of(tab).startswith(first.url.rstrip("/")))
            tab.connect_page.child("_connect_button", Gtk.Button).emit("clicked")
            await eventually(lambda: tab.is_connected)
            await tab.disconnect()
            choose(window, "Two")
            await eventually(lambda: tab.can("tab.reconnect"))
            tab.do("tab.reconnect")
            await eventually(lambda: tab.is_connected)
            assert len(second.clients) == 1
        async with opened_window() as window:  # the choice comes back
            await eventually(environment_button(window).get_mapped)
            assert environment_button(window).name == "Two"


async def test_without_environments_there_is_no_chooser(library: Saved) -> None:
    async with opened_window() as window:
        await sidebar_of(window)
        assert not environment_button(window).get_mapped()


async def test_an_unknown_variable_is_explained_and_can_be_defined(library: Saved) -> None:
    library.add_environment("Staging", other="x")
    library.add("Feed", "wss://{{host}}/feed")
    async with opened_window() as window:
        tab = await opened_connection(window, "Feed")
        choose(window, "Staging")
        tab.connect_page.child("_connect_button", Gtk.Button).emit("clicked")
        assert tab.connect_page.has_failure
        assert tab.connect_page.says("The variable “host” has no value.")
        tab.connect_page.press("Define host…")
        page = EnvironmentsPage(await dialog_of(window.widget, EnvironmentsWindow))
        page.set(Variable("other", "x"), Variable("host", "localhost:1"))
        page.close()
        await eventually(lambda: resolved_of(tab) == "wss://localhost:1/feed")
        assert not tab.connect_page.has_failure


async def test_environments_are_made_renamed_and_deleted_with_undo(library: Saved) -> None:
    async with opened_window() as window:
        await sidebar_of(window)
        page = await environments_of(window)
        page.widget.add()
        page.name("Staging")
        page.set(Variable("host", "a.test"), Variable("token", "s3cret", is_secret=True))
        await eventually(lambda: (library.root / "environments/Staging.yml").exists())
        await eventually(lambda: "a.test" in _text(library, "Staging"))
        assert "s3cret" not in _text(library, "Staging")
        page.press("Delete the environment")
        assert not (library.root / "environments/Staging.yml").exists()
        await eventually(lambda: page.shows_button("Undo"))
        page.press("Undo")
        assert page.names == ["Staging"]
        assert "a.test" in _text(library, "Staging")


async def test_closing_at_once_shows_why_a_change_was_not_saved(library: Saved) -> None:
    library.add_environment("Staging", host="a.test")
    folder = library.root / "environments"
    async with opened_window() as window:
        await sidebar_of(window)
        page = await environments_of(window)
        (folder / "Staging.yml").unlink()
        folder.rmdir()
        folder.write_text("")  # nothing can be written there, not even by root
        page.set(Variable("host", "b.test"))
        page.close()
        assert page.is_shown
        await eventually(lambda: page.says("Not saved."))
        page.close()
        await eventually(lambda: not page.is_shown)


async def test_variables_of_an_env_file_are_shown_and_sent(library: Saved) -> None:
    with listener() as server:
        library.add("Feed", "{{base}}")
        (library.root / ".env").write_text(f"base={server.url}\nregion=eu\n")
        files = EnvironmentFiles(library.root)
        files.save(Environment("Staging", (Variable("region", "us"),), env_file=".env"))
        async with opened_window() as window:
            sidebar = await sidebar_of(window)
            await sidebar.shows("Feed")
            await eventually(environment_button(window).get_mapped)
            choose(window, "Staging")
            page = await environments_of(window)
            group = page.child("_file_group", VariablesGroup)
            assert group.get_mapped()
            assert group.get_title() == "From .env"
            rows = [one.variable for one in descendants(group, VariableRow)]
            assert Variable("base", server.url) in rows
            entries = [one for one in descendants(group, Gtk.Entry) if one.get_mapped()]
            assert entries
            assert not any(one.get_editable() for one in entries)
            page.close()
            sidebar.activate("Feed")
            await eventually(lambda: window.tab.is_connected)
            assert len(server.clients) == 1


def _text(library: Saved, name: str) -> str:
    file = library.root / f"environments/{name}.yml"
    return file.read_text() if file.exists() else ""


async def test_variables_of_one_name_are_marked(library: Saved) -> None:
    library.add_environment("Staging", host="a.test")
    async with opened_window() as window:
        await sidebar_of(window)
        page = await environments_of(window)
        page.set(Variable("host", "a"), Variable("host", "b"), Variable("other", "c"))
        said = [one.says("There are several of this name") for one in page.variable_rows]
        assert said == [True, True, False]


async def test_names_are_proposed_in_the_address(library: Saved) -> None:
    library.add_environment("Staging", host="a.test", hostname="b.test")
    async with opened_window() as window:
        await sidebar_of(window)
        await eventually(environment_button(window).get_mapped)
        choose(window, "Staging")
        entry = window.tab.connect_page.entry
        entry.grab_focus()
        entry.set_text("wss://{{ho")
        entry.set_position(-1)
        await eventually(lambda: _proposals(entry))
        assert _proposals(entry) == ["host", "a.test", "hostname", "b.test"]
        assert key(entry, Gdk.KEY_Down)
        assert key(entry, Gdk.KEY_Tab)
        assert entry.get_text() == "wss://{{hostname}}"


def _proposals(widget: Gtk.Widget) -> list[str]:
    found = [one for one in descendants(widget, Gtk.Popover) if one.get_mapped()]
    return [said for one in found for said in words(one)]


async def test_a_message_is_sent_with_its_variables_replaced(library: Saved) -> None:
    async with feed_with_symbol(library, 'BTC "EUR"') as tab:
        tab.composer.type_message('{"symbol": "{{symbol}}"}')
        label = tab.composer.child("_variables_label", Gtk.Label)
        await eventually(label.get_mapped)
        assert label.get_text() == "1 variable will be replaced"
        tab.composer.press_enter()
        sent = '{"symbol": "BTC \\"EUR\\""}'
        await eventually(lambda: sent in tab.entries)
        assert "{{" not in "".join(tab.entries)


async def test_braces_that_are_no_variables_stay(library: Saved) -> None:
    async with feed_with_symbol(library, "BTC") as tab:
        tab.composer.say("Hello {{name}}")
        await eventually(lambda: tab.entries.count("Hello {{name}}") == 2)


async def test_a_repeated_message_has_its_variables_replaced_each_time(library: Saved) -> None:
    async with feed_with_symbol(library, "BTC") as tab:
        tab.composer.type_message("{{symbol}} {{$seq}} {{$uuid}}")
        form = await opened_form(tab)
        form.enter("interval", 1)
        form.enter("times", 2)
        form.start()
        await eventually(lambda: len(_beginning(tab, "BTC ")) == 2)
        first, second = (one.split() for one in sorted(_beginning(tab, "BTC ")))
        assert (first[1], second[1]) == ("1", "2")
        assert first[2] != second[2]


def _beginning(tab: TabPage, words_: str) -> set[str]:
    return {one for one in tab.entries if one.startswith(words_)}


async def test_a_message_with_unknown_variables_is_repeated_only_if_that_is_wanted(
    library: Saved,
) -> None:
    async with feed_with_symbol(library, "BTC") as tab:
        before = len(tab.entries)
        tab.composer.type_message("{{symbol}} {{other}}")
        form = await opened_form(tab)
        form.enter("times", 2)
        form.start()
        await answer("cancel", "{{other}}")
        await tab.timeline.at_rest()
        assert len(tab.entries) == before


async def test_unknown_variables_beside_known_ones_ask_first(library: Saved) -> None:
    async with feed_with_symbol(library, "BTC") as tab:
        tab.composer.say("{{symbol}} {{other}}")
        await answer("cancel", "{{other}}")
        assert tab.composer.typed == "{{symbol}} {{other}}"
        tab.composer.press_enter()
        await answer("send")
        await eventually(lambda: tab.entries.count("BTC {{other}}") == 2)


async def test_a_message_is_sent_by_itself_on_connect(library: Saved) -> None:
    library.add_environment("Staging", symbol="BTC")
    async with serving() as url, opened_window() as window:
        message = SavedMessage("Subscribe", "sub {{symbol}}", MessageFormat.TEXT, on_connect=True)
        library.add("Feed", f"{url}/echo", messages=(message,))
        tab = await opened_connection(window, "Feed")
        choose(window, "Staging")
        sidebar = await sidebar_of(window)
        sidebar.activate("Feed")
        await eventually(lambda: tab.is_connected)
        await eventually(lambda: tab.entries.count("sub BTC") == 2)


async def test_a_message_without_a_value_for_its_secret_is_not_sent_on_connect(
    library: Saved,
) -> None:
    token = Variable("token", None, is_secret=True)
    async with serving() as url, opened_window() as window:
        message = SavedMessage("Login", "in {{token}}", MessageFormat.TEXT, on_connect=True)
        library.add("Feed", f"{url}/echo", messages=(message,), variables=(token,))
        tab = await opened_connection(window, "Feed")
        tab.connect_page.submit(f"{url}/echo")
        await eventually(lambda: tab.connect_page.has_failure)
        words = "In the message “Login”: The secret variable “token” has no value here."
        assert tab.connect_page.says(words)
        assert not tab.is_connected


async def test_reconnecting_shows_which_variable_is_unknown(library: Saved) -> None:
    async with serving() as url, opened_window() as window:
        library.add_environment("Staging", base=url)
        library.add("Feed", "{{base}}/echo")
        tab = await opened_connection(window, "Feed")
        choose(window, "Staging")
        await tab.connect("{{base}}/echo")
        await tab.disconnect()
        choose(window, "")
        await eventually(lambda: tab.can("tab.reconnect"))
        tab.do("tab.reconnect")
        await eventually(lambda: tab.connect_page.has_failure)
        assert tab.connect_page.says("The variable “base” has no value.")


async def test_a_secret_variable_is_remembered_among_the_sent_messages_by_its_name(
    library: Saved,
) -> None:
    async with serving() as url, opened_window() as window:
        library.add("Feed", f"{url}/echo")
        tab = await opened_connection(window, "Feed")
        page = await environments_of(window)
        page.widget.add()
        page.name("Live")
        page.set(Variable("token", "s3cret-1", is_secret=True))
        page.close()
        choose(window, "Live")
        await tab.connect(f"{url}/echo")
        for typed, sent in (("in {{token}}", "in s3cret-1"), ("s3cret-1", "s3cret-1")):
            tab.composer.say(typed)
            await eventually(lambda sent=sent: tab.entries.count(sent) == 2)  # type: ignore[misc]
        assert tab.composer.press_key(Gdk.KEY_Up)
        await eventually(lambda: tab.says("value of a secret variable is not remembered"))
        assert tab.composer.typed == "in {{token}}"
        tab.do("tab.history")
        history = history_of(tab.widget)
        await history.shows("in {{token}}")
        history.press_key(Gdk.KEY_Return, Gdk.ModifierType.CONTROL_MASK)
        await eventually(lambda: tab.entries.count("in s3cret-1") == 4)
        for file in default_folder().iterdir():
            assert b"s3cret" not in file.read_bytes()


async def test_a_secret_without_a_value_is_not_counted_as_replaced(library: Saved) -> None:
    variables = (Variable("symbol", "BTC"), Variable("token", None, is_secret=True))
    async with serving() as url, opened_window() as window:
        library.add("Feed", f"{url}/echo", variables=variables)
        tab = await opened_connection(window, "Feed")
        await tab.connect(f"{url}/echo")
        tab.composer.type_message("{{symbol}} {{token}}")
        await eventually(lambda: tab.composer.says("1 variable will be replaced, 1 unknown"))
