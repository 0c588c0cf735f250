"""A real authorization server (npm's oidc-provider), and a browser that fills in its forms."""

from __future__ import annotations

import contextlib
import os
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode, urljoin

import pytest

from spacebeam.session.oauth.values import DeviceCode
from tests.support.chromium import chromium_page
from tests.support.processes import binary, end

_ROOT = Path(__file__).resolve().parents[2]
_MODULES = _ROOT / "build/peers/node_modules"
CLIENT_SECRET = "s3cret/of+the client"


@dataclass(frozen=True)
class AuthorizationServer:
    """The server's port; its WebSocket is at `feed`."""

    port: int

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def feed(self) -> str:
        return f"ws://127.0.0.1:{self.port}/feed"

    def expire(self) -> None:
        """Make all access tokens invalid."""
        fetch(f"{self.issuer}/test/expire")

    def revoke(self) -> None:
        """Make all tokens invalid."""
        fetch(f"{self.issuer}/test/revoke")

    @property
    def granted(self) -> int:
        """How many times tokens were granted."""
        return int(fetch(f"{self.issuer}/test/requests"))


def fetch(url: str) -> str:
    with urllib.request.urlopen(url, timeout=20) as answer:
        text: str = answer.read().decode()
        return text


@contextlib.contextmanager
def authorization_server(lifetime: int = 3600) -> Iterator[AuthorizationServer]:
    """Run the server; access tokens are valid for `lifetime` seconds."""
    node = binary("node")
    if not (_MODULES / "oidc-provider").is_dir():
        pytest.skip("the npm package oidc-provider is not installed in build/peers")
    child = subprocess.Popen(
        [node, str(Path(__file__).with_name("authorization_server.mjs")), str(lifetime)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "NODE_PATH": str(_MODULES)},
    )
    assert child.stdout is not None
    try:
        line = ""
        while not line.strip().isdigit():  # the provider says that it is for development
            line = child.stdout.readline().decode()
            assert line, "the authorization server did not start"
        yield AuthorizationServer(int(line))
    finally:
        end(child)
        child.stdout.close()


class _Form(HTMLParser):
    """The first form of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.action: str | None = None
        self.fields: dict[str, str] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attributes}
        if tag == "form" and self.action is None:
            self.action = values.get("action", "")
        elif tag == "input" and values.get("name"):
            self.fields.setdefault(values["name"], values.get("value", ""))


def sign_in(url: str, *, aborts: bool = False) -> tuple[str, str]:
    """Follow a sign-in through all its forms; return the last address and its page."""
    cookies = urllib.request.HTTPCookieProcessor(CookieJar())
    opener = urllib.request.build_opener(cookies)
    data: bytes | None = None
    for _step in range(8):
        try:
            answer = opener.open(url, data, timeout=20)
        except urllib.error.HTTPError as error:
            return url, error.read().decode()
        with answer:
            page, url = answer.read().decode(), answer.geturl()
        form = _Form(page)
        if form.action is None:
            return url, page
        if aborts and "/interaction/" in url:
            url, data = urljoin(url, url.partition("?")[0] + "/abort"), None
            continue
        typed = {"login": "ada", "password": "pw"}
        fields = {name: typed.get(name, value) for name, value in form.fields.items()}
        data = urlencode(fields).encode()
        url = urljoin(url, form.action)
    raise AssertionError("the sign-in does not end")


@dataclass
class Browser:
    """Signs in in a thread as soon as it is asked to, as a person does."""

    aborts: bool = False
    opened: list[str] = field(default_factory=list)
    codes: list[DeviceCode] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)  # that were shown at the end
    finished: int = 0

    def open_browser(self, url: str) -> None:
        self.opened.append(url)
        threading.Thread(target=self._sign_in, args=(url,)).start()

    def show_code(self, code: DeviceCode) -> None:
        self.codes.append(code)
        threading.Thread(target=self._sign_in, args=(code.complete_url or code.url,)).start()

    def finish(self) -> None:
        self.finished += 1

    def page(self, *, has_succeeded: bool) -> str:
        return "<p>You can return</p>" if has_succeeded else "<p>It failed</p>"

    def _sign_in(self, url: str) -> None:
        self.pages.append(sign_in(url, aborts=self.aborts)[1])


# Fills in the form of a page and sends it; the text of a page without a form.
_FILL_IN = """
(() => {
  const form = document.forms[0];
  if (document.readyState !== "complete" || window.isSent) return "";
  if (!form) return document.body.innerText;
  const typed = {login: "ada", password: "pw"};
  for (const one of form.elements) if (typed[one.name]) one.value = typed[one.name];
  window.isSent = true;
  form.requestSubmit();
  return "";
})()
"""


def sign_in_with_chromium(url: str) -> str:
    """Sign in as a person does, in a real browser; return the text of the last page."""
    with chromium_page(url) as page:
        for _try in range(3000):
            if text := page.value(_FILL_IN):
                return str(text)
            time.sleep(0.01)
    raise AssertionError("the sign-in does not end")


class Chromium(Browser):
    """Signs in with Chromium."""

    def _sign_in(self, url: str) -> None:
        self.pages.append(sign_in_with_chromium(url))
