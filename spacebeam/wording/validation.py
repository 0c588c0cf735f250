"""What is invalid in a profile, as sentences."""

from __future__ import annotations

from spacebeam.profiles.profile import MAX_PAIRS, MAX_TEXT
from spacebeam.profiles.validation import Problem, ValidationError
from spacebeam.wording.i18n import _
from spacebeam.wording.proxies import proxy_address_words, proxy_scheme_words


def validation_words(error: ValidationError) -> str:
    """Return why a field is invalid and what to enter, as a sentence; names are not escaped."""
    sentence = (_request() | _sign_in() | _network())[error.problem]
    return sentence.format(
        name=error.detail, scheme=error.detail, characters=f"{MAX_TEXT:,}", count=MAX_PAIRS
    )


def _request() -> dict[Problem, str]:
    return {
        Problem.MISSING: _("A value is required."),
        Problem.NAME_MISSING: _("A name is required."),
        Problem.NOT_SAVED: _("The secret was not saved. Enter it again."),
        Problem.CONTROL_CHARACTER: _("Control characters are not allowed."),
        Problem.TOO_LONG: _("At most {characters} characters are allowed."),
        Problem.TOO_MANY: _("At most {count} are allowed."),
        Problem.DUPLICATE: _("Each can be offered once."),
        Problem.HEADER_NAME: _("“{name}” is not a valid header name."),
        Problem.HEADER_OF_HANDSHAKE: _("“{name}” belongs to the handshake; it is always sent."),
        Problem.VALUE_CONTROL: _("The value of “{name}” has a control character in it."),
        Problem.SUBPROTOCOL_NAME: _("“{name}” is not a valid subprotocol name."),
        Problem.SUBPROTOCOL_HEADER: _("Enter subprotocols in their own field."),
        Problem.COOKIE_NAME: _("“{name}” is not a valid cookie name."),
        Problem.COOKIE_SEMICOLON: _("The value of “{name}” has a semicolon in it."),
    }


def _sign_in() -> dict[Problem, str]:
    return {
        Problem.COOKIES_SENT: _("The cookies below are sent in this header."),
        Problem.TOKEN_SENT: _("The bearer token is sent in this header."),
        Problem.PASSWORD_SENT: _("User and password are sent in this header."),
        Problem.KEY_SENT: _("The API key is sent in this header."),
        Problem.SIGNATURE_SENT: _("The AWS signature is sent in this header."),
        Problem.OAUTH_SENT: _("The access token is sent in this header."),
        Problem.NOT_A_WEB_ADDRESS: _("Enter an address as https://…, without a user."),
        Problem.ENDPOINT_MISSING: _("Enter this address, or the issuer."),
        Problem.NOT_THIS_COMPUTER: _("Enter an address as http://127.0.0.1:8765/callback."),
        Problem.NOT_AN_OBJECT: _('Enter an object of JSON, as {{"token": "abc"}}.'),
        Problem.NOT_A_WORD: _("Letters, digits and hyphens only."),
        Problem.PASSWORD_WITHOUT_USER: _("The password needs a user."),
    }


def _network() -> dict[Problem, str]:
    return {
        Problem.NO_FILE: _("There is no file with this name."),
        Problem.KEY_WITHOUT_CERTIFICATE: _("The key needs its certificate."),
        Problem.KEY_IN_PKCS12: _("A PKCS#12 file contains its key."),
        Problem.FINGERPRINT: _("A SHA-256 fingerprint has 64 hexadecimal digits."),
        Problem.PROXY_MISSING: _("Enter the proxy's address, as http://… or socks5://…"),
        Problem.PROXY_CREDENTIALS: _("Enter user and password in their own fields."),
        Problem.PROXY_UNKNOWN_SCHEME: proxy_scheme_words(),
        Problem.PROXY_HOST: proxy_address_words(),
        Problem.PROXY_ADDRESS: _("The address is not valid."),
        Problem.DELAY_OVER_MAXIMUM: _("The first delay is longer than the longest delay."),
    }
