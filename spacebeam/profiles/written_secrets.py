"""What of a secret may be in a file: nothing, unless the text is only variables.

`Bearer {{token}}`, `{{user}}:{{password}}` and `{"token": "{{token}}"}` have no secret in them.
"""

from __future__ import annotations

import json
import re

from spacebeam.protocol.secrets import saved_address, scheme_of

_NAME = r"\{\{[^{}]{1,200}\}\}"
_VARIABLE = re.compile(_NAME)
_LETTER = re.compile(r"\w")
# In an address: the value of a parameter, and user and password, that are only variables.
_PARAMETER = re.compile(rf"=((?:{_NAME})+)(?=[&#;]|$)")
_USERINFO = re.compile(rf"//((?:[^/?#\s:@{{}}]*|{_NAME}):(?:{_NAME})+|(?:{_NAME})+)@")
_EQUALS, _AT, _SLASHES = "\ue000", "\ue001", "\ue002"  # of parts that stay
_PUT_BACK = str.maketrans({_EQUALS: "=", _AT: "@", _SLASHES: "//"})


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
    address = address.translate({ord(one): None for one in (_EQUALS, _AT, _SLASHES)})
    shielded = _PARAMETER.sub(rf"{_EQUALS}\1", address)
    shielded = _USERINFO.sub(rf"{_SLASHES}\1{_AT}", shielded)
    return saved_address(shielded).translate(_PUT_BACK)
