"""A conversation as a chat: bubbles, the room of this computer, names, links, pictures."""

from __future__ import annotations

import contextlib
import json
from collections.abc import AsyncIterator

import pytest
from gi.repository import Adw, Gio, GLib

from spacebeam.library.settings import default_path, load
from spacebeam.profiles.profile import Profile
from spacebeam.server.local_chat import LocalChat
from spacebeam.server.room_protocol import MAX_NAME
from spacebeam.ui.composer.draft import PayloadFormat
from tests.support.waiting import eventually, settled
from tests.ui.chat.test_picture_loader import picture
from tests.ui.doing import serving, shown_tab
from tests.ui.pageobjects.chat import ChatPage
from tests.ui.pageobjects.page import dialog_of, find_dialog
from tests.ui.pageobjects.tab import TabPage
from tests.ui.pageobjects.window import opened_window


@contextlib.asynccontextmanager
async def tab_page(local_chat: LocalChat | None = None) -> AsyncIterator[TabPage]:
    async with shown_tab(local_chat) as tab:
        yield TabPage(tab)


def chat_of(tab: TabPage) -> ChatPage:
    return ChatPage(tab.session_page.widget.chat)


@contextlib.asynccontextmanager
async def two_in_the_room(local_chat: LocalChat) -> AsyncIterator[tuple[TabPage, TabPage]]:
    """Two tabs that have pressed the button."""
    async with tab_page(local_chat) as one, tab_page(local_chat) as other:
        for tab in (one, other):
            tab.connect_page.press_chat()
            await eventually(lambda tab=tab: tab.is_connected and chat_of(tab).people)  # type: ignore[misc]
        await eventually(lambda: chat_of(one).people == "2 here")
        yield one, other


@pytest.fixture(autouse=True)
def _nobody_has_logged_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("spacebeam.ui.chat.nickname.login_name", lambda: "")


async def test_two_talk_as_in_any_chat_program(local_chat: LocalChat) -> None:
    async with two_in_the_room(local_chat) as (one, other):
        one.composer.say("Is anybody there?")
        await eventually(
            lambda: chat_of(other).bubbles == [("received", "Guest 1", "Is anybody there?")]
        )
        other.composer.say("I am")
        await eventually(
            lambda: (
                chat_of(one).bubbles
                == [("sent", "", "Is anybody there?"), ("received", "Guest 2", "I am")]
            )
        )
        assert chat_of(one).lines == ["You are in the room as Guest 1", "Guest 2 came"]
        assert chat_of(one).names == ["Guest 1 (you)", "Guest 2"]
        await other.disconnect()
        await eventually(lambda: chat_of(one).lines[-1:] == ["Guest 2 left"])
        await eventually(lambda: chat_of(one).people == "Only you")
        assert one.widget.title == "Chat on This Computer"
        await eventually(lambda: chat_of(other).people == "")


async def test_a_message_to_a_room_is_text_although_those_of_the_room_are_json() -> None:
    async with serving() as url, opened_window() as window:
        tab, echo = window.tab, window.add_tab()
        await tab.connect(f"{url}/chat/lobby")
        await eventually(lambda: chat_of(tab).people)
        composer = tab.composer.widget
        await eventually(lambda: composer.keys.proposals("nam"))  # it has read the welcome
        assert composer.form is PayloadFormat.TEXT
        await echo.connect(f"{url}/echo")
        await echo.session.send('{"name": 1}')
        await eventually(lambda: echo.composer.widget.form is PayloadFormat.JSON)


async def test_one_who_is_alone_is_offered_a_second_window(local_chat: LocalChat) -> None:
    async with tab_page(local_chat) as tab:
        tab.connect_page.press_chat()
        await eventually(lambda: chat_of(tab).is_alone)
        tab.composer.say("hello")
        await eventually(lambda: not chat_of(tab).is_alone)


async def test_a_name_is_heard_by_all_and_remembered(local_chat: LocalChat) -> None:
    async with two_in_the_room(local_chat) as (one, other):
        chat_of(one).take_name(" Ada\u202e ")
        await eventually(lambda: chat_of(one).name == "Ada")
        await eventually(lambda: "Guest 1 is now Ada" in chat_of(other).lines)
        other.composer.say("hello")
        await eventually(lambda: chat_of(one).bubbles)
        one.composer.say("hi")
        await eventually(lambda: ("received", "Ada", "hi") in chat_of(other).bubbles)
        await one.disconnect()
        await eventually(lambda: one.can("tab.reconnect"))
        one.do("tab.reconnect")
        await eventually(lambda: chat_of(one).name == "Ada")
        await eventually(lambda: "Ada came" in chat_of(other).lines)
    assert load(default_path()).nickname == "Ada"


@pytest.mark.parametrize("name", ["x" * 500, "Ada", "\u200b", "<b>Ada</b>", '"}{'])
async def test_any_name_can_be_typed(local_chat: LocalChat, name: str) -> None:
    async with two_in_the_room(local_chat) as (one, other):
        chat_of(one).take_name(name)
        one.composer.say("hello")
        await eventually(lambda: chat_of(other).bubbles)
        ((_side, sender, _text),) = chat_of(other).bubbles
        assert sender in (name[:MAX_NAME], "Guest 1")


async def test_the_address_of_the_room_is_remembered_without_the_name(
    local_chat: LocalChat,
) -> None:
    async with two_in_the_room(local_chat) as (one, _other):
        chat_of(one).take_name("Ada")
        await eventually(lambda: chat_of(one).name == "Ada")
        await one.disconnect()
        await eventually(lambda: one.can("tab.reconnect"))
        one.do("tab.reconnect")
        await eventually(lambda: one.is_connected)
    settings = load(default_path())
    assert settings.recent == [local_chat.url]
    assert not settings.profiles.get(local_chat.url)


async def test_each_tab_keeps_its_own_name(local_chat: LocalChat) -> None:
    async with two_in_the_room(local_chat) as (one, other):
        for tab, name in ((one, "Ada"), (other, "Ben")):
            chat_of(tab).take_name(name)
            await eventually(lambda tab=tab, name=name: chat_of(tab).name == name)  # type: ignore[misc]
        await one.disconnect()
        await eventually(lambda: one.can("tab.reconnect"))
        one.do("tab.reconnect")
        await eventually(lambda: chat_of(other).names == ["Ben (you)", "Ada"])


async def test_the_name_stays_when_a_lost_connection_comes_back(local_chat: LocalChat) -> None:
    async with tab_page(local_chat) as tab:
        tab.connect_page.press_chat()
        await eventually(lambda: chat_of(tab).people)
        tab.do("tab.auto-reconnect")
        chat_of(tab).take_name("Ada")
        await eventually(lambda: chat_of(tab).name == "Ada")
        await local_chat.stop()
        await eventually(lambda: not chat_of(tab).people)
        await eventually(lambda: chat_of(tab).people and chat_of(tab).name == "Ada")


async def test_a_conversation_can_be_shown_as_a_chat_and_that_is_remembered() -> None:
    async with serving() as url, tab_page() as tab:
        await tab.connect(f"{url}/echo")
        assert not chat_of(tab).is_shown
        tab.do("tab.chat")
        await eventually(lambda: chat_of(tab).is_shown)
        tab.composer.say("hello")
        await eventually(
            lambda: chat_of(tab).bubbles == [("sent", "", "hello"), ("received", "", "hello")]
        )
        assert chat_of(tab).chat_list.clocks in (1, 2)  # the minute may end in between
        assert not tab.timeline.is_shown
        await eventually(lambda: chat_of(tab).people == "")
        assert tab.session_page.count == "3 entries, 10 B"
        async with tab_page() as again:
            await again.connect(f"{url}/echo")
            await eventually(lambda: chat_of(again).is_shown)
        tab.do("tab.chat")
        await eventually(lambda: tab.timeline.is_shown)


async def test_names_and_texts_come_from_paths_that_are_remembered() -> None:
    async with serving() as url, tab_page() as tab:
        await tab.connect(f"{url}/echo")
        tab.do("tab.chat")
        tab.composer.say(json.dumps({"user": {"name": "Ada"}, "text": "hello"}))
        await eventually(lambda: len(chat_of(tab).bubbles) == 2)
        chat_of(tab).choose_paths("user.name", "text")
        await eventually(
            lambda: chat_of(tab).bubbles == [("sent", "", "hello"), ("received", "Ada", "hello")]
        )
        chat_of(tab).choose_paths("user..name", "text")
        assert "JMESPath" in chat_of(tab).path_hint
        async with tab_page() as again:
            await again.connect(f"{url}/echo")
            assert chat_of(again).paths == ("user.name", "text")


async def test_a_link_is_opened_only_after_its_address_was_seen(
    local_chat: LocalChat, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(
        Gio.AppInfo, "launch_default_for_uri", lambda url, _context: opened.append(url)
    )
    async with two_in_the_room(local_chat) as (one, other):
        url = "https://bank.example@evil.example/?a=b&c"
        one.composer.say(f"look: {url}")
        shown = "https://evil.example/?a=b&c"
        await eventually(lambda: chat_of(other).chat_list.links == [shown])
        for response, then in (("cancel", []), ("open", [shown])):
            chat_of(other).chat_list.click_link(shown)
            dialog = await dialog_of(other.widget.get_root(), Adw.MessageDialog)
            assert (dialog.get_heading(), dialog.get_body()) == ("Open evil.example?", shown)
            assert opened == []
            dialog.response(response)
            await eventually(lambda: not find_dialog(other.widget.get_root(), Adw.MessageDialog))
            await eventually(lambda then=then: opened == then)  # type: ignore[misc]


async def test_a_picture_is_shown_in_its_bubble(local_chat: LocalChat) -> None:
    async with two_in_the_room(local_chat) as (one, other):
        await one.session.send(picture("png"))
        for tab in (one, other):
            await eventually(lambda tab=tab: chat_of(tab).chat_list.pictures == 1)  # type: ignore[misc]
        assert chat_of(other).bubbles[0][:2] == ("received", "Guest 1")


async def test_markup_and_control_characters_of_a_peer_are_text(local_chat: LocalChat) -> None:
    async with two_in_the_room(local_chat) as (one, other):
        one.composer.say("<b>bold</b> &amp; \u202egpj.exe")
        await eventually(
            lambda: (
                [text for *_, text in chat_of(other).bubbles] == ["<b>bold</b> &amp; ⟨202E⟩gpj.exe"]
            )
        )


async def test_a_long_message_is_whole_in_the_timeline() -> None:
    async with serving() as url, tab_page() as tab:
        await tab.connect(f"{url}/echo")
        tab.do("tab.chat")
        tab.composer.say("x" * 9000)
        # Newer GTK has no row for the sent one, which is out of sight.
        await eventually(lambda: any(one[0] == "received" for one in chat_of(tab).bubbles))
        chat_of(tab).press("Show the Whole Message")
        await eventually(lambda: tab.timeline.is_shown and tab.session_page.is_inspecting)


async def test_the_filter_finds_messages_in_the_chat() -> None:
    async with serving() as url, tab_page() as tab:
        await tab.connect(f"{url}/echo")
        tab.do("tab.chat")
        for text in ("apple", "pear"):
            tab.composer.say(text)
        await eventually(lambda: len(chat_of(tab).bubbles) == 4)
        tab.session_page.widget.filter_bar.show_text("pear")
        await eventually(lambda: {text for *_, text in chat_of(tab).bubbles} == {"pear"})
        await eventually(lambda: len(chat_of(tab).bubbles) == 2)
        tab.session_page.widget.filter_bar.show_text("")
        await eventually(lambda: len(chat_of(tab).bubbles) == 4)


async def test_what_came_while_nobody_looked_is_marked_as_new(local_chat: LocalChat) -> None:
    async with two_in_the_room(local_chat) as (one, other):
        one.composer.say("seen by its sender only")
        other.do("tab.address")  # another screen is in front
        await eventually(lambda: not chat_of(other).is_shown)
        one.composer.say("first")
        one.composer.say("second")
        await eventually(lambda: len(other.recording) == 6 or len(other.recording) >= 5)
        other.do("tab.return")
        await eventually(lambda: chat_of(other).chat_list.new_from)
        await eventually(lambda: len(chat_of(other).bubbles) == 3)
        assert chat_of(other).chat_list.new_from in ("seen by its sender only", "first")
        other.composer.say("now I have read it")
        await eventually(lambda: not chat_of(other).chat_list.new_from)


async def test_a_notification_leads_to_its_tab() -> None:
    async with opened_window() as window:
        chat = window.tab
        chat.connect_page.press_chat()
        await eventually(lambda: chat_of(chat).people)
        window.add_tab()
        assert window.tab != chat
        program = window.widget.get_application()
        assert program is not None
        program.activate_action("show-chat", GLib.Variant("x", chat.widget.chat_number))
        await eventually(lambda: window.tab == chat)


async def test_what_is_chosen_for_a_private_chat_is_not_saved() -> None:
    async with serving() as url, tab_page() as tab:
        tab.connect_with(f"{url}/echo", Profile(record=False))
        await eventually(lambda: tab.is_connected)
        tab.do("tab.chat")
        await eventually(lambda: chat_of(tab).is_shown)
    assert load(default_path()).chats == {}


@pytest.mark.timeout(100)
async def test_a_hundred_thousand_messages_have_few_rows_and_the_newest_is_seen() -> None:
    async with serving() as url, tab_page() as tab:
        await tab.connect(f"{url}/flood?count=100000&size=40")
        tab.do("tab.chat")
        await eventually(lambda: len(tab.recording) > 100_000)
        page = chat_of(tab).chat_list
        await eventually(lambda: page.count > 100_000)
        await eventually(lambda: page.is_at_end)
        await settled(lambda: page.adjustment.get_value())
        assert page.is_at_end
        assert len(page.rows) < 300
        page.adjustment.set_value(page.adjustment.get_value() - 3000)
        await eventually(lambda: page.shows_button("Follow the newest messages"))
        page.press("Follow the newest messages")
        await eventually(lambda: page.is_at_end)


async def test_a_chat_is_not_paused_or_stepped_through_but_its_noise_is_hidden() -> None:
    async with serving() as url, tab_page() as tab:
        await tab.connect(f"{url}/echo")
        for words in ("hello", "heartbeat"):
            tab.composer.say(words)
        await eventually(lambda: tab.timeline.length == 5)
        tab.do("tab.chat")
        await eventually(lambda: len(chat_of(tab).bubbles) == 4)
        for action in ("tab.pause", "tab.next-match", "tab.previous-match"):
            assert not tab.can(action)
        assert not tab.offers("A chat cannot be paused, only the timeline")
        page = tab.session_page
        page.filter.type_filter("heartbeat")
        await eventually(lambda: len(chat_of(tab).bubbles) == 2)
        assert not page.filter.offers("A chat shows the matches alone")
        tab.do("tab.hide-shown")
        await eventually(lambda: [text for _, _, text in chat_of(tab).bubbles] == ["hello"] * 2)
        await eventually(lambda: page.hidden.text == "2 hidden")
        tab.do("tab.chat")
        assert tab.can("tab.pause")
        assert tab.can("tab.next-match")
        assert page.filter.offers("Next match (Enter, Ctrl+G)")
