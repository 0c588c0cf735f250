"""Keys of the conversation are proposed while a key is typed, and Enter still sends."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator

import pytest
from gi.repository import Gdk

from spacebeam.ui.composer.composer import Composer
from spacebeam.ui.composer.draft import PayloadFormat
from tests.support.waiting import eventually
from tests.ui.doing import Heard, shown
from tests.ui.pageobjects.composer import ComposerPage


@contextlib.asynccontextmanager
async def composing(*keys: str) -> AsyncIterator[ComposerPage]:
    async with shown(Composer()) as composer:
        composer.show_open(True)
        composer.keys.add(keys)
        page = ComposerPage(composer)
        page.choose_format(PayloadFormat.JSON)
        composer.focus()
        await eventually(page.field.has_focus)
        yield page


async def test_keys_that_begin_with_what_is_typed_are_proposed() -> None:
    async with composing("symbol", "side", "price") as page:
        page.type_in('{"s')
        await eventually(lambda: page.proposals == ["symbol", "side"])
        page.type_in("i")
        await eventually(lambda: page.proposals == ["side"])
        page.type_in("x")
        await eventually(lambda: not page.proposals)


async def test_tab_completes_the_selected_key() -> None:
    async with composing("symbol", "side") as page:
        page.type_in('{"a": 1, "s')
        assert page.press_key(Gdk.KEY_Down)
        assert page.press_key(Gdk.KEY_Tab)
        assert page.typed == '{"a": 1, "side": '
        assert not page.proposals
        assert not page.press_key(Gdk.KEY_Tab)  # it moves the focus again


async def test_a_quotation_mark_that_is_there_is_not_repeated() -> None:
    async with composing("symbol") as page:
        page.type_in('{"sy": 1}')
        buffer = page.field.get_buffer()
        buffer.place_cursor(buffer.get_iter_at_offset(4))
        page.type_in("m")
        assert page.press_key(Gdk.KEY_Tab)
        assert page.typed == '{"symbol": 1}'


async def test_a_key_with_special_characters_is_escaped() -> None:
    async with composing('say "é"') as page:
        page.type_in('{"sa')
        page.press_key(Gdk.KEY_Tab)
        assert page.typed == '{"say \\"é\\"": '


@pytest.mark.parametrize("typed", ['{"a": "s', '["a", ', '{"a', "s"])
async def test_nothing_else_is_completed(typed: str) -> None:
    async with composing("symbol") as page:
        page.type_in(typed)
        assert not page.proposals


async def test_enter_sends_and_escape_closes_the_proposals() -> None:
    async with composing("symbol") as page:
        sent = Heard(page.widget, "send-requested")
        page.type_in('{"s')
        assert page.press_key(Gdk.KEY_Escape)
        assert not page.proposals
        page.type_in("y")
        await eventually(lambda: page.proposals == ["symbol"])
        page.press_enter()
        assert [draft.message for draft in sent] == ['{"sy']
        assert not page.proposals
