"""The composer learns from the conversation, over a real connection."""

from __future__ import annotations

from spacebeam.server.local_chat import LocalChat
from spacebeam.ui.composer.draft import PayloadFormat
from tests.support.waiting import eventually
from tests.ui.doing import serving
from tests.ui.pageobjects.tab import opened_tab


async def test_the_format_and_the_keys_are_those_of_the_newest_text() -> None:
    async with serving() as url, opened_tab() as tab:
        await tab.connect(f"{url}/echo")
        composer = tab.composer.widget
        await tab.session.send("hello")
        await tab.session.send('{"symbol": {"side": 1}}')
        await eventually(lambda: composer.form is PayloadFormat.JSON)
        assert composer.keys.proposals("s") == ["symbol", "side"]
        await tab.session.send("bye")
        await eventually(lambda: composer.form is PayloadFormat.TEXT)
        assert composer.keys.proposals("si") == ["side"]


async def test_people_in_a_chat_room_do_not_type_json(local_chat: LocalChat) -> None:
    async with opened_tab(local_chat) as tab:
        tab.connect_page.press_chat()
        await eventually(lambda: tab.is_connected)
        composer = tab.composer.widget
        await eventually(lambda: composer.keys.proposals("nam"))  # the welcome was looked at
        assert composer.form is PayloadFormat.TEXT
