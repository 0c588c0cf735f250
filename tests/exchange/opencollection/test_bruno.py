"""Bruno reads what Spacebeam writes, and Spacebeam reads what Bruno writes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spacebeam.exchange.opencollection.connection import (
    connection_document,
    read_connection,
    with_place,
)
from spacebeam.exchange.opencollection.folder import folder_document, read_folder
from spacebeam.exchange.opencollection.variables import environment_document, read_environment
from spacebeam.exchange.opencollection.yaml_editing import edited
from spacebeam.exchange.opencollection.yaml_reading import parse
from spacebeam.exchange.opencollection.yaml_writing import document
from spacebeam.profiles.collection import (
    Environment,
    Folder,
    MessageFormat,
    SavedConnection,
    SavedMessage,
    Variable,
)
from spacebeam.profiles.profile import (
    PingSettings,
    Profile,
    RequestSettings,
    SignIn,
    SignInMethod,
)
from tests.exchange.opencollection.test_connection import FULL
from tests.support.bruno import Bruno, bruno


@pytest.fixture(scope="module")
def other() -> Iterator[Bruno]:
    with bruno() as found:
        yield found


def test_bruno_reads_a_connection(other: Bruno) -> None:
    text = document(with_place(connection_document(FULL), 3))
    found = other.parsed("Request", text)
    assert (found["type"], found["name"], found["seq"]) == ("ws-request", "BTC feed", 3)
    assert (found["tags"], found["description"]) == (["smoke", "1"], "Prices")
    request = found["request"]
    assert request["url"] == "wss://{{host}}/feed?token={{token}}"
    assert [(one["name"], one["value"], one["enabled"]) for one in request["headers"]] == [
        ("Origin", "https://app.example", True),
        ("Authorization", "Bearer {{token}}", True),
        ("Sec-WebSocket-Protocol", "chat.v1, chat.v2", True),
    ]
    assert request["auth"]["mode"] == "basic"
    assert request["auth"]["basic"] == {"username": "ann", "password": "{{password}}"}
    assert [(one["name"], one["type"], one["content"]) for one in request["body"]["ws"]] == [
        ("Subscribe", "json", '{\n  "op": "{{op}}"\n}'),
        ("Bytes", "binary", "AP8="),
        ("Bytes", "binary", "00FF {{x}}"),
        ("More", "binary", "AAEC+vv/"),
        ("XML", "xml", "<a/>\n"),
        ("Text", "text", "off"),
        ("Packed", "json", '{"a": 1}'),
    ]
    variables = request["vars"]["req"]
    assert [(one["name"], one["value"], one["enabled"]) for one in variables] == [
        ("channel", "ticker", True),
        ("old", "", False),
        ("token", "", True),
    ]
    assert found["settings"] == {"timeout": 2500, "keepAliveInterval": 7500}


def test_bruno_reads_folders_collections_and_environments(other: Bruno) -> None:
    folder = Folder(
        "Trading: 1",
        Profile(
            RequestSettings(headers=(("X-Team", "yes"),)),
            SignIn(SignInMethod.KEY_IN_QUERY, key_name="k", key_value="{{key}}"),
        ),
        (Variable("host", "12:30"),),
    )
    found = other.parsed("Folder", document(with_place(folder_document(folder), 2)))
    assert found["meta"] == {"name": "Trading: 1", "seq": 2}
    assert found["request"]["auth"]["apikey"] == {
        "key": "k",
        "value": "{{key}}",
        "placement": "queryparams",
    }
    assert found["request"]["headers"][0]["value"] == "yes"
    assert found["request"]["vars"]["req"][0]["value"] == "12:30"
    whole = other.parsed("Collection", document(folder_document(folder, is_collection=True)))
    assert whole["brunoConfig"]["name"] == "Trading: 1"
    assert whole["brunoConfig"]["opencollection"] == "1.0.0"
    environment = Environment(
        "Test", (Variable("a", "0x10"), Variable("t", "x", is_secret=True)), "#206fac"
    )
    read = other.parsed("Environment", document(environment_document(environment)))
    assert (read["name"], read["color"]) == ("Test", "#206fac")
    assert [(one["name"], one["value"], one["secret"]) for one in read["variables"]] == [
        ("a", "0x10", False),
        ("t", "", True),
    ]


_ODD = st.text(st.sampled_from(" \n\t:#-'\"{}[]|>&*!%@`,~?=.01eyno_\\/é😀"), max_size=15)
_WORDS = st.sampled_from(["null", "Yes", "off", "1e5", "0o17", "0x1F", "12:30", "2001-01-01", "<<"])


@given(st.lists(_ODD | _WORDS, min_size=3, max_size=6))
@settings(max_examples=150, deadline=None)
def test_bruno_reads_every_text_as_it_is(other: Bruno, texts: list[str]) -> None:
    variables = tuple(Variable(f"v{number}", text) for number, text in enumerate(texts))
    messages = tuple(SavedMessage("m", text or "x") for text in texts)
    connection = SavedConnection("A", "ws://h", Profile(), messages, variables)
    request = other.parsed("Request", document(connection_document(connection)))["request"]
    assert [one["value"] for one in request["vars"]["req"]] == texts
    assert [one["content"] for one in request["body"]["ws"]] == [text or "x" for text in texts]


def test_what_bruno_saves_again_is_the_same_connection(other: Bruno) -> None:
    """But for what OpenCollection has no field for, which Bruno leaves out."""
    known = SavedConnection(
        "BTC feed",
        "wss://{{host}}/feed",
        Profile(
            RequestSettings(headers=(("Origin", "https://a.example"),), subprotocols=("v1",)),
            SignIn(SignInMethod.BEARER, token="{{token}}"),
            pings=PingSettings(keepalive=True, interval=5.0),
        ),
        (
            SavedMessage("One", "a\nb", MessageFormat.TEXT),
            SavedMessage("Two", "AAEC", MessageFormat.BASE64),
        ),
        (Variable("a", "1"),),
        inherits_sign_in=False,
    )
    text = document(connection_document(known))
    again = other.written("Request", text)
    assert read_connection(parse(again)) == known
    present = parse(again)
    changed = edited(again, connection_document(replace(known, address="wss://new/"), present))
    assert set(changed.splitlines()) - set(again.splitlines()) == {"  url: wss://new/"}


def test_what_bruno_saves_again_is_the_same_folder_and_environment(other: Bruno) -> None:
    folder = Folder("F", Profile(RequestSettings(headers=(("X", "1"),))), (Variable("a", "b"),))
    text = document(folder_document(folder))
    assert read_folder(parse(other.written("Folder", text))) == folder
    environment = Environment("E", (Variable("a", "1"), Variable("b", None, is_secret=True)))
    text = document(environment_document(environment))
    assert read_environment(parse(other.written("Environment", text))) == environment
