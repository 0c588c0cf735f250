"""What `spacebeam connect` sends: text and binary mixed, raw bytes, and lines with errors."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import random
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.program import PATIENCE, command, read_until, spacebeam


def _sent(stdout: bytes) -> list[str | bytes]:
    """Return the sent messages in an output of --json."""
    entries: list[dict[str, Any]] = [json.loads(line) for line in stdout.splitlines()]
    return [
        entry["text"] if entry["kind"] == "text" else base64.b64decode(entry["base64"])
        for entry in entries
        if entry["direction"] == "sent" and entry["kind"] in ("text", "binary")
    ]


def test_json_lines_mix_text_and_binary(served: str) -> None:
    lines = '{"text": "grüße\\n\\u0000"}\n{"base64": "AP8="}\n\n{"text": "", "note": [1]}\n'
    finished = spacebeam(
        "connect", f"{served}/echo", "--input", "json", "--json", stdin=lines.encode()
    )
    assert finished.returncode == 0
    assert _sent(finished.stdout) == ["grüße\n\0", b"\x00\xff", ""]


def test_the_output_of_one_connection_is_the_input_of_another(served: str) -> None:
    lines = '{"text": "one"}\n{"base64": "/w=="}\n'
    arguments = ("connect", f"{served}/echo", "--input", "json", "--json")
    first = spacebeam(*arguments, stdin=lines.encode())
    kinds = {json.loads(line)["kind"] for line in first.stdout.splitlines()}
    assert kinds == {"event", "text", "binary", "close"}
    second = spacebeam(*arguments, stdin=first.stdout)
    assert second.returncode == 0
    assert sorted(_sent(second.stdout), key=str) == sorted(2 * ["one", b"\xff"], key=str)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("hello", "is not a JSON object of a message"),
        ('"hello"', "is not a JSON object of a message"),
        ('{"text": 1}', "is not a JSON object of a message"),
        ('{"text": "\\ud800"}', "it has half of a surrogate pair."),
        ('{"text": nul}', "Expecting value, at character 10."),
        ("[" * 100_000, "is not a JSON object of a message"),
        ("{}", 'Write {"text": "…"} or {"base64": "…"}.'),
        ('{"text": "a", "base64": ""}', 'Write {"text": "…"} or {"base64": "…"}.'),
        ('{"kind": "other", "text": "a"}', 'Write {"text": "…"} or {"base64": "…"}.'),
        ('{"kind": "text", "text": "\ufffd", "base64": "/w=="}', "The text is not UTF-8"),
        ('{"base64": "A"}', "“base64” is not valid"),
        ('{"base64": "é"}', "“base64” is not valid"),
    ],
)
def test_a_line_that_is_no_message_is_named_by_its_number(
    line: str, words: str, served: str
) -> None:
    finished = spacebeam(
        "connect", f"{served}/echo", "--input", "json", "--json",
        stdin=f'{{"text": "first"}}\n{line}\n'.encode(),
    )  # fmt: skip
    assert finished.returncode == 2
    assert "Line 2 of standard input: " in finished.stderr.decode()
    assert words in finished.stderr.decode()
    assert _sent(finished.stdout) == ["first"]


def test_raw_bytes_go_in_and_come_out_unchanged(served: str) -> None:
    data = random.Random(7).randbytes(1_000_000) + b"\r\n\n\0"
    finished = spacebeam("connect", f"{served}/echo", "--binary", "raw", stdin=data)
    assert finished.returncode == 0
    assert finished.stdout == data


def test_raw_texts_have_nothing_added(served: str) -> None:
    lines = b'{"text": "a"}\n{"base64": "AA=="}\n{"text": "b"}\n'
    finished = spacebeam(
        "connect", f"{served}/echo", "--input", "json", "--binary", "raw", stdin=lines
    )
    assert finished.stdout == b"a\0b"


@pytest.mark.parametrize(
    ("form", "line", "place"),
    [
        ("hex", b"00 ff 0", "“00 ff 0” is not hexadecimal, at its end."),
        ("hex", b"00 f f0", "“00 f f0” is not hexadecimal, at character 5."),
        ("base64", b"AA=A", "“AA=A” is not base64, at character 4."),
    ],
)
def test_a_mistake_in_a_pipe_is_named_by_line_and_place(
    form: str, line: bytes, place: str, served: str
) -> None:
    finished = spacebeam("connect", f"{served}/echo", "--binary", form, stdin=b"\n" + line + b"\n")
    assert finished.returncode == 2
    assert f"Line 2 of standard input: {place}" in finished.stderr.decode()


def test_messages_of_several_lines_go_in_and_come_out(served: str) -> None:
    for option, end in (("-0", b"\0"), (r"--delimiter=\n--\n", b"\n--\n")):
        written = b"a\nb" + end + b"c" + end
        finished = spacebeam("connect", f"{served}/echo", option, "--expect", "2", stdin=written)
        assert (finished.returncode, finished.stdout) == (0, written)


def test_all_of_standard_input_is_one_message(served: str) -> None:
    arguments = ("connect", f"{served}/echo", "--whole", "--json")
    assert _sent(spacebeam(*arguments, stdin=b"a\r\nb\n").stdout) == ["a\r\nb\n"]
    data = bytes(range(256)) * 1000
    assert _sent(spacebeam(*arguments, "--binary", "raw", stdin=data).stdout) == [data]


def test_json_of_several_lines_is_divided_by_nul(served: str) -> None:
    written = b'{\n "text": "a"\n}\0{"base64":\n"AA=="}\0'
    finished = spacebeam(
        "connect", f"{served}/echo", "-0", "--input", "json", "--json", stdin=written
    )
    assert _sent(finished.stdout) == ["a", b"\0"]


@pytest.mark.parametrize(
    ("options", "stdin", "words"),
    [
        (("-0",), b"ok\0\xff\0", "Message 2 of standard input is not UTF-8"),
        (("--whole",), b"\xff", "Standard input is not UTF-8; --binary sends bytes."),
        (("--whole", "-0"), b"", "cannot be used together"),
        (("--delimiter", ""), b"", "A delimiter has at least one character."),
        (("--delimiter", r"\q"), b"", "“\\q” is no escape."),
        (("--delimiter", "\\"), b"", "“\\” is no escape."),
        (("--delimiter", r"\x1"), b"", "“\\x” is no escape."),
    ],
)
def test_a_mistake_in_dividing_the_input_is_bad_usage(
    options: tuple[str, ...], stdin: bytes, words: str, served: str
) -> None:
    finished = spacebeam("connect", f"{served}/echo", *options, stdin=stdin)
    assert finished.returncode == 2
    assert words in " ".join(finished.stderr.decode().split())


Type = Callable[[str, str], str]


@contextlib.contextmanager
def _typing(*arguments: str) -> Iterator[Type]:
    """Run `spacebeam connect` on a terminal that cannot move its cursor, so without an input line.

    Yield a function that types a line and reads on.
    """
    screen, terminal = os.openpty()
    with subprocess.Popen(
        command("connect", *arguments),
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        env=os.environ | {"TERM": "dumb"},
    ) as child:
        os.close(terminal)

        def type_line(line: str, until: str) -> str:
            os.write(screen, line.encode())
            return read_until(screen, until.encode()).decode()

        try:
            read_until(screen, b"Ctrl+D disconnects.\r\n")
            yield type_line
            type_line("\x04", "Disconnected (1000, normal closure).")
            assert child.wait(PATIENCE) == 0
        finally:
            child.kill()
            os.close(screen)


def test_a_person_mixes_text_and_binary(served: str) -> None:
    with _typing(f"{served}/echo") as type_line:
        assert type_line("one\n", "one\r\none\r\n")
        assert type_line("/binary 00 FF\n", "FF\r\n00ff\r\n")
        assert type_line("/text /binary 00\n", "/text /binary 00\r\n/binary 00\r\n")
        assert type_line("//nick me\n", "//nick me\r\n/nick me\r\n")


def test_a_person_mixes_text_into_binary(served: str) -> None:
    with _typing(f"{served}/echo", "--binary", "base64") as type_line:
        assert type_line("AP8=\n", "AP8=\r\nAP8=\r\n")
        assert type_line("/binary AA==\n", "/binary AA==\r\nAA==\r\n")
        assert type_line("/text hi\n", "/text hi\r\nhi\r\n")


def test_commands_work_without_an_input_line(served: str, tmp_path: Path) -> None:
    (tmp_path / "a file").write_text("of text")
    with _typing(f"{served}/echo") as type_line:
        assert "> ping hi\r\n" in type_line("/ping hi\n", "< pong hi after ")
        type_line(f"/send {tmp_path}/a file\n", "of text\r\n")
        type_line(f"/binary @{tmp_path}/a file\n", b"of text".hex() + "\r\n")
        type_line(
            "/send nothing\n", "Not sent: “nothing” cannot be read: No such file or directory."
        )
        type_line("/help\n", "//…")
        type_line("/nick me\n", "Not sent: “/nick” is not a command.")


@pytest.mark.parametrize(
    ("options", "line", "shown", "corrected"),
    [
        (
            (),
            "/binary 00 0g 11",
            "spacebeam: Not sent: “00 0g 11” is not hexadecimal, at character 5.\r\n"
            "  /binary 00 0g 11\r\n"
            "              ^\r\n",
            "/binary 00",
        ),
        (
            ("--binary", "hex"),
            "000",
            "spacebeam: Not sent: “000” is not hexadecimal, at its end.\r\n  000\r\n     ^\r\n",
            "00",
        ),
        (("--input", "json"), '{"text"}', '  {"text"}\r\n', '{"text": "00"}'),
    ],
)
def test_a_typed_line_with_a_mistake_is_shown_again_and_the_connection_stays(
    options: tuple[str, ...], line: str, shown: str, corrected: str, served: str
) -> None:
    with _typing(f"{served}/echo", *options) as type_line:
        type_line(f"{line}\n", shown)
        type_line(f"{corrected}\n", f"{corrected}\r\n00\r\n")


def test_a_typed_line_that_the_terminal_has_cut_is_not_sent(served: str) -> None:
    with _typing(f"{served}/echo") as type_line:
        type_line(
            "x" * 5000 + "\n", f"Send it with --send or through a pipe.\r\n  {'x' * 4095}\r\n"
        )
        type_line("x" * 4094 + "\n", f"{'x' * 4094}\r\n{'x' * 4094}\r\n")


def test_commands_are_messages_in_a_pipe(served: str) -> None:
    finished = spacebeam("connect", f"{served}/echo", stdin=b"/binary 00\n/text a\n")
    assert finished.stdout == b"/binary 00\n/text a\n"
