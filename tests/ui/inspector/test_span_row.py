"""The inspector shows a message with what earlier and later payloads have of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from spacebeam.recording.recording import Recording
from spacebeam.ui.inspector.inspector import Inspector
from spacebeam.ui.inspector.json_tree_view import JsonTreeView
from tests.support.spanning import (
    DISCORD,
    EVENT,
    SOCKET_IO,
    binary,
    compressed,
    recorded,
    text,
)
from tests.support.waiting import eventually
from tests.ui.doing import Heard, shown
from tests.ui.pageobjects.inspector import InspectorPage
from tests.ui.pageobjects.json_tree import TreePage
from tests.ui.pageobjects.page import child


@asynccontextmanager
async def inspecting(recording: Recording) -> AsyncIterator[tuple[Inspector, TreePage]]:
    async with shown(Inspector()) as inspector:
        inspector.show_recording(recording)
        yield inspector, TreePage(child(inspector, "_tree_view", JsonTreeView))


async def test_the_tree_of_an_event_has_its_attachments() -> None:
    recording = recorded(SOCKET_IO, [text(EVENT), binary(b"\0a"), binary(b"\0b")])
    async with inspecting(recording) as (inspector, tree):
        inspector.show_entry(recording.entry(0))
        await eventually(lambda: any("AGI=" in row for row in tree.rows))
        assert not inspector.span_row.words
        InspectorPage(inspector).choose("Text")
        await InspectorPage(inspector).shows(EVENT.decode())


async def test_an_attachment_leads_to_its_event() -> None:
    recording = recorded(SOCKET_IO, [text(EVENT), binary(b"\0a"), binary(b"\0b")])
    async with inspecting(recording) as (inspector, tree):
        inspector.show_entry(recording.entry(1))
        await eventually(lambda: inspector.span_row.words == "Attachment 1 of 2 of #1")
        await eventually(lambda: any("attachment" in row for row in tree.rows))
        assert InspectorPage(inspector).chosen == "Socket.IO"
        asked = Heard(inspector, "entry-requested")
        inspector.span_row.go()
        assert list(asked) == [0]


async def test_an_incomplete_event_says_what_is_missing() -> None:
    recording = recorded(SOCKET_IO, [text(EVENT), binary(b"\0a")])
    async with inspecting(recording) as (inspector, _tree):
        inspector.show_entry(recording.entry(0))
        await eventually(lambda: inspector.span_row.words == "1 of 2 attachments missing")


async def test_a_message_of_a_compressed_stream_is_a_tree() -> None:
    recording = recorded(DISCORD, compressed(100))
    async with inspecting(recording) as (inspector, tree):
        inspector.show_entry(recording.entry(90))
        await eventually(lambda: any("EVENT_90" in row for row in tree.rows))
        assert InspectorPage(inspector).chosen == "zlib stream"


async def test_a_message_without_the_beginning_of_its_stream_says_so() -> None:
    recording = recorded(DISCORD, compressed(100)[50:])
    async with inspecting(recording) as (inspector, _tree):
        inspector.show_entry(recording.entry(20))
        await eventually(lambda: "earlier message" in InspectorPage(inspector).text)


async def test_a_frame_that_began_earlier_is_whole() -> None:
    parts = [text(b"SEND\ndestination:/a\n\nhel"), text(b"lo\0")]
    recording = recorded("ws://localhost/", parts, "v12.stomp")
    async with inspecting(recording) as (inspector, tree):
        inspector.show_entry(recording.entry(1))
        await eventually(lambda: inspector.span_row.words == "Continued from #1")
        await eventually(lambda: 'body: "hello"' in tree.rows)
