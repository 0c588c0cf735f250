"""Authorization servers and browsers that misbehave: nothing is granted, and the reason is told."""

from __future__ import annotations

import asyncio
import socket
import threading
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from spacebeam.net.failures import FailureCause
from spacebeam.profiles.profile import OAuthGrant, OAuthSettings
from spacebeam.session.oauth.discovery import metadata_addresses
from spacebeam.session.oauth.values import DeviceCode
from tests.session.oauth.answers import TOKEN, answering, client, json_answer, refused, token
from tests.support.processes import free_port
from tests.support.raw_server import raw_server, read_request
from tests.support.waiting import eventually


@pytest.mark.parametrize(
    "metadata",
    [
        {"token_endpoint": "https://auth.test/token"},
        {"issuer": "https://other.test", "token_endpoint": "https://other.test/token"},
        {"issuer": 7, "token_endpoint": "https://auth.test/token"},
        b"<html>",
        [],
    ],
)
async def test_metadata_of_another_issuer_are_not_used(metadata: object) -> None:
    with answering(json_answer(metadata)) as (url, _server):
        settings = replace(client(url), token_url="", issuer=url)
        error = await refused(settings)
    assert error.failure.cause is FailureCause.OAUTH_METADATA


async def test_metadata_without_an_endpoint_name_what_is_missing() -> None:
    with answering(b"") as (url, _server):
        pass
    port = urlsplit(url).port
    assert port

    def script(peer: socket.socket) -> None:
        host = read_request(peer).partition(b"Host: ")[2].partition(b"\r\n")[0].decode()
        peer.sendall(json_answer({"issuer": f"http://{host}"}))

    with raw_server(script) as server:
        settings = replace(client(""), token_url="", issuer=f"http://127.0.0.1:{server.port}/")
        error = await refused(settings)
    assert (error.failure.cause, error.failure.detail) == (FailureCause.OAUTH_ENDPOINT, "token")


def test_metadata_are_looked_for_where_both_standards_have_them() -> None:
    assert metadata_addresses("https://a.test/realm/x/") == (
        "https://a.test/realm/x/.well-known/openid-configuration",
        "https://a.test/.well-known/oauth-authorization-server/realm/x",
    )
    own = "https://a.test/.well-known/oauth-authorization-server/realm/x"
    assert metadata_addresses(own) == (own,)


Answer = Callable[[dict[str, str]], dict[str, str]]


@dataclass
class Returning:
    """A browser that comes back at once, with what `answer` makes of the request."""

    answer: Answer
    path: str | None = None
    statuses: list[int] = field(default_factory=list)

    def open_browser(self, url: str) -> None:
        query = {name: one[0] for name, one in parse_qs(urlsplit(url).query).items()}
        back = query["redirect_uri"]
        if self.path is not None:
            self._visit(f"http://{urlsplit(back).netloc}{self.path}")
        threading.Thread(
            target=self._visit, args=(f"{back}?{urlencode(self.answer(query))}",)
        ).start()

    def show_code(self, code: DeviceCode) -> None:
        raise AssertionError

    def finish(self) -> None:
        pass

    def page(self, *, has_succeeded: bool) -> str:
        return "done" if has_succeeded else "failed"

    def _visit(self, url: str) -> None:
        try:
            with urllib.request.urlopen(url, timeout=20) as answer:
                self.statuses.append(answer.status)
        except urllib.error.HTTPError as error:
            self.statuses.append(error.code)


def code_settings(url: str) -> OAuthSettings:
    return OAuthSettings(
        authorization_url="https://auth.test/in", token_url=f"{url}/token", client_id="c"
    )


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        (lambda asked: {"code": "c", "state": "wrong"}, FailureCause.OAUTH_REDIRECT),
        (lambda asked: {"code": "c"}, FailureCause.OAUTH_REDIRECT),
        (lambda asked: {"state": asked["state"]}, FailureCause.OAUTH_REDIRECT),
        (lambda asked: {"error": "access_denied"}, FailureCause.OAUTH_REDIRECT),
        (
            lambda asked: {"error": "access_denied", "state": asked["state"]},
            FailureCause.OAUTH_REFUSED,
        ),
    ],
)
async def test_an_answer_of_another_sign_in_is_not_taken(
    answer: Answer, cause: FailureCause
) -> None:
    with answering(json_answer(TOKEN)) as (url, server):
        error = await refused(code_settings(url), Returning(answer))
        assert server.connections == 0  # nothing was asked for with that code
    assert error.failure.cause is cause


@pytest.mark.parametrize(
    ("sent", "is_taken"),
    [("https://evil.test", False), (None, False), ("{issuer}", True)],
)
async def test_the_issuer_of_the_redirect_must_be_the_expected_one(
    sent: str | None, is_taken: bool
) -> None:
    def script(peer: socket.socket) -> None:
        request = read_request(peer)
        if request.startswith(b"GET"):
            values = {
                "issuer": issuer[0],
                "authorization_endpoint": f"{issuer[0]}/in",
                "token_endpoint": f"{issuer[0]}/token",
                "authorization_response_iss_parameter_supported": True,
            }
            peer.sendall(json_answer(values))
        else:
            peer.sendall(json_answer(TOKEN))

    issuer = [""]
    with raw_server(script) as server:
        issuer[0] = f"http://127.0.0.1:{server.port}"
        settings = OAuthSettings(issuer=issuer[0], client_id="c")

        def answer(asked: dict[str, str]) -> dict[str, str]:
            named = {} if sent is None else {"iss": sent.format(issuer=issuer[0])}
            return {"code": "c", "state": asked["state"], **named}

        if is_taken:
            assert await token(settings, Returning(answer)) == "granted"
        else:
            error = await refused(settings, Returning(answer))
            assert error.failure.cause is FailureCause.OAUTH_REDIRECT


async def test_other_requests_of_a_browser_are_no_answer() -> None:
    browser = Returning(lambda asked: {"code": "c", "state": asked["state"]}, path="/favicon.ico")

    def visit(url: str) -> None:
        thread = threading.Thread(target=original, args=(url,))
        thread.start()

    original = browser.open_browser
    browser.open_browser = visit  # type: ignore[method-assign]  # it visits twice, in a thread
    with answering(json_answer(TOKEN)) as (url, _server):
        assert await token(code_settings(url), browser) == "granted"
    await eventually(lambda: browser.statuses == [404, 200])


async def test_a_port_that_is_in_use_is_told() -> None:
    port = free_port()
    with socket.create_server(("127.0.0.1", port)):
        settings = replace(code_settings("http://a.test"), redirect_url=f"http://127.0.0.1:{port}/")
        error = await refused(settings, Returning(lambda asked: {}))
    assert (error.failure.cause, error.failure.detail) == (FailureCause.OAUTH_PORT, str(port))


async def test_cancelling_stops_listening() -> None:
    opened: list[str] = []

    class Waiting(Returning):
        def open_browser(self, url: str) -> None:
            opened.append(parse_qs(urlsplit(url).query)["redirect_uri"][0])

    task = asyncio.ensure_future(token(code_settings("http://a.test"), Waiting(lambda asked: {})))
    await eventually(lambda: bool(opened))
    task.cancel()
    await asyncio.wait({task})
    port = urlsplit(opened[0]).port
    assert port is not None
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), 5)


class Codes(Returning):
    """Only notes the device codes."""

    shown: list[DeviceCode]

    def __init__(self) -> None:
        super().__init__(lambda asked: {})
        self.shown = []

    def show_code(self, code: DeviceCode) -> None:
        self.shown.append(code)


DEVICE = {
    "device_code": "d",
    "user_code": "ABCD",
    "verification_uri": "https://auth.test/device",
    "expires_in": 600,
    "interval": 0.01,
}


def device_settings(url: str) -> OAuthSettings:
    return OAuthSettings(
        OAuthGrant.DEVICE, device_url=f"{url}/device", token_url=f"{url}/token", client_id="c"
    )


def pending(error: str) -> bytes:
    return json_answer({"error": error}, "400 Bad Request")


async def test_a_device_polls_until_the_code_was_entered() -> None:
    codes = Codes()
    answers = (json_answer(DEVICE), *[pending("authorization_pending")] * 3, json_answer(TOKEN))
    with answering(*answers) as (url, server):
        assert await token(device_settings(url), codes) == "granted"
        assert server.connections == 5
    assert codes.shown == [DeviceCode("ABCD", "https://auth.test/device")]


@pytest.mark.parametrize("error", ["access_denied", "expired_token"])
async def test_a_device_stops_when_its_code_is_refused(error: str) -> None:
    with answering(json_answer(DEVICE), pending(error)) as (url, server):
        caught = await refused(device_settings(url), Codes())
        assert server.connections == 2
    assert error in caught.failure.detail


async def test_a_device_stops_when_its_code_has_expired() -> None:
    short = json_answer({**DEVICE, "expires_in": 0.05})
    with answering(short, pending("authorization_pending")) as (url, _server):
        caught = await refused(device_settings(url), Codes())
    assert caught.failure.cause is FailureCause.OAUTH_TIMED_OUT


@pytest.mark.parametrize(
    "changed",
    [
        {"verification_uri": "file:///etc/passwd"},
        {"verification_uri_complete": "javascript:alert(1)"},
        {"user_code": 7},
        {"device_code": ""},
    ],
)
async def test_an_odd_device_code_is_not_shown(changed: dict[str, object]) -> None:
    codes = Codes()
    with answering(json_answer(DEVICE | changed), json_answer(TOKEN)) as (url, _server):
        await refused(device_settings(url), codes)
    assert codes.shown == []
