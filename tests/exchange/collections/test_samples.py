"""Files as other programs write them, and what becomes of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from spacebeam.exchange.collections.importers.registry import read, recognise
from tests.exchange.collections.outline import lost, outline
from tests.support.samples import sample

SAMPLES = Path(__file__).parent / "samples"
OUTLINES = Path(__file__).parent / "outlines"


@pytest.mark.parametrize("path", sorted(OUTLINES.rglob("*.txt")), ids=lambda path: path.stem)
def test_a_file_of_another_program_becomes_connections(path: Path) -> None:
    expected = path.read_text(encoding="utf-8").splitlines()
    source, format_ = expected[0].rsplit(": ", 1)
    imported = read(SAMPLES / source)
    assert [*outline(imported.collection), lost(imported.losses)] == expected[1:]
    assert imported.format == format_


@pytest.mark.parametrize(
    "request_line", ["WEBSOCKET wss://h/x\nX: y", "GET wss://h/x\nX: y", "WS wss://h/x"]
)
def test_an_http_file_with_one_request_keeps_its_name(request_line: str, tmp_path: Path) -> None:
    file = tmp_path / "one.http"
    file.write_text(f"### My name\n{request_line}\n")
    found = read(file)
    assert found.format == "http"
    (connection,) = found.collection.folder.connections
    assert (connection.name, connection.address) == ("My name", "wss://h/x")
    assert not found.losses.names


def test_every_sample_is_read() -> None:
    known = {
        path.read_text(encoding="utf-8").partition(": ")[0] for path in OUTLINES.rglob("*.txt")
    }
    folders = {one for one in SAMPLES.iterdir() if one.is_dir()}
    assert {name.partition("/")[0] for name in known} == {one.name for one in folders}


# What files of other projects have: the format, and how many connections and messages.
OF_OTHERS = {
    "asyncapi/2.6.0-gitter-streaming.yml": ("asyncapi", 1, 0),
    "asyncapi/2.6.0-slack-rtm.yml": ("asyncapi", 1, 1),
    "asyncapi/2.6.0-websocket-gemini.yml": ("asyncapi", 1, 0),
    "asyncapi/3.1.0-gitter-streaming-asyncapi.yml": ("asyncapi", 1, 0),
    "asyncapi/3.1.0-kraken-websocket-request-reply-message-filter-in-reply-asyncapi.yml": (
        "asyncapi",
        1,
        3,
    ),
    "asyncapi/3.1.0-kraken-websocket-request-reply-multiple-channels-asyncapi.yml": (
        "asyncapi",
        1,
        3,
    ),
    "asyncapi/3.1.0-slack-rtm-asyncapi.yml": ("asyncapi", 1, 1),
    "asyncapi/3.1.0-websocket-gemini-asyncapi.yml": ("asyncapi", 1, 0),
    "bruno/collection": ("bruno", 9, 26),
    "bruno/multi-message-bru/collection": ("bruno", 2, 3),
    "bruno/variable-interpolation/collection": ("bruno", 1, 1),
    "http-files/httpyac-websocket.http": ("http", 1, 1),
    "http-files/httpyac-websocketKeepStreaming.http": ("http", 1, 0),
    "http-files/httpyac-websocketPublish.http": ("http", 1, 1),
    "insomnia/version-5.input.yaml": ("insomnia", 1, 0),
    "insomnia/websockets-v4.yaml": ("insomnia", 5, 0),
    "opencollection/client-certs": ("opencollection", 1, 1),
    "opencollection/multi-message-yml/collection": ("opencollection", 2, 3),
    "postman-2.1/bom-in-environment-file.postman_environment.json": ("postman-environment", 0, 0),
    "postman-2.1/disabled-and-duplicates.postman_environment.json": ("postman-environment", 0, 0),
    "postman-2.1/globals-env-data-files.postman_environment.json": ("postman-environment", 0, 0),
    "postman-2.1/globals-env-data-files.postman_globals.json": ("postman-environment", 0, 0),
    "restura/multi-protocol.yaml": ("opencollection", 1, 0),
    "yaak/importer-insomnia-version-5.output.json": ("yaak", 1, 0),
}


@pytest.mark.parametrize("name", OF_OTHERS)
def test_a_file_of_another_project_becomes_connections(name: str) -> None:
    imported = read(sample(name))
    connections = [one for _folders, one in imported.collection.folder.walk()]
    messages = sum(len(one.messages) for one in connections)
    assert (imported.format, len(connections), messages) == OF_OTHERS[name]


@pytest.mark.parametrize("name", ["chrome-156-sanitized.har", "playwright-1.65.1-embed.har"])
def test_a_recording_is_no_collection(name: str) -> None:
    assert recognise(Path(__file__).parents[1] / "samples" / name) is None
