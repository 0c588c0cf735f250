"""Sign-in of OpenCollection (`auth`). Secrets are not written, unless they are only variables."""

from __future__ import annotations

from spacebeam.exchange.opencollection.fields import Document, text
from spacebeam.profiles.profile import Secret, SignIn, SignInMethod
from spacebeam.profiles.written_secrets import is_only_variables

INHERIT = "inherit"
NONE = "none"  # in no schema, but in Bruno's files
_SECRETS = ("password", "token", "value")


def read_sign_in(auth: object) -> SignIn | None:
    """Return the sign-in; None if there is none, or one of a method that Spacebeam has not.

    A secret that is not in the file is None.
    """
    if not isinstance(auth, dict):
        return None
    kind = text(auth.get("type"))
    if kind in ("basic", "digest"):
        return SignIn(
            SignInMethod.PASSWORD, text(auth.get("username")), password=_secret(auth, "password")
        )
    if kind == "bearer":
        return SignIn(SignInMethod.BEARER, token=_secret(auth, "token") or None)
    if kind == "apikey":
        in_query = text(auth.get("placement")) in ("query", "queryparams")
        method = SignInMethod.KEY_IN_QUERY if in_query else SignInMethod.KEY_IN_HEADER
        name, value = text(auth.get("key")), _secret(auth, "value")
        return SignIn(method, key_name=name, key_value=value or None)
    return None


def written_sign_in(sign_in: SignIn, present: object = None) -> Document | None:
    """Return `auth` for a sign-in; None if OpenCollection has no such method.

    A secret that is in the file as it is stays there; any other is left out.
    """
    auth = _auth(sign_in)
    if auth is None:
        return None
    before = present if isinstance(present, dict) else {}
    if text(before.get("type")) == "digest" and auth["type"] == "basic":
        auth["type"] = "digest"
    if before.get("type") != auth["type"]:
        before = {}
    for name in _SECRETS:
        if name in auth and not _may_be_written(auth[name], before.get(name)):
            del auth[name]
    kept = {key: value for key, value in before.items() if key not in _SECRETS}
    return kept | auth


def _may_be_written(value: Secret, present: object) -> bool:
    if value is None:
        return False
    return value == "" or value == present or is_only_variables(value)


def _auth(sign_in: SignIn) -> Document | None:
    if sign_in.method is SignInMethod.PASSWORD:
        return {"type": "basic", "username": sign_in.user, "password": sign_in.password}
    if sign_in.method is SignInMethod.BEARER:
        return {"type": "bearer", "token": sign_in.token or None}
    if sign_in.method in (SignInMethod.KEY_IN_HEADER, SignInMethod.KEY_IN_QUERY):
        return {
            "type": "apikey",
            "key": sign_in.key_name,
            "value": sign_in.key_value or None,
            "placement": "query" if sign_in.method is SignInMethod.KEY_IN_QUERY else "header",
        }
    return None


def _secret(auth: Document, name: str) -> Secret:
    value = auth.get(name)
    return value if isinstance(value, str) else None
