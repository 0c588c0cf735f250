"""Connections, folders and environments in OpenCollection's files."""

from __future__ import annotations

from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spacebeam.exchange.opencollection.connection import (
    connection_document,
    read_connection,
    with_place,
)
from spacebeam.exchange.opencollection.folder import folder_document, read_bundle, read_folder
from spacebeam.exchange.opencollection.variables import environment_document, read_environment
from spacebeam.exchange.opencollection.yaml_editing import edited
from spacebeam.exchange.opencollection.yaml_reading import parse
from spacebeam.exchange.opencollection.yaml_writing import document, flat
from spacebeam.profiles.collection import (
    Environment,
    Folder,
    MessageFormat,
    SavedConnection,
    SavedMessage,
    Variable,
)
from spacebeam.profiles.profile import (
    Limits,
    PingSettings,
    Profile,
    ProxyChoice,
    ProxySettings,
    Reconnect,
    RequestSettings,
    SignIn,
    SignInMethod,
    TlsSettings,
    is_secret,
)
from spacebeam.protocol.secrets import MASK
from tests.support.samples import sample

FULL = SavedConnection(
    "BTC feed",
    "wss://{{host}}/feed?token={{token}}",
    Profile(
        RequestSettings(
            headers=(("Origin", "https://app.example"), ("Authorization", "Bearer {{token}}")),
            query=(("symbol", "BTC-EUR"), ("token", "{{token}}")),
            cookies=(("sid", "{{sid}}"),),
            save_cookies=False,
            subprotocols=("chat.v1", "chat.v2"),
            compression=False,
            max_redirects=3,
        ),
        SignIn(SignInMethod.PASSWORD, user="ann", password="{{password}}"),
        TlsSettings(verify=False, certificate_file="client.pem", key_file="client.key"),
        ProxySettings(ProxyChoice.CUSTOM, "http://proxy.example:3128", "me", "{{proxy}}"),
        Limits(2.5, 1.0, 1024 * 1024),
        PingSettings(answer=False, keepalive=True, interval=7.5, timeout=3.0),
        Reconnect(enabled=True, attempts=3, first_delay=0.5, max_delay=9.0),
        record=False,
        other_sign_ins=(SignIn(SignInMethod.KEY_IN_QUERY, key_name="key", key_value="{{key}}"),),
    ),
    messages=(
        SavedMessage("Subscribe", '{\n  "op": "{{op}}"\n}', MessageFormat.JSON, on_connect=True),
        SavedMessage("Bytes", "00 ff", MessageFormat.HEX, folder="Raw/Odd"),
        SavedMessage("Bytes", "00FF {{x}}", MessageFormat.HEX),
        SavedMessage("More", "AAEC+vv/", MessageFormat.BASE64),
        SavedMessage("XML", "<a/>\n", MessageFormat.XML),
        SavedMessage("Text", "off"),
        SavedMessage("Packed", '{"a": 1}', MessageFormat.JSON, encoding="MessagePack"),
    ),
    variables=(
        Variable("channel", "ticker"),
        Variable("old", "", enabled=False),
        Variable("token", None, is_secret=True),
    ),
    description="Prices",
    tags=("smoke", "1"),
    inherits_sign_in=False,
    is_favorite=True,
    decoder="json",
    filter="is:received size:>10",
)


def through_a_file(connection: SavedConnection) -> SavedConnection:
    return read_connection(parse(document(connection_document(connection))))


def test_a_connection_comes_back_from_its_file_as_it_was() -> None:
    assert through_a_file(FULL) == FULL
    assert through_a_file(SavedConnection("", "")) == SavedConnection("", "")


_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
_NAME = _TEXT.filter(bool)
_HEADERS = st.lists(st.tuples(st.sampled_from(["A", "a", "B", "x y", "off"]), _TEXT), max_size=4)


@given(
    _TEXT, _HEADERS, st.lists(st.tuples(_NAME, _TEXT, st.booleans())), _TEXT, st.lists(_NAME), _TEXT
)
@settings(max_examples=200, deadline=None)
def test_any_texts_come_back(
    name: str,
    headers: list[tuple[str, str]],
    messages: list[tuple[str, str, bool]],
    description: str,
    tags: list[str],
    filter_text: str,
) -> None:
    headers = [pair for pair in headers if not is_secret("request.headers", *pair)]
    connection = SavedConnection(
        name,
        "wss://a.example",
        Profile(RequestSettings(headers=tuple(headers))),
        tuple(SavedMessage(one, text, on_connect=flag) for one, text, flag in messages),
        tuple(Variable(one, text, flag) for one, text, flag in messages),
        description,
        tuple(tags),
        filter=filter_text,
    )
    assert through_a_file(connection) == connection
    present = parse(document(connection_document(FULL)))
    changed = flat(connection_document(connection, present))
    assert read_connection(changed) == connection  # type: ignore[arg-type]


SECRETS = replace(
    FULL,
    address="wss://ann:pa55@a.example/?token=abc123&x=1",
    profile=replace(
        FULL.profile,
        request=RequestSettings(
            headers=(("X-API-Key", "k3y"), ("Authorization", "Bearer t0ken"), ("X-Plain", "1")),
            query=(("token", "qu3ry"),),
            cookies=(("sid", "c00kie"),),
            subprotocols=("chat", "bearer.t0ken"),
        ),
        sign_in=SignIn(SignInMethod.BEARER, token="s3cret"),
        proxy=ProxySettings(ProxyChoice.CUSTOM, "http://me:pr0xy@p.example", "me", "pr0xy"),
        other_sign_ins=(SignIn(SignInMethod.KEY_IN_HEADER, key_name="k", key_value="0ther"),),
    ),
)


def test_a_secret_is_in_no_file_and_known_to_be_missing() -> None:
    written = document(connection_document(SECRETS))
    for secret in ("pa55", "abc123", "k3y", "t0ken", "qu3ry", "c00kie", "s3cret", "pr0xy", "0ther"):
        assert secret not in written
    read = through_a_file(SECRETS)
    assert read.address == f"wss://ann:{MASK}@a.example/?token={MASK}&x=1"
    assert read.profile.request.headers == (
        ("X-API-Key", None),
        ("Authorization", None),
        ("X-Plain", "1"),
    )
    assert read.profile.request.query == (("token", None),)
    assert read.profile.request.cookies == (("sid", None),)
    assert (read.profile.sign_in.token, read.profile.proxy.password) == (None, None)
    assert read.profile.other_sign_ins[0].key_value is None


def test_a_secret_that_is_in_a_file_stays_until_it_is_changed() -> None:
    text = document(
        {
            "info": {"name": "A", "type": "websocket"},
            "websocket": {"url": "ws://h", "auth": {"type": "bearer", "token": "l1teral"}},
        }
    )
    present = parse(text)
    read = read_connection(present)
    assert read.profile.sign_in.token == "l1teral"
    same = replace(read, name="B")
    assert "l1teral" in edited(text, connection_document(same, present))
    other = replace(read, profile=Profile(sign_in=SignIn(SignInMethod.BEARER, token="0ther")))
    written = edited(text, connection_document(other, present))
    assert "l1teral" not in written
    assert "0ther" not in written


def test_a_folder_comes_back_from_its_file() -> None:
    folder = Folder(
        "Trading",
        Profile(
            RequestSettings(headers=(("X-Team", "a"),), subprotocols=("v1",)),
            SignIn(SignInMethod.KEY_IN_QUERY, key_name="k", key_value="{{key}}"),
        ),
        (Variable("host", "a.example"),),
        (SavedMessage("Ping", "ping"),),
        description="Words",
        inherits_sign_in=True,
    )
    for is_collection in (True, False):
        written = document(folder_document(folder, is_collection=is_collection))
        assert read_folder(parse(written)) == folder
    closed = Folder("No sign-in", inherits_sign_in=False)
    assert read_folder(parse(document(folder_document(closed)))) == closed


def test_an_environment_comes_back_without_the_values_of_secrets() -> None:
    environment = Environment(
        "Test",
        (
            Variable("host", "h"),
            Variable("old", "", False),
            Variable("t", "s3cret", is_secret=True),
        ),
        "#206fac",
        "Base",
        ".env",
    )
    written = document(environment_document(environment))
    assert "s3cret" not in written
    assert "secret: true" in written
    secret = replace(environment.variables[2], value=None)
    assert read_environment(parse(written)) == replace(
        environment, variables=(*environment.variables[:2], secret)
    )


@pytest.mark.parametrize(
    "value", [None, "text", [], [[]], {"a": "b"}, {"type": ["x"]}, [{"name": {"a": "b"}}], "\0"]
)
@pytest.mark.parametrize(
    "key",
    ["info", "websocket", "runtime", "settings", "extensions", "url", "headers", "message", "auth"],
)
def test_a_field_of_an_odd_form_is_as_if_it_were_missing(key: str, value: Any) -> None:
    inside = {"url": "ws://h", key: value} if key in ("url", "headers", "message", "auth") else {}
    odd: dict[str, Any] = {"info": {"type": "websocket"}, "websocket": inside}
    if not inside:
        odd[key] = value
    connection = read_connection(odd)
    connection_document(replace(connection, name="B", variables=FULL.variables), odd)
    read_folder(odd)
    read_bundle(odd)
    read_environment(odd)


def samples() -> list[Path]:
    """The files of OpenCollection that other programs wrote; skips without them."""
    return sorted(sample("opencollection").rglob("*.yml"))


def test_files_of_other_programs_are_read_and_left_as_they_are() -> None:
    for path in samples():
        text = path.read_text()
        present = parse(text)
        if path.name == "bundled.yml":
            bundle = read_bundle(present)
            assert [one.name for one in bundle.environments] == ["Local"]
            assert [(names, one.address) for names, one in bundle.folder.walk()] == [
                (("Rooms",), "ws://{{host}}/ws")
            ]
            continue
        if path.name in ("folder.yml", "opencollection.yml"):
            is_collection = path.name == "opencollection.yml"
            again = folder_document(read_folder(present), present, is_collection=is_collection)
        elif path.parent.name == "environments":
            again = environment_document(read_environment(present), present)
        else:
            again = connection_document(read_connection(present), present)
        assert edited(text, again) == text


def test_a_changed_address_is_one_changed_line_in_a_file_of_bruno() -> None:
    for path in samples():
        present = parse(path.read_text())
        if "websocket" in present:
            connection = replace(read_connection(present), address="wss://new.example/{{x}}")
            after = edited(path.read_text(), connection_document(connection, present))
            changed = set(after.splitlines()) ^ set(path.read_text().splitlines())
            assert sorted(map(str.strip, changed))[0].startswith("url:")
            assert len(changed) == 2


def test_the_documented_file_is_a_connection() -> None:
    page = (files("spacebeam.help") / "topics/connections.md").read_text(encoding="utf-8")
    text = page.partition("```yaml\n")[2].partition("```")[0]
    connection = read_connection(parse(text))
    assert connection == SavedConnection(
        "BTC feed",
        "wss://{{host}}/v1",
        Profile(
            RequestSettings(
                headers=(("Origin", "https://app.example"),), subprotocols=("feed.v1",)
            ),
            SignIn(SignInMethod.BEARER, token="{{token}}"),
            reconnect=Reconnect(enabled=True),
        ),
        (
            SavedMessage(
                "Subscribe",
                '{"op": "subscribe", "symbol": "BTC-EUR"}',
                MessageFormat.JSON,
                on_connect=True,
            ),
        ),
        inherits_sign_in=False,
        is_favorite=True,
        filter="is:received",
    )
    # It is also how such a connection is written.
    assert document(with_place(connection_document(connection), 1)) == text
