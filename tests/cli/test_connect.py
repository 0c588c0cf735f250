"""`spacebeam connect` against `spacebeam serve`: what it sends and what it prints."""

from __future__ import annotations

import base64
import json
import socket
import subprocess
from typing import Any

import pytest

from tests.cli.program import (
    DISCONNECTED,
    close_frame,
    open_stream,
    peer,
    read_frame,
    sending,
    spacebeam,
    text_frame,
    wait_for_close,
)


def entries(stdout: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stdout.splitlines()]


def test_a_message_is_sent_and_its_echo_printed(served: str) -> None:
    finished = spacebeam("connect", f"{served}/echo", "--send", "hello", "--expect", "1")
    assert (finished.returncode, finished.stdout, finished.stderr) == (0, b"hello\n", DISCONNECTED)


def test_every_send_is_a_message(served: str) -> None:
    finished = spacebeam(
        "connect", f"{served}/echo", "--send", "a", "--send", "", "--send", "ü", "--expect", "3"
    )
    assert (finished.returncode, finished.stdout) == (0, "a\n\nü\n".encode())


def test_lines_of_standard_input_are_messages(served: str) -> None:
    finished = spacebeam("connect", f"{served}/echo", "--expect", "3", stdin=b"one\r\n\nthree")
    assert (finished.returncode, finished.stdout) == (0, b"one\n\nthree\n")


def test_standard_input_is_not_read_beside_send(served: str) -> None:
    finished = spacebeam(
        "connect", f"{served}/echo", "--send", "a", "--expect", "1", "--json", stdin=b"b\n"
    )
    sent = [entry for entry in entries(finished.stdout) if entry["direction"] == "sent"]
    assert [entry.get("text") for entry in sent] == ["a", None]


def test_json_has_every_entry_in_order(served: str) -> None:
    finished = spacebeam("connect", f"{served}/echo", "--send", "hi", "--expect", "1", "--json")
    assert finished.returncode == 0
    found = entries(finished.stdout)
    assert [(entry["direction"], entry["kind"]) for entry in found] == [
        ("none", "event"),
        ("sent", "text"),
        ("received", "text"),
        ("sent", "close"),
        ("received", "close"),
        ("none", "event"),
    ]
    assert found[2]["text"] == "hi"
    assert found[4]["code"] == 1000
    times = [entry["time"] for entry in found]
    assert times == sorted(times)


def test_json_shows_pings_and_the_pongs_that_answer_them() -> None:
    with peer(sending(b"\x89\x02hi" + text_frame("after") + close_frame(1000))) as url:
        finished = spacebeam("connect", url, "--send", "x", "--json")
    found = [(entry["direction"], entry["kind"]) for entry in entries(finished.stdout)]
    assert ("received", "ping") in found
    assert ("received", "text") in found
    assert finished.returncode == 0


@pytest.mark.parametrize(("form", "written"), [("hex", b"00ff7f"), ("base64", b"AP9/")])
def test_binary_messages_are_sent_and_printed_in_the_given_form(
    served: str, form: str, written: bytes
) -> None:
    common = ("connect", f"{served}/echo", "--binary", form, "--expect", "1")
    from_send = spacebeam(*common, "--send", written.decode())
    from_stdin = spacebeam(*common, stdin=written + b"\n")
    assert from_send.stdout == from_stdin.stdout == written + b"\n"
    printed = entries(spacebeam(*common, "--send", written.decode(), "--json").stdout)
    assert base64.b64decode(printed[1]["base64"]) == b"\x00\xff\x7f"


def test_received_binary_is_printed_in_hex() -> None:
    with peer(sending(b"\x82\x02\x00\xff" + close_frame(1000))) as url:
        assert spacebeam("connect", url, "--send", "x").stdout == b"00ff\n"


def test_received_messages_are_printed_in_the_given_format(served: str) -> None:
    arguments = ("connect", f"{served}/echo", "--expect", "1", "--send", "[1]", "--decode", "hex")
    assert spacebeam(*arguments).stdout == b"5b315d\n"
    with peer(sending(b"\x82\x03[1]" + close_frame(1000))) as url:
        assert spacebeam("connect", url, "--send", "x", "--decode", "auto").stdout == b"[1]\n"


def test_headers_and_subprotocols_reach_the_server() -> None:
    received_data: dict[str, str] = {}

    def script(connection: socket.socket) -> None:
        received_data.update(open_stream(connection, "Sec-WebSocket-Protocol: b\r\n"))
        connection.sendall(close_frame(1000))
        wait_for_close(connection)

    with peer(script) as url:
        finished = spacebeam(
            "connect", url, "-H", "X-One: 1", "--header", "Authorization: Bearer x:y",
            "--subprotocol", "a", "--subprotocol", "b",
        )  # fmt: skip
    assert finished.returncode == 0, finished.stderr
    assert received_data["x-one"] == "1"
    assert received_data["authorization"] == "Bearer x:y"
    assert received_data["sec-websocket-protocol"] == "a, b"


def test_the_end_of_standard_input_closes_after_everything_is_sent() -> None:
    received_data: list[tuple[int, bytes]] = []

    def script(connection: socket.socket) -> None:
        open_stream(connection)
        while not received_data or received_data[-1][0] not in (0, 8):
            received_data.append(read_frame(connection))
        connection.sendall(text_frame("the last word") + close_frame(1000))
        wait_for_close(connection)

    lines = [b"%d" % number for number in range(1000)]
    with peer(script) as url:
        finished = spacebeam("connect", url, stdin=b"\n".join(lines))
    assert received_data == [*((1, line) for line in lines), (8, (1000).to_bytes(2, "big"))]
    assert (finished.returncode, finished.stdout) == (0, b"the last word\n")


def test_exactly_the_expected_number_of_messages_is_printed(served: str) -> None:
    finished = spacebeam("connect", f"{served}/flood?count=5000&size=3", "--expect", "1234")
    assert (finished.returncode, finished.stdout) == (0, b"012\n" * 1234)


def test_expected_messages_in_json_are_followed_by_the_close(served: str) -> None:
    finished = spacebeam("connect", f"{served}/flood?count=5000", "--expect", "1234", "--json")
    found = entries(finished.stdout)
    assert sum(entry["kind"] == "text" for entry in found) == 1234
    assert found[-2]["kind"] == "close"
    assert finished.returncode == 0


def test_a_flood_is_printed_completely(served: str) -> None:
    finished = spacebeam("connect", f"{served}/flood?count=300000", "--expect", "300000", "--json")
    assert finished.returncode == 0
    assert finished.stdout.count(b'"kind": "text"') == 300_000


def test_a_message_over_the_limit_names_the_option_of_the_limit(served: str) -> None:
    arguments = ("connect", f"{served}/flood?count=1&size=65537", "--expect", "1")
    refused = spacebeam(*arguments, "--max-message", "64K")
    assert (refused.returncode, refused.stdout) == (3, b"")
    printed = refused.stderr.decode()
    assert "a message over the limit of 64 KiB (1009). Raise the limit with" in printed
    taken = spacebeam(*arguments, "--max-message", "65537")
    assert (taken.returncode, len(taken.stdout)) == (0, 65538)
    assert b"limit" not in taken.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["ftp://example.org"], "“ftp” is not a scheme"),
        (["ws://example.org:0"], "“0” is not a port"),
        (["ws://example.org", "--header", "nonsense"], "A header is written “Name: value”."),
        (
            ["ws://example.org", "--binary", "hex", "--send", "0g"],
            "“0g” is not hexadecimal, at",
        ),
        (
            ["ws://example.org", "--binary", "base64", "--send", "AA"],
            "“AA” is not base64, at",
        ),
        (["ws://example.org", "--binary", "octal"], "'octal' is not one of 'hex', "),
        (["ws://example.org", "--expect", "none"], "“none” is not a number of messages above 0."),
        (["ws://example.org", "--max-message", "64 MB"], "“64 MB” is not a size"),
        (["ws://example.org", "--timeout", "-1"], "“-1” is not a number of seconds above 0."),
        (
            ["ws://example.org", "--subprotocol", "a", "--subprotocol", "a"],
            "A --subprotocol is given twice.",
        ),
        ([], "Missing argument 'URL|NAME'."),
    ],
)
def test_bad_usage_names_the_error(arguments: list[str], message: str) -> None:
    finished = spacebeam("connect", *arguments)
    assert finished.returncode == 2
    error, hint = finished.stderr.decode().splitlines()
    assert message in error
    assert hint == "Try 'spacebeam connect --help'."
    assert finished.stdout == b""


@pytest.mark.parametrize(
    "option",
    [
        ("--send", "hush\udcff"),
        ("--bearer", "hush\udcff"),
        ("--user", "me:hush\udcff"),
        ("--header", "Authorization: hush\udcff"),
        ("--query", "token=hush\udcff"),
    ],
)
def test_an_argument_that_is_not_utf8_is_bad_usage_and_not_shown(option: tuple[str, str]) -> None:
    finished = spacebeam("connect", "ws://example.org", *option)
    assert finished.returncode == 2
    assert b"is not UTF-8" in finished.stderr
    assert b"hush" not in finished.stderr


@pytest.mark.parametrize("option", [("--header", "X-Token hush"), ("--cookie", "sid=hu; hush")])
def test_a_secret_in_the_wrong_form_is_not_shown(option: tuple[str, str]) -> None:
    finished = spacebeam("connect", "ws://example.org", *option)
    assert finished.returncode == 2
    assert b"hush" not in finished.stderr


def test_a_closed_standard_input_sends_nothing(served: str) -> None:
    finished = spacebeam("connect", f"{served}/echo", stdin=b"")
    assert (finished.returncode, finished.stdout, finished.stderr) == (0, b"", DISCONNECTED)


@pytest.mark.parametrize(
    ("options", "stdin"),
    [((), subprocess.DEVNULL), (("--listen",), b"never\n"), (("--listen",), b"")],
)
def test_a_listener_stays_and_sends_nothing(options: tuple[str, ...], stdin: bytes | int) -> None:
    received: list[tuple[int, bytes]] = []

    def script(connection: socket.socket) -> None:
        open_stream(connection)
        for payload in (b"1", b"2"):
            connection.sendall(b"\x89\x01" + payload)
            received.append(read_frame(connection))
        connection.sendall(text_frame("last") + close_frame(1000))
        received.append(read_frame(connection))

    with peer(script) as url:
        finished = spacebeam("connect", url, *options, stdin=stdin)
    assert (finished.returncode, finished.stdout) == (0, b"last\n")
    assert received == [(10, b"1"), (10, b"2"), (8, (1000).to_bytes(2, "big"))]


def test_hidden_messages_are_not_printed(served: str) -> None:
    sent = ("--send", "beat 1", "--send", "one", "--send", "Beat 2", "--expect", "3")
    finished = spacebeam("connect", f"{served}/echo", *sent, "--hide", "beat")
    assert (finished.returncode, finished.stdout) == (0, b"one\n")
    hidden = ("--hide", "is:text is:received", "--hide", "is:event", "--hide", "is:close")
    finished = spacebeam("connect", f"{served}/echo", *sent, *hidden, "--json")
    assert [one["text"] for one in entries(finished.stdout)] == ["beat 1", "one", "Beat 2"]
    assert spacebeam("connect", f"{served}/echo", "--hide", "is:").returncode == 2
