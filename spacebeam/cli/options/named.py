"""Finding a saved connection by its name, its folders and name, or its file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from difflib import get_close_matches
from itertools import islice
from pathlib import Path
from typing import Any

from click import BadParameter, Context, Parameter
from click.shell_completion import CompletionItem

from spacebeam.cli.messages import print_note
from spacebeam.cli.options.target import is_address
from spacebeam.decode.visible import one_line
from spacebeam.exchange.opencollection.yaml_reading import YamlError
from spacebeam.library.connections.file_names import COLLECTION_FILE
from spacebeam.library.connections.library import ConnectionLibrary, Found, folder_names
from spacebeam.library.connections.nodes import FileProblem, folded
from spacebeam.library.connections.open_folder import OpenFolder
from spacebeam.profiles.variables import has_variables
from spacebeam.protocol.endpoint import EndpointError, parse
from spacebeam.wording.connection_files import file_problem_words

_MAX_NAMES = 5  # that an error suggests
_MAX_COMPARED = 2000  # names; comparing more takes seconds
_FILES = (".yml", ".yaml")


def connection_names(context: Context, _parameter: Parameter, begun: str) -> list[CompletionItem]:
    """Complete the names of saved connections, with their folders, for a shell."""
    library = library_of({"library": context.params.get("library") or ()})
    with suppress(OSError):
        library.load(checked=False)
    names = (one for one in library.names() if folded(one).startswith(folded(begun)))
    return [CompletionItem(one) for one in sorted(names) if one.isprintable()]


def library_of(given: Mapping[str, Any]) -> ConnectionLibrary:
    """Return the library of the command line; it is not read yet."""
    return ConnectionLibrary([Path(one).expanduser() for one in given["library"]])


def looked_up(given: Mapping[str, Any], typed: str) -> Found | None:
    """Return the saved connection of a name; None for an address, or for nothing."""
    if is_address(typed) or not typed.strip():
        return None
    if typed.endswith(_FILES) and (path := Path(typed).expanduser()).is_file():
        return _of_file(path)
    library = library_of(given)
    library.load(checked=False)
    if not (library.named(typed) or typed.endswith(_FILES)):
        with suppress(EndpointError):
            parse(typed)
            similar = near(typed, library.names())
            if similar and not has_variables(typed):
                words = f"There is no saved connection “{one_line(typed)}”, so it is a host."
                print_note(f"{words} {similar}")
            return None
    return the_one(library, typed)


def the_one(library: ConnectionLibrary, typed: str) -> Found:
    """Return the saved connection of a name. Raise BadParameter if there is none, or several."""
    found = library.named(typed)
    if not found:
        similar = near(typed, library.names())
        raise bad_target(f"There is no saved connection “{one_line(typed)}”. {similar}".rstrip())
    if len(found) > 1:
        named = ", ".join(f"“{one_line(_full_name(one))}”" for one in found[:_MAX_NAMES])
        raise bad_target(
            f"“{one_line(typed)}” names {len(found)} connections: {named}. Write its folder too."
        )
    return found[0]


def _of_file(path: Path) -> Found:
    """Return the connection in a file, with the collection that the file is in."""
    path = path.absolute()
    roots = (one for one in path.parents if (one / COLLECTION_FILE).is_file())
    folder = OpenFolder(next(roots, path.parent))
    folder.refresh([path])
    node = folder.node(path.relative_to(folder.root).as_posix())
    if node is None:
        raise bad_target(f"“{one_line(str(path))}” is no saved connection.")
    return Found(folder, node)


def _full_name(found: Found) -> str:
    names = (*folder_names(found.folder, found.node), found.node.name)
    return "/".join((found.folder.root.name, *names))


def near(typed: str, names: Iterable[str]) -> str:
    """Return a question with the names that are nearest; empty without any."""
    by_words: dict[str, str] = {}
    for name in islice(names, _MAX_COMPARED):
        by_words.setdefault(folded(name), name)
        by_words.setdefault(folded(name.rpartition("/")[2]), name)
    found = get_close_matches(folded(typed), by_words, n=3)
    shown = dict.fromkeys(f"“{one_line(by_words[one])}”" for one in found)
    return f"Did you mean {' or '.join(shown)}?" if shown else ""


def bad_target(words: str) -> BadParameter:
    """Return the error of a name that cannot be used."""
    return BadParameter(words, param_hint="NAME")


def file_words(typed: str, error: OSError | YamlError) -> str:
    """Return why a file cannot be read or written."""
    return problem_words(typed, FileProblem.of(error))


def problem_words(file: str, found: FileProblem) -> str:
    """Return why a file of the tree cannot be read."""
    words = file_problem_words(
        found.problem, found.line, found.column, found.detail, is_folder=found.is_folder
    )
    return f"{one_line(file)}: {words}"
