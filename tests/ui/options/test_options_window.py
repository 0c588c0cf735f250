"""The window of options: shows all, gives all back, marks mistakes and loses nothing."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import fields, replace

import pytest
from gi.repository import Adw, Gtk

from spacebeam.profiles.profile import (
    Profile,
    ProxyChoice,
    ProxySettings,
    Reconnect,
    RequestSettings,
    SignIn,
    SignInMethod,
    TlsSettings,
)
from spacebeam.profiles.validation import ValidationError, validate
from spacebeam.ui.options.form import OptionsForm
from spacebeam.ui.options.options_window import OptionsWindow, edit
from spacebeam.ui.options.pairs_group import PairsGroup
from tests.profiles.test_profile import CHANGED, WITH_SECRETS
from tests.support.waiting import eventually
from tests.ui.doing import descendants, words

WRONG = Profile(
    request=RequestSettings(
        headers=(("a b", "<b>"), ("Authorization", None)), subprotocols=("a", "b c")
    ),
    sign_in=SignIn(method=SignInMethod.BEARER, token=None),
    tls=TlsSettings(ca_file="/nowhere/<i>ca</i>.pem", trusted_sha256="xyz"),
    proxy=ProxySettings(choice=ProxyChoice.CUSTOM, address="ftp://<b>:1"),
    reconnect=Reconnect(enabled=True, first_delay=99.0),
)


@contextlib.asynccontextmanager
async def opened(settings: Profile, width: int = 900) -> AsyncIterator[OptionsWindow]:
    parent = Adw.Window(default_width=width, default_height=700)
    parent.present()
    await eventually(parent.get_mapped)
    window = OptionsWindow(parent, settings)
    window.present()
    await eventually(window.get_mapped)
    try:
        yield window
    finally:
        window.destroy()
        parent.destroy()


def forms(window: OptionsWindow) -> list[OptionsForm]:
    return [page.form for page in window._pages]


async def test_every_option_has_a_row() -> None:
    async with opened(Profile()) as window:
        names = [name for form in forms(window) for name in form._fields]
        assert sorted(names) == sorted(one.name for one in fields(Profile))


@pytest.mark.parametrize("settings", [Profile(), CHANGED, WITH_SECRETS, WRONG])
async def test_what_is_shown_is_read_back_as_it_was(settings: Profile) -> None:
    async with opened(settings) as window:
        read = Profile()
        for form in forms(window):
            read = form.read(read)
        assert read == settings
        window._on_form_changed()
        assert window.settings == settings


async def test_each_row_is_the_option_it_says() -> None:
    default = Profile()
    async with opened(default) as window:
        for form in forms(window):
            for name, one in form._fields.items():
                value = getattr(CHANGED, name)
                one.show(value)
                if isinstance(one.row, PairsGroup):  # it tells only what the person does
                    one.row.emit("changed")
                assert window.settings == replace(default, **{name: value}), name
                one.show(getattr(default, name))
                if isinstance(one.row, PairsGroup):
                    one.row.emit("changed")
                assert window.settings == default, name


async def test_a_mistake_is_marked_at_its_row_and_said_in_full() -> None:
    async with opened(WRONG, 360) as window:
        said: list[str] = []
        for page in window._pages:
            window.set_visible_page(page)
            await eventually(page.get_mapped)
            said += words(page)
        for mistake in validate(WRONG):
            assert any(mistake.words in one for one in said), mistake
        marked = {
            name
            for form in forms(window)
            for name, one in form._fields.items()
            if one.row.has_css_class("error")
        }
        pairs = {"headers"}  # they are marked pair by pair
        assert marked == {mistake.field for mistake in validate(WRONG)} - pairs


async def test_a_mark_goes_when_the_mistake_is_mended() -> None:
    async with opened(WRONG) as window:
        window._tls_page._trusted_sha256.set_text("ab" * 32)
        assert not window._tls_page._trusted_sha256.has_css_class("error")
        window._authentication_page._token.set_text("t")
        assert not window._authentication_page._token.has_css_class("error")
        assert window.settings == replace(WRONG, trusted_sha256="ab" * 32, token="t")


@pytest.mark.parametrize("mistake", validate(WRONG))
async def test_the_cursor_goes_to_a_mistake(mistake: ValidationError) -> None:
    async with opened(WRONG) as window:
        window.go_to(mistake)
        page = next(page for page in window._pages if mistake.field in page.form._fields)
        assert window.get_visible_page() is page
        row = page.form._fields[mistake.field].row

        def is_there() -> bool:
            focus = window.get_focus()
            return focus is not None and focus.is_ancestor(row)

        await eventually(is_there)


async def test_a_notice_is_shown() -> None:
    async with opened(Profile()) as window:
        window._request_page.groups[0].paste("Upgrade: websocket")
        await eventually(lambda: any("1 left out" in seen for seen in words(window)))


async def test_it_fits_a_narrow_window() -> None:
    async with opened(WRONG, 360) as window:
        for page in window._pages:
            window.set_visible_page(page)
            minimum, _natural, *_rest = page.measure(Gtk.Orientation.HORIZONTAL, -1)
            assert minimum <= 360


async def test_editing_gives_back_what_stands_there_when_the_window_is_closed() -> None:
    parent = Adw.Window(default_width=900, default_height=700)
    parent.present()
    await eventually(parent.get_mapped)
    mistake = ValidationError("proxy_address", "It is missing.")
    editing = asyncio.ensure_future(edit(parent, "Options: one.test", CHANGED, mistake))

    def windows() -> list[OptionsWindow]:
        every = Gtk.Window.list_toplevels()
        return [one for one in every if isinstance(one, OptionsWindow) and one.get_mapped()]

    await eventually(windows)
    (window,) = windows()
    assert window.get_title() == "Options: one.test"
    assert window.get_visible_page() is window._proxy_page
    window._proxy_page._proxy_address.set_text("http://other:1")
    window.activate_action("window.close", None)
    assert await editing == replace(CHANGED, proxy_address="http://other:1")
    parent.destroy()


async def test_nothing_that_can_be_used_is_without_a_name() -> None:
    async with opened(WRONG) as window:
        for entry in descendants(window, Adw.EntryRow):
            assert entry.get_title()
