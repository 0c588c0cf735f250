"""`spacebeam connect` at a terminal: typing, keys, history, and what a server does meanwhile."""

from __future__ import annotations

import re
import select
import signal
import socket
import threading
from pathlib import Path

import pytest

from tests.cli.interactive.terminal import CONNECTED, connected, in_terminal
from tests.cli.program import (
    PATIENCE,
    Script,
    close_frame,
    open_stream,
    peer,
    read_frame,
    read_to_end,
    sending,
    text_frame,
    wait_for_close,
)

Frames = list[tuple[int, bytes]]
GOODBYE = (8, (1000).to_bytes(2, "big"))


def collecting(received: Frames) -> Script:
    """Return a script that collects frames up to the close frame, and answers that."""

    def script(connection: socket.socket) -> None:
        open_stream(connection)
        while (frame := read_frame(connection))[0] not in (0, 8):
            received.append(frame)
        received.append(frame)
        connection.sendall(close_frame(int.from_bytes(frame[1][:2], "big")))

    return script


def feeding(received: Frames, per_second: int) -> Script:
    """Return a script that sends a message every now and then, until it gets one."""

    def script(connection: socket.socket) -> None:
        open_stream(connection)
        number = 0
        while not select.select([connection], [], [], 1 / per_second)[0]:
            number += 1
            connection.sendall(text_frame(f'{{"tick": {number}}}'))
        received.append(read_frame(connection))
        wait_for_close(connection)
        connection.sendall(close_frame(1000))

    return script


def test_messages_do_not_cut_what_is_typed() -> None:
    received: Frames = []
    typed = "what I type here is longer than one row of this terminal, and it stays as it is."
    with peer(feeding(received, 200)) as url, connected(url, size=(60, 12)) as terminal:
        terminal.wait_for('< {"tick": ')
        for character in typed:
            terminal.type(character)
        without_spaces = f">{''.join(typed.split())}"
        terminal.wait_for(lambda shown: "".join(shown.split()).endswith(without_spaces))
        terminal.press("Enter")
        terminal.wait_for("\n> what I", whole=True)
        terminal.press("C-d")
        code, shown = terminal.wait_for_exit()
    assert received == [(1, typed.encode())]
    assert code == 0
    ticks = re.findall(r'^< \{"tick": (\d+)\}$', shown, re.MULTILINE)
    assert ticks == [str(number + 1) for number in range(len(ticks))]


def test_each_command_does_what_its_name_says(tmp_path: Path) -> None:
    (tmp_path / "a text").write_text("of a file")
    (tmp_path / "bytes").write_bytes(b"\xff\x00")
    received: Frames = []
    with peer(collecting(received)) as url, connected(url, size=(100, 40)) as terminal:
        lines = (
            *("plain", "//slash", "/text /text", "/text", "/binary 00 fF"),
            f"/binary @{tmp_path}/a text",
            f"/send {tmp_path}/a text",
            f"/send {tmp_path}/bytes",
            *("/ping hi", "/pong", "/close 4001 bye now"),
        )
        for line in lines:
            terminal.enter(line)
        code, shown = terminal.wait_for_exit()
    assert received == [
        (1, b"plain"), (1, b"/slash"), (1, b"/text"), (1, b""), (2, b"\x00\xff"), (2, b"of a file"),
        (1, b"of a file"), (2, b"\xff\x00"), (9, b"hi"), (10, b""), (8, b"\x0f\xa1bye now"),
    ]  # fmt: skip
    assert code == 0
    assert "Disconnected (4001" in shown
    assert "\n> plain\n> /slash\n> /text\n>\n> binary 00ff\n> binary 6f66" in shown
    assert "\n> ping hi\n" in shown


def test_a_pong_is_told_with_its_time(served: str) -> None:
    with connected(f"{served}/echo") as terminal:
        terminal.enter("/ping hi")
        told = re.compile(r"\n> ping hi\n< pong hi after [\d.]+ ms\n")
        terminal.wait_for(lambda shown: told.search(shown) is not None)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("/nick me", "spacebeam: Not sent: “/nick” is not a command. /help lists them, //… sends"),
        ("/binary 00 0g", "spacebeam: Not sent: “00 0g” is not hexadecimal, at character 5."),
        ("/send nothing.txt", "“nothing.txt” cannot be read: No such file or directory."),
        ("/send /dev", "“/dev” is not a file."),
        ("/close 1006", "RFC 6455 forbids 1006 in a close frame"),
        ("/ping " + "x" * 126, "a ping or pong holds 125."),
    ],
)
def test_a_mistake_is_told_and_the_line_stays(line: str, words: str) -> None:
    received: Frames = []
    with peer(collecting(received)) as url, connected(url, size=(200, 20)) as terminal:
        terminal.enter(line)
        terminal.wait_for(words)
        terminal.wait_for_line(line)
        terminal.press("C-e", "C-u")
        terminal.enter("corrected")
        terminal.wait_for("\n> corrected\n")
        terminal.press("C-d")
        assert terminal.wait_for_exit()[0] == 0
    assert received == [(1, b"corrected"), GOODBYE]


def test_the_cursor_is_at_the_mistake() -> None:
    received: Frames = []
    with peer(collecting(received)) as url, connected(url) as terminal:
        terminal.enter("/binary 00 0g")
        terminal.wait_for("Not sent")
        terminal.press("Delete")
        terminal.enter("0")
        terminal.wait_for("> binary 0000")
        terminal.press("C-d")
        terminal.wait_for_exit()
    assert received == [(2, b"\0\0"), GOODBYE]


def test_an_empty_line_sends_nothing_and_help_lists_the_commands() -> None:
    received: Frames = []
    with peer(collecting(received)) as url, connected(url, size=(80, 40)) as terminal:
        terminal.press("Enter")
        terminal.enter("/help")
        shown = terminal.wait_for("Ctrl+R")
        assert "/close [CODE [REASON]]" in shown
        terminal.press("C-d")
        terminal.wait_for_exit()
    assert received == [GOODBYE]


def test_several_lines_are_pasted_and_written_as_one_message() -> None:
    received: Frames = []
    pasted = '{"a":\n  [1,\n   2]}\n'
    with peer(collecting(received)) as url, connected(url) as terminal:
        terminal.paste(pasted)
        terminal.wait_for_line('{"a":\n    [1,\n     2]}')
        terminal.press("Enter")
        terminal.wait_for(lambda shown: shown.endswith('> {"a":\n    [1,\n     2]}\n>'))
        terminal.type("one")
        terminal.press("M-Enter")
        terminal.enter("two")
        terminal.wait_for("> one\n  two\n")
        terminal.press("C-d")
        terminal.wait_for_exit()
    assert received == [(1, pasted.strip().encode()), (1, b"one\ntwo"), GOODBYE]


def test_a_long_paste_is_sent_whole() -> None:
    received: Frames = []
    with peer(collecting(received)) as url, connected(url) as terminal:
        terminal.paste("x" * 100_000 + "END")
        terminal.wait_for("xEND")
        terminal.press("Enter", "C-d")
        terminal.wait_for_exit()
    assert received == [(1, b"x" * 100_000 + b"END"), GOODBYE]


def test_tab_completes_commands_and_files(tmp_path: Path) -> None:
    (tmp_path / "folder of mine").mkdir()
    (tmp_path / "folder of mine" / "file").write_text("contents")
    received: Frames = []
    with peer(collecting(received)) as url, connected(url, size=(200, 20)) as terminal:
        terminal.type("/se")
        terminal.press("Tab")
        terminal.wait_for_line("/send")
        terminal.type(f"{tmp_path}/fol")
        terminal.press("Tab")
        terminal.wait_for_line(f"/send {tmp_path}/folder of mine/")
        terminal.press("Tab")
        terminal.wait_for_line(f"/send {tmp_path}/folder of mine/file")
        terminal.press("Enter")
        terminal.wait_for("\n> contents")
        terminal.press("C-d")
        terminal.wait_for_exit()
    assert received == [(1, b"contents"), GOODBYE]


def test_a_resized_window_keeps_the_line(served: str) -> None:
    with connected(f"{served}/echo") as terminal:
        terminal.type("typed before and ")
        terminal.wait_for_line("typed before and")
        terminal.resize(30, 10)
        terminal.type("after the window became narrow")
        terminal.wait_for_line("typed before and after the w\n  indow became narrow")
        terminal.resize(100, 30)
        terminal.wait_for_line("typed before and after the window became narrow")
        terminal.press("Enter")
        terminal.wait_for("\n< typed before and after the window became narrow")


def test_ctrl_c_closes_and_leaves_the_terminal_as_it_was() -> None:
    received: Frames = []
    with peer(collecting(received)) as url, connected(url) as terminal:
        terminal.type("a draft")
        terminal.wait_for_line("a draft")
        terminal.press("C-c")
        code, shown = terminal.wait_for_exit()
        assert code == 0
        assert "Disconnected (1000, normal closure).\nspacebeam: Not sent:\na draft" in shown
        terminal.enter("echoed by the terminal, then by cat")
        terminal.wait_for(lambda shown: shown.count("\nechoed by the terminal, then by cat") == 2)
    assert received == [GOODBYE]


def test_a_second_ctrl_c_does_not_wait_for_the_server() -> None:
    closing = threading.Event()

    def script(connection: socket.socket) -> None:
        open_stream(connection)
        wait_for_close(connection)
        closing.set()
        read_to_end(connection)

    with peer(script) as url, connected(url, "--close-timeout", "60") as terminal:
        terminal.press("C-c")
        assert closing.wait(PATIENCE)
        terminal.press("C-c")
        assert terminal.wait_for_exit()[0] == 128 + signal.SIGINT


def test_what_was_typed_is_shown_when_the_server_closes() -> None:
    may_close = threading.Event()

    def script(connection: socket.socket) -> None:
        open_stream(connection)
        assert may_close.wait(PATIENCE)
        connection.sendall(text_frame("last") + close_frame(1001, "restart"))
        wait_for_close(connection)

    with peer(script) as url, connected(url) as terminal:
        terminal.type("not sent yet")
        terminal.wait_for_line("not sent yet")
        may_close.set()
        code, shown = terminal.wait_for_exit()
    assert code == 0
    assert (
        "\n< last\nClosed by the server (1001, going away: “restart”).\n"
        "spacebeam: Not sent:\nnot sent yet\n" in shown
    )


def test_a_lost_connection_is_told_above_the_line_which_waits_for_the_next_one() -> None:
    received: Frames = []
    may_drop, may_return = threading.Event(), threading.Event()

    def lost(connection: socket.socket) -> None:
        open_stream(connection)
        assert may_drop.wait(PATIENCE)
        connection.close()
        assert may_return.wait(PATIENCE)

    with (
        peer(lost, collecting(received)) as url,
        connected(url, "--reconnect", size=(120, 20)) as terminal,
    ):
        terminal.type("half of")
        terminal.wait_for_line("half of")
        may_drop.set()
        terminal.wait_for(lambda shown: shown.endswith("\n(not connected) > half of"))
        terminal.enter(" a message")
        shown = terminal.wait_for("Not sent: there is no connection.")
        assert "spacebeam: Connection lost" in shown
        assert "Reconnecting in 1 s (attempt 1 of 10)" in shown
        terminal.wait_for(lambda shown: shown.endswith("\n(not connected) > half of a message"))
        may_return.set()
        assert "Connected to" in terminal.wait_for_line("half of a message")
        terminal.press("Enter")
        terminal.wait_for("\n> half of a message")
        terminal.press("C-d")
        assert terminal.wait_for_exit()[0] == 0
    assert received == [(1, b"half of a message"), GOODBYE]


def test_a_message_that_a_lost_connection_has_not_taken_comes_back(tmp_path: Path) -> None:
    received: Frames = []
    is_full = threading.Event()

    def stalled(connection: socket.socket) -> None:
        open_stream(connection)
        assert is_full.wait(PATIENCE)
        connection.close()

    (tmp_path / "large").write_bytes(b"x" * 20_000_000)
    with (
        peer(stalled, collecting(received)) as url,
        connected(url, "--reconnect", "--no-compress", size=(120, 20)) as terminal,
    ):
        terminal.enter(f"/send {tmp_path}/large")
        terminal.wait_for_line("")
        terminal.enter("behind it")
        terminal.wait_for_line("")
        is_full.set()
        terminal.wait_for("Up brings it back: behind it")
        terminal.wait_for("Connected to")
        terminal.wait_for_line(f"/send {tmp_path}/large")
        terminal.press("C-u", "Up", "Enter")
        terminal.wait_for("\n> behind it")
        terminal.press("C-d")
        terminal.wait_for_exit()
    assert received == [(1, b"behind it"), GOODBYE]


def test_a_typed_text_follows_what_send_has() -> None:
    received: Frames = []
    with peer(collecting(received)) as url, connected(url, "--send", "subscribe") as terminal:
        terminal.wait_for("\n> subscribe")
        terminal.enter("typed")
        terminal.wait_for("\n> typed")
        terminal.press("C-d")
        assert terminal.wait_for_exit()[0] == 0
    assert received == [(1, b"subscribe"), (1, b"typed"), GOODBYE]


@pytest.mark.parametrize("arguments", [("--listen",), ("--send", "a", "--expect", "2")])
def test_there_is_no_input_line_where_nothing_is_to_be_typed(arguments: tuple[str, ...]) -> None:
    with (
        peer(sending(text_frame('{"a": 1}'))) as url,
        in_terminal("connect", url, *arguments) as terminal,
    ):
        shown = terminal.wait_for('\n{"a": 1}')
        assert CONNECTED not in shown
        assert ">" not in shown
        terminal.press("C-c")
        terminal.wait_for_exit()


def test_frames_are_printed_above_the_line(served: str) -> None:
    with connected(f"{served}/echo", "--verbose", size=(120, 40)) as terminal:
        terminal.type("draft")
        terminal.wait_for_line("draft")
        terminal.press("Enter")
        shown = terminal.wait_for("< text 5 B")
        assert re.search(r"\d > text 5 B \(\d+ B on the wire", shown)
        terminal.wait_for_line("")


def test_json_and_times_are_shown_as_asked(served: str) -> None:
    with connected(f"{served}/echo", "--pretty", "--time") as terminal:
        terminal.enter('{"a":[1.0,{"b":null}]}')
        clock = r"\d\d:\d\d:\d\d\.\d\d\d"
        margin = " " * 15
        indented = (
            f'{{\n{margin}  "a": [\n{margin}    1.0,\n{margin}    {{\n{margin}      "b": null\n'
        )
        shown = terminal.wait_for("< {")
        assert re.search(rf"^{clock} > {re.escape(indented)}", shown, re.MULTILINE)
