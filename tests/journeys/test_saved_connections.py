"""Saved connections by the keyboard: saved, there after a restart, inherited, sent on connect."""

from __future__ import annotations

from pathlib import Path

from spacebeam.library.connections.environments import EnvironmentFiles
from spacebeam.library.connections.library import default_library
from spacebeam.library.connections.open_folder import OpenFolder
from spacebeam.profiles.collection import (
    Environment,
    Folder,
    MessageFormat,
    SavedConnection,
    SavedMessage,
    Variable,
)
from spacebeam.profiles.profile import Profile, SignIn, SignInMethod, with_values
from tests.journeys.keyboard import CONTROL, press
from tests.journeys.program import serving, started
from tests.journeys.screen import BUTTON, ITEM, ROW, TEXT, Widget, menu_item, until
from tests.journeys.test_keyboard import focused
from tests.support.listener import listener


def library() -> OpenFolder:
    """The default library, which is made."""
    root: Path = default_library()
    root.mkdir(parents=True, exist_ok=True)
    folder = OpenFolder(root)
    folder.load()
    return folder


def open_found(window: Widget, name: str) -> None:
    """Find a saved connection by the last word of its name, and connect."""
    press(CONTROL, "k")
    search = window.find(TEXT, "Find a connection")
    until(lambda: search.has_cursor, "the cursor in the search")
    for character in name.split()[-1].lower():
        press(character)
    until(lambda: window.says(name), "the match")
    press("Return")


def begin_renaming(window: Widget, name: str) -> None:
    """Show the sidebar, go to its first connection by the keyboard, and press F2."""
    press("F9")
    window.reads(name)
    press(CONTROL, "k")
    search = window.find(TEXT, "Find a connection")
    until(lambda: search.has_cursor, "the cursor in the search")
    press("Down")
    press("F2")


def choose_environment(window: Widget, before: str, name: str) -> None:
    """Choose another environment in the header bar."""
    window.find(BUTTON, f"Environment: {before}")
    named = [one for one in window.everything() if one.name.startswith("Environment: ")]
    named[-1].press()  # the button inside the menu button
    names = [one.name for one in EnvironmentFiles(default_library()).all()]
    items = ("No environment", *names, "Edit Environments…")

    def item() -> Widget | None:
        # GTK 4.8 says that it is not shown, as the menu goes beyond the header bar.
        named = (one for one in window.everything() if one.role in ITEM and one.name == name)
        return menu_item(window, name, items) or next(named, None)

    until(item, "the environment").press()
    window.find(BUTTON, f"Environment: {name}")


def test_a_connection_is_saved_and_there_again_after_a_restart() -> None:
    with serving() as (url, _server):
        with started() as program:
            window = program.window()
            window.find(TEXT, "Address").write(f"{url}/echo")
            press(CONTROL, "s")
            others = until(
                lambda: [one for one in program.windows() if one != window], "where to save"
            )
            others[0].find(TEXT, "Name").write("My echo")
            press("Return")
            until(lambda: program.windows() == [window], "the first screen")
            until(lambda: (default_library() / "My echo.yml").exists(), "the file")
            window.reads("My echo")
            press(CONTROL, "q")
            program.process.wait()
        with started() as program:
            window = program.window()
            open_found(window, "My echo")
            window.reads("Connected")


def test_the_folder_gives_its_header_and_sign_in_and_messages_are_sent_by_themselves() -> None:
    with listener() as server:
        folder = library()
        profile = with_values(Profile(), {"request.headers": (("X-Client", "desk-7"),)})
        profile = with_values(profile, {"sign_in": SignIn(SignInMethod.BEARER, token="{{token}}")})
        path = folder.create_folder("", Folder("Trading", profile=profile))
        message = SavedMessage("Subscribe", "sub {{symbol}}", MessageFormat.TEXT, on_connect=True)
        folder.create_connection(path, SavedConnection("Feed", "{{base}}", messages=(message,)))
        variables = {"base": server.url, "symbol": "BTC", "token": "abcd-1234"}
        EnvironmentFiles(folder.root).save(
            Environment("Staging", tuple(Variable(*one) for one in variables.items()))
        )
        with started() as program:
            window = program.window()
            choose_environment(window, "No environment", "Staging")
            open_found(window, "Feed")
            window.reads("Connected")
            until(lambda: server.messages == ["sub BTC"], "the subscription")
            request = server.clients[0].request
            assert request is not None
            assert request.headers["X-Client"] == "desk-7"
            assert request.headers["Authorization"] == "Bearer abcd-1234"


def test_another_environment_leads_to_another_server_and_nothing_is_typed() -> None:
    with listener() as test, listener() as live:
        folder = library()
        folder.create_connection("", SavedConnection("Feed", "{{base}}"))
        for name, url in (("Test", test.url), ("Live", live.url)):
            EnvironmentFiles(folder.root).save(Environment(name, (Variable("base", url),)))
        with started() as program:
            window = program.window()
            open_found(window, "Feed")
            window.find(BUTTON, "Define base…")
            address = window.find(TEXT, "Address")
            until(lambda: address.description == "Unknown variables: base", "the mark")
            choose_environment(window, "No environment", "Test")
            until(lambda: address.description == "", "a variable that is known")
            window.find(BUTTON, "Connect").press()
            window.reads("Connected")
            assert (len(test.clients), len(live.clients)) == (1, 0)
            choose_environment(window, "Test", "Live")
            window.find(BUTTON, "Disconnect").press()
            until(lambda: test.close_codes, "the end of the first connection")
            press("F5")
            until(lambda: live.clients, "the connection to the other server")
            assert len(test.clients) == 1


def test_a_file_that_is_added_from_outside_appears() -> None:
    folder = library()
    folder.create_connection("", SavedConnection("First", "wss://a.test/"))
    with started() as program:
        window = program.window()
        press("F9")
        window.reads("First")
        folder.create_connection("", SavedConnection("Second", "wss://b.test/"))
        window.reads("Second")


def test_a_connection_is_renamed_by_its_menu() -> None:
    folder = library()
    folder.create_connection("", SavedConnection("Feed", "wss://a.test/"))
    with started() as program:
        begin_renaming(program.window(), "Feed")
        focused(program, TEXT, "Name")
        press("Escape")
        focused(program, ROW, "Feed")
        press("Menu")
        focused(program, ITEM, "Connect", in_popover=True)
        for _item in ("Connect in New Tab", "Options…", "Favorite", "Rename"):
            press("Down")
        focused(program, ITEM, "Rename", in_popover=True)
        press("Return")
        focused(program, TEXT, "Name")
        for character in "two":
            press(character)
        press("Return")
        until(lambda: (folder.root / "two.yml").exists(), "the renamed file")


def test_escape_closes_the_environments_and_saves_what_was_typed() -> None:
    with started() as program:
        window = program.window()
        press(CONTROL, "k")
        window.find(BUTTON, "Environments").press()
        edited = program.window(1)
        edited.find(BUTTON, "New Environment")
        edited.find(BUTTON, "New environment").press()
        edited.find(BUTTON, "Color")
        name = edited.find(TEXT, "Name")
        until(lambda: name.text == "New environment", "the new environment")
        name.write("live")
        press("Escape")
        until(lambda: program.windows() == [window], "the first window alone")
        until(lambda: (default_library() / "environments/live.yml").exists(), "the file")
