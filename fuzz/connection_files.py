"""Fuzzing of collections of other programs: read with bounded values, or refused."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from fuzz.target import Target
from spacebeam.exchange.collections.importers.registry import read
from spacebeam.exchange.importers.importer import ImportFileError
from spacebeam.profiles.collection import Collection, Folder, SavedConnection
from spacebeam.profiles.profile import MAX_PAIRS, MAX_TEXT
from spacebeam.wording.exchange import import_fault_words, not_carried_words


def check_collection(data: bytes) -> None:
    """Import a file by its content; it is read or refused."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        path.write_bytes(data)
        try:
            imported = read(path)
        except ImportFileError as error:
            import_fault_words(error.fault, line=error.line, offset=error.offset)
            return
    told = {loss.value: count for loss, count in imported.losses.items()}
    assert not told or not_carried_words(told)
    _check(imported.collection)


def _check(collection: Collection) -> None:
    for folder in _folders(collection.folder):
        assert "\n" not in folder.name
        for connection in folder.connections:
            _check_connection(connection)


def _folders(folder: Folder) -> Iterator[Folder]:
    yield folder
    for inner in folder.folders:
        yield from _folders(inner)


def _check_connection(connection: SavedConnection) -> None:
    assert connection.name
    assert "\n" not in connection.name
    connection.address.encode()
    for message in connection.messages:
        message.text.encode()
    for name, value in connection.profile.request.headers:
        assert len(name) + len(value or "") <= MAX_TEXT
    assert len(connection.profile.request.headers) <= MAX_PAIRS


def _seeds() -> Iterator[bytes]:
    request = {
        "header": [{"key": "A", "value": "{{b}}", "disabled": True}],
        "url": {"raw": "ws://h/:a?b=1", "variable": [{"key": "a", "value": "1"}]},
        "auth": {"type": "bearer", "bearer": [{"key": "token", "value": "x"}]},
        "body": {"raw": "{}"},
    }
    item = {"name": "x", "item": [{"request": request}]}
    yield json.dumps({"info": {"_postman_id": "1"}, "item": [item], "variable": []}).encode()
    yield json.dumps({"_postman_variable_scope": "e", "values": [{"key": "a"}]}).encode()
    resource = {"_id": "a", "_type": "websocket_request", "url": "ws://{{ _.h }}", "parentId": "b"}
    space = {"_id": "b", "_type": "workspace"}
    yield json.dumps(
        {"_type": "export", "__export_format": 4, "resources": [space, resource]}
    ).encode()
    yield (
        b"type: collection.insomnia.rest/5.0\ncollection:\n- url: ws://h\n  meta: {id: ws-req_1}\n"
        b"  headers: [{name: a, value: '{% uuid %}'}]\n"
        b"environments: {data: {a: {b: &x 1, c: *x}}}\n"
    )
    socket = {"url": "ws://${[ h ]}", "urlParameters": [{"name": ":a"}], "message": "${[ f() ]}"}
    yield json.dumps({"yaakSchema": 4, "resources": {"websocketRequests": [socket]}}).encode()
    yield (
        b"meta {\n  name: x\n  type: ws\n}\n\nws {\n  url: ws://h\n  auth: basic\n}\n\n"
        b"body:ws {\n  content: '''\n    {}\n  '''\n}\nvars:secret [\n  a,\n]\n"
    )
    yield (
        b"@a = b\n### x\n# @timeout 2\nWEBSOCKET ws://{{a}}/\nA: {{$uuid}}\n\nhi\n"
        b"=== wait-for-server\n< ./file\n"
    )
    yield (
        b"asyncapi: 3.0.0\nservers: {s: {host: h, protocol: ws}}\nchannels:\n  c:\n"
        b"    address: /{a}\n    bindings: {ws: {query: {}}}\n"
        b"    messages: {m: {payload: {$ref: '#/channels/c/messages/m'}}}\n"
    )
    yield b"opencollection: 1.0.0\nitems:\n- info: {type: websocket}\n  websocket: {url: ws://h}\n"
    yield (
        b"$kind: socket.io-request\nurl: http://h/n\n"
        b"messages:\n- {eventName: e, args: [{content: '1'}]}\n"
    )
    yield b'{"websocket": {"endpoint": "wss://h", "protocols": [{"value": "a"}]}}'
    yield b"websocat ws://h -H='A: b'\nwscat -c ws://h -x {{a}}\n"


CONNECTION_FILES = {"collection": Target(check_collection, tuple(_seeds()))}
