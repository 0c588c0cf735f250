"""The messages of chat rooms, and the names in them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from spacebeam.server.room_protocol import (
    MAX_NAME,
    MAX_PAYLOAD,
    MAX_TEXT,
    Attached,
    Joined,
    Left,
    Refused,
    Renamed,
    RoomEvent,
    Said,
    Say,
    TakeName,
    Waiting,
    Welcome,
    clean_name,
    encode,
    free_name,
    name_key,
    request_of,
    room_event,
)


@pytest.mark.parametrize(
    "event",
    [
        Waiting(),
        Welcome("Ada", ("Ada", "Ben")),
        Joined("Ada"),
        Left("Ada"),
        Renamed("Ada", "Ben"),
        Said("Ada", "hello <b>“you”</b>\n\0"),
        Attached("Ada", 12),
        Refused("no"),
    ],
)
def test_an_event_is_read_as_it_was_written(event: RoomEvent) -> None:
    assert room_event(encode(event).encode()) == event


def test_a_message_has_the_fields_that_are_documented() -> None:
    assert json.loads(encode(Said("Ada", "hi"))) == {"type": "message", "from": "Ada", "text": "hi"}


@pytest.mark.parametrize(
    "payload",
    [
        b"hello",
        b"",
        b"{}",
        b'{"type":"message"}',
        b'{"type":"message","from":1,"text":""}',
        b'{"type":"message","from":"","text":"x"}',
        b'{"type":"join","name":"' + b"x" * (2 * MAX_NAME + 1) + b'"}',
        b'{"type":"message","from":"a","text":"' + b"x" * (MAX_TEXT + 1) + b'"}',
        b'{"type":"unknown","name":"a"}',
        b'{"type":"join","name":"\xff"}',
        b'{"type":"join","name":"a","more":' + b"[" * 100_000,
        b'{"type":"join","name":"a"}' + b" " * MAX_PAYLOAD,
    ],
)
def test_another_text_is_no_event(payload: bytes) -> None:
    assert room_event(payload) is None


@pytest.mark.parametrize(
    ("text", "request_"),
    [
        ("hello", Say("hello")),
        ("", Say("")),
        ('{"type":"message","text":"hi"}', Say("hi")),
        (' {"type": "name", "name": "Ada"}', TakeName("Ada")),
        ('{"type":"name"}', Say('{"type":"name"}')),
        ('{"type":"else"}', Say('{"type":"else"}')),
        ("[" * 100_000, Say("[" * 100_000)),
        ('{"a":' * 100_000, Say('{"a":' * 100_000)),
    ],
)
def test_a_text_that_is_no_request_is_said(text: str, request_: Say | TakeName) -> None:
    assert request_of(text) == request_


@pytest.mark.parametrize(
    ("wanted", "name"),
    [
        ("Ada", "Ada"),
        ("  Ada \n Lovelace\t", "Ada Lovelace"),
        ("\u202eAda\u200b\0\x1b[31m", "Ada[31m"),
        ("\ud800x", "x"),
        ("x" * 1000, "x" * MAX_NAME),
        ("\u2066\u200b", ""),
        ("🙂 Zoë 漢字", "🙂 Zoë 漢字"),
    ],
)
def test_a_name_is_one_line_of_visible_characters(wanted: str, name: str) -> None:
    assert clean_name(wanted) == name


def test_a_name_that_is_taken_gets_a_number() -> None:
    taken: set[str] = set()
    names = []
    for wanted in ("Ada", "ada", "\uff21da", "", "", "Guest", "x" * MAX_NAME, "x" * MAX_NAME):
        names.append(free_name(wanted, taken))
        taken.add(name_key(names[-1]))
    long = "x" * (MAX_NAME - 2)
    assert names == [
        "Ada",
        "ada 2",
        "\uff21da 3",
        "Guest 1",
        "Guest 2",
        "Guest",
        long + "xx",
        long + " 2",
    ]


def test_the_documented_messages_are_those_of_the_code() -> None:
    page = (Path(__file__).parents[2] / "spacebeam/help/topics/chat.md").read_text()
    server, _, client = page.partition("Two messages of a client")
    said = {type(room_event(one.encode())): one for one in re.findall(r"^\| `(.*?)`", server, re.M)}
    kinds = {Waiting, Welcome, Joined, Left, Renamed, Said, Attached, Refused}
    assert set(said) == kinds
    assert all(encode(event) == one for one in said.values() if (event := room_event(one.encode())))
    asked = [request_of(one) for one in re.findall(r"^\| `(.*?)`", client, re.M)]
    assert asked == [Say("hello"), TakeName("Ada")]
    assert f"{MAX_TEXT:,} characters at most" in " ".join(page.split())
