"""The options of the opening request: headers, query, cookies, sign-in, redirects; named as curl
names them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

from click import UsageError
from cloup import constraint, option, option_group
from cloup.constraints import mutually_exclusive

from spacebeam.cli.cookie_file import write
from spacebeam.cli.options import values
from spacebeam.cli.options.network import tls_options
from spacebeam.cli.options.values import CookieSource
from spacebeam.net.cookies import CookieJar
from spacebeam.net.options import HandshakeOptions, bearer, with_api_key, with_query
from spacebeam.protocol.endpoint import Endpoint

_Command = TypeVar("_Command", bound=Callable[..., Any])
_repeated = partial(option, multiple=True)
_DEFAULT_REDIRECTS = HandshakeOptions().max_redirects


def request_options(command: _Command) -> _Command:
    """Add the group to a command."""
    only_one = constraint(mutually_exclusive, ["max_redirs", "no_redirect"])
    add: Callable[[_Command], _Command] = option_group("Request", *_content(), *_sign_in())
    return only_one(add(command))


def _content() -> tuple[Any, ...]:
    return (
        _repeated(
            "-H",
            "--header",
            metavar="'NAME: VALUE'",
            type=values.header,
            help="Send a header with the handshake. Repeatable.",
        ),
        _repeated(
            "--subprotocol",
            metavar="NAME",
            type=values.subprotocol,
            help="Offer a subprotocol. Repeatable.",
        ),
        _repeated(
            "-q",
            "--query",
            metavar="NAME=VALUE",
            type=values.pair,
            help="Add a query parameter to the address. Repeatable.",
        ),
        _repeated(
            "-b",
            "--cookie",
            metavar="NAME=VALUE|FILE",
            type=values.cookie,
            shell_complete=values.file_names,
            help="Send a cookie, or the cookies for this address in a cookie file (Netscape "
            "format). Repeatable.",
        ),
        option(
            "-c",
            "--cookie-jar",
            metavar="FILE",
            type=values.cookie_jar,
            shell_complete=values.file_names,
            help="Write all cookies, the server's too, to this file after the handshake.",
        ),
        option(
            "--max-redirs",
            metavar="N",
            type=values.redirects,
            help=f"Follow at most N redirects. [default: {_DEFAULT_REDIRECTS}]",
        ),
        option("--no-redirect", is_flag=True, help="Do not follow redirects."),
        option("--no-compress", is_flag=True, help="Do not offer permessage-deflate."),
    )


def _sign_in() -> tuple[Any, ...]:
    return (
        option(
            "-u",
            "--user",
            metavar="USER:PASSWORD",
            type=values.text,
            help="Sign in with user and password (Basic or Digest).",
        ),
        option("--bearer", metavar="TOKEN", type=values.text, help="Send a bearer token."),
        _repeated(
            "--api-key",
            metavar="[query:]NAME=VALUE",
            type=values.api_key,
            help="Send an API key as a header, or as a query parameter. Repeatable.",
        ),
    )


def endpoint(given: Mapping[str, Any]) -> Endpoint:
    """Return the endpoint to connect to, with query parameters and Unix socket."""
    found: Endpoint = with_query(given["endpoint"], tuple(given["query"]))
    socket_path = given["unix_socket"]
    return found if socket_path is None else replace(found, socket_path=socket_path)


def handshake_options(given: Mapping[str, Any]) -> HandshakeOptions:
    """Return how to connect. Raises UsageError for options that contradict each other."""
    _check(given)
    user, _, password = (given["user"] or "").partition(":")
    token = given["bearer"]
    found = HandshakeOptions(
        headers=(*given["header"], *([bearer(token)] if token is not None else [])),
        subprotocols=tuple(given["subprotocol"]),
        compression=not given["no_compress"],
        user=user if given["user"] is not None else None,
        password=password if given["user"] is not None else None,
        cookies=tuple(one for one in given["cookie"] if not isinstance(one, CookieSource)),
        cookie_jar=_cookie_jar(given),
        max_redirects=_max_redirects(given),
        time_limit=given["connect_timeout"],
        proxy=given["proxy"],
        tls=tls_options(given),
    )
    for key in given["api_key"]:
        found = with_api_key(found, key.name, key.value, in_query=key.in_query)
    return found


def _max_redirects(given: Mapping[str, Any]) -> int:
    if given["no_redirect"]:
        return 0
    most: int | None = given["max_redirs"]
    return _DEFAULT_REDIRECTS if most is None else most


def _check(given: Mapping[str, Any]) -> None:
    if len(set(given["subprotocol"])) < len(given["subprotocol"]):
        raise UsageError("A --subprotocol is given twice. Offer each subprotocol once.")
    for source in given["cookie"]:
        # A file that the cookie jar writes may be missing the first time.
        is_missing = isinstance(source, CookieSource) and source.cookies is None
        if is_missing and source.path != given["cookie_jar"]:
            raise UsageError(
                f"Invalid value for '-b' / '--cookie': There is no file “{source.path}”. "
                "Write NAME=VALUE for a cookie, or the name of a cookie file."
            )


def _cookie_jar(given: Mapping[str, Any]) -> CookieJar:
    sources = [one for one in given["cookie"] if isinstance(one, CookieSource)]
    cookies = [cookie for source in sources for cookie in source.cookies or ()]
    path = given["cookie_jar"]
    return CookieJar(cookies, None if path is None else lambda jar: write(jar, path))
