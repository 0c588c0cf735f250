"""Finds the credentials and the scope of AWS's signature, and signs a handshake's request.

Typed ones come first, then those of the environment and of AWS's own files, as AWS's tools read
them. They are read for each request, because temporary ones are replaced every hour.
"""

from __future__ import annotations

import configparser
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from spacebeam.net.failures import FailureCause
from spacebeam.net.options import AwsOptions
from spacebeam.net.request_rules import has_control
from spacebeam.net.sigv4 import (
    IOT,
    AwsCredentials,
    AwsScope,
    Pairs,
    scope_of,
    signed_headers,
    signed_query,
)

_FILES = {
    "AWS_SHARED_CREDENTIALS_FILE": "~/.aws/credentials",
    "AWS_CONFIG_FILE": "~/.aws/config",
}


class AwsError(Exception):
    """Nothing can be signed: `cause` says what is missing."""

    def __init__(self, cause: FailureCause, detail: str = "") -> None:
        super().__init__(cause.value)
        self.cause = cause
        self.detail = detail  # the name of a profile of AWS's files


@dataclass(frozen=True, slots=True)
class AwsSigner:
    """Signs requests, each with the time at which it is sent."""

    credentials: AwsCredentials
    scope: AwsScope
    in_query: bool

    def sign(self, host: str, resource: str) -> tuple[Pairs, Pairs]:
        """Return the query parameters and the headers that sign a request."""
        arguments = (host, resource, self.credentials, self.scope, datetime.now(UTC))
        if self.in_query or self.scope.service == IOT:  # IoT takes no headers
            return signed_query(*arguments), ()
        return (), signed_headers(*arguments)


def signer(
    options: AwsOptions, host: str, environment: Mapping[str, str] = os.environ
) -> AwsSigner:
    """Return what signs the requests to a host. Raise AwsError."""
    name = options.profile or environment.get("AWS_PROFILE", "") or "default"
    known = scope_of(host)
    region = options.region or known.region or _region(name, environment)
    scope = AwsScope(region, options.service or known.service)
    if not scope.region or not scope.service:
        raise AwsError(FailureCause.AWS_SCOPE)
    return AwsSigner(_credentials(options, name, environment), scope, options.in_query)


def _credentials(options: AwsOptions, name: str, environment: Mapping[str, str]) -> AwsCredentials:
    if options.access_key:
        return AwsCredentials(options.access_key, options.secret_key, options.session_token)
    names = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
    values = [environment.get(one, "") for one in names]
    if options.profile or not (values[0] and values[1]):
        section = _section("AWS_SHARED_CREDENTIALS_FILE", name, environment)
        values = [section.get(one.lower(), "") for one in names]
    if not (values[0] and values[1]) or any(map(has_control, values)):
        raise AwsError(FailureCause.AWS_CREDENTIALS, options.profile)
    return AwsCredentials(*values)


def _region(name: str, environment: Mapping[str, str]) -> str:
    section = "default" if name == "default" else f"profile {name}"
    return (
        environment.get("AWS_REGION", "")
        or environment.get("AWS_DEFAULT_REGION", "")
        or _section("AWS_CONFIG_FILE", section, environment).get("region", "")
    )


def _section(variable: str, name: str, environment: Mapping[str, str]) -> Mapping[str, str]:
    """Return a section of one of AWS's files; empty without it."""
    path = Path(environment.get(variable, "") or _FILES[variable]).expanduser()
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, configparser.Error):
        return {}
    return parser[name] if parser.has_section(name) else {}
