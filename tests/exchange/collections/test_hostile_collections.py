"""Files that mean harm, or that are broken: they are refused, or a part of them is left out."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from spacebeam.exchange.collections.importers.files import MAX_FILE
from spacebeam.exchange.collections.importers.registry import read, recognise
from spacebeam.exchange.importers.importer import ImportFault, ImportFileError
from tests.exchange.collections.making import connections, imported, losses, only

POSTMAN = {"info": {"schema": "https://x/json/collection/v2.1.0/c"}}
WS = {"request": "ws://h/"}


def _fault(folder: Path, text: str, name: str = "x") -> ImportFault:
    with pytest.raises(ImportFileError) as caught:
        imported(folder, {name: text}, name)
    return caught.value.fault


def test_other_texts_are_no_collections(tmp_path: Path) -> None:
    for text in ("", "hello", "{}", "[]", "{", "null", "\0\0", "name: x\n", "a: b: c", "[1, 2]"):
        (tmp_path / "x").write_text(text)
        assert recognise(tmp_path / "x") is None, text
    assert recognise(tmp_path) is None


def test_json_that_is_nested_too_deeply_is_refused(tmp_path: Path) -> None:
    deep = '{"item":[' * 5000 + "]}" * 5000
    text = '{"info": {"_postman_id": "1"}, "item": [' + deep + "]}"
    assert _fault(tmp_path, text) is ImportFault.TOO_DEEP


def test_a_collection_of_broken_json_is_refused_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "x").write_text('{"info": {"_postman_id": "1"},\n "item": [')
    with pytest.raises(ImportFileError) as caught:
        recognise(tmp_path / "x")
    assert (caught.value.fault, caught.value.line) == (ImportFault.NOT_JSON, 2)


def test_folders_in_folders_end_somewhere(tmp_path: Path) -> None:
    item: dict[str, Any] = {"item": [WS]}
    for _ in range(200):
        item = {"item": [item, WS]}
    found = imported(tmp_path, {"x": POSTMAN | item}, "x")
    assert 40 <= len(connections(found)) <= 60
    assert losses(found) == {"excess": 1}


def test_aliases_that_multiply_are_refused(tmp_path: Path) -> None:
    lines = ["type: collection.insomnia.rest/5.0", "a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    assert _fault(tmp_path, "\n".join(lines)) is ImportFault.FILE_TOO_LARGE


def test_yaml_that_is_nested_too_deeply_is_refused(tmp_path: Path) -> None:
    text = "asyncapi: " + "[" * 500 + "]" * 500
    assert _fault(tmp_path, text) is ImportFault.TOO_DEEP


def test_broken_yaml_is_refused_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("asyncapi: 3.0.0\ninfo: [\n")
    with pytest.raises(ImportFileError) as caught:
        read(tmp_path / "x")
    assert (caught.value.fault, caught.value.line) == (ImportFault.NOT_YAML, 3)


def test_references_in_a_circle_end(tmp_path: Path) -> None:
    text = """
asyncapi: 3.0.0
servers: {s: {host: h, protocol: wss}}
channels:
  c:
    address: /
    messages:
      a: {$ref: '#/components/messages/a'}
      b: {payload: {$ref: '#/components/schemas/tree'}}
operations:
  o: {action: receive, channel: {$ref: '#/channels/c'}}
components:
  messages:
    a: {$ref: '#/components/messages/b'}
    b: {$ref: '#/components/messages/a'}
  schemas:
    tree:
      type: object
      properties:
        left: {$ref: '#/components/schemas/tree'}
        right: {$ref: '#/components/schemas/tree'}
"""
    found = imported(tmp_path, {"x.yml": text}, "x.yml")
    assert len(only(found).messages) == 2
    assert all(len(one.text) < 200_000 for one in only(found).messages)


def test_references_to_other_files_are_not_read(tmp_path: Path) -> None:
    text = """
asyncapi: 2.6.0
servers: {s: {url: 'wss://h', protocol: wss}}
channels:
  /a: {publish: {message: {payload: {$ref: './secret.json'}}}}
  /b: {publish: {message: {payload: {$ref: 'https://h/secret.json'}}}}
"""
    (tmp_path / "secret.json").write_text('{"const": "SECRET"}')
    found = imported(tmp_path, {"x.yml": text}, "x.yml")
    assert losses(found) == {"files": 2}
    assert not any("SECRET" in one.text for c in connections(found) for one in c.messages)


@pytest.mark.parametrize("path", ["../secret", "/etc/passwd", "link", "a/../../secret"])
def test_a_message_in_a_file_elsewhere_is_not_read(tmp_path: Path, path: str) -> None:
    (tmp_path / "secret").write_text("SECRET")
    inner = tmp_path / "inner"
    inner.mkdir()
    (inner / "link").symlink_to(tmp_path / "secret")
    text = f"WEBSOCKET ws://h/\n\n< {path}\n"
    found = imported(inner, {"x.http": text}, "x.http")
    assert only(found).messages == ()
    assert losses(found) == {"files": 1}


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    found = imported(tmp_path, {"x.http": "WEBSOCKET ws://h/\n\n< ./pipe\n"}, "x.http")
    assert losses(found) == {"files": 1}


def test_messages_of_postman_outside_of_the_folder_are_not_read(tmp_path: Path) -> None:
    outside = {"../m/a.message.yaml": "$kind: websocket-message\ncontent: SECRET\n"}
    inside = {
        "a.request.yaml": "$kind: websocket-request\nurl: ws://h/\nmessages: ../m\n",
        ".resources/definition.yaml": "$kind: collection\n",
    }
    folder = tmp_path / "collection"
    folder.mkdir()
    found = imported(folder, outside | inside)
    assert only(found).messages == ()
    assert losses(found) == {"files": 1}


def test_links_in_a_folder_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "a.bru").write_text("ws {\n  url: ws://h/\n}\n")
    (tmp_path / "folder" / "link").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "folder" / "circle").symlink_to(tmp_path / "folder")
    found = imported(tmp_path / "folder", {"bruno.json": {"name": "x"}})
    assert connections(found) == []


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "x").open("wb") as file:
        file.write(b'{"info": {"_postman_id": ""}}')
        file.truncate(MAX_FILE + 1)
    assert recognise(tmp_path / "x") is None


def test_resources_of_insomnia_with_the_same_id_appear_once(tmp_path: Path) -> None:
    group = {"_id": "a", "_type": "request_group", "parentId": "a"}
    space = {"_id": "w", "_type": "workspace"}
    socket = {"_id": "s", "_type": "websocket_request", "parentId": "a", "url": "ws://h/"}
    first = {"_id": "a", "_type": "request_group", "parentId": "w"}
    document = {
        "_type": "export",
        "__export_format": 4,
        "resources": [space, first, *[group] * 50, *[socket] * 50],
    }
    assert len(connections(imported(tmp_path, {"x": document}, "x"))) == 50


@pytest.mark.parametrize(
    "value", [None, 1, 1.5, True, "text", [], {}, [1], [[]], {"a": 1}, "\ud800", 10**400]
)
def test_values_of_the_wrong_type_are_no_error(tmp_path: Path, value: object) -> None:
    request = {
        "method": value,
        "header": value,
        "auth": {"type": "bearer", "bearer": value},
        "body": value,
        "url": {"raw": "ws://h/", "query": value, "variable": value},
    }
    item = {"name": value, "request": request, "event": value}
    collection = POSTMAN | {"item": [item, value], "variable": value, "auth": value, "event": value}
    imported(tmp_path, {"x": collection}, "x")
    socket = {
        "_id": "ws-req_1",
        "_type": "websocket_request",
        "url": "ws://h/",
        "headers": value,
        "authentication": value,
        "parameters": value,
        "metaSortKey": value,
        "name": value,
    }
    insomnia = {"_type": "export", "__export_format": value, "resources": [socket, value]}
    imported(tmp_path, {"y": insomnia}, "y")


def test_a_broken_file_of_a_folder_is_listed_and_the_others_are_read(tmp_path: Path) -> None:
    files = {
        "bruno.json": {"name": "x"},
        "good.bru": "meta {\n  name: good\n  type: ws\n}\nws {\n  url: ws://h/\n}\n",
        "cut.bru": "meta {\n  name: cut\n",
        "odd/odd.bru": "hello\n",
    }
    found = imported(tmp_path, files)
    assert only(found).name == "good"
    assert losses(found) == {"files": 2}
    assert [list(names) for names in found.losses.names.values()] == [["cut.bru", "odd/odd.bru"]]


def test_a_name_is_one_line_without_control_characters(tmp_path: Path) -> None:
    item = WS | {"name": "a\nb\x1b[31m\u2028" + "c" * 1000}
    found = imported(tmp_path, {"x": POSTMAN | {"item": [item]}}, "x")
    assert only(found).name.startswith("a b [31m ccc")
    assert len(only(found).name) == 200


def test_a_connection_without_a_name_is_not_called_by_its_secrets(tmp_path: Path) -> None:
    item = {"request": "wss://user:hunter2@h/feed?token=s3cr3t-value"}
    found = imported(tmp_path, {"x": POSTMAN | {"item": [item]}}, "x")
    assert only(found).name == "wss://h/feed"
