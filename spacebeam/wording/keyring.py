"""The keyring in words: the names of its items, and why it could not be used."""

from __future__ import annotations

from collections.abc import Iterable

from spacebeam.decode.visible import one_line
from spacebeam.keyring.values import KeyringError, KeyringProblem, SecretOwner
from spacebeam.protocol.secrets import without_secrets
from spacebeam.wording.i18n import _

_MAX_NAME = 200  # characters
_MAX_SERVERS = 5  # that are named


def secret_label(owner: SecretOwner, field: str) -> str:
    """Return what an item is called in the desktop's tools, without secrets."""
    return _("Spacebeam: {secret} for {owner}").format(
        secret=field_words(field), owner=one_line(without_secrets(owner.name))[:_MAX_NAME]
    )


def field_words(field: str) -> str:
    """Return what a field is, in words; names are escaped."""
    path, slash, name = field.partition("/")
    words = _fields().get(path.partition("[")[0], "")
    if slash and words:
        return words.format(name=one_line(name)[:_MAX_NAME])
    return words or one_line(field)[:_MAX_NAME]


def _fields() -> dict[str, str]:
    return {
        "address": _("address"),
        "sign_in.password": _("password"),
        "sign_in.token": _("token"),
        "sign_in.key_value": _("API key"),
        "aws.secret_key": _("secret access key"),
        "aws.session_token": _("session token"),
        "oauth.client_secret": _("client secret"),
        "oauth.extra": _("further parameters"),
        "oauth.refresh_token": _("refresh token"),
        "protocol.auth": _("data of the protocol's sign-in"),
        "tls.certificate_password": _("password of the client certificate"),
        "proxy.password": _("password of the proxy"),
        "request.headers": _("header {name}"),
        "request.query": _("query parameter {name}"),
        "request.cookies": _("cookie {name}"),
        "request.subprotocols": _("subprotocols"),
        "variables": _("variable {name}"),
    }


def keyring_switch_words(*, is_private: bool) -> str:
    """Return what switching on the keyring means for a connection."""
    if is_private:
        return _("A connection that is not recorded saves nothing")
    return _("Off: secrets are remembered until Spacebeam is closed")


def secret_variables_words() -> str:
    """Return where the values of secret variables are."""
    return _("The values of secrets are saved in the keyring, and in no file.")


def saved_secret_words() -> str:
    """Return that a value is not shown, in its empty field."""
    return _("Saved in the keyring; type to change it")


def no_keyring_words() -> str:
    """Return that no secrets can be saved."""
    return _(
        "There is no keyring on this desktop. Secrets are remembered until Spacebeam is closed."
    )


def withheld_words(saved_for: Iterable[str], now: Iterable[str]) -> str:
    """Return that saved secrets are not sent, because the connection leads to other servers."""
    return _(
        "Secrets of this connection are for {saved}. It leads to {now} now, so they are not "
        "sent there. Enter them again if you trust it."
    ).format(saved=_servers(saved_for), now=_servers(now))


def _servers(servers: Iterable[str]) -> str:
    names = dict.fromkeys(name for one in servers for name in one.split(" "))
    return ", ".join(one_line(name)[:_MAX_NAME] for name in sorted(names)[:_MAX_SERVERS])


def keyring_error_words(error: KeyringError) -> str:
    """Return why the keyring could not be used and what follows, as sentences."""
    sentences = {
        KeyringProblem.NO_LIBRARY: _(
            "There is no keyring: libsecret is not installed. Secrets are asked for each time."
        ),
        KeyringProblem.NO_SERVICE: _(
            "There is no keyring on this desktop. Secrets are asked for each time."
        ),
        KeyringProblem.LOCKED: _(
            "The keyring was not unlocked. Secrets are asked for until it is."
        ),
        KeyringProblem.NULL_CHARACTER: _("A secret with a null character cannot be saved."),
        KeyringProblem.FAILED: _("The keyring failed: {detail}."),
    }
    detail = one_line(error.detail)[:_MAX_NAME].rstrip(".")
    return sentences[error.problem].format(detail=detail)
