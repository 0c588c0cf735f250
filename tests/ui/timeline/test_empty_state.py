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
