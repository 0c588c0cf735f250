"""Fuzzing of the files of saved connections, and of `.env` files."""

from __future__ import annotations

from fuzz.target import Target
from spacebeam.exchange.env_file import parse_env
from spacebeam.exchange.opencollection.connection import connection_document, read_connection
from spacebeam.exchange.opencollection.folder import folder_document, read_bundle, read_folder
from spacebeam.exchange.opencollection.variables import environment_document, read_environment
from spacebeam.exchange.opencollection.yaml_editing import edited
from spacebeam.exchange.opencollection.yaml_reading import YamlError, decoded, parse
from spacebeam.exchange.opencollection.yaml_writing import document, flat
from spacebeam.library.connections.nodes import connection_node
from spacebeam.library.connections.skimming import skimmed
from spacebeam.profiles.prepared import MessageError, Preparation
from spacebeam.profiles.variables import TooLongError
from spacebeam.wording.connection_files import file_problem_words


def check_saved_connection(data: bytes) -> None:
    """Check a file: refused in words, or read as anything it may be, and written again."""
    try:
        present = parse(data)
        text = decoded(data)
    except YamlError as error:
        file_problem_words(error.problem, error.line, error.column, error.detail)
        return
    assert parse(document(present)) == present
    assert edited(text, present) == text
    part = skimmed(text)
    if part is not None:
        assert connection_node("a", part) == connection_node("a", present)
    connection = read_connection(present)
    assert edited(text, connection_document(connection, present)) is not None
    again = read_connection(flat(connection_document(connection)))  # type: ignore[arg-type]
    assert (again.name, again.messages) == (connection.name, connection.messages)
    folder, environment = read_folder(present), read_environment(present)
    document(folder_document(folder, present))
    document(environment_document(environment, present))
    read_bundle(present)
    _check_prepared(Preparation(connection, {one.name: one for one in environment.variables}))


def _check_prepared(found: Preparation) -> None:
    try:
        found.prepared()
        found.on_connect()
    except (MessageError, TooLongError):
        pass


def check_env_file(data: bytes) -> None:
    """Check a `.env` file: names without line breaks, whatever it is."""
    for name in parse_env(data.decode(errors="replace")):
        assert name.isprintable()


SAVED_CONNECTIONS = {
    "saved-connection": Target(
        check_saved_connection,
        (
            b"info:\n  name: Feed\n  type: websocket\n  seq: 1\n\nwebsocket:\n  url: wss://h/x\n"
            b"  headers:\n    - name: A\n      value: '1' # c\n  message:\n    - title: M\n"
            b"      message:\n        type: binary\n        data: AAEC\n  auth: inherit\n",
            b"info: {name: F, type: folder}\nrequest: {auth: {type: apikey, key: k, placement: q}}",
            b"name: E\nvariables:\n  - {secret: true, name: t}\n  - name: a\n    value: {type: x}",
            b"a: &a [x]\nb: *a\nextensions:\n  spacebeam:\n    profile: {limits: {max_message: 1}}",
            b"websocket:\n  message:\n    type: json\n    data: |-\n      {}\n\n    x: {{a}}",
        ),
    ),
    "env-file": Target(check_env_file, (b"export A='b\nc' # d\nB=\"x\\n\"\nC=`d`\n",)),
}
