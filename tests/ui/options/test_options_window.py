"""The options window shows every field, returns every value and marks invalid ones."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest
from gi.repository import Adw, Gtk

from spacebeam.profiles.profile import (
    DEFAULTS,
    Profile,
    ProxyChoice,
    ProxySettings,
    Reconnect,
    RequestSettings,
    SignIn,
    SignInMethod,
    TlsSettings,
    value_at,
    with_values,
)
from spacebeam.profiles.validation import Problem, ValidationError, validate
from spacebeam.ui.options.form import OptionsForm
from spacebeam.ui.options.options_window import OptionsWindow, edit
from spacebeam.ui.options.pairs_group import PairsGroup
from tests.profiles.examples import CHANGED, WITH_SECRETS
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
async def opened(profile: Profile, width: int = 900) -> AsyncIterator[OptionsWindow]:
    parent = Adw.Window(default_width=width, default_height=700)
    parent.present()
    await eventually(parent.get_mapped)
    window = OptionsWindow(parent, profile)
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
        paths = [path for form in forms(window) for path in form.paths]
        assert sorted(paths) == sorted(DEFAULTS)


@pytest.mark.parametrize("profile", [Profile(), CHANGED, WITH_SECRETS, WRONG])
async def test_a_shown_profile_is_read_back_unchanged(profile: Profile) -> None:
    async with opened(profile) as window:
        read = Profile()
        for form in forms(window):
            read = form.read(read)
        assert read == profile
        window._on_form_changed()
        assert window.profile == profile


async def test_each_row_changes_its_own_field() -> None:
    default = Profile()
    async with opened(default) as window:
        for form in forms(window):
            for path, one in form._fields.items():
                value = value_at(CHANGED, path)
                one.show(value)
                if isinstance(one.row, PairsGroup):  # it signals only changes by the person
                    one.row.emit("changed")
                assert window.profile == with_values(default, {path: value}), path
                one.show(value_at(default, path))
                if isinstance(one.row, PairsGroup):
                    one.row.emit("changed")
                assert window.profile == default, path


async def test_an_invalid_field_is_marked_and_its_error_shown() -> None:
    async with opened(WRONG, 360) as window:
        shown: list[str] = []
        for page in window._pages:
            window.set_visible_page(page)
            await eventually(page.get_mapped)
            shown += words(page)
        for error in validate(WRONG):
            assert any(error.message in one for one in shown), error
        marked = {
            path
            for form in forms(window)
            for path, one in form._fields.items()
            if one.row.has_css_class("error")
        }
        pairs = {"request.headers"}  # their rows are marked
        assert marked == {error.path for error in validate(WRONG)} - pairs


async def test_a_mark_is_removed_when_the_value_is_valid() -> None:
    async with opened(WRONG) as window:
        window._tls_page._trusted_sha256.set_text("ab" * 32)
        assert not window._tls_page._trusted_sha256.has_css_class("error")
        window._sign_in_page._token.set_text("t")
        assert not window._sign_in_page._token.has_css_class("error")
        assert window.profile == with_values(
            WRONG, {"tls.trusted_sha256": "ab" * 32, "sign_in.token": "t"}
        )


@pytest.mark.parametrize("error", validate(WRONG))
async def test_the_focus_moves_to_an_error(error: ValidationError) -> None:
    async with opened(WRONG) as window:
        window.go_to(error)
        page = next(page for page in window._pages if error.path in page.form._fields)
        assert window.get_visible_page() is page
        row = page.form._fields[error.path].row

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


async def test_editing_returns_the_profile_when_the_window_is_closed() -> None:
    parent = Adw.Window(default_width=900, default_height=700)
    parent.present()
    await eventually(parent.get_mapped)
    error = ValidationError("proxy.address", Problem.PROXY_MISSING)
    editing = asyncio.ensure_future(edit(parent, "Options: one.test", CHANGED, error))

    def windows() -> list[OptionsWindow]:
        every = Gtk.Window.list_toplevels()
        return [one for one in every if isinstance(one, OptionsWindow) and one.get_mapped()]

    await eventually(windows)
    (window,) = windows()
    assert window.get_title() == "Options: one.test"
    assert window.get_visible_page() is window._proxy_page
    window._proxy_page._proxy_address.set_text("http://other:1")
    window.activate_action("window.close", None)
    assert await editing == with_values(CHANGED, {"proxy.address": "http://other:1"})
    parent.destroy()


async def test_every_entry_row_has_a_title() -> None:
    async with opened(WRONG) as window:
        for entry in descendants(window, Adw.EntryRow):
            assert entry.get_title()
