"""Proxies in sentences: where one was found, and why it failed."""

from __future__ import annotations

from spacebeam.net.failures import FailureCause
from spacebeam.net.proxy import OPTIONS, SYSTEM
from spacebeam.wording.i18n import _


def proxy_source_words(source: str) -> str:
    """Return where a proxy was found, as a clause; empty for an unknown place."""
    if source.lower().endswith("_proxy"):
        return _("environment variable {variable}").format(variable=source)
    return {OPTIONS: _("connection options"), SYSTEM: _("system settings")}.get(source, "")


def proxy_source_sentence(source: str) -> str:
    """Return where a proxy was found, as a sentence; empty for an unknown place."""
    if source.lower().endswith("_proxy"):
        words = _("The proxy comes from the environment variable {variable}.")
        return words.format(variable=source)
    return {
        OPTIONS: _("The proxy comes from the connection's options."),
        SYSTEM: _("The proxy comes from the system's settings."),
    }.get(source, "")


def proxy_scheme_words() -> str:
    """Return the sentence, with the field `{scheme}`, on a scheme that no proxy has."""
    return _("“{scheme}” is not a proxy scheme; use http://, https:// or socks5://.")


def proxy_address_words() -> str:
    """Return the sentence on a proxy's address without a valid host and port."""
    return _("The proxy's address needs a valid host and port, as in http://proxy.example:3128.")


def proxy_explanations() -> dict[FailureCause | str, str]:
    """Return the sentences for failures of a proxy, by cause or key."""
    return {
        FailureCause.PROXY_UNREACHABLE: _("Could not connect to the proxy {proxy}: {detail}."),
        FailureCause.PROXY_FAILED: _("The proxy {proxy} could not connect to {where}: {detail}."),
        "proxy-failed-status": _(
            "The proxy {proxy} refused to connect to {where}: HTTP status {detail}."
        ),
        FailureCause.PROXY_SIGN_IN_REFUSED: _("The proxy {proxy} refused the user or password."),
        "proxy-sign-in-refused-status": _(
            "The proxy {proxy} refused the user or password (HTTP status {status})."
        ),
        FailureCause.PROXY_SIGN_IN_REQUIRED: _("The proxy {proxy} requires a user and password."),
        "proxy-sign-in-required-status": _(
            "The proxy {proxy} requires a user and password (HTTP status {status})."
        ),
        FailureCause.PROXY_NOT_ALLOWED: _(
            "The proxy {proxy} does not allow connections to {where}."
        ),
        "proxy-not-allowed-status": _(
            "The proxy {proxy} does not allow connections to {where} (HTTP status {status})."
        ),
        FailureCause.PROXY_ADDRESS: proxy_address_words(),
        "proxy-scheme": proxy_scheme_words(),
    }
