"""The cookies that a server set."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator

from gi.repository import Adw

from spacebeam.net.cookies import Cookie, CookieJar
from spacebeam.protocol.endpoint import parse
from spacebeam.ui.options.saved_cookies_row import SavedCookiesRow
from tests.ui.doing import button, click, shown

OURS = parse("wss://one.example/feed")
OTHER = Cookie("other", "1", "two.example")


@contextlib.asynccontextmanager
async def a_row() -> AsyncIterator[SavedCookiesRow]:
    row, group = SavedCookiesRow(), Adw.PreferencesGroup()
    group.add(row)
    async with shown(group):
        yield row


async def test_only_the_cookies_of_the_server_are_shown_and_deleted() -> None:
    jar = CookieJar([Cookie("a", "1", "one.example"), Cookie("<b>", "2", "one.example"), OTHER])
    async with a_row() as row:
        row.show_jar(jar, OURS)
        assert row.get_visible()
        assert row.get_subtitle() == "a, <b>"
        click(button(row, "Delete"))
        assert jar.all() == (OTHER,)
        assert not row.get_visible()


async def test_without_cookies_or_an_address_there_is_nothing_to_show() -> None:
    async with a_row() as row:
        row.show_jar(CookieJar([OTHER]), OURS)
        assert not row.get_visible()
        row.show_jar(CookieJar([OTHER]), None)
        assert not row.get_visible()


async def test_a_long_list_is_cut() -> None:
    jar = CookieJar(Cookie(f"cookie-{number}", "1", "one.example") for number in range(100))
    async with a_row() as row:
        row.show_jar(jar, OURS)
        assert len(row.get_subtitle() or "") == 201
