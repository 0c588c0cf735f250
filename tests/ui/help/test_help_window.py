"""The window of the help: topics, links, the way back, searching, folding, and trying a filter."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator

import pytest
from gi.repository import Adw, Gdk

from spacebeam.help.topics import TOPICS, page
from spacebeam.ui.application import Application
from spacebeam.ui.help.help_window import HelpWindow
from tests.support.waiting import eventually, settled
from tests.ui.doing import Heard, application, presented, resize, serving
from tests.ui.pageobjects.help import HelpWindowPage, help_window, opened_help
from tests.ui.pageobjects.page import has_focus
from tests.ui.pageobjects.window import WindowPage, opened_window


@contextlib.asynccontextmanager
async def shown(target: str) -> AsyncIterator[HelpWindowPage]:
    """The window of the help at a topic."""
    async with presented(HelpWindow(target)) as window:
        yield HelpWindowPage(window)


def program_of(window: WindowPage) -> Application:
    application = window.widget.get_application()
    assert isinstance(application, Application)
    return application


@pytest.mark.parametrize("topic", TOPICS)
async def test_every_topic_is_shown(topic: str) -> None:
    async with shown("start") as help_page:
        help_page.choose(topic)
        assert help_page.text.startswith(f"{page(topic).title}\n{page(topic).summary}\n")
        assert (help_page.selected, help_page.title) == (topic, page(topic).title)
        assert help_page.topics == [*TOPICS]


async def test_a_link_is_followed_by_tab_and_enter_and_the_way_back_by_alt_left() -> None:
    async with shown("start") as help_page:
        assert not help_page.can("help.back")
        help_page.follow("searched")
        assert help_page.selected == "search"
        help_page.do("help.back")
        assert help_page.selected == "start"
        assert not help_page.can("help.back")
        help_page.do("help.forward")
        assert help_page.selected == "search"
        help_page.choose("keys")
        assert not help_page.can("help.forward")


async def test_a_link_is_followed_by_a_click() -> None:
    async with shown("start") as help_page:
        await settled(lambda: help_page.point("searched"))
        help_page.click("searched")
        assert help_page.selected == "search"
        help_page.click("Searching")
        assert help_page.selected == "search"


async def test_a_link_to_a_section_scrolls_to_its_heading() -> None:
    async with shown("decoders") as help_page:
        help_page.follow("json:")
        assert help_page.selected == "search"
        await help_page.is_at("Values in JSON")


async def test_shift_and_tab_go_back_among_the_links_and_leave_the_page_at_its_ends() -> None:
    async with shown("start") as help_page:
        help_page.tab_to("bytes")
        assert help_page.press_key(Gdk.KEY_ISO_Left_Tab, Gdk.ModifierType.SHIFT_MASK)
        assert help_page.selection == "Options"
        assert not help_page.press_key(Gdk.KEY_ISO_Left_Tab, Gdk.ModifierType.SHIFT_MASK)
        help_page.tab_to("All keys")
        assert not help_page.press_key(Gdk.KEY_Tab)


async def test_enter_without_a_selected_link_does_nothing() -> None:
    async with shown("start") as help_page:
        assert not help_page.press_key(Gdk.KEY_Return)


async def test_matches_are_counted_in_all_topics_and_marked_one_after_the_other() -> None:
    async with shown("decoders") as help_page:
        help_page.search("utf-8")
        count = help_page.text.lower().count("utf-8")
        assert help_page.match_words == f"1 of {count}"
        assert help_page.selection == "UTF-8"
        await eventually(lambda: help_page.counts().get("decoders") == str(count))
        assert "keys" not in help_page.counts()
        help_page.do("help.next-match")
        assert help_page.match_words == f"2 of {count}"
        help_page.do("help.previous-match")
        help_page.do("help.previous-match")
        assert help_page.match_words == f"{count} of {count}"


async def test_the_next_topic_is_shown_if_only_others_have_a_match() -> None:
    async with shown("keys") as help_page:
        help_page.search("QR code")
        assert help_page.match_words == "Only in 1 other topic"
        help_page.search_entry.emit("activate")
        assert (help_page.selected, help_page.selection) == ("chat", "QR code")
        help_page.search("no such words")
        assert help_page.match_words == "No matches"
        assert not help_page.can("help.next-match")


async def test_escape_closes_the_search_and_then_the_window() -> None:
    async with shown("start") as help_page:
        help_page.search("server")
        assert has_focus(help_page.search_entry)
        help_page.do("help.escape")
        assert not help_page.is_searching
        assert has_focus(help_page.view)
        assert help_page.counts() == {}
        closed = Heard(help_page.widget, "unrealize")
        help_page.do("help.escape")
        assert closed == [True]


async def test_the_topics_lie_over_the_page_in_a_narrow_window() -> None:
    async with shown("start") as help_page:
        assert help_page.topics_are_shown
        await resize(help_page.widget, 400, 600, lambda: help_page.is_folded)
        assert not help_page.topics_are_shown
        help_page.do("help.topics")
        assert help_page.topics_are_shown
        help_page.choose("keys")
        assert not help_page.topics_are_shown
        assert has_focus(help_page.view)
        help_page.do("help.topics")
        help_page.do("help.escape")
        assert help_page.is_shown
        assert not help_page.topics_are_shown
        await resize(help_page.widget, 800, 600, lambda: not help_page.is_folded)
        assert help_page.topics_are_shown


async def test_colours_follow_light_and_dark() -> None:
    manager = Adw.StyleManager.get_default()
    before = manager.get_color_scheme()
    try:
        async with shown("start") as help_page:
            table = help_page.view.get_buffer().get_tag_table()
            colors = []
            for scheme in (Adw.ColorScheme.FORCE_LIGHT, Adw.ColorScheme.FORCE_DARK):
                manager.set_color_scheme(scheme)
                tag = table.lookup("link")
                assert tag is not None
                colors.append(tag.get_property("foreground-rgba").to_string())
            assert colors[0] != colors[1]
    finally:
        manager.set_color_scheme(before)


async def test_an_example_is_tried_in_the_conversation() -> None:
    async with serving() as url, opened_window() as window:
        tab = await window.connect(f"{url}/echo")
        program = program_of(window)
        tab.session_page.filter.type_filter("earlier")
        program.show_help("search")
        help_page = await opened_help(program)
        help_page.follow("Try")
        assert tab.session_page.filter.text == "btc"


async def test_an_example_without_a_conversation_says_what_is_missing() -> None:
    async with opened_window() as window:
        program = program_of(window)
        program.show_help("search")
        help_page = await opened_help(program)
        help_page.follow("Try")
        await eventually(lambda: help_page.says("Connect, or open a recording, to try a filter."))


async def test_there_is_one_window_which_closes_with_the_last_conversation() -> None:
    async with application() as program:
        window = WindowPage(program.open_window())
        program.show_help("keys")
        help_page = await opened_help(program)
        program.show_help("search#words")
        assert await opened_help(program) == help_page
        assert help_page.selected == "search"
        program.show_help("")
        assert help_page.selected == "search"
        window.close()
        await eventually(lambda: help_window(program) is None)
