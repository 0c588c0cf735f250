"""The inspector shows one entry in the view that fits, as much of it as was asked for."""

from __future__ import annotations

import time

import pytest
from gi.repository import GLib, Gtk

from spacebeam.protocol.batch import Kind, Origin
from spacebeam.ui.inspector.inspector import SHOWN_BYTES, Inspector, copied
from tests.support.waiting import eventually
from tests.ui.doing import Heard, button, click, shown, text, words
from tests.ui.recordings import entry

MIB = 1024 * 1024


def views(inspector: Inspector) -> list[str]:
    model = inspector._view_drop_down.get_model()
    assert isinstance(model, Gtk.StringList)
    return [str(model.get_string(place)) for place in range(model.get_n_items())]


def choose(inspector: Inspector, view: str) -> None:
    inspector._view_drop_down.set_selected(views(inspector).index(view))


def read(inspector: Inspector) -> str:
    return text(inspector._buffer)


async def test_json_is_indented() -> None:
    async with shown(Inspector()) as inspector:
        inspector.show_entry(entry(b'{"a":[1,2.50]}'))
        assert views(inspector) == ["JSON", "Text", "Hex"]
        assert read(inspector) == '{\n  "a": [\n    1,\n    2.50\n  ]\n}'
        choose(inspector, "Text")
        assert read(inspector) == '{"a":[1,2.50]}'
        choose(inspector, "Hex")
        assert read(inspector).startswith("00000000  7b 22 61")


async def test_the_title_says_what_it_is_and_the_facts_how_it_came() -> None:
    async with shown(Inspector()) as inspector:
        origin = Origin(700, (400, 200), True)
        inspector.show_entry(entry(b"x" * 2048)._replace(number=41, origin=origin))
        title, facts, came, *_rest = words(inspector)
        assert title == "Received text"
        number, moment, *others = facts.split(" · ")
        assert number == "#42"
        assert moment == time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(1_700_000_000)) + ".250"
        assert others == ["2.0 KiB"]
        assert came == "700 B on the wire, 2.0 KiB unpacked · 2 fragments: 400 and 200 bytes"
        inspector.show_entry(entry(b"plain"))
        assert not inspector._origin_label.get_visible()


async def test_whoever_reads_hex_goes_on_reading_hex() -> None:
    async with shown(Inspector()) as inspector:
        inspector.show_entry(entry(b"[1]"))
        choose(inspector, "Hex")
        inspector.show_entry(entry(b"[2]"))
        assert read(inspector).startswith("00000000")


async def test_a_view_that_does_not_fit_gives_way_to_the_best() -> None:
    async with shown(Inspector()) as inspector:
        inspector.show_entry(entry(b"[1]"))
        choose(inspector, "Text")
        inspector.show_entry(entry(b"\x03\xe8bye", Kind.CLOSE))
        assert read(inspector) == "1000 normal closure: bye"


@pytest.mark.parametrize("said", ["<b>bold</b> & <i>", "&amp;", "%s"])
async def test_nothing_that_a_peer_says_is_taken_for_markup(said: str) -> None:
    async with shown(Inspector()) as inspector:
        inspector.show_entry(entry(said.encode()))
        assert read(inspector) == said


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize(
    "payload", [b"", b"\x00", b"\xff\xfe\xfd", b"{", "\u202e😀\r\n\x1b".encode()]
)
async def test_every_entry_that_can_be_received_can_be_read_in_all_its_views(
    kind: Kind, payload: bytes
) -> None:
    async with shown(Inspector()) as inspector:
        inspector.show_entry(entry(payload, kind))
        for view in views(inspector):
            choose(inspector, view)
            assert inspector._view_drop_down.get_selected() == views(inspector).index(view)


async def test_a_beginning_is_called_one_and_the_rest_can_be_asked_for() -> None:
    async with shown(Inspector()) as inspector:
        asked = Heard(inspector, "whole-requested")
        inspector.show_entry(entry(b"x" * SHOWN_BYTES, size=MIB // 4))
        await eventually(lambda: not inspector._filler.is_busy)
        assert "The first 64.0 KiB of 256.0 KiB" in words(inspector)
        click(button(inspector, "Show all"))
        assert asked
        inspector.show_entry(entry(b"x" * (MIB // 4)))
        await eventually(lambda: not inspector._filler.is_busy)
        assert not inspector._cut_box.get_mapped()
        assert read(inspector).replace("\n", "") == "x" * (MIB // 4)


async def test_an_entry_that_is_whole_offers_no_more() -> None:
    async with shown(Inspector()) as inspector:
        inspector.show_entry(entry(b"short"))
        assert not inspector._cut_box.get_mapped()


@pytest.mark.parametrize("kind", [Kind.TEXT, Kind.BINARY])
async def test_64_mib_are_loaded_without_stopping_the_window(kind: Kind) -> None:
    """The bound is far above the target of 8 ms, for GTK lays out long lines in one go."""
    large = entry(b"The quick brown fox. " * (64 * MIB // 21), kind)
    async with shown(Inspector()) as inspector:
        iterations: list[float] = []
        last = time.thread_time()

        def beat() -> bool:
            nonlocal last
            now = time.thread_time()  # what other programs do in between is not counted
            iterations.append(now - last)
            last = now
            return GLib.SOURCE_CONTINUE

        source = GLib.timeout_add(1, beat, priority=GLib.PRIORITY_HIGH)
        await eventually(lambda: len(iterations) > 3)
        iterations.clear()
        inspector.show_entry(large)
        await eventually(lambda: len(iterations) > 200)
        GLib.source_remove(source)
        print(f"longest iteration: {max(iterations) * 1000:.1f} ms")
        assert max(iterations) < 0.1
        loaded = inspector._buffer.get_char_count()
        assert 0 < loaded < large.size
        click(button(inspector, "Stop"))
        assert inspector._buffer.get_char_count() == loaded
        inspector.clear()


async def test_stop_leaves_what_was_loaded_and_says_so() -> None:
    async with shown(Inspector()) as inspector:
        inspector.show_entry(entry(b"x" * 64 * MIB))
        assert "Loading 64.0 MiB…" in words(inspector)
        click(button(inspector, "Stop"))
        loaded = len(read(inspector))
        assert 0 < loaded < 64 * MIB
        assert not inspector._loading_spinner.get_mapped()


async def test_another_entry_takes_the_place_of_one_that_is_loading() -> None:
    async with shown(Inspector()) as inspector:
        inspector.show_entry(entry(b"x" * 64 * MIB))
        inspector.show_entry(entry(b"short"))
        assert read(inspector) == "short"
        assert not inspector._filler.is_busy


async def test_clear_lets_go_of_the_entry() -> None:
    async with shown(Inspector()) as inspector:
        inspector.show_entry(entry(b"x" * 64 * MIB))
        inspector.clear()
        assert read(inspector) == ""
        assert not inspector._filler.is_busy
        choose(inspector, "Hex")
        assert read(inspector) == ""


async def test_copy_and_close_are_asked_for() -> None:
    async with shown(Inspector()) as inspector:
        copy, close = Heard(inspector, "copy-requested"), Heard(inspector, "close-requested")
        click(button(inspector, "Copy the whole payload"))
        click(button(inspector, "Close the inspector (Escape)"))
        assert copy
        assert close


@pytest.mark.parametrize(
    ("payload", "kind", "said"),
    [
        ("é\n<b>".encode(), Kind.TEXT, "é\n<b>"),
        (b"\xde\xad", Kind.BINARY, "de ad"),
        (b"Connected", Kind.EVENT, "Connected"),
        (b"\xff", Kind.TEXT, "\ufffd"),
    ],
)
async def test_what_is_copied_is_the_payload_as_it_was(
    payload: bytes, kind: Kind, said: str
) -> None:
    async with shown(Inspector()) as inspector:
        inspector.get_clipboard().set_content(copied(entry(payload, kind)))
        assert await inspector.get_clipboard().read_text_async() == said
