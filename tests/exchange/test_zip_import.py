"""Playwright's zip of a HAR and its messages becomes conversations."""

from __future__ import annotations

import io
import json
import zipfile

import pytest

from spacebeam.exchange.importers import zip_archive
from spacebeam.exchange.importers.importer import ImportFault
from spacebeam.protocol.batch import Direction, Kind
from tests.exchange.importing import Imported, imported

_LINE = b'{"type": "send", "time": 1700000000000, "opcode": 1, "data": "x"}\n'


def _har(file: str) -> bytes:
    entry = {
        "request": {"url": "ws://h/", "headers": []},
        "response": {"status": 101, "headers": [], "content": {"_file": file}},
    }
    return json.dumps({"log": {"entries": [entry]}}).encode()


def _zip(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return content.getvalue()


def _payloads(found: Imported) -> list[bytes]:
    return [payload for one in found.conversations for *_about, payload in one.messages]


def test_the_messages_are_in_the_file_that_the_har_names() -> None:
    found = imported(_zip({"har.har": _har("a.jsonl"), "a.jsonl": _LINE * 3}))
    assert found.error is None
    assert found.conversations[0].messages == [(Direction.SENT, Kind.TEXT, b"x")] * 3
    assert found.losses == {}


@pytest.mark.parametrize(
    "name", ["../a.jsonl", "/etc/passwd", "b\\a.jsonl", "none.jsonl", "\ud800"]
)
def test_only_a_plain_name_in_the_archive_is_read(name: str) -> None:
    files = {"har.har": _har(name), "../a.jsonl": _LINE, "/etc/passwd": _LINE, "b\\a.jsonl": _LINE}
    found = imported(_zip(files))
    assert _payloads(found) == []
    assert found.losses == {"no-messages": 1}


def test_a_broken_line_is_told_with_its_file_and_the_lines_before_are_imported() -> None:
    found = imported(_zip({"har.har": _har("a.jsonl"), "a.jsonl": _LINE * 2 + b"{no}\n"}))
    assert _payloads(found) == [b"x", b"x"]
    assert found.error is not None
    assert (found.error.fault, found.error.line) == (ImportFault.NOT_JSON, 3)
    assert found.error.member == "a.jsonl"


def test_damaged_messages_give_what_came_before() -> None:
    content = bytearray(
        _zip({"har.har": _har("a.jsonl"), "a.jsonl": _LINE * 9}, zipfile.ZIP_STORED)
    )
    content[content.rindex(_LINE) + 9] ^= 1  # so the checksum is wrong
    found = imported(bytes(content))
    assert found.error is not None
    assert found.error.fault is ImportFault.NOT_ZIP


@pytest.mark.parametrize("files", [{}, {"a.txt": b"x"}, {"sub/har.har": _har("a")}])
def test_other_archives_are_refused(files: dict[str, bytes]) -> None:
    found = imported(_zip({"first": b"", **files}))
    assert found.error is not None
    assert found.error.fault is ImportFault.UNKNOWN_FORMAT


def test_an_archive_that_is_cut_off_says_so() -> None:
    whole = _zip({"har.har": _har("a.jsonl"), "a.jsonl": _LINE})
    for end in (40, len(whole) // 2, len(whole) - 10):
        found = imported(whole[:end])
        assert found.error is not None
        assert found.error.fault is ImportFault.CUT_OFF


def test_an_archive_with_a_huge_directory_is_refused_before_it_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(zip_archive, "_MAX_DIRECTORY", 50)
    found = imported(_zip({"har.har": _har("a.jsonl"), "a.jsonl": _LINE}))
    assert found.error is not None
    assert found.error.fault is ImportFault.TOO_LARGE
