"""`spacebeam secrets`: list, forget and set what is saved in the desktop's keyring."""

from __future__ import annotations

import getpass
import json
import sys
from typing import Any

import click
from cloup import argument, option

from spacebeam.cli.command_line import command
from spacebeam.cli.loop import run
from spacebeam.cli.messages import print_error, print_line, print_terminal_note, print_text
from spacebeam.cli.options import values
from spacebeam.cli.options.named import library_of, the_one
from spacebeam.cli.options.output import json_lines
from spacebeam.cli.options.saved import library_option, named_environment
from spacebeam.cli.status import Status
from spacebeam.decode.visible import one_line
from spacebeam.keyring.keyring import Keyring
from spacebeam.keyring.values import KeyringError, OwnerKind, SecretItem, SecretOwner
from spacebeam.library.connections.environments import EnvironmentFiles
from spacebeam.library.connections.secrets import VARIABLES, environment_owner, secret_owner
from spacebeam.library.secrets import SecretStore, address_owner
from spacebeam.profiles.profile import PAIRS, SECRETS
from spacebeam.profiles.secret_fields import is_further_field
from spacebeam.wording.keyring import field_words, keyring_error_words, secret_label

_MAX_SECRET_BYTES = 64 * 1024
_EPILOG = """\
NAME is a saved connection as “connect” takes it, or an address or file as “secrets list”
prints it. FIELD is the secret's place in the connection:
  sign_in.password, sign_in.token, sign_in.key_value
  request.headers/NAME, request.query/NAME, request.cookies/NAME
  proxy.password, tls.certificate_password
  variables/NAME, a secret variable of the connection

With --env, NAME is a secret variable of that environment, and there is no FIELD.

“set” asks for the secret on the terminal, or reads it from standard input, where a line break
at the end is left out. “forget” without FIELD removes all secrets of NAME.

“list” never prints a secret. With --json, it prints one object on each line:
  owner, name       “address”, “connection” or “environment”, and its name
  field             the secret's place
  servers           those that it is sent to; none before it is used

A secret of a saved connection, its folders or environment is sent only to the servers that it was
first used with. If a file names another one later, the secret is asked for.

exit codes:
  0  done
  1  there is no keyring, it was not unlocked, or there is no such secret
  2  bad usage

examples:
  spacebeam secrets list
  spacebeam secrets set Prices sign_in.token < token.txt
  spacebeam secrets set --env Live token
  spacebeam secrets forget wss://feed.example/v1"""


@command("secrets", epilog=_EPILOG)
@argument(
    "action",
    metavar="list|set|forget",
    type=click.Choice(("list", "set", "forget")),
    help="What to do.",
)
@argument("name", required=False, type=values.text, help="A saved connection, or an address.")
@argument("field", required=False, type=values.text, help="The secret's place.")
@option(
    "--env",
    "environment",
    metavar="NAME",
    type=values.text,
    help="The secret is a variable of this environment.",
)
@library_option
@json_lines
def command_line(**given: Any) -> int:
    """List, set or forget the secrets that are saved in the desktop's keyring."""
    action, name, field = given["action"], given["name"], given["field"]
    if action == "list" and name is not None:
        raise click.UsageError("“list” takes no NAME.")
    if action != "list" and name is None:
        raise click.UsageError(f"“{action}” needs a NAME.")
    if given["as_json"] and action != "list":
        raise click.UsageError("--json is for “list”.")
    owner = None if name is None else _owner(given, name)
    if given["environment"] is not None:
        if action == "list" or field is not None:
            raise click.UsageError("--env takes “set” or “forget”, and the name of a variable.")
        field = name
    elif action == "set":
        _check_field(field)
    store = SecretStore(Keyring(), secret_label)
    try:
        if action == "list":
            return _list(run(store.items()), as_json=given["as_json"])
        if action == "set":
            value = _read()
            assert owner is not None
            run(store.store(owner, field, value))
            return Status.DONE
        assert owner is not None
        return _forget(store, owner, field)
    except KeyringError as error:
        print_error(keyring_error_words(error))
        return Status.FAILED


def _owner(given: dict[str, Any], name: str) -> SecretOwner:
    library = library_of(given)
    if given["environment"] is not None:
        root = library.folders[0].root
        names = (one.name for one in EnvironmentFiles(root).all())
        return environment_owner(root, named_environment(given["environment"], names))
    if "://" in name:
        return address_owner(name)
    library.load(checked=False)
    if library.named(name):
        found = the_one(library, name)
        return secret_owner(found.folder.root, found.node.path)
    return SecretOwner(OwnerKind.CONNECTION, name)


def _check_field(field: str | None) -> None:
    path, slash, name = (field or "").partition("/")
    is_further = slash == "" and is_further_field(path)
    is_pair = path in (*PAIRS, VARIABLES.removesuffix(slash)) and name
    if not (is_pair or is_further or field in SECRETS):
        raise click.UsageError(
            "“set” needs a FIELD, such as sign_in.token or request.headers/Authorization."
        )


def _list(items: list[SecretItem], *, as_json: bool) -> int:
    for one in items:
        if as_json:
            kind = one.owner.kind.value
            servers = one.servers.split()
            values = {
                "owner": kind,
                "name": one.owner.name,
                "field": one.field,
                "servers": servers,
            }
            print_text(json.dumps(values) + "\n")
        else:
            columns = (one.owner.name, one.field, *([one.servers] if one.servers else []))
            print_line("\t".join(map(one_line, columns)))
    if not items:
        print_terminal_note("The keyring has no secrets of Spacebeam.")
    return Status.DONE


def _forget(store: SecretStore, owner: SecretOwner, field: str | None) -> int:
    async def forget() -> bool:
        items = [one for one in await store.items() if one.owner == owner]
        if not any(field in (None, one.field) for one in items):
            return False
        await store.forget(owner, field)
        return True

    if run(forget()):
        return Status.DONE
    what = "secrets" if field is None else field_words(field)
    print_error(f"The keyring has no {what} of “{one_line(owner.name)}”.")
    return Status.FAILED


def _read() -> str:
    """Return the secret that is typed without echo, or is in standard input."""
    try:
        if sys.stdin is not None and sys.stdin.isatty():
            value = getpass.getpass("Secret: ")
        else:
            data = b"" if sys.stdin is None else sys.stdin.buffer.read(_MAX_SECRET_BYTES + 1)
            if len(data) > _MAX_SECRET_BYTES:
                raise click.UsageError(f"A secret has at most {_MAX_SECRET_BYTES:,} bytes.")
            value = data.decode().removesuffix("\n").removesuffix("\r")
    except EOFError:
        value = ""
    except UnicodeDecodeError:
        raise click.UsageError("The secret is not UTF-8.") from None
    if not value:
        raise click.UsageError("No secret was entered.")
    return value
