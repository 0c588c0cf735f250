"""F1, and a "Help" at each place where one needs it."""

from __future__ import annotations

import pytest
from gi.repository import Adw, Gtk

from spacebeam.profiles.profile import Profile
from spacebeam.ui.application import Application
from spacebeam.ui.options.options_window import OptionsWindow
from spacebeam.ui.recordings.recordings_window import RecordingsWindow
from tests.support.waiting import eventually
from tests.ui.doing import button, click, descendants, presented, serving
from tests.ui.pageobjects.help import opened_help
from tests.ui.pageobjects.page import menu_items
from tests.ui.pageobjects.window import WindowPage, opened_window


def program_of(window: WindowPage) -> Application:
    application = window.widget.get_application()
    assert isinstance(application, Application)
    return application


async def test_the_first_screen_leads_to_the_first_steps() -> None:
    async with opened_window() as window:
        program = program_of(window)
        assert program.get_accels_for_action("app.help-here") == ["F1"]
        program.activate_action("help-here", None)
        assert (await opened_help(program)).selected == "start"


@pytest.mark.parametrize("place", ["search", "messages", "decoders"])
async def test_a_part_of_a_conversation_leads_to_its_topic(place: str) -> None:
    async with serving() as url, opened_window() as window:
        tab = await window.connect(f"{url}/echo")
        program = program_of(window)
        tab.composer.say("hello")
        await eventually(lambda: "hello" in tab.entries[-1])
        await tab.timeline.at_rest()
        if place == "search":
            window.do("win.find")
        elif place == "messages":
            tab.composer.widget.focus()
        else:
            tab.timeline.select(len(tab.entries) - 1)
            await tab.session_page.inspector.shows("hello")
            next(descendants(tab.session_page.inspector.widget, Gtk.DropDown)).grab_focus()
        program.activate_action("help-here", None)
        assert (await opened_help(program)).selected == place


async def test_the_examples_of_filters_lead_to_all_about_filters() -> None:
    async with serving() as url, opened_window() as window:
        tab = await window.connect(f"{url}/echo")
        window.do("win.find")
        await tab.session_page.filter.open_help()
        tab.session_page.filter.press("All About Filters")
        assert (await opened_help(program_of(window))).selected == "search"


async def test_the_options_have_a_button_and_f1() -> None:
    async with (
        opened_window() as window,
        presented(OptionsWindow(window.widget, Profile())) as options,
    ):
        (header,) = (one for one in descendants(options, Adw.HeaderBar) if one.get_mapped())
        click(button(header, "Help (F1)"))
        help_page = await opened_help(program_of(window))
        assert help_page.selected == "options"
        help_page.choose("keys")
        shortcuts = [
            shortcut
            for one in options.observe_controllers()
            if isinstance(one, Gtk.ShortcutController)
            for shortcut in one
            if shortcut.get_trigger().to_string() == "F1"
        ]
        action, target = shortcuts[0].get_action(), shortcuts[0].get_arguments()
        assert action.activate(Gtk.ShortcutActionFlags.EXCLUSIVE, options, target)
        assert help_page.selected == "options"


async def test_the_recordings_have_a_button() -> None:
    async with opened_window() as window:
        program = program_of(window)
        program.show_recordings()
        found = [one for one in program.get_windows() if isinstance(one, RecordingsWindow)]
        await eventually(lambda: found[0].get_mapped())
        click(button(found[0], "Help about recordings (F1)"))
        assert (await opened_help(program)).selected == "recordings"


async def test_menus_lead_to_the_help() -> None:
    async with serving() as url, opened_window() as window:
        tab = await window.connect(f"{url}/echo")
        menus = [
            one.get_menu_model()
            for one in descendants(window.widget, Gtk.MenuButton)
            if one.get_menu_model() is not None
        ]
        items = {label: action for menu in menus for label, action in menu_items(menu).items()}
        assert items["_Help"] == "app.help-here"
        assert items["Hel_p"] == "app.help"
        assert tab.is_shown
