"""What can be done with the selected entries: copied, saved, starred, removed from the view."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import pytest
from gi.repository import Gdk, Gio, GLib

from spacebeam.profiles.profile import Profile, SignIn, SignInMethod
from spacebeam.ui.composer.draft import PayloadFormat
from tests.support.listener import listener
from tests.support.waiting import eventually
from tests.ui.doing import words
from tests.ui.pageobjects.tab import TabPage, opened_tab
from tests.ui.window.test_copying import pasted_elsewhere

SECRET = Profile(sign_in=SignIn(SignInMethod.BEARER, token="geheim"))
MESSAGES = ('{"op":"a","price":1.50}', "two", '{"op":"b"}', "")


async def said(tab: TabPage, *messages: str | bytes) -> None:
    """Send messages; the first entry is the event of connecting."""
    for message in messages:
        await tab.session.session.send(message)
    await eventually(lambda: tab.timeline.length == len(messages) + 1)
    await tab.timeline.at_rest()


async def copied(tab: TabPage, action: str, argument: str = "") -> str:
    """Return what another program gets after an action."""
    tab.widget.get_clipboard().set("")
    target = GLib.Variant("s", argument) if argument else None
    assert tab.widget.activate_action(action, target)
    await eventually(tab.widget.get_clipboard().is_local)
    found = ""
    while not found:
        found = await pasted_elsewhere()
    return found


async def test_a_message_is_copied_in_every_form() -> None:
    with listener() as peer:
        async with opened_tab() as tab:
            tab.connect_with(peer.url, SECRET)
            await eventually(lambda: tab.is_connected)
            await said(tab, *MESSAGES)
            tab.timeline.select(1)
            assert await copied(tab, "tab.copy-formatted") == '{\n  "op": "a",\n  "price": 1.50\n}'
            assert (await copied(tab, "tab.copy-as", "hex")).startswith("7b 22 6f 70")
            line = json.loads(await copied(tab, "tab.copy-as", "json-lines"))
            assert line["text"] == MESSAGES[0]
            for form, sign in (("curl", "curl "), ("command", "spacebeam "), ("python", "import ")):
                copy = await copied(tab, "tab.copy-as", form)
                assert copy.startswith(sign)
                assert peer.url.partition("://")[2].rstrip("/") in copy
                assert "geheim" not in copy
                assert tab.says("without the secrets")
            tab.composer.type_message("a1616107", PayloadFormat.HEX)
            tab.composer.press_enter()
            await eventually(lambda: tab.recording.entry(len(tab.recording) - 1).size == 4)
            await tab.timeline.at_rest()
            tab.timeline.select_number(len(tab.recording) - 1)
            assert await copied(tab, "tab.copy-as", "diagnostic") == '{"a": 7}'


async def test_what_does_not_apply_cannot_be_chosen() -> None:
    with listener() as peer:
        async with opened_tab() as tab:
            await tab.connect(peer.url)
            await said(tab, *MESSAGES)
            of_messages = ("tab.resend", "tab.save-payload")
            tab.timeline.select(0)  # the event
            assert not any(tab.can(action) for action in (*of_messages, "tab.copy-formatted"))
            assert tab.can("tab.copy")
            tab.timeline.select(2)
            assert all(tab.can(action) for action in of_messages)
            assert not tab.can("tab.copy-formatted")
            tab.timeline.select_up_to(3)
            assert not tab.can("tab.resend")
            assert not tab.can("tab.note")
            assert all(tab.can(one) for one in ("tab.copy", "tab.save-payload", "tab.star"))


async def test_several_entries_are_copied_as_json_lines() -> None:
    with listener() as peer:
        async with opened_tab() as tab:
            await tab.connect(peer.url)
            await said(tab, *MESSAGES)
            tab.timeline.select(1)
            tab.timeline.select_more(3)
            lines = (await copied(tab, "tab.copy")).splitlines()
            assert [json.loads(line)["text"] for line in lines] == [MESSAGES[0], MESSAGES[2]]
            assert tab.says("Copied 2 entries")


async def test_the_inspector_says_how_many_are_selected_and_how_large_they_are() -> None:
    with listener() as peer:
        async with opened_tab() as tab:
            await tab.connect(peer.url)
            await said(tab, "a" * 1000, "b" * 1048)
            tab.timeline.select(1)
            tab.timeline.select_up_to(2)
            inspector = tab.session_page.widget.inspector
            await eventually(lambda: {"2 entries selected", "2.0 KiB"} <= set(words(inspector)))
            tab.timeline.select(1)
            await eventually(lambda: "2 entries selected" not in words(inspector))


async def test_entries_over_the_limit_are_offered_to_be_saved(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("spacebeam.ui.timeline.selected_lines.MAX_COPIED", 5000)
    target = tmp_path / "saved.jsonl"
    target.write_text("before")

    async def chosen(*_arguments: object) -> Gio.File:
        return Gio.File.new_for_path(str(target))

    monkeypatch.setattr("spacebeam.ui.timeline.entry_actions.choose_target", chosen)
    with listener() as peer:
        async with opened_tab() as tab:
            await tab.connect(peer.url)
            await said(tab, *("x" * 1000 for _number in range(8)))
            tab.timeline.select_all()
            tab.do("tab.copy")
            await eventually(lambda: tab.says("too large to copy"))
            tab.do("tab.save-payload")
            await eventually(lambda: tab.says("Saved “saved.jsonl”"))
            lines = [json.loads(line) for line in target.read_text().splitlines()]
            assert [line["number"] for line in lines] == list(range(1, 10))
            assert [one for one in tmp_path.iterdir() if one.is_file()] == [target]


def has(folder: Path, content: bytes) -> bool:
    """Return whether a file in a folder has this content."""
    return content in [one.read_bytes() for one in folder.iterdir() if one.is_file()]


async def test_a_payload_is_saved_as_it_was(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    names: list[str] = []

    async def chosen(_window: object, _title: str, name: str) -> Gio.File:
        names.append(name)
        return Gio.File.new_for_path(str(tmp_path / name))

    monkeypatch.setattr("spacebeam.ui.timeline.entry_actions.choose_target", chosen)
    with listener() as peer:
        async with opened_tab() as tab:
            await tab.connect(peer.url)
            await said(tab, MESSAGES[0], "two", b"\x00\xff")
            for position, saved in ((1, MESSAGES[0].encode()), (2, b"two"), (3, b"\x00\xff")):
                tab.timeline.select(position)
                tab.do("tab.save-payload")
                await eventually(partial(has, tmp_path, saved))
            assert names == ["message-2.json", "message-3.txt", "message-4.bin"]


async def test_entries_are_removed_from_the_view_and_come_back() -> None:
    with listener() as peer:
        async with opened_tab() as tab:
            await tab.connect(peer.url)
            await said(tab, "one", "two", "three", "four")
            tab.timeline.select(1)
            tab.timeline.select_up_to(3)
            assert tab.timeline.press_key(Gdk.KEY_Delete)
            await eventually(lambda: tab.timeline.length == 2)
            await tab.timeline.at_rest()
            assert tab.says("3 entries removed from this view; the recording has them")
            assert len(tab.recording) == 5
            assert tab.timeline.selected == 4  # the next one
            tab.press("Undo")
            await eventually(lambda: tab.timeline.length == 5)
            tab.timeline.select_all()
            tab.do("tab.remove")
            await eventually(lambda: tab.timeline.length == 0)
            await said_more(tab, "five")
            tab.do("tab.show-removed")
            await eventually(lambda: tab.timeline.length == 6)
            assert not tab.can("tab.show-removed")


async def said_more(tab: TabPage, text: str) -> None:
    """Send a message, which is shown alone."""
    await tab.session.session.send(text)
    await eventually(lambda: tab.timeline.length == 1)


async def test_several_entries_get_a_star_and_lose_it() -> None:
    with listener() as peer:
        async with opened_tab() as tab:
            await tab.connect(peer.url)
            await said(tab, "one", "two", "three")
            tab.timeline.select(1)
            tab.timeline.select_up_to(2)
            tab.do("tab.star")
            await eventually(lambda: tab.recording.stars == {1, 2})
            tab.do("tab.star")
            await eventually(lambda: not tab.recording.stars)


async def test_a_message_is_filtered_by() -> None:
    with listener() as peer:
        async with opened_tab() as tab:
            await tab.connect(peer.url)
            await said(tab, *MESSAGES)
            tab.timeline.select(1)
            tab.do("tab.filter-like")
            await eventually(lambda: tab.timeline.length == 1)
            assert tab.session_page.widget.filter_bar.text == "json:op=a"


async def test_a_note_is_begun_from_the_menu() -> None:
    with listener() as peer:
        async with opened_tab() as tab:
            await tab.connect(peer.url)
            await said(tab, "one")
            tab.timeline.select(1)
            tab.do("tab.note")
            await eventually(lambda: tab.session_page.inspector.is_writing_note)
