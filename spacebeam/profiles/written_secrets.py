"""What of a secret may be in a file: nothing, unless the text is only variables.

`Bearer {{token}}`, `{{user}}:{{password}}` and `{"token": "{{token}}"}` have no secret in them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote, unquote_plus

from spacebeam.protocol.endpoint import cleaned, split_userinfo
from spacebeam.protocol.secrets import MASK, is_secret_name, saved_address, scheme_of
from spacebeam.protocol.subprotocol_secrets import masked_subprotocols

_NAME = r"\{\{[^{}]{1,200}\}\}"
_VARIABLE = re.compile(_NAME)
_LETTER = re.compile(r"\w")
# In an address: the value of a parameter that is only variables.
_PARAMETER = re.compile(rf"=((?:{_NAME})+)(?=[&#;]|$)")
_EQUALS = "\ue000"  # in place of the `=` of a parameter that is not masked


def is_only_variables(text: str) -> bool:
    """Whether a text has variables and no letter or digit beside them and a scheme.

    Of an object of JSON, that is asked of its values.
    """
    if not _VARIABLE.search(text):
        return False
    if text.lstrip().startswith('{"'):
        return _has_only_variables(text)
    rest = text.removeprefix(scheme_of(text))
    return not _LETTER.search(_VARIABLE.sub("", rest))


def _has_only_variables(text: str) -> bool:
    """Whether all values in a JSON text are variables, or true, false or null."""
    try:
        pending = [json.loads(text)]
    except (ValueError, RecursionError):
        return False
    while pending:
        value = pending.pop()
        if isinstance(value, dict):
            pending += value.values()
        elif isinstance(value, list):
            pending += value
        elif isinstance(value, str):
            rest = value.removeprefix(scheme_of(value))
            if _LETTER.search(_VARIABLE.sub("", rest)):
                return False
        elif value is not None and not isinstance(value, bool):
            return False
    return True


def written_address(address: str) -> str:
    """Return an address as it is written to a file: with MASK for secrets, with its variables."""
    if "@" not in address:
        return _written(address)
    address = cleaned(address)
    # Variables may stand for a port or a password: a digit is valid in both.
    before, userinfo, _rest = split_userinfo(_VARIABLE.sub(lambda one: "1" * len(one[0]), address))
    start, end = len(before), len(before) + len(userinfo)
    if start == end:
        return _written(address)
    return address[:start] + _written_userinfo(address[start:end]) + _written(address[end:])


def written_parameters(parameters: str, mask: Callable[[str], str] = lambda _name: MASK) -> str:
    """Return parameters, `name=value&…`, as they are written to a file: with masks for secrets."""
    pairs = [one.partition("=") for one in parameters.split("&")]
    return "&".join(
        name + equals + (mask(name) if value and _is_secret(name, value) else value)
        for name, equals, value in pairs
    )


# Fields of a profile that are text beside their secrets: the field as it is written to a file.
MASKED: Mapping[str, Callable[[Any], Any]] = {
    "request.subprotocols": masked_subprotocols,
    "oauth.extra": written_parameters,
}


def _is_secret(name: str, value: str) -> bool:
    return is_secret_name(unquote_plus(name)) and not is_only_variables(unquote_plus(value))


def _written(address: str) -> str:
    shielded = _PARAMETER.sub(rf"{_EQUALS}\1", address.replace(_EQUALS, ""))
    return saved_address(shielded).replace(_EQUALS, "=")


def _written_userinfo(userinfo: str) -> str:
    user, _colon, password = userinfo.partition(":")
    if is_only_variables(password or user) or not (password or user):
        return userinfo
    without_variables = quote(_VARIABLE.sub("", user), safe="")
    is_token = not password or saved_address(f"//{without_variables}:x@") == f"//{MASK}@"
    return MASK if is_token else f"{user}:{MASK}"
