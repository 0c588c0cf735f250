"""CSV, Markdown, text, JSON Lines and folders of payloads."""

from __future__ import annotations

import csv
import io
import json

import pytest

from spacebeam.exchange.exporters.csv_file import COLUMNS
from spacebeam.exchange.exporters.registry import FORMATS
from spacebeam.exchange.json_lines import to_lines
from spacebeam.net.report import HandshakeReport
from spacebeam.net.report_json import to_json
from spacebeam.protocol.batch import Batch, Direction, Kind, single
from spacebeam.recording.entry import Mark
from spacebeam.recording.recording import Recording
from tests.exchange.exporting import BEGAN, exported, text

_SENT, _RECEIVED = Direction.SENT, Direction.RECEIVED


def _rows(*batches: Batch) -> list[dict[str, str]]:
    pieces, _losses = exported("csv", *batches)
    return list(csv.DictReader(io.StringIO(text(pieces), newline="")))


def test_a_csv_row_has_every_value_of_an_entry() -> None:
    awkward = 'a,"b"\r\nc\x00é'
    rows = _rows(
        single(BEGAN, _SENT, Kind.TEXT, awkward.encode()),
        single(BEGAN, _RECEIVED, Kind.BINARY, b"\x00\xff"),
        single(BEGAN, _RECEIVED, Kind.TEXT, b"\xff"),
    )
    assert rows[0] == {
        "number": "1",
        "time": "2023-11-14T22:13:20.250000Z",
        "direction": "sent",
        "kind": "text",
        "size": str(len(awkward.encode())),
        "encoding": "text",
        "payload": awkward,
        "starred": "",
        "note": "",
    }
    assert [(row["encoding"], row["payload"]) for row in rows[1:]] == [
        ("base64", "AP8="),
        ("base64", "/w=="),
    ]


@pytest.mark.parametrize("sign", [*"=+-@\t\r\n'", "\uff1d", "\uff0b", "\uff0d", "\uff20"])
def test_no_cell_is_a_formula_and_the_guard_can_be_removed(sign: str) -> None:
    payload = f"{sign}cmd|' /C calc'!A0"
    (row,) = _rows(single(BEGAN, _RECEIVED, Kind.TEXT, payload.encode()))
    assert row["payload"] == f"'{payload}"
    noted, _losses = exported(
        "csv",
        single(BEGAN, _SENT, Kind.TEXT, b"x"),
        also=lambda recording: recording.set_mark(0, Mark(note=payload)),
    )
    assert next(csv.reader(io.StringIO(text(noted), newline=""))) == list(COLUMNS)
    assert f"'{sign}" in text(noted)


def test_csv_lines_end_as_the_rfc_says_and_an_empty_export_has_a_head() -> None:
    pieces, _losses = exported("csv")
    assert text(pieces) == ",".join(COLUMNS) + "\r\n"


def test_json_lines_are_those_of_the_terminal() -> None:
    batch = single(BEGAN, _SENT, Kind.TEXT, b"x")
    pieces, losses = exported("jsonl", batch)
    told = json.loads(text(pieces))
    assert told.pop("number") == 1
    assert told == json.loads(to_lines(batch))
    assert losses == {}


def test_nothing_of_a_peer_breaks_out_of_its_block_in_markdown() -> None:
    payload = "```\n# not a heading\n<script>````\x1b[2J\u202e"
    pieces, _losses = exported("markdown", single(BEGAN, _RECEIVED, Kind.TEXT, payload.encode()))
    written = text(pieces)
    head, fence, rest = written.partition("`````\n")
    assert fence
    assert "```" not in head
    assert rest.endswith("\n`````\n\n")
    assert rest.count("`````") == 1
    assert "\x1b" not in written
    assert "\u202e" not in written


def test_markdown_has_titles_notes_and_binary_in_hexadecimal() -> None:
    def say(recording: Recording) -> None:
        recording.facts |= {"title": "A *feed*", "address": "ws://me:secret99@h/"}
        recording.set_mark(0, Mark(True, "look\n# here"))

    pieces, losses = exported("markdown", single(BEGAN, _SENT, Kind.BINARY, b"\x00\xff"), also=say)
    written = text(pieces)
    assert written.startswith("# A \\*feed\\*\n\n` ws://h/ `\n\n**1** ")
    assert "secret99" not in written
    assert "→ binary, 2 B ★\n\nlook" in written
    assert "\n#" not in written
    assert "```\n00 ff\n```\n" in written
    assert losses == {}


def test_a_line_of_text_is_an_entry() -> None:
    pieces, _losses = exported(
        "text",
        single(BEGAN, _SENT, Kind.TEXT, b"two\nlines\xff"),
        single(BEGAN, _RECEIVED, Kind.BINARY, b"\x00\xff"),
        single(BEGAN, _RECEIVED, Kind.PING, b"hi"),
    )
    lines = [line[24:] for line in text(pieces).splitlines()]
    assert lines == [r"> text   two\nlines\xff", "< binary 00ff", "< ping   PING hi"]


def test_a_folder_has_a_file_for_each_message_and_names_that_no_peer_chose() -> None:
    pieces, losses = exported(
        "folder",
        single(BEGAN, _SENT, Kind.TEXT, b"../../etc/passwd"),
        single(BEGAN, _RECEIVED, Kind.TEXT, b'{"a": 1}'),
        single(BEGAN, _RECEIVED, Kind.BINARY, b"\x00\xff"),
        single(BEGAN, _RECEIVED, Kind.PING, b""),
        single(BEGAN, _RECEIVED, Kind.TEXT, b"{no json"),
        *(single(BEGAN, _RECEIVED, Kind.PONG, b"") for _ in range(5)),
    )
    files = {piece.name: piece.data for piece in pieces if piece.name != "index.jsonl"}
    assert files == {
        "01-sent.txt": b"../../etc/passwd",
        "02-received.json": b'{"a": 1}',
        "03-received.bin": b"\x00\xff",
        "05-received.txt": b"{no json",
    }
    index = b"".join(piece.data for piece in pieces if piece.name == "index.jsonl")
    assert [json.loads(line)["file"] for line in index.splitlines()] == list(files)
    assert losses == {"other-entries": 6}


@pytest.mark.parametrize("name", sorted(FORMATS.keys() - {"har", "playwright"}))
def test_a_format_without_a_place_for_handshakes_says_so(name: str) -> None:
    def say(recording: Recording) -> None:
        recording.handshakes.append((0, to_json(HandshakeReport("ws://h/"))))

    _pieces, losses = exported(name, single(BEGAN, _SENT, Kind.TEXT, b"x"), also=say)
    assert losses == {"handshakes": 1}
