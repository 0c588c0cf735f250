"""OAuth 2 with a real authorization server, whose tokens a WebSocket server wants."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from spacebeam.net.backoff import Backoff
from spacebeam.net.connection import ConnectionState
from spacebeam.net.failures import FailureCause
from spacebeam.net.handshake import HandshakeError
from spacebeam.net.options import HandshakeOptions
from spacebeam.profiles.plan import plan_for
from spacebeam.profiles.profile import (
    ClientAuthentication,
    OAuthGrant,
    OAuthSettings,
    Profile,
    SignIn,
    SignInMethod,
    TokenPlace,
)
from spacebeam.protocol.endpoint import parse
from spacebeam.session.oauth.oauth import OAuth
from spacebeam.session.oauth.opening import SignInFlow
from spacebeam.session.oauth.values import OAuthError
from spacebeam.session.session import Session
from spacebeam.wording.failures import failure_words
from spacebeam.wording.report import report_text
from tests.support.authorization import (
    CLIENT_SECRET,
    AuthorizationServer,
    Browser,
    Chromium,
    authorization_server,
)
from tests.support.processes import binary
from tests.support.raw_server import raw_server, read_request
from tests.support.waiting import eventually

SERVICE = OAuthSettings(OAuthGrant.CLIENT, client_id="service", client_secret=CLIENT_SECRET)
DESKTOP = OAuthSettings(client_id="desktop", scope="openid feed")
TELEVISION = OAuthSettings(OAuthGrant.DEVICE, client_id="television", scope="openid feed")


@pytest.fixture(scope="module")
def server() -> Iterator[AuthorizationServer]:
    with authorization_server() as server:
        yield server


def at(settings: OAuthSettings, server: AuthorizationServer) -> OAuthSettings:
    return replace(settings, issuer=server.issuer)


def profile(settings: OAuthSettings, server: AuthorizationServer) -> Profile:
    sign_in = SignIn(SignInMethod.OAUTH)
    return Profile(sign_in=sign_in, oauth=at(settings, server))


async def open_feed(session: Session, settings: OAuthSettings, server: AuthorizationServer) -> None:
    await session.open(plan_for(parse(server.feed), profile(settings, server)))


@contextlib.asynccontextmanager
async def connected(
    settings: OAuthSettings, server: AuthorizationServer, prompt: Browser | None = None
) -> AsyncIterator[Session]:
    session = Session()
    session.sign_in = SignInFlow(OAuth(), prompt)
    await open_feed(session, settings, server)
    try:
        yield session
    finally:
        await session.close()


async def failure(
    settings: OAuthSettings, server: AuthorizationServer, prompt: Browser | None = None
) -> HandshakeError:
    with pytest.raises(HandshakeError) as caught:
        async with connected(settings, server, prompt):
            pass
    return caught.value


@pytest.mark.parametrize("place", TokenPlace)
@pytest.mark.parametrize(
    "settings",
    [SERVICE, replace(SERVICE, client_id="poster", authentication=ClientAuthentication.POST)],
)
async def test_a_client_connects_with_its_own_credentials(
    server: AuthorizationServer, settings: OAuthSettings, place: TokenPlace
) -> None:
    async with connected(replace(settings, place=place), server) as session:
        assert session.connection is not None
        assert session.connection.report is not None
        shown = report_text(session.connection.report)
    assert CLIENT_SECRET not in shown
    assert "•••" in shown


async def test_a_person_signs_in_in_the_browser(server: AuthorizationServer) -> None:
    browser = Browser()
    async with connected(DESKTOP, server, browser) as session:
        assert session.state is ConnectionState.OPEN
    await eventually(lambda: browser.pages == ["<p>You can return</p>"])
    query = parse_qs(urlsplit(browser.opened[0]).query)
    assert query["code_challenge_method"] == ["S256"]
    assert len(query["state"][0]) >= 32
    assert query["redirect_uri"][0].startswith("http://127.0.0.1:")
    assert browser.finished == 1


async def test_a_person_signs_in_in_chromium(server: AuthorizationServer) -> None:
    binary("chromium")  # else the test is skipped
    browser = Chromium()
    async with connected(DESKTOP, server, browser) as session:
        assert session.state is ConnectionState.OPEN
    await eventually(lambda: browser.pages == ["You can return"])


@pytest.mark.parametrize("url", ["http://localhost:0/back", "http://[::1]/callback"])
async def test_the_browser_comes_back_to_the_typed_address(
    server: AuthorizationServer, url: str
) -> None:
    browser = Browser()
    async with connected(replace(DESKTOP, redirect_url=url), server, browser):
        pass
    shown = parse_qs(urlsplit(browser.opened[0]).query)["redirect_uri"][0]
    assert urlsplit(shown).hostname == urlsplit(url).hostname
    assert urlsplit(shown).path == urlsplit(url).path


async def test_a_person_enters_a_code_on_any_device(server: AuthorizationServer) -> None:
    browser = Browser()
    async with connected(TELEVISION, server, browser):
        pass
    (code,) = browser.codes
    assert code.code
    assert code.url == f"{server.issuer}/device"


async def test_a_fresh_token_is_used_again_without_asking(server: AuthorizationServer) -> None:
    browser = Browser()
    async with connected(DESKTOP, server, browser) as session:
        granted = server.granted
        await open_feed(session, DESKTOP, server)
    assert server.granted == granted
    assert len(browser.opened) == 1


async def test_an_expiring_token_is_refreshed_before_it_is_sent() -> None:
    browser = Browser()
    with authorization_server(lifetime=20) as server:  # less than the time before expiry
        async with connected(DESKTOP, server, browser) as session:
            first = session.sign_in.tokens.newest(at(DESKTOP, server)).refresh_token
            await open_feed(session, DESKTOP, server)
            second = session.sign_in.tokens.newest(at(DESKTOP, server)).refresh_token
        assert server.granted == 2
    assert len(browser.opened) == 1
    assert first
    assert second not in ("", first)  # the server rotates them


@pytest.mark.parametrize("settings", [SERVICE, DESKTOP])
async def test_a_token_that_the_server_refuses_is_replaced_once(settings: OAuthSettings) -> None:
    browser = Browser()
    with authorization_server() as server:
        async with connected(settings, server, browser) as session:
            server.expire()
            await open_feed(session, settings, server)
            assert server.granted == 2
    assert len(browser.opened) <= 1


async def test_after_everything_was_revoked_the_person_signs_in_again() -> None:
    browser = Browser()
    with authorization_server() as server:
        async with connected(DESKTOP, server, browser) as session:
            server.revoke()
            await open_feed(session, DESKTOP, server)
    assert len(browser.opened) == 2


async def test_a_saved_refresh_token_asks_nobody(server: AuthorizationServer) -> None:
    async with connected(DESKTOP, server, Browser()) as session:
        saved = session.sign_in.tokens.newest(at(DESKTOP, server)).refresh_token
    later = replace(DESKTOP, refresh_token=saved)  # in another run of the program
    async with connected(later, server, None) as session:
        assert session.state is ConnectionState.OPEN


async def test_a_saved_refresh_token_is_not_sent_to_another_server(
    server: AuthorizationServer,
) -> None:
    async with connected(DESKTOP, server, Browser()) as session:
        saved = session.sign_in.tokens.newest(at(DESKTOP, server)).refresh_token
    forms: list[bytes] = []

    def script(peer: socket.socket) -> None:
        forms.append(read_request(peer))
        peer.sendall(b"HTTP/1.1 400 Bad\r\nContent-Length: 0\r\n\r\n")

    with raw_server(script) as other:
        url = f"http://127.0.0.1:{other.port}"
        changed = replace(
            DESKTOP, token_url=f"{url}/token", authorization_url=url, refresh_token=saved
        )
        with pytest.raises(OAuthError) as caught:
            await OAuth().token(changed, HandshakeOptions(), None)
    assert caught.value.failure.cause is FailureCause.OAUTH_SIGN_IN
    assert forms == []


async def test_reconnecting_refreshes_but_never_opens_a_browser() -> None:
    browser = Browser()
    with authorization_server() as server:
        session = Session()
        session.sign_in = SignInFlow(OAuth(), browser)
        plan = plan_for(parse(server.feed), profile(DESKTOP, server))
        await session.open(replace(plan, backoff=Backoff(first=0.01, attempts=3)))
        server.expire()
        connection = session.connection
        assert connection is not None
        connection.drop()
        await eventually(lambda: session.connection is not connection)
        assert session.state is ConnectionState.OPEN
        server.revoke()
        assert session.connection is not None
        session.connection.drop()
        await eventually(lambda: session.given_up is not None)
        await session.close()
    assert len(browser.opened) == 1
    assert session.given_up is not None


async def test_a_sign_in_that_the_person_aborts_says_so(server: AuthorizationServer) -> None:
    browser = Browser(aborts=True)
    error = await failure(DESKTOP, server, browser)
    assert error.failure.cause is FailureCause.OAUTH_REFUSED
    assert "access_denied" in failure_words(error.failure)
    await eventually(lambda: browser.pages == ["<p>It failed</p>"])


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (replace(SERVICE, client_secret="wrong"), "invalid_client"),
        (replace(SERVICE, client_id="nobody"), "invalid_client"),
        (replace(TELEVISION, client_id="desktop"), "not allowed for this client"),
        (replace(SERVICE, scope="\x07evil"), "invalid_scope"),
    ],
)
async def test_a_refusal_has_the_words_of_the_server(
    server: AuthorizationServer, settings: OAuthSettings, words: str
) -> None:
    error = await failure(settings, server, Browser())
    assert error.failure.cause is FailureCause.OAUTH_REFUSED
    assert words in failure_words(error.failure)
    assert "wrong" not in failure_words(error.failure)


async def test_without_a_prompt_a_person_is_not_asked(server: AuthorizationServer) -> None:
    error = await failure(DESKTOP, server)
    assert error.failure.cause is FailureCause.OAUTH_SIGN_IN


async def test_tokens_are_in_no_representation(server: AuthorizationServer) -> None:
    async with connected(DESKTOP, server, Browser()) as session:
        tokens = session.sign_in.tokens
        saved = tokens.newest(at(DESKTOP, server)).refresh_token
        assert saved
        assert saved.partition(".")[2] not in repr(vars(tokens))


async def test_the_authorization_server_is_reached_as_the_profile_says() -> None:
    options = HandshakeOptions(proxy="http://127.0.0.1:1")
    with pytest.raises(HandshakeError) as caught:
        await OAuth().token(replace(SERVICE, token_url="http://auth.test/token"), options, None)
    assert caught.value.failure.cause is FailureCause.PROXY_UNREACHABLE
