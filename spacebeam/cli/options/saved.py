"""Saved connections in the terminal: their options, how a name is found, and their variables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from click import BadParameter, Context, Parameter, UsageError
from click.shell_completion import CompletionItem
from cloup import option, option_group

from spacebeam.cli.loop import run
from spacebeam.cli.messages import print_note
from spacebeam.cli.options import values
from spacebeam.cli.options.target import Target, is_address
from spacebeam.cli.password import ask_secret
from spacebeam.decode.visible import one_line
from spacebeam.exchange.opencollection.yaml_reading import YamlError
from spacebeam.keyring.keyring import Keyring
from spacebeam.keyring.values import KeyringError
from spacebeam.library.connections.environments import EnvironmentFiles
from spacebeam.library.connections.file_names import COLLECTION_FILE
from spacebeam.library.connections.library import ConnectionLibrary, Found, folder_names
from spacebeam.library.connections.nodes import FileProblem, folded
from spacebeam.library.connections.open_folder import OpenFolder
from spacebeam.library.connections.secrets import KnownSecrets, known_secrets
from spacebeam.library.connections.variables import made_values, preparation, variables_for
from spacebeam.profiles.collection import SavedConnection, SavedMessage
from spacebeam.profiles.prepared import MessageError, Preparation
from spacebeam.profiles.variables import TooLongError, Unresolved, has_variables
from spacebeam.protocol.endpoint import EndpointError, parse
from spacebeam.wording.connection_files import file_problem_words
from spacebeam.wording.keyring import keyring_error_words
from spacebeam.wording.variables import too_long_words, unresolved_words

_Command = TypeVar("_Command", bound=Callable[..., Any])

_MAX_NAMES = 5  # that an error suggests
_FILES = (".yml", ".yaml")


def connection_names(context: Context, _parameter: Parameter, begun: str) -> list[CompletionItem]:
    """Complete the names of saved connections, with their folders, for a shell."""
    library = library_of({"library": context.params.get("library") or ()})
    with suppress(OSError):
        library.load(checked=False)
    names = (one for one in library.names() if folded(one).startswith(folded(begun)))
    return [CompletionItem(one) for one in sorted(names) if one.isprintable()]


def _environment_names(context: Context, _parameter: Parameter, begun: str) -> list[CompletionItem]:
    library = library_of({"library": context.params.get("library") or ()})
    names = {one.name for folder in library.folders for one in EnvironmentFiles(folder.root).all()}
    return [CompletionItem(one) for one in sorted(names) if one.startswith(begun)]


library_option = option(
    "--library",
    metavar="FOLDER",
    type=values.text,
    multiple=True,
    shell_complete=values.file_names,
    help="Look for saved connections in this folder. Repeatable. [default: SPACEBEAM_LIBRARY, or "
    "“connections” in Spacebeam's data folder]",
)
_OPTIONS = (
    option(
        "--env",
        "environment",
        metavar="NAME",
        type=values.text,
        envvar="SPACEBEAM_ENV",
        shell_complete=_environment_names,
        help="Use the variables of this environment. [default: SPACEBEAM_ENV, or none]",
    ),
    option(
        "--var",
        "variables",
        metavar="NAME=VALUE",
        type=values.variable,
        multiple=True,
        help="Set a variable; it wins over the environment's. Repeatable.",
    ),
    library_option,
)
_NO_ON_CONNECT = option(
    "--no-on-connect",
    is_flag=True,
    help="Do not send the messages that are sent on connect.",
)
_MESSAGES = (
    option(
        "--message",
        "saved_messages",
        metavar="NAME",
        type=values.text,
        multiple=True,
        help="Send this message of the saved connection, before those of --send. Repeatable.",
    ),
    _NO_ON_CONNECT,
    option(
        "--expand",
        is_flag=True,
        help="Replace {{variables}} in --send and in standard input. Without it they are sent as "
        "they are: braces are common in data.",
    ),
)


def saved_options(command: _Command) -> _Command:
    """Add the group to a command that only makes a handshake."""
    return _group(command, _OPTIONS)


def saved_options_of_recording(command: _Command) -> _Command:
    """Add the group to a command that sends few messages."""
    return _group(command, (*_OPTIONS, _NO_ON_CONNECT))


def saved_options_with_messages(command: _Command) -> _Command:
    """Add the group to a command that sends messages."""
    return _group(command, (*_OPTIONS, *_MESSAGES))


def _group(command: _Command, options: tuple[Any, ...]) -> _Command:
    add: Callable[[_Command], _Command] = option_group("Saved connections", *options)
    return add(command)


def library_of(given: Mapping[str, Any]) -> ConnectionLibrary:
    """Return the library of the command line; it is not read yet."""
    return ConnectionLibrary([Path(one).expanduser() for one in given["library"]])


def with_saved(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options with an endpoint for a name or an address with variables.

    Raise UsageError if there is no such connection, or a variable has no value.
    """
    target: Target = given["target"]
    wants_variables = bool(given["environment"] or given["variables"] or given.get("expand"))
    if target.endpoint is not None and not wants_variables:
        return dict(given)
    found = None
    try:
        if target.endpoint is None:
            found = _looked_up(given, target.typed)
        prepared = _prepared(given, target, found)
    except TooLongError:
        raise UsageError(too_long_words()) from None
    except (OSError, YamlError) as error:
        file = target.typed if found is None else found.node.path
        raise UsageError(file_words(file, error)) from None
    return {**given, "target": prepared}


def on_connect(given: Mapping[str, Any]) -> Callable[[], tuple[str | bytes, ...]]:
    """Return what makes the messages to send after each connect. Raise UsageError."""
    made: Preparation | None = given["target"].preparation
    if made is None or given["no_on_connect"]:
        return tuple
    messages = [one for one in made.connection.messages if one.on_connect]
    if not messages:
        return tuple
    for message in messages:
        _check_message(made, message)
    return made.on_connect


def saved_messages(given: Mapping[str, Any]) -> tuple[str | bytes, ...]:
    """Return the messages of --message as they are sent. Raise UsageError."""
    names: tuple[str, ...] = given["saved_messages"]
    made: Preparation | None = given["target"].preparation
    messages = made.connection.messages if made is not None else ()
    found = [_message(messages, name) for name in names]
    if made is None:
        return ()
    for message in found:
        _check_message(made, message)
    return tuple(made.payload(one) for one in found)


def expander(given: Mapping[str, Any]) -> Callable[[str], str] | None:
    """Return what replaces the variables in a typed text, if --expand is given.

    It raises ValueError with a sentence.
    """
    made: Preparation | None = given["target"].preparation
    if not given["expand"] or made is None:
        return None
    kept = made

    def expand(text: str) -> str:
        resolver = kept.resolver()
        try:
            replaced = resolver.message(text)
        except TooLongError:
            raise ValueError(too_long_words()) from None
        if resolver.unresolved.names:
            raise ValueError(unresolved_words(resolver.unresolved))
        return replaced

    return expand


# A name


def _looked_up(given: Mapping[str, Any], typed: str) -> Found | None:
    """Return the saved connection of a name; None for an address."""
    if is_address(typed):
        return None
    if typed.endswith(_FILES) and (path := Path(typed).expanduser()).is_file():
        return _of_file(path)
    library = library_of(given)
    library.load(checked=False)
    if not (library.named(typed) or typed.endswith(_FILES)):
        with suppress(EndpointError):
            parse(typed)
            near = _near(typed, library.names())
            if near and not has_variables(typed):
                words = f"There is no saved connection “{one_line(typed)}”, so it is a host."
                print_note(f"{words} {near}")
            return None
    return the_one(library, typed)


def the_one(library: ConnectionLibrary, typed: str) -> Found:
    """Return the saved connection of a name. Raise BadParameter if there is none, or several."""
    found = library.named(typed)
    if not found:
        near = _near(typed, library.names())
        raise _bad_target(f"There is no saved connection “{one_line(typed)}”. {near}".rstrip())
    if len(found) > 1:
        named = ", ".join(f"“{one_line(_full_name(one))}”" for one in found[:_MAX_NAMES])
        raise _bad_target(
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
        raise _bad_target(f"“{one_line(str(path))}” is no saved connection.")
    return Found(folder, node)


def _full_name(found: Found) -> str:
    names = (*folder_names(found.folder, found.node), found.node.name)
    return "/".join((found.folder.root.name, *names))


def _near(typed: str, names: Any) -> str:
    by_words: dict[str, str] = {}
    for name in names:
        by_words.setdefault(folded(name), name)
        by_words.setdefault(folded(name.rpartition("/")[2]), name)
    near = get_close_matches(folded(typed), by_words, n=3)
    shown = dict.fromkeys(f"“{one_line(by_words[one])}”" for one in near)
    return f"Did you mean {' or '.join(shown)}?" if shown else ""


# Its variables


def _prepared(given: Mapping[str, Any], target: Target, found: Found | None) -> Target:
    made = _preparation(given, target, found)
    if target.endpoint is not None:  # only messages have variables
        return replace(target, preparation=made)
    if missing := made.missing_secrets():
        made = _with_asked(made, missing)
    ready = made.prepared()
    if ready.unresolved.names and _may_have_variables(given, target.typed, found):
        _raise_unresolved(ready.unresolved, given, found)
    try:
        endpoint = parse(ready.address)
    except EndpointError as error:
        raise _bad_target(error.explanation) from None
    return replace(target, endpoint=endpoint, profile=ready.profile, preparation=made)


def _preparation(given: Mapping[str, Any], target: Target, found: Found | None) -> Preparation:
    overrides, environment = dict(given["variables"]), given["environment"] or ""
    folder = found.folder if found is not None else library_of(given).folders[0]
    _check_environment(folder, environment)
    if found is not None:
        if found.node.problem is not None:
            raise _bad_target(problem_words(found.node.path, found.node.problem))
        path = found.node.path
        secrets = _secrets(found.folder, path, environment)
        return preparation(found.folder, path, environment, overrides, secrets)
    address = SavedConnection("", target.typed)
    if not _may_have_variables(given, target.typed, found):
        return Preparation(SavedConnection("", target.typed.replace("{{", "\\{{")), {})
    variables = variables_for(folder.root, folder.folder().variables, environment, (), overrides)
    return Preparation(address, variables, made_values(folder.root))


def _secrets(folder: OpenFolder, path: str, environment: str) -> KnownSecrets:
    """Return the secrets of the keyring; what it has not is asked for, or is an error."""
    try:
        return run(known_secrets(Keyring(), folder, path, environment))
    except KeyringError as error:
        print_note(keyring_error_words(error))
        return KnownSecrets()


def _with_asked(made: Preparation, names: Iterable[str]) -> Preparation:
    """Return the preparation with the secret variables that a person types on the terminal."""
    asked = {
        name: replace(made.variables[name], value=ask_secret(f"Secret “{one_line(name)}”"))
        for name in names
    }
    return made.with_variables({**made.variables, **asked})


def _may_have_variables(given: Mapping[str, Any], typed: str, found: Found | None) -> bool:
    """Whether braces in an address stand for variables: always in its host, which can have none."""
    if found is not None or given["environment"] or given["variables"]:
        return True
    host = typed.partition("://")[2] or typed
    return has_variables(host.partition("/")[0])


def _check_environment(folder: OpenFolder, name: str) -> None:
    if not name:
        return
    names = [one.name for one in EnvironmentFiles(folder.root).all()]
    if name not in names:
        known = ", ".join(f"“{one_line(one)}”" for one in names[:_MAX_NAMES])
        there = f"There are {known}." if names else "There are none."
        raise BadParameter(
            f"There is no environment “{one_line(name)}” in {one_line(str(folder.root))}. {there}",
            param_hint="--env",
        )


def _raise_unresolved(
    unresolved: Unresolved, given: Mapping[str, Any], found: Found | None
) -> NoReturn:
    names = tuple(unresolved.unknown)
    advice = f"Set it with --var '{one_line(names[0])}=…'" if names else ""
    if advice and not given["environment"] and found is not None:
        known = [one.name for one in EnvironmentFiles(found.folder.root).all()]
        if known:
            shown = ", ".join(one_line(one) for one in known[:_MAX_NAMES])
            advice += f", or choose an environment with --env: {shown}"
    raise UsageError(f"{unresolved_words(unresolved)} {advice}{'.' if advice else ''}".rstrip())


# Messages


def _message(messages: tuple[SavedMessage, ...], name: str) -> SavedMessage:
    for same in (str, folded):
        for message in messages:
            if same(message.name) == same(name):
                return message
    near = _near(name, [one.name for one in messages])
    raise BadParameter(
        f"There is no saved message “{one_line(name)}”. {near}".rstrip(), param_hint="--message"
    )


def _check_message(made: Preparation, message: SavedMessage) -> None:
    shown = one_line(message.name)
    try:
        unresolved = made.trial(message)
    except MessageError:
        raise UsageError(
            f"The message “{shown}” is not in its format, {message.format.value}."
        ) from None
    except TooLongError:
        raise UsageError(too_long_words()) from None
    if unresolved.names:
        words = unresolved_words(unresolved)
        raise UsageError(f"In the message “{shown}”: {words} Write \\{{{{ for braces of data.")


# Words


def _bad_target(words: str) -> BadParameter:
    return BadParameter(words, param_hint="NAME")


def file_words(typed: str, error: OSError | YamlError) -> str:
    """Return why a file cannot be read or written."""
    return problem_words(typed, FileProblem.of(error))


def problem_words(file: str, found: FileProblem) -> str:
    """Return why a file of the tree cannot be read."""
    words = file_problem_words(found.problem, found.line, found.column, found.detail)
    return f"{one_line(file)}: {words}"
