"""The screens: how a person comes to each of them."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from unittest.mock import patch

from gi.repository import Gdk, Gtk

from spacebeam import log
from spacebeam.library.filters import FilterLibrary
from spacebeam.library.settings import Settings
from spacebeam.profiles.profile import Profile, Reconnect, RequestSettings, SignIn, SignInMethod
from spacebeam.ui.chat.share_dialog import ShareDialog
from spacebeam.ui.composer.draft import PayloadFormat
from spacebeam.ui.composer.send_to_dialog import SendToDialog
from spacebeam.ui.expert.close_dialog import CloseDialog
from spacebeam.ui.expert.fragments_dialog import FragmentsDialog
from spacebeam.ui.expert.frame_editor import FrameEditor
from spacebeam.ui.expert.ping_dialog import PingDialog
from spacebeam.ui.handshake.handshake_window import HandshakeWindow
from spacebeam.ui.recordings.recordings_window import RecordingsWindow
from spacebeam.ui.search.jump_dialog import JumpDialog
from spacebeam.ui.timeline.row_menu import RowMenu
from spacebeam.ui.window.log_window import LogWindow
from tests.screenshots.exchange import PRIVATE
from tests.screenshots.stage import Stage
from tests.server.test_shared_room import ELSEWHERE
from tests.support.waiting import eventually
from tests.ui.doing import click, descendants, key
from tests.ui.pageobjects.chat import ChatPage, SharePage
from tests.ui.pageobjects.history import history_of
from tests.ui.pageobjects.page import dialog_of
from tests.ui.pageobjects.repeat import repeat_bar, repeat_form
from tests.ui.pageobjects.tab import TabPage
from tests.ui.pageobjects.window import WindowPage, questions

SCREENS: dict[str, Callable[[Stage], Awaitable[None]]] = {}

_TRADES = "wss://stream.example.com/v1/trades"
_TOKEN = SignIn(SignInMethod.BEARER, token="eyJhbGciOi")
_PROFILE = Profile(
    RequestSettings(headers=(("X-Client", "desk-7"), ("X-Region", "eu-west"))),
    sign_in=_TOKEN,
    reconnect=Reconnect(enabled=True),
)
_CHAT = (
    "Does the feed reconnect now?",
    "Yes: https://example.com/changes/482",
    "It was down from 12:04 to 12:07.\nThen it came back by itself.",
    "Good. I leave the recording on over night.",
    "👍",
)
_DIALOGS: dict[str, type[Gtk.Window]] = {
    "expert.handshake": HandshakeWindow,
    "expert.frame": FrameEditor,
    "expert.fragments": FragmentsDialog,
    "expert.close": CloseDialog,
    "expert.ping": PingDialog,
    "tab.go-to": JumpDialog,
}


def screen(show: Callable[[Stage], Awaitable[None]]) -> Callable[[Stage], Awaitable[None]]:
    SCREENS[show.__name__.strip("_").replace("_", "-")] = show
    return show


def _used_before() -> Settings:
    """The settings of a person who returns."""
    now = time.time()
    others = ["ws://localhost:8080/chat?room=lobby", "wss://home.example.net/mqtt"]
    recent = [_TRADES, *others, "wss://api.example.com/graphql"]
    used = {address: int(now) - 300 * 12**place for place, address in enumerate(recent)}
    saved = {"Alarms": "json:event=alarm", "Large trades": "json:amount>1"}
    filters = FilterLibrary(saved=saved, used=["json:symbol=ETH-EUR", "is:sent"])
    return Settings(recent=recent, used=used, profiles={_TRADES: _PROFILE}, filters=filters)


def _window_of(tab: TabPage) -> Gtk.Window:
    window = tab.widget.get_root()
    assert isinstance(window, Gtk.Window)
    return window


def _find(tab: TabPage, text: bytes) -> int:
    """Return the number of the newest entry with a text."""
    numbers = reversed(range(len(tab.recording)))
    return next(one for one in numbers if text in tab.recording.entry(one).payload)


async def _select(tab: TabPage, text: bytes) -> None:
    tab.timeline.widget.go_to(_find(tab, text))
    await eventually(lambda: tab.session_page.is_inspecting)
    await tab.timeline.at_rest()


# Before a conversation


@screen
async def _start(stage: Stage) -> None:
    async with stage.window() as window:
        await stage.shoot(window.widget)


@screen
async def _start_recent(stage: Stage) -> None:
    async with stage.window(_used_before()) as window:
        window.tab.connect_page.type_address(_TRADES)
        await stage.shoot(window.widget)


@screen
async def _start_failure(stage: Stage) -> None:
    async with stage.window(_used_before()) as window:
        window.tab.connect_page.submit("ws://localhost:1/feed")
        await eventually(lambda: window.tab.connect_page.has_failure)
        await stage.shoot(window.widget)


@screen
async def _start_refusal(stage: Stage) -> None:
    async with stage.window(_used_before()) as window:
        window.tab.connect_page.submit(stage.address + PRIVATE)
        await eventually(lambda: window.tab.connect_page.has_failure)
        await stage.shoot(window.widget)
        window.tab.connect_page.open_details()
        await stage.shoot(window.widget, "details")


@screen
async def _options(stage: Stage) -> None:
    async with stage.window(_used_before()) as window:
        window.tab.connect_page.type_address(_TRADES)
        click(window.tab.connect_page.options_button)
        options = await window.tab.options()
        for section in options.sections:
            options.open_section(section)
            await stage.shoot(options.widget, section.lower().replace(" ", "-"))
        options.close()


# A conversation


@screen
async def _conversation(stage: Stage) -> None:
    async with stage.conversation() as tab:
        await _select(tab, b"MARGIN_CALL")
        tab.composer.type_message('{"op": "getBook", "id": 8, "symbol": "BTC-EUR"}')
        await stage.shoot(_window_of(tab))
        tab.session_page.inspector.toggle_tree()
        await stage.shoot(_window_of(tab), "text")
        await _select(tab, bytes(range(40)))
        await stage.shoot(_window_of(tab), "binary")
        tab.timeline.widget.unselect()
        await stage.shoot(_window_of(tab), "list")


@screen
async def _several(stage: Stage) -> None:
    async with stage.conversation() as tab:
        await _select(tab, b"MARGIN_CALL")
        place = tab.timeline.model.position(tab.timeline.selected)
        tab.timeline.select_up_to(place + 4)
        tab.timeline.select_more(place - 3)
        await stage.shoot(_window_of(tab))


@screen
async def _filter(stage: Stage) -> None:
    settings = _used_before()
    settings.filters.hide(f"{stage.address}/v1/trades", {"is:ping": True, "is:pong": True})
    async with stage.conversation(settings) as tab:
        page = tab.session_page
        await eventually(lambda: page.hidden.text)
        tab.do("tab.find")
        page.filter.type_filter("is:received json:symbol=BTC-EUR 582")
        await tab.timeline.at_rest()
        tab.do("tab.next-match")
        await eventually(lambda: page.is_inspecting)
        await stage.shoot(_window_of(tab))
        menu = await page.filter.open_menu()
        await stage.shoot(_window_of(tab), "saved")
        menu.widget.popdown()
        page.filter.widget.close()
        page.hidden.popover.popup()
        await stage.shoot(_window_of(tab), "hidden")


@screen
async def _rates(stage: Stage) -> None:
    async with stage.conversation() as tab:
        tab.do("tab.rates")
        rates = tab.session_page.rates
        await eventually(lambda: rates.is_drawn and not rates.is_redraw_due)
        await stage.shoot(_window_of(tab))


@screen
async def _paused(stage: Stage) -> None:
    async with stage.conversation() as tab:
        tab.do("tab.pause")
        for number in range(3):
            tab.composer.say(f'{{"op": "getBook", "id": {number}}}')
        await eventually(lambda: tab.session_page.pause_notice.is_shown)
        await eventually(lambda: "6" in tab.session_page.pause_notice.text)
        await stage.shoot(_window_of(tab))


@screen
async def _closed(stage: Stage) -> None:
    async with stage.conversation() as tab:
        await tab.disconnect()
        await stage.shoot(_window_of(tab))


@screen
async def _menu(stage: Stage) -> None:
    async with stage.conversation() as tab:
        tab.session_page.widget.open_menu()
        await stage.shoot(_window_of(tab))


@screen
async def _row_menu(stage: Stage) -> None:
    async with stage.conversation() as tab:
        await _select(tab, b"MARGIN_CALL")
        tab.timeline.widget.focus_row()
        await eventually(lambda: tab.timeline.focused_number >= 0)
        key(tab.timeline.list_view, Gdk.KEY_Menu, phase=Gtk.PropagationPhase.BUBBLE)
        (menu,) = descendants(tab.timeline.widget, RowMenu)
        await eventually(menu.get_mapped)
        await stage.shoot(_window_of(tab))


# The composer


@screen
async def _composer(stage: Stage) -> None:
    async with stage.conversation() as tab:
        message = '{\n  "op": "getBook",\n  "id": 8,\n  "symbol": "BTC-EUR\n}'
        tab.composer.type_message(message, PayloadFormat.JSON)
        await eventually(lambda: tab.composer.checked)
        await stage.shoot(_window_of(tab), "mistake")
        tab.composer.type_message("")
        tab.composer.attach("order-book-2026-11-29.bin", bytes(range(256)) * 200)
        await stage.shoot(_window_of(tab), "attachment")


@screen
async def _history(stage: Stage) -> None:
    async with stage.conversation() as tab:
        for number in range(4):
            before = len(tab.recording)
            tab.composer.say(f'{{"op": "getBook", "id": {number}, "symbol": "ETH-EUR"}}')
            await eventually(lambda before=before: len(tab.recording) > before + 1)  # type: ignore[misc]
        tab.do("tab.history")
        await eventually(lambda: len(history_of(tab.widget).messages) == 5)
        await stage.shoot(_window_of(tab))


@screen
async def _repeat(stage: Stage) -> None:
    async with stage.conversation() as tab:
        tab.composer.type_message('{"op": "ping", "id": {{$seq}}}')
        tab.do("tab.repeat")
        form = repeat_form(tab.widget)
        await eventually(lambda: form.is_shown)
        await stage.shoot(_window_of(tab))
        form.enter("interval", 60_000)
        form.start()
        await eventually(lambda: repeat_bar(tab.widget).is_shown)
        await stage.shoot(_window_of(tab), "bar")


@screen
async def _tabs(stage: Stage) -> None:
    async with stage.window() as window:
        for place, path in enumerate(("/v1/trades", "/v1/books", "/v2/trades")):
            if place:
                window.add_tab()
            await stage.converse(window, path)
        await _select(window.tab, b"MARGIN_CALL")
        await stage.shoot(window.widget)
        window.tab.composer.type_message('{"op": "getBook", "id": 8}')
        window.do("win.send-to")
        dialog = await dialog_of(window.widget, SendToDialog)
        await stage.shoot(dialog, "send-to")
        dialog.close()
        window.do("app.recordings")
        await eventually(lambda: _toplevel(RecordingsWindow) is not None)
        recordings = _toplevel(RecordingsWindow)
        assert isinstance(recordings, RecordingsWindow)
        await eventually(lambda: not recordings.is_loading)
        await stage.shoot(recordings, "recordings")
        recordings.close()
        window.close()
        await eventually(questions)
        await stage.shoot(questions()[0], "closing")
        questions()[0].response("cancel")


def _toplevel(kind: type[Gtk.Window]) -> Gtk.Window | None:
    return next((one for one in Gtk.Window.list_toplevels() if isinstance(one, kind)), None)


# The chat


@screen
async def _chat(stage: Stage) -> None:
    names = iter(("Ada", "Grace"))
    with patch("spacebeam.ui.window.connecting.login_name", lambda: next(names)):
        async with stage.window() as window:
            first = await _join(window)
            window.add_tab()
            second = await _join(window)
            for place, line in enumerate(_CHAT, start=1):
                tab = first if place % 2 else second
                window.select_tab(tab)
                tab.composer.say(line)
                await eventually(
                    lambda tab=tab, place=place: len(_chat_of(tab).bubbles) == place  # type: ignore[misc]
                )
            window.select_tab(first)
            first.composer.type_message("See you")
            await stage.shoot(window.widget)
            with patch("spacebeam.net.interfaces.network_addresses", lambda: [ELSEWHERE]):
                share = SharePage(await first.open_dialog("tab.share-chat", ShareDialog))
                await stage.shoot(share.widget, "share")
                share.press("Allow Other Computers on This Network")
                await eventually(lambda: share.address)
                await stage.shoot(share.widget, "shared")
                share.press("Stop Sharing")
                share.widget.close()


@screen
async def _chat_alone(stage: Stage) -> None:
    with patch("spacebeam.ui.window.connecting.login_name", lambda: "Ada"):
        async with stage.window() as window:
            await _join(window)
            await stage.shoot(window.widget)


async def _join(window: WindowPage) -> TabPage:
    tab = window.tab
    tab.connect_page.press_chat()
    await eventually(lambda: tab.is_connected and _chat_of(tab).people)
    return tab


def _chat_of(tab: TabPage) -> ChatPage:
    return ChatPage(tab.session_page.widget.chat)


# Other windows


@screen
async def _dialogs(stage: Stage) -> None:
    async with stage.conversation() as tab:
        for action, kind in _DIALOGS.items():
            dialog = await tab.open_dialog(action, kind)
            await stage.shoot(dialog, action.partition(".")[2])
            dialog.close()
            await eventually(lambda dialog=dialog: not dialog.get_mapped())  # type: ignore[misc]


@screen
async def _main_menu(stage: Stage) -> None:
    async with stage.window() as window:
        window.header.child("_menu_button", Gtk.MenuButton).popup()
        await stage.shoot(window.widget)


@screen
async def _shortcuts(stage: Stage) -> None:
    async with stage.window() as window:
        window.do("win.show-help-overlay")
        help_overlay = window.widget.get_help_overlay()
        assert help_overlay is not None
        await stage.shoot(help_overlay)
        help_overlay.close()


@screen
async def _log(stage: Stage) -> None:
    log.start({})
    async with stage.conversation() as tab:
        tab.do("app.log")
        await eventually(lambda: _toplevel(LogWindow) is not None)
        window = _toplevel(LogWindow)
        assert window is not None
        await stage.shoot(window)
        window.close()
