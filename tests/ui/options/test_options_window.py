"""The options window shows every field, returns every value and marks the invalid ones."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest
from gi.repository import Adw

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
from spacebeam.ui.options.options_window import OptionsWindow, edit
from spacebeam.wording.validation import validation_words
from tests.profiles.examples import CHANGED, WITH_SECRETS
from tests.support.waiting import eventually
from tests.ui.doing import descendants, presented, words
from tests.ui.pageobjects.options import TITLES, OptionsPage
from tests.ui.pageobjects.page import dialog_of, has_focus

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
async def opened(profile: Profile, width: int = 900) -> AsyncIterator[OptionsPage]:
    parent = Adw.Window(default_width=width, default_height=700)
    async with presented(parent), presented(OptionsWindow(parent, profile)) as window:
        yield OptionsPage(window)


BOTH = Profile(
    sign_in=SignIn(SignInMethod.BEARER, token="t"),
    other_sign_ins=(
        SignIn(SignInMethod.KEY_IN_HEADER, key_name="X-A", key_value="k"),
        SignIn(SignInMethod.PASSWORD, "ada", password=None),
    ),
)


@pytest.mark.parametrize("profile", [Profile(), CHANGED, WITH_SECRETS, WRONG, BOTH])
async def test_a_shown_profile_is_read_back_unchanged(profile: Profile) -> None:
    async with opened(profile) as page:
        token = {"oauth.refresh_token": profile.oauth.refresh_token}  # it is not edited
        assert page.read(with_values(Profile(), token)) == profile
        page.enter("record", not profile.record)
        assert page.profile == with_values(profile, {"record": not profile.record})
        page.enter("record", profile.record)
        assert page.profile == profile


async def test_every_option_has_a_row_that_changes_its_own_field() -> None:
    default = Profile()
    async with opened(default) as page:
        for path in DEFAULTS.keys() - {"oauth.refresh_token"}:  # it is not edited
            value = value_at(WITH_SECRETS, path)
            assert value != value_at(default, path), path
            page.enter(path, value)
            assert page.profile == with_values(default, {path: value}), path
            page.enter(path, value_at(default, path))
            assert page.profile == default, path


async def test_an_invalid_field_is_marked_and_its_error_shown() -> None:
    async with opened(WRONG, 360) as page:
        seen: list[str] = []
        for title in page.sections:
            section = page.open_section(title)
            assert section.is_shown
            seen += section.words
        for error in validate(WRONG):
            assert any(validation_words(error) in one for one in seen), error
        marked = {path for path in TITLES if page.is_marked(path)}
        assert marked == {error.path for error in validate(WRONG)}


async def test_a_mark_is_removed_when_the_value_is_valid() -> None:
    valid = {"tls.trusted_sha256": "ab" * 32, "sign_in.token": "t"}
    async with opened(WRONG) as page:
        for path, value in valid.items():
            assert page.is_marked(path)
            page.enter(path, value)
            assert not page.is_marked(path)
        assert page.profile == with_values(WRONG, valid)


@pytest.mark.parametrize("error", validate(WRONG))
async def test_the_focus_moves_to_an_error(error: ValidationError) -> None:
    async with opened(WRONG) as page:
        page.widget.go_to(error)
        assert page.shown_section == TITLES[error.path][0]
        await eventually(lambda: page.focuses(error.path, error.row))


async def test_an_error_is_shown_below_its_field() -> None:
    error = ValidationError("tls.trusted_sha256", Problem.FINGERPRINT)
    async with opened(WRONG, 360) as page:
        page.widget.go_to(error)
        title = TITLES[error.path][1]
        row = next(
            one for one in descendants(page.widget, Adw.EntryRow) if one.get_title() == title
        )
        below = row.get_next_sibling()
        assert below is not None
        await eventually(below.get_mapped)
        assert validation_words(error) in words(below)


async def test_a_notice_about_pasted_text_is_shown() -> None:
    async with opened(Profile()) as page:
        page.pairs("request.headers").widget.paste("Upgrade: websocket")
        await eventually(lambda: page.says("1 left out"))


async def test_it_fits_a_narrow_window() -> None:
    async with opened(WRONG, 360) as page:
        for title in page.sections:
            assert page.open_section(title).minimum_width <= 360


async def test_editing_returns_the_profile_when_the_window_is_closed() -> None:
    async with presented(Adw.Window(default_width=900, default_height=700)) as parent:
        error = ValidationError("proxy.address", Problem.PROXY_MISSING)
        editing = asyncio.ensure_future(edit(parent, "Options: one.test", CHANGED, error))
        page = OptionsPage(await dialog_of(parent, OptionsWindow))
        assert page.widget.get_title() == "Options: one.test"
        assert page.shown_section == "Proxy"
        page.enter("proxy.address", "http://other:1")
        page.close()
        assert await editing == with_values(CHANGED, {"proxy.address": "http://other:1"})


async def test_every_entry_row_has_a_title() -> None:
    async with opened(WRONG) as page:
        for entry in descendants(page.widget, Adw.EntryRow):
            assert entry.get_title()


async def test_a_second_sign_in_is_added_and_removed() -> None:
    first = Profile(sign_in=SignIn(SignInMethod.BEARER, token="t"))
    async with opened(first) as page:
        section = page.open_section("Sign-in")
        section.press("Add a sign-in")
        (row,) = section.further_sign_ins
        row.type_in("Key", "k")
        assert page.profile.other_sign_ins == (SignIn(SignInMethod.KEY_IN_HEADER, key_value="k"),)
        row.choose("Method", "User and password")
        row.type_in("User", "ada")
        assert row.shows("User", "Password", "Key") == [True, True, False]
        assert page.profile.other_sign_ins[0].user == "ada"
        row.press("Remove")
        assert page.profile == first


async def test_a_missing_secret_of_a_second_sign_in_is_marked_there() -> None:
    async with opened(BOTH) as page:
        error = validate(BOTH)[0]
        page.widget.go_to(error)
        assert page.shown_section == "Sign-in"
        _key, password = page.section("Sign-in").further_sign_ins
        assert password.has_error("Password")
        assert not page.is_marked("sign_in.password")
        assert has_focus(password.entry("Password"))
        password.type_in("Password", "geheim")
        assert not validate(page.profile)
        assert not password.has_error("Password")
