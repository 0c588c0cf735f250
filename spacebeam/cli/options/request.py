"""The options of the request, with curl's names: headers, query, cookies, sign-in, redirects."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from cloup import constraint, option, option_group
from cloup.constraints import mutually_exclusive

from spacebeam.cli.options import values
from spacebeam.cli.options.oauth import oauth_options
from spacebeam.profiles.profile import RequestSettings

_Command = TypeVar("_Command", bound=Callable[..., Any])
_repeated = partial(option, multiple=True)
_DEFAULT_REDIRECTS = RequestSettings().max_redirects


def request_options(command: _Command) -> _Command:
    """Add the group to a command."""
    only_one = constraint(mutually_exclusive, ["max_redirs", "no_redirect"])
    add: Callable[[_Command], _Command] = option_group("Request", *_content(), *_sign_in())
    return only_one(add(oauth_options(command)))


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
            type=values.text,
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
            help="Write all cookies, the server's included, to this file after the handshake.",
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
            metavar="USER[:PASSWORD]",
            type=values.text,
            help="Sign in with user and password; without a password, ask for it. As in curl, both "
            "are sent with the first request (Basic), which ws:// does not encrypt; a server that "
            "asks for Digest gets Digest.",
        ),
        option(
            "--aws-sigv4",
            metavar="aws:amz[:REGION[:SERVICE]]",
            type=values.aws_sigv4,
            help="Sign the handshake for AWS (SigV4), with the access key of -u KEY:SECRET, of the "
            "environment or of ~/.aws/credentials. The host's name tells region and service of API "
            "Gateway and IoT Core.",
        ),
        option(
            "--aws-session-token",
            metavar="TOKEN",
            type=values.text,
            help="The session token of a temporary access key.",
        ),
        option(
            "--aws-profile",
            metavar="NAME",
            type=values.text,
            help="Use the access key of this profile in ~/.aws/credentials.",
        ),
        option(
            "--aws-headers",
            is_flag=True,
            help="Send the signature in headers, not in the query.",
        ),
        option("--bearer", metavar="TOKEN", type=values.text, help="Send a bearer token."),
        _repeated(
            "--api-key",
            metavar="[query:]NAME=VALUE",
            type=values.api_key,
            help="Send an API key as a header, or as a query parameter. Repeatable.",
        ),
    )
