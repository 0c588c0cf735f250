"""What an empty conversation says."""

from __future__ import annotations

from tests.support.waiting import eventually
from tests.ui.doing import serving
from tests.ui.pageobjects.tab import opened_tab

HINT = "Write a message below and press Enter.\nWhat the server sends appears here."


async def test_a_new_conversation_says_what_can_be_done_until_something_is_said() -> None:
    async with serving() as url, opened_tab() as tab:
        await tab.connect(f"{url}/echo")
        await eventually(lambda: HINT in tab.timeline.words)
        tab.composer.say("hello")
        await eventually(lambda: tab.timeline.length == 3)
        await eventually(lambda: HINT not in tab.timeline.words)


async def test_hidden_entries_are_named_where_a_filter_finds_nothing_and_can_be_shown() -> None:
    async with serving() as url, opened_tab() as tab:
        await tab.connect(f"{url}/echo")
        tab.composer.say("heartbeat")
        await eventually(lambda: tab.timeline.length == 3)
        await tab.session_page.select(2)
        tab.do("tab.hide-like")
        await eventually(lambda: tab.timeline.length < 3)
        hidden = 3 - tab.timeline.length
        tab.session_page.filter.type_filter("heartbeat")
        nouns = "entry was" if hidden == 1 else "entries were"
        await eventually(lambda: tab.timeline.says(f"{hidden} hidden {nouns} not searched."))
        tab.timeline.press("Show Hidden Entries")
        await eventually(lambda: tab.timeline.length == 2)


async def test_removed_entries_are_named_where_a_filter_finds_nothing_and_can_be_shown() -> None:
    async with serving() as url, opened_tab() as tab:
        await tab.connect(f"{url}/echo")
        tab.composer.say("hello")
        await eventually(lambda: tab.timeline.length == 3)
        tab.timeline.select(1)
        tab.timeline.select_up_to(2)
        tab.do("tab.remove")
        await eventually(lambda: tab.timeline.length == 1)
        tab.session_page.filter.type_filter("hello")
        words = "Entries removed from this view were not searched."
        await eventually(lambda: tab.timeline.says(words))
        assert not tab.timeline.shows_button("Show Hidden Entries")
        tab.timeline.press("Show Removed Entries")
        await eventually(lambda: tab.timeline.length == 2)


async def test_entries_that_are_all_hidden_can_be_shown() -> None:
    async with serving() as url, opened_tab() as tab:
        await tab.connect(f"{url}/echo")
        tab.session_page.filter.type_filter("is:event")
        await eventually(lambda: tab.timeline.length == 1)
        tab.do("tab.hide-shown")
        await eventually(lambda: tab.timeline.says("All entries are hidden."))
        tab.timeline.press("Show Hidden Entries")
        await eventually(lambda: tab.timeline.length == 1)
