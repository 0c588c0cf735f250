"""A browser's "Copy as fetch" is read as a connection, and what it lacks is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from spacebeam.exchange.command_lines.pasted_connection import LeftOut, LeftOutKind, PasteError
from spacebeam.exchange.command_lines.reading import is_pasted_connection, read
from tests.exchange.command_lines.test_reading import kinds, taken

_SAMPLES = Path(__file__).with_name("fetch_samples")
_OF_PAGE = ["Origin", "Cookie", "Sec-WebSocket-Protocol"]


@pytest.mark.parametrize("file", sorted(_SAMPLES.iterdir()), ids=lambda file: file.name)
def test_recorded_calls_of_chrome_are_read(file: Path) -> None:
    pasted = taken(file.read_text(encoding="utf-8"))
    is_for_node = "node" in file.name
    assert pasted.address.startswith("ws://127.0.0.1:8791/ws?")
    names = [name for name, _value in pasted.profile.request.headers]
    assert names == ["accept-language", "cache-control", "pragma"]
    assert (("theme", "dark") in pasted.profile.request.cookies) is is_for_node
    without = [one for one in _OF_PAGE if one != "Cookie" or not is_for_node]
    assert kinds(pasted) == {LeftOutKind.UNKNOWN_HEADER: without}


def test_a_cookie_keeps_its_quotes() -> None:
    text = (_SAMPLES / "chrome-156-quotes.node-fetch.js").read_text(encoding="utf-8")
    note = 'it\'s 100% "fine" !x ^y $z `w`'
    assert ("note", note) in taken(text).profile.request.cookies


def test_a_call_of_another_spelling_is_read() -> None:
    pasted = taken(
        "const answer = await fetch('https://h.test/caf\\u00e9', {\n"
        "  method: 'GET', // as before\n"
        "  credentials: 'omit',\n"
        "  redirect: 'error',\n"
        "  referrer: 'https://app.test/',\n"
        "  headers: new Headers({ Origin: `https://app.test`, 'X-Face': '\\ud83d\\ude00', }),\n"
        "})\n"
    )
    assert pasted.address == "wss://h.test/café"
    assert pasted.profile.request.headers == (
        ("Referer", "https://app.test/"),
        ("Origin", "https://app.test"),
        ("X-Face", "😀"),
    )
    assert not pasted.profile.request.follow_redirects
    assert kinds(pasted) == {LeftOutKind.UNKNOWN_HEADER: ["Sec-WebSocket-Protocol"]}


@pytest.mark.parametrize(
    ("options", "left_out"),
    [
        ("{method: 'POST'}", LeftOut(LeftOutKind.METHOD, "POST")),
        ("{headers: {a: token}}", LeftOut(LeftOutKind.EXPRESSION, "a")),
        ("{headers: {a: 'Bearer ' + token}}", LeftOut(LeftOutKind.EXPRESSION, "a")),
        ("{headers: {a: `Bearer ${token}`}}", LeftOut(LeftOutKind.EXPRESSION, "a")),
        ("{headers: {...others}}", LeftOut(LeftOutKind.EXPRESSION, "...others")),
        ("{headers}", LeftOut(LeftOutKind.EXPRESSION, "headers")),
        ("options", LeftOut(LeftOutKind.EXPRESSION, "options")),
        ("{duplex: 'half'}", LeftOut(LeftOutKind.OPTION, "duplex")),
        ("{headers: {'sec-ch-ua': 'x'}}", LeftOut(LeftOutKind.BROWSER_HEADER, "sec-ch-ua")),
    ],
)  # fmt: skip
def test_what_is_left_out_is_said(options: str, left_out: LeftOut) -> None:
    pasted = taken(f"fetch('ws://h', {options}).then(show(1, {{}}))")
    page = tuple(LeftOut(LeftOutKind.UNKNOWN_HEADER, name) for name in _OF_PAGE)
    assert pasted.left_out == (left_out, *page)
    assert not pasted.profile.request.headers


def test_of_several_calls_the_websocket_is_taken() -> None:
    pasted = taken('fetch("https://h/a", {"body": null}) ;\nfetch("wss://h/b", {"body": "hello"});')
    assert pasted.address == "wss://h/b"
    assert pasted.messages == ("hello",)
    assert kinds(pasted)[LeftOutKind.COMMAND] == ["fetch"]


@pytest.mark.parametrize("text", ["fetch(address)", "fetch()", 'fetch("ws://h', "fetch('a' + b)"])
def test_a_call_without_an_address_is_refused(text: str) -> None:
    assert is_pasted_connection(text)
    with pytest.raises(PasteError):
        read(text)
