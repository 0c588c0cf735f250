"""`spacebeam connections`: list the saved connections, or remove one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import click
from click import UsageError
from cloup import argument, option, option_group

from spacebeam.cli.command_line import command
from spacebeam.cli.messages import print_line, print_note, print_terminal_note, print_text
from spacebeam.cli.options import values
from spacebeam.cli.options.named import (
    connection_names,
    file_words,
    library_of,
    problem_words,
    the_one,
)
from spacebeam.cli.options.output import json_lines, output_options
from spacebeam.cli.options.saved import library_option
from spacebeam.cli.status import Status
from spacebeam.cli.terminal import colored_json
from spacebeam.decode.visible import one_line
from spacebeam.exchange.opencollection.yaml_reading import YamlError
from spacebeam.library.connections.library import ConnectionLibrary, folder_names
from spacebeam.library.connections.nodes import ROOT, Node, NodeKind, folded
from spacebeam.library.connections.open_folder import OpenFolder

_EPILOG = """\
With --json, an object on a line for each connection and each broken file:
  library   path of the open folder
  folder    names of the folders that it is in, a list
  name      name of the connection
  address   as it is saved, with its variables, without secrets
  favorite  whether it is a favourite
  file      path of its file in the library
  problem   why the file cannot be read, null if it can

exit codes: 0 done, 2 bad usage, 4 the folder or a file in it cannot be read, 5 standard output
failed

examples:
  spacebeam connections
  spacebeam connections Trading --json | jq -r .name
  spacebeam connect wss://feed.example/v1 --bearer '{{token}}' --save-as 'Trading/BTC feed'
  spacebeam connect 'BTC feed' --env Test
  spacebeam connections --remove 'Trading/BTC feed'"""


@command("connections", epilog=_EPILOG)
@argument(
    "folder",
    metavar="[FOLDER]",
    required=False,
    type=values.text,
    help="Only the connections in this folder.",
)
@option_group(
    "Saved connections",
    option(
        "--remove",
        metavar="NAME",
        type=values.text,
        shell_complete=connection_names,
        help="Remove this connection; its file is moved to a folder for deleted ones.",
    ),
    library_option,
)
@output_options(json_lines)
def command_line(**given: Any) -> int:
    """List the saved connections with their folders and addresses."""
    library = library_of(given)
    try:
        library.load()
        if given["remove"] is not None:
            return _remove(library, given["remove"])
    except (OSError, YamlError) as error:
        raise UsageError(file_words(given["remove"] or "", error)) from None
    if given["folder"] is not None and not any(
        _starts(folder, given["folder"]) for folder in library.folders
    ):
        raise click.BadParameter(
            f"There is no folder “{one_line(given['folder'])}”.", param_hint="FOLDER"
        )
    for folder in library.folders:
        starts = [ROOT] if given["folder"] is None else _starts(folder, given["folder"])
        if given["as_json"]:
            for start in starts:
                _print_json(folder, start)
        else:
            _print_tree(library, folder, starts)
    if not any(folder.children(ROOT) for folder in library.folders):
        print_terminal_note(
            "There are no saved connections. “spacebeam connect --save-as” saves one."
        )
    problems = [node for folder in library.folders for node in folder.nodes() if node.problem]
    return Status.UNREADABLE if problems else Status.DONE


def _remove(library: ConnectionLibrary, name: str) -> Status:
    found = the_one(library, name)
    deleted = found.folder.delete(found.node.path)
    print_note(f"Moved to {one_line(str(deleted.stored))}")
    return Status.DONE


def _starts(folder: OpenFolder, name: str) -> list[str]:
    """Return the paths of the folders of a name, or of some names with slashes."""
    wanted = folded(name.strip("/"))
    found = []
    for node in folder.nodes():
        if node.kind is NodeKind.FOLDER:
            names = (*folder_names(folder, node), node.name) if node.path else (node.name,)
            if wanted in ("/".join(map(folded, names)), folded(node.name)):
                found.append(node.path)
    return sorted(found)


def _print_tree(library: ConnectionLibrary, folder: OpenFolder, starts: list[str]) -> None:
    root = folder.node(ROOT)
    if root is not None and root.problem is not None:
        print_note(problem_words(str(folder.root), root.problem))
    if len(library.folders) > 1 and starts:
        print_line(str(folder.root))
    rows = [row for start in starts for row in _rows(folder, start, 0)]
    width = min(max((len(words) for words, _rest in rows), default=0), 48)
    for words, rest in rows:
        print_line(f"{words:<{width}}  {rest}".rstrip())


def _rows(folder: OpenFolder, path: str, depth: int) -> Iterator[tuple[str, str]]:
    """Yield the indented name of each node, and what stands beside it."""
    for node in folder.children(path):
        name = f"{'  ' * depth}{one_line(node.name)}"
        if node.kind is NodeKind.FOLDER:
            yield f"{name}/", _beside(node)
            yield from _rows(folder, node.path, depth + 1)
        else:
            yield f"{name} ★" if node.is_favorite else name, _beside(node)


def _beside(node: Node) -> str:
    if node.problem is not None:
        return problem_words(node.path, node.problem)
    return one_line(node.address)


def _print_json(folder: OpenFolder, path: str) -> None:
    for node in folder.children(path):
        if node.kind is NodeKind.FOLDER and node.problem is None:
            _print_json(folder, node.path)
            continue
        problem = node.problem and problem_words(node.path, node.problem)
        values = {
            "library": str(folder.root),
            "folder": folder_names(folder, node),
            "name": node.name,
            "address": node.address,
            "favorite": node.is_favorite,
            "file": node.path,
            "problem": problem,
        }
        print_text(colored_json(json.dumps(values) + "\n"))
