"""The options of a handshake, for every command that makes one; named as curl names them."""

from __future__ import annotations

import argparse
from dataclasses import replace
from functools import partial
from typing import Any

from spacebeam.cli import arguments
from spacebeam.cli.arguments import CookieSource
from spacebeam.cli.cookie_file import keep
from spacebeam.net.connection import ConnectionLimits
from spacebeam.net.cookies import CookieJar
from spacebeam.net.options import (
    DIRECT,
    HandshakeOptions,
    TlsOptions,
    bearer,
    with_api_key,
    with_query,
)
from spacebeam.net.tunnel import ProxyError
from spacebeam.net.tunnel import check as check_proxy
from spacebeam.protocol.endpoint import Endpoint


def add_command(
    commands: argparse._SubParsersAction[Any],
    name: str,
    *,
    words: str,
    description: str,
    epilog: str,
) -> argparse.ArgumentParser:
    """A command that makes a handshake with an address, with all options for that."""
    parser: argparse.ArgumentParser = commands.add_parser(
        name,
        help=words,
        description=description,
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "endpoint", metavar="URL", type=arguments.endpoint, help="the server's address"
    )
    add_to(parser)
    return parser


def add_to(parser: argparse.ArgumentParser) -> None:
    """Add the options to a command."""
    request = parser.add_argument_group("request")
    repeated = partial(request.add_argument, action="append", default=[])
    repeated(
        "-H",
        "--header",
        metavar="'NAME: VALUE'",
        type=arguments.header,
        help="send a header with the handshake; may be repeated",
    )
    repeated(
        "--subprotocol",
        metavar="NAME",
        type=arguments.subprotocol,
        help="offer a subprotocol; may be repeated",
    )
    repeated(
        "-q",
        "--query",
        metavar="NAME=VALUE",
        type=arguments.pair,
        help="add a query parameter to the address; may be repeated",
    )
    repeated(
        "-b",
        "--cookie",
        metavar="NAME=VALUE|FILE",
        type=arguments.cookie,
        help="send a cookie, or those in a file (Netscape's form) as they are meant for the "
        "address; may be repeated",
    )
    request.add_argument(
        "-c",
        "--cookie-jar",
        metavar="FILE",
        type=arguments.cookie_jar,
        help="after the handshake, write all cookies to this file, the server's too",
    )
    _add_sign_in(request)
    _add_redirects(request.add_mutually_exclusive_group())
    request.add_argument(
        "--no-compress", action="store_true", help="do not offer permessage-deflate"
    )
    _add_way(parser.add_argument_group("way"))
    _add_times(parser.add_argument_group("time"))


def _add_sign_in(request: argparse._ArgumentGroup) -> None:
    request.add_argument(
        "-u",
        "--user",
        metavar="USER:PASSWORD",
        type=arguments.text,
        help="answer a server that asks who is there (Basic, Digest)",
    )
    request.add_argument(
        "--bearer", metavar="TOKEN", type=arguments.text, help="send a token (Bearer)"
    )
    request.add_argument(
        "--api-key",
        metavar="[query:]NAME=VALUE",
        type=arguments.api_key,
        action="append",
        default=[],
        help="send an API key in a header of that name, or in the query; may be repeated",
    )


def _add_redirects(either: argparse._MutuallyExclusiveGroup) -> None:
    either.add_argument(
        "--max-redirs",
        metavar="N",
        type=arguments.redirects,
        default=HandshakeOptions().max_redirects,
        help="follow N redirects at most (default: %(default)s)",
    )
    either.add_argument(
        "--no-redirect",
        dest="max_redirs",
        action="store_const",
        const=0,
        help="do not follow where the server redirects",
    )


def _add_times(time: argparse._ArgumentGroup) -> None:
    time.add_argument(
        "--connect-timeout",
        metavar="S",
        type=arguments.seconds,
        default=HandshakeOptions().time_limit,
        help="give up when no connection came about in S seconds (default: %(default)g)",
    )
    time.add_argument(
        "--close-timeout",
        metavar="S",
        type=arguments.seconds,
        default=ConnectionLimits().close_time,
        help="wait S seconds at most for the server's answer to the goodbye (default: %(default)g)",
    )


def _add_way(way: argparse._ArgumentGroup) -> None:
    way.add_argument(
        "-x",
        "--proxy",
        metavar="URL",
        type=_proxy,
        help="go through this proxy, http://… or socks5://…, instead of the system's; "
        f"“{DIRECT}” for none",
    )
    way.add_argument(
        "--unix-socket",
        metavar="PATH",
        type=arguments.text,
        help="connect to this socket; the address says what to ask for there",
    )
    way.add_argument("--cacert", metavar="FILE", help="trust the authorities in this PEM file")
    way.add_argument(
        "--cert", metavar="FILE[:PASSWORD]", help="show this certificate: PEM, or PKCS#12 (.p12)"
    )
    way.add_argument("--key", metavar="FILE", help="the certificate's key, if in another file")
    way.add_argument(
        "--fingerprint", metavar="SHA256", help="trust the certificate with this fingerprint"
    )
    way.add_argument(
        "-k", "--insecure", action="store_true", help="trust whatever certificate is shown"
    )


def check(parser: argparse.ArgumentParser, parsed: argparse.Namespace) -> None:
    """Complain about options that do not go together; ends the program then."""
    if len(set(parsed.subprotocol)) < len(parsed.subprotocol):
        parser.error("Each --subprotocol can be offered once.")
    for source in parsed.cookie:
        # A file that is written afterwards may not be there the first time.
        is_missing = isinstance(source, CookieSource) and source.cookies is None
        if is_missing and source.path != parsed.cookie_jar:
            parser.error(
                f"argument -b/--cookie: There is no file “{source.path}”. "
                "Write NAME=VALUE for a cookie, or the name of a cookie file."
            )


def endpoint(parsed: argparse.Namespace) -> Endpoint:
    """Where to connect to."""
    found: Endpoint = with_query(parsed.endpoint, tuple(parsed.query))
    if parsed.unix_socket is None:
        return found
    return replace(found, socket_path=parsed.unix_socket)


def options(parsed: argparse.Namespace) -> HandshakeOptions:
    """How to connect."""
    user, _, password = (parsed.user or "").partition(":")
    certificate, _, word = (parsed.cert or "").partition(":")
    headers = tuple(parsed.header)
    found = HandshakeOptions(
        headers=headers if parsed.bearer is None else (*headers, bearer(parsed.bearer)),
        subprotocols=tuple(parsed.subprotocol),
        compression=not parsed.no_compress,
        user=user if parsed.user is not None else None,
        password=password if parsed.user is not None else None,
        cookies=tuple(one for one in parsed.cookie if not isinstance(one, CookieSource)),
        cookie_jar=_cookie_jar(parsed),
        max_redirects=parsed.max_redirs,
        time_limit=parsed.connect_timeout,
        proxy=parsed.proxy,
        tls=TlsOptions(
            verify=not parsed.insecure,
            ca_file=parsed.cacert,
            trusted_sha256=parsed.fingerprint,
            certificate_file=certificate or None,
            key_file=parsed.key,
            password=word or None,
        ),
    )
    for key in parsed.api_key:
        found = with_api_key(found, key.name, key.value, in_query=key.in_query)
    return found


def _cookie_jar(parsed: argparse.Namespace) -> CookieJar:
    sources = [one for one in parsed.cookie if isinstance(one, CookieSource)]
    cookies = [cookie for source in sources for cookie in source.cookies or ()]
    path = parsed.cookie_jar
    return CookieJar(cookies, None if path is None else lambda jar: keep(jar, path))


def _proxy(value: str) -> str:
    if value == DIRECT:
        return value
    try:
        check_proxy(arguments.text(value))
    except ProxyError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    return value
