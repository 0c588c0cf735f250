"""`spacebeam connect --protocol`: speaks a protocol with a real server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.program import spacebeam
from tests.support.mosquitto import mosquitto
from tests.support.node_peer import (
    graphql_server,
    graphql_ws_server,
    mqtt_server,
    signalr_message_pack_server,
    signalr_server,
    socketio_server,
)

AUTH = ("--auth", '{"token": "s3same"}')


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """Run a server of Socket.IO; yield its address as people type it."""
    with socketio_server() as port:
        yield f"localhost:{port}"


def test_events_are_sent_and_the_protocol_s_own_messages_are_not_printed(server: str) -> None:
    finished = spacebeam(
        *("connect", "--protocol", "socketio", *AUTH, server),
        *("--emit", "chat", "hi", '{"a": -1}', "-2", "--call", "sum", "40", "2"),
        *("--expect", "3"),
    )
    assert finished.returncode == 0, finished.stderr
    assert sorted(finished.stdout.decode().splitlines()) == [
        '42["chat","hi",{"a":-1},-2]',
        '42["welcome","/"]',
        "431[42]",
    ]


def test_as_json_every_message_is_printed(server: str) -> None:
    finished = spacebeam(
        *("connect", "--protocol", "socketio", *AUTH, server),
        *("--call", "sum", "1", "2", "--expect", "2", "--json"),
    )
    assert finished.returncode == 0, finished.stderr
    entries = [json.loads(line) for line in finished.stdout.splitlines()]
    texts = [one["text"] for one in entries if one["kind"] == "text"]
    assert texts[0].startswith('0{"sid"')
    assert texts[1] == '40{"token":"s3same"}'
    assert {'420["sum",1,2]', "430[3]"} < set(texts)


def test_a_refusal_ends_the_run_with_its_reason(server: str) -> None:
    finished = spacebeam("connect", server, "--protocol", "socketio", "--emit", "chat")
    assert finished.returncode == 3
    assert b"The server refuses Socket.IO: not authorized.\n" in finished.stderr


def test_a_call_is_repeated_once_the_server_has_accepted(server: str) -> None:
    finished = spacebeam(
        *("connect", f"{server}/admin", "--protocol", "socketio", "--emit", "chat", "tick"),
        *("--repeat-every", "0.05", "--repeat-times", "3", "--expect", "4"),
    )
    assert finished.returncode == 0, finished.stderr
    assert finished.stdout.decode().splitlines().count('42/admin,["chat","tick"]') == 3


def test_a_recording_has_all_messages_and_calls_of_each_connection(
    server: str, tmp_path: Path
) -> None:
    file = str(tmp_path / "a.beam")
    finished = spacebeam(
        *("record", server, file, "--protocol", "socketio", *AUTH),
        *("--call", "sum", "1", "2", "--count", "2"),
    )
    assert finished.returncode == 0, finished.stderr
    listed = spacebeam("list", file).stdout.decode()
    assert '420["sum",1,2]' in listed
    assert "430[3]" in listed
    assert '40{"token":"s3same"}' in listed


def test_graphql_answers_a_query_and_a_subscription() -> None:
    with graphql_server() as port:
        finished = spacebeam(
            *("connect", f"localhost:{port}", "--protocol", "graphql", *AUTH),
            *("--call", "query D($n: Int!) { double(n: $n) }", '{"n": 21}'),
            *("--call", "subscription { count(to: 2) }", "--expect", "5"),
        )
    assert finished.returncode == 0, finished.stderr
    found = [json.loads(line) for line in finished.stdout.splitlines()]
    assert {"id": "1", "type": "next", "payload": {"data": {"double": 42}}} in found
    assert {"id": "2", "type": "next", "payload": {"data": {"count": 2}}} in found
    assert {one["type"] for one in found} == {"next", "complete"}


def test_the_older_graphql_answers_a_query_and_a_subscription() -> None:
    with graphql_ws_server() as port:
        connect = ("connect", f"localhost:{port}", "--protocol", "graphql-ws")
        finished = spacebeam(
            *(*connect, *AUTH, "--call", "query D($n: Int!) { double(n: $n) }", '{"n": 21}'),
            *("--call", "subscription { count(to: 2) }", "--expect", "5"),
        )
        refused = spacebeam(*connect, "--auth", '{"token": "old"}', "--call", "{ double(n: 1) }")
    assert finished.returncode == 0, finished.stderr
    found = [json.loads(line) for line in finished.stdout.splitlines()]
    assert {"id": "1", "type": "data", "payload": {"data": {"double": 42}}} in found
    assert {"id": "2", "type": "data", "payload": {"data": {"count": 2}}} in found
    assert {one["type"] for one in found} == {"data", "complete"}
    assert refused.returncode == 3
    assert b"The server refuses GraphQL (graphql-ws): token expired.\n" in refused.stderr


def test_mqtt_signs_in_with_the_user_and_gets_what_it_publishes() -> None:
    with mqtt_server() as port:
        call = ("--subscribe", "home/#", "--publish", "home/lamp", "on", "qos=1")
        finished = spacebeam(
            *("connect", f"localhost:{port}", "--protocol", "mqtt", "--user", "ada:s3same"),
            *(*call, "--expect", "1", "--decode", "MQTT"),
        )
        refused = spacebeam(
            *("connect", f"localhost:{port}", "--protocol", "mqtt", "--user", "ada:no"),
            *call,
        )
    assert finished.returncode == 0, finished.stderr
    assert b"home/lamp" in finished.stdout
    assert refused.returncode == 3
    assert b"The server refuses MQTT: not authorized.\n" in refused.stderr


def test_mqtt_5_publishes_with_properties_and_tells_of_what_is_refused() -> None:
    with mosquitto() as port:
        connect = ("connect", f"localhost:{port}", "--protocol", "mqtt5", "--decode", "MQTT")
        finished = spacebeam(
            *(*connect, "--user", "ada:s3same", "--subscribe", "home/#"),
            *("--publish", "home/lamp", "on", "qos=1", '{"contentType": "text/plain"}'),
            *("--publish", "elsewhere", "off", "qos=1", "--expect", "2"),
        )
        refused = spacebeam(*connect, "--user", "ada:no", "--subscribe", "home/#")
    assert finished.returncode == 0, finished.stderr
    found = {one["type"]: one for one in map(json.loads, finished.stdout.splitlines())}
    assert found.keys() == {"PUBLISH", "PUBACK"}
    assert found["PUBLISH"]["topic"] == "home/lamp"
    assert found["PUBLISH"]["properties"] == {"contentType": "text/plain"}
    assert found["PUBACK"]["reasonCode"] == 0x87  # not authorized
    assert refused.returncode == 3
    assert refused.stdout == b""
    assert b"The server refuses MQTT 5: not authorized.\n" in refused.stderr


@pytest.mark.parametrize("protocol", ["mqtt", "mqtt5"])
def test_mqtt_publishes_exactly_once(protocol: str, tmp_path: Path) -> None:
    recording = tmp_path / "mqtt.beam"
    with mosquitto() as port:
        finished = spacebeam(
            *("record", f"localhost:{port}", str(recording), "--protocol", protocol),
            *("--user", "ada:s3same", "--subscribe", "home/#"),
            *("--publish", "home/lamp", "on", "qos=2", "--for", "4"),
        )
    assert finished.returncode == 0, finished.stderr
    found = spacebeam("list", str(recording), "--decode", "MQTT").stdout
    for kind in (b"PUBREC", b"PUBREL", b"PUBCOMP"):
        assert found.count(kind) == 1, found


def test_a_server_without_mqtt_5_refuses_it_because_of_the_version() -> None:
    with mqtt_server() as port:
        words = ("--protocol", "mqtt5", "--subscribe", "home/#")
        refused = spacebeam("connect", f"localhost:{port}", *words)
    assert refused.returncode == 3
    said = b"The server refuses MQTT 5: it does not support MQTT 5; choose MQTT, which is 3.1.1.\n"
    assert said in refused.stderr


def test_signalr_is_spoken_in_message_pack_with_bytes() -> None:
    with signalr_message_pack_server() as port:
        finished = spacebeam(
            *("connect", f"localhost:{port}/hub", "--protocol", "signalr-messagepack"),
            *("--decode", "signalr-messagepack", "--call", "Size", '{"$bytes": "AP+A"}'),
            *("--subscribe", "Count", "1", "--expect", "3"),
        )
    assert finished.returncode == 0, finished.stderr
    welcome, size, counted = map(json.loads, finished.stdout.splitlines())
    assert welcome == {"type": 1, "target": "Welcome", "arguments": ["ü", None]}
    assert size == {"type": 3, "invocationId": "0", "result": 3}
    assert [one.get("item") for one in counted] == [0, None]


def test_a_hub_without_message_pack_refuses_it() -> None:
    with signalr_server() as port:
        words = ("--protocol", "signalr-messagepack", "--call", "Add", "1", "2")
        refused = spacebeam("connect", f"localhost:{port}/hub", *words)
    assert refused.returncode == 3
    assert b"The server refuses SignalR (MessagePack): json only.\n" in refused.stderr


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (["--emit", "a"], "--emit needs --protocol."),
        (["--protocol", "socketio", "--emit"], "A name is missing."),
        (["--protocol", "socketio", "--publish", "a"], "Socket.IO has no publish"),
        (["--protocol", "socketio", "--auth", "[1]"], "Enter an object of JSON"),
        (["--protocol", "gopher"], "is not one of"),
    ],
)
def test_a_mistake_is_bad_usage(words: list[str], error: str) -> None:
    finished = spacebeam("connect", "ws://localhost:1", *words)
    assert finished.returncode == 2
    assert error in " ".join(finished.stderr.decode().split())
