"""The options of saved connections, and the variables that make one ready to connect."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, NoReturn, TypeVar

from click import BadParameter, Context, Parameter, UsageError
from click.shell_completion import CompletionItem
from cloup import option, option_group

from spacebeam.cli.loop import run
from spacebeam.cli.message_form import SAVED
from spacebeam.cli.messages import print_note
from spacebeam.cli.options import values
from spacebeam.cli.options.named import bad_target, file_words, library_of, looked_up, problem_words
from spacebeam.cli.options.target import Target
from spacebeam.cli.password import ask_secret
from spacebeam.decode.registry import NAMES
from spacebeam.decode.visible import one_line
from spacebeam.exchange.opencollection.yaml_reading import YamlError
from spacebeam.exchange.schema_files import in_folder
from spacebeam.keyring.keyring import Keyring
from spacebeam.keyring.values import KeyringError
from spacebeam.library.connections.environments import EnvironmentFiles
from spacebeam.library.connections.library import Found
from spacebeam.library.connections.nodes import folded
from spacebeam.library.connections.open_folder import OpenFolder
from spacebeam.library.connections.saved_secrets import (
    Released,
    release,
    saved_secrets,
    servers_of,
)
from spacebeam.library.connections.secrets import KnownSecrets, secret_owner
from spacebeam.library.connections.variables import made_values, preparation, variables_for
from spacebeam.library.secrets import SecretStore
from spacebeam.profiles.collection import SavedConnection
from spacebeam.profiles.prepared import Preparation
from spacebeam.profiles.variables import TooLongError, Unresolved, has_variables
from spacebeam.protocol.endpoint import EndpointError, parse
from spacebeam.wording.keyring import keyring_error_words, secret_label, withheld_words
from spacebeam.wording.variables import too_long_words, unresolved_words

_Command = TypeVar("_Command", bound=Callable[..., Any])

_MAX_NAMES = 5  # that an error suggests


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
            found = looked_up(given, target.typed)
        prepared = _prepared(given, target, found)
    except TooLongError:
        raise UsageError(too_long_words()) from None
    except (OSError, YamlError) as error:
        file = target.typed if found is None else found.node.path
        raise UsageError(file_words(file, error)) from None
    return {**given, "target": prepared}


def saved_decoders(given: Mapping[str, Any]) -> tuple[str, str]:
    """Return the names of the saved connection's decoders: of texts, and of binary messages.

    Raise UsageError if --decode asks for them and there is no saved connection.
    """
    made = given["target"].preparation
    connection = None if made is None else made.connection
    if connection is None or not connection.name:
        if given["decoder"] == SAVED:
            raise BadParameter("An address has no saved decoders.", param_hint="--decode")
        return "", ""
    return known_decoders(connection)


def known_decoders(connection: SavedConnection) -> tuple[str, str]:
    """Return the names of a connection's decoders; "" for an unknown one, which is a note."""
    names = []
    for name in (connection.decoder, connection.binary_decoder):
        is_known = not name or name in NAMES.values()
        if not is_known:
            print_note(f"There is no decoder “{one_line(name)}”.")
        names.append(name if is_known else "")
    return names[0], names[1]


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
        raise bad_target(error.explanation) from None
    profile = ready.profile
    if found is not None:
        profile = replace(profile, schemas=in_folder(profile.schemas, found.folder.root))
    target = replace(target, endpoint=endpoint, profile=profile, preparation=made)
    is_saved = ready.profile.save_secrets and ready.profile.record
    if found is None or not is_saved:
        return target
    owner = secret_owner(found.folder.root, found.node.path)
    return replace(target, token_owner=owner, servers=servers_of(ready))


def _preparation(given: Mapping[str, Any], target: Target, found: Found | None) -> Preparation:
    overrides = dict(given["variables"])
    folder = found.folder if found is not None else library_of(given).folders[0]
    environment = _environment(folder, given["environment"] or "")
    if found is not None:
        if found.node.problem is not None:
            raise bad_target(problem_words(found.node.path, found.node.problem))
        path = found.node.path
        prepare = partial(preparation, found.folder, path, environment, overrides)
        return prepare(_secrets(found.folder, path, environment, overrides, prepare))
    address = SavedConnection("", target.typed)
    if not _may_have_variables(given, target.typed, found):
        return Preparation(SavedConnection("", target.typed.replace("{{", "\\{{")), {})
    variables = variables_for(folder.root, folder.folder().variables, environment, (), overrides)
    return Preparation(address, variables, made_values(folder.root))


def _secrets(
    folder: OpenFolder,
    path: str,
    environment: str,
    given: Collection[str],
    prepare: Callable[[KnownSecrets], Preparation],
) -> KnownSecrets:
    """Return the secrets of the keyring; what it has not is asked for, or is an error."""
    store = SecretStore(Keyring(), secret_label)

    async def found() -> Released:
        saved = await saved_secrets(store.keyring, folder, path, environment, given=given)
        return await release(store, saved, prepare)

    try:
        released = run(found())
    except KeyringError as error:
        print_note(keyring_error_words(error))
        return KnownSecrets()
    if released.withheld:
        print_note(withheld_words(released.withheld, released.servers))
    return released.secrets


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


def named_environment(name: str, names: Iterable[str]) -> str:
    """Return the one of the names that is the same, or alike in case; `name` if none or several."""
    names = set(names)
    alike = {one for one in names if folded(one) == folded(name)}
    return alike.pop() if name not in names and len(alike) == 1 else name


def _environment(folder: OpenFolder, name: str) -> str:
    """Return the name as the environment has it: in either case, if only one fits."""
    names = [one.name for one in EnvironmentFiles(folder.root).all()] if name else []
    found = named_environment(name, names)
    if not name or found in names:
        return found
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
