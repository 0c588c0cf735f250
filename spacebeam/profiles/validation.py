"""What is invalid in a profile: each problem with the path of its field."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import Enum

from spacebeam.net.proxy import with_scheme
from spacebeam.net.request_rules import (
    ProxyError,
    RequestFault,
    check_proxy,
    cookie_fault,
    has_control,
    header_fault,
    is_of_this_computer,
    subprotocol_fault,
)
from spacebeam.profiles.profile import (
    MAX_PAIRS,
    MAX_TEXT,
    AwsForm,
    AwsSettings,
    OAuthGrant,
    OAuthSettings,
    Pair,
    Profile,
    ProtocolSettings,
    ProxyChoice,
    ProxySettings,
    Reconnect,
    RequestSettings,
    Secret,
    SignIn,
    SignInMethod,
    SpokenProtocol,
    TlsSettings,
    TokenPlace,
)
from spacebeam.profiles.saved_profile import without_credentials
from spacebeam.protocol.secrets import MASK
from spacebeam.protocol.subprotocol_secrets import masked_subprotocol

_FINGERPRINT = re.compile(r"[0-9A-Fa-f]{64}")
_PKCS12 = (".p12", ".pfx")
_WORD = re.compile(r"[A-Za-z0-9-]{0,64}")  # a region or service of AWS
_WEB_ADDRESS = re.compile(r"https?://[^\s/?#@]+([/?][^\s#]*)?", re.IGNORECASE)
_KEY_ID = re.compile(r"\w{1,128}", re.ASCII)


class Problem(Enum):
    """Why a value is invalid; `wording.validation` makes the sentences."""

    MISSING = "missing"
    NAME_MISSING = "name missing"
    NOT_SAVED = "not saved"  # a secret, which is not in the settings
    CONTROL_CHARACTER = "control character"
    TOO_LONG = "too long"
    TOO_MANY = "too many"
    DUPLICATE = "duplicate"
    HEADER_NAME = "invalid header name"
    HEADER_OF_HANDSHAKE = "header of the handshake"
    VALUE_CONTROL = "control character in a value"
    SUBPROTOCOL_NAME = "invalid subprotocol"
    SUBPROTOCOL_HEADER = "subprotocol as a header"
    COOKIE_NAME = "invalid cookie name"
    COOKIE_SEMICOLON = "semicolon in a cookie"
    COOKIES_SENT = "header sent by cookies"
    TOKEN_SENT = "header sent by the token"
    PASSWORD_SENT = "header sent by user and password"
    KEY_SENT = "header sent by the API key"
    SIGNATURE_SENT = "header sent by the signature"
    OAUTH_SENT = "header sent by OAuth"
    NOT_A_WEB_ADDRESS = "not an http or https address"
    ENDPOINT_MISSING = "neither an issuer nor this address"
    NOT_THIS_COMPUTER = "redirect to another computer"
    NOT_A_WORD = "more than a word of ASCII"
    NOT_AN_OBJECT = "not an object of JSON"
    NO_FILE = "no such file"
    KEY_WITHOUT_CERTIFICATE = "key without certificate"
    KEY_IN_PKCS12 = "key beside PKCS#12"
    FINGERPRINT = "invalid fingerprint"
    PROXY_MISSING = "proxy address missing"
    PROXY_CREDENTIALS = "credentials in the proxy address"
    PROXY_UNKNOWN_SCHEME = "unknown proxy scheme"
    PROXY_HOST = "proxy host missing"
    PROXY_ADDRESS = "invalid proxy address"
    PASSWORD_WITHOUT_USER = "password without user"
    DELAY_OVER_MAXIMUM = "delay over the maximum"


@dataclass(frozen=True, slots=True)
class ValidationError:
    """An invalid field of a profile; it prevents connecting."""

    path: str  # of the field, such as "request.headers"
    problem: Problem
    row: int | None = None  # of a list, counted from 0; None: the whole field
    detail: str = ""  # the invalid name or scheme


_Found = tuple[Problem, str] | Problem | None  # with the detail
_HEADER = {
    RequestFault.INVALID_NAME: Problem.HEADER_NAME,
    RequestFault.CONTROL_CHARACTER: Problem.VALUE_CONTROL,
    RequestFault.BELONGS_TO_HANDSHAKE: Problem.HEADER_OF_HANDSHAKE,
}
_COOKIE = {
    RequestFault.INVALID_NAME: Problem.COOKIE_NAME,
    RequestFault.CONTROL_CHARACTER: Problem.VALUE_CONTROL,
    RequestFault.SEMICOLON: Problem.COOKIE_SEMICOLON,
}


def validate(
    profile: Profile, is_file: Callable[[str], bool] = os.path.isfile
) -> tuple[ValidationError, ...]:
    """Return what is invalid, in the order of the window's pages. Unused fields are not checked."""
    sign_ins = (profile.sign_in, *profile.other_sign_ins)
    return (
        *_in_request(profile.request, sign_ins, _signed(profile)),
        *_in_protocol(profile.protocol),
        *_in_sign_in(profile.sign_in),
        *_in_further(profile.other_sign_ins),
        *(_in_oauth(profile.oauth) if profile.sign_in.method is SignInMethod.OAUTH else ()),
        *(_in_aws(profile.aws) if profile.sign_in.method is SignInMethod.AWS else ()),
        *_in_tls(profile.tls, is_file),
        *_in_proxy(profile.proxy),
        *_in_reconnect(profile.reconnect),
    )


def is_of_further(error: ValidationError) -> bool:
    """Return whether an error is of a further sign-in, whose place is the error's row."""
    return error.row is not None and error.path.startswith("sign_in.")


def _in_request(
    request: RequestSettings, sign_ins: tuple[SignIn, ...], signed: dict[str, Problem]
) -> Iterator[ValidationError]:
    sent = _headers_sent(request, sign_ins) | signed
    for name, pairs, check in (
        ("headers", request.headers, lambda name, value: _header(name, value, sent)),
        ("query", request.query, _parameter),
        ("cookies", request.cookies, _cookie),
    ):
        yield from _in_pairs(f"request.{name}", pairs, check)
    yield from _in_subprotocols(request.subprotocols)


def _in_pairs(
    path: str, pairs: tuple[Pair, ...], check: Callable[[str, str], _Found]
) -> Iterator[ValidationError]:
    for row, (name, value) in enumerate(pairs):
        if not name:
            yield ValidationError(path, Problem.NAME_MISSING, row)
        elif value is None or MASK in value:
            yield ValidationError(path, Problem.NOT_SAVED, row)
        else:
            found = check(name, value) or _length(name, value)
            too_many = Problem.TOO_MANY if row == MAX_PAIRS else None
            yield from _errors(path, found or too_many, row)


def _header(name: str, value: str, sent: dict[str, Problem]) -> _Found:
    if name.lower() == "sec-websocket-protocol":
        return Problem.SUBPROTOCOL_HEADER
    fault = header_fault(name, value)
    return sent.get(name.lower()) if fault is None else (_HEADER[fault], name)


def _cookie(name: str, value: str) -> _Found:
    fault = cookie_fault(name, value)
    return None if fault is None else (_COOKIE[fault], name)


def _headers_sent(request: RequestSettings, sign_ins: tuple[SignIn, ...]) -> dict[str, Problem]:
    """Return the headers that other fields send, in lower case, and the problem of a duplicate."""
    sent = {}
    if request.cookies:
        sent["cookie"] = Problem.COOKIES_SENT
    for one in sign_ins:
        if one.method is SignInMethod.BEARER:
            sent["authorization"] = Problem.TOKEN_SENT
        elif one.method is SignInMethod.PASSWORD:
            sent["authorization"] = Problem.PASSWORD_SENT
        elif one.method is SignInMethod.KEY_IN_HEADER:
            sent[one.key_name.lower()] = Problem.KEY_SENT
    return sent


def _signed(profile: Profile) -> dict[str, Problem]:
    """Return the headers that AWS's signature or OAuth sends, in lower case."""
    if profile.sign_in.method is SignInMethod.OAUTH:
        is_header = profile.oauth.place is TokenPlace.HEADER
        return {"authorization": Problem.OAUTH_SENT} if is_header else {}
    if profile.sign_in.method is not SignInMethod.AWS or profile.aws.form is AwsForm.QUERY:
        return {}
    names = ("authorization", "x-amz-date", "x-amz-security-token")
    return dict.fromkeys(names, Problem.SIGNATURE_SENT)


def _in_oauth(oauth: OAuthSettings) -> Iterator[ValidationError]:
    addresses = ("issuer", "authorization_url", "token_url", "device_url")
    needed = {OAuthGrant.CODE: "authorization_url", OAuthGrant.DEVICE: "device_url"}
    for name in addresses:
        value = getattr(oauth, name).strip()
        is_needed = name == "token_url" or name == needed.get(oauth.grant)
        if value and not _WEB_ADDRESS.fullmatch(value):
            yield ValidationError(f"oauth.{name}", Problem.NOT_A_WEB_ADDRESS)
        elif is_needed and not value and not oauth.issuer.strip():
            yield ValidationError(f"oauth.{name}", Problem.ENDPOINT_MISSING)
    if not oauth.client_id:
        yield ValidationError("oauth.client_id", Problem.MISSING)
    for name in ("client_id", "scope", "audience", "resource", "extra"):
        value = getattr(oauth, name)
        yield from _errors(
            f"oauth.{name}", Problem.CONTROL_CHARACTER if has_control(value) else _length(value)
        )
    if MASK in oauth.extra:
        yield ValidationError("oauth.extra", Problem.NOT_SAVED)
    is_public = oauth.grant is not OAuthGrant.CLIENT
    yield from _in_secret("oauth.client_secret", oauth.client_secret, may_be_empty=is_public)
    if oauth.redirect_url.strip() and not is_of_this_computer(oauth.redirect_url):
        yield ValidationError("oauth.redirect_url", Problem.NOT_THIS_COMPUTER)
    if oauth.place is TokenPlace.QUERY and not oauth.parameter:
        yield ValidationError("oauth.parameter", Problem.MISSING)


def _in_aws(aws: AwsSettings) -> Iterator[ValidationError]:
    for name, value in (("region", aws.region), ("service", aws.service)):
        if not _WORD.fullmatch(value.strip()):
            yield ValidationError(f"aws.{name}", Problem.NOT_A_WORD)
    if has_control(aws.profile):
        yield ValidationError("aws.profile", Problem.CONTROL_CHARACTER)
    if aws.access_key:
        if not _KEY_ID.fullmatch(aws.access_key):
            yield ValidationError("aws.access_key", Problem.NOT_A_WORD)
        yield from _in_secret("aws.secret_key", aws.secret_key)
        yield from _in_secret("aws.session_token", aws.session_token, may_be_empty=True)
    elif aws.secret_key:
        yield ValidationError("aws.access_key", Problem.MISSING)


def _parameter(name: str, value: str) -> _Found:
    return Problem.CONTROL_CHARACTER if has_control(name + value) else None


def _in_subprotocols(names: tuple[str, ...]) -> Iterator[ValidationError]:
    path = "request.subprotocols"
    invalid = next((name for name in names if subprotocol_fault(name)), None)
    found: _Found = None
    if any(MASK in name for name in names):
        found = Problem.NOT_SAVED
    elif invalid is not None:
        found = Problem.SUBPROTOCOL_NAME, masked_subprotocol(invalid, names)
    if found is None and len(set(names)) < len(names):
        found = Problem.DUPLICATE
    if found is None and len(names) > MAX_PAIRS:
        found = Problem.TOO_MANY
    yield from _errors(path, found or _length(*names))


def _in_protocol(protocol: ProtocolSettings) -> Iterator[ValidationError]:
    if protocol.name is SpokenProtocol.AUTOMATIC:
        return
    path, auth = "protocol.auth", protocol.auth
    if has_control(protocol.topic):
        yield ValidationError("protocol.topic", Problem.CONTROL_CHARACTER)
    if auth is None or MASK in auth:
        yield ValidationError(path, Problem.NOT_SAVED)
    elif auth.strip():
        yield from _errors(path, None if _is_object(auth) else Problem.NOT_AN_OBJECT)
        yield from _errors(path, _length(auth))


def _is_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except (ValueError, RecursionError):
        return False


def _in_sign_in(sign_in: SignIn) -> Iterator[ValidationError]:
    method = sign_in.method
    if method is SignInMethod.PASSWORD:
        # Some servers take a token as the password of an empty user.
        may_be_empty = sign_in.password != ""
        yield from _in_secret("sign_in.user", sign_in.user, may_be_empty=may_be_empty)
        yield from _in_secret("sign_in.password", sign_in.password, may_be_empty=True)
    elif method is SignInMethod.BEARER:
        yield from _in_secret("sign_in.token", sign_in.token)
    elif method in (SignInMethod.KEY_IN_HEADER, SignInMethod.KEY_IN_QUERY):
        name = sign_in.key_name
        is_header = method is SignInMethod.KEY_IN_HEADER
        found = _header(name, "", {}) if is_header else _parameter(name, "")
        yield from _errors("sign_in.key_name", found if name else Problem.MISSING)
        yield from _in_secret("sign_in.key_value", sign_in.key_value)


def _in_further(sign_ins: tuple[SignIn, ...]) -> Iterator[ValidationError]:
    for place, one in enumerate(sign_ins):
        yield from (replace(error, row=place) for error in _in_sign_in(one))


def _in_secret(
    path: str, value: Secret, *, may_be_empty: bool = False
) -> Iterator[ValidationError]:
    if value is None or MASK in value:
        yield ValidationError(path, Problem.NOT_SAVED)
    elif not value and not may_be_empty:
        yield ValidationError(path, Problem.MISSING)
    elif has_control(value):
        yield ValidationError(path, Problem.CONTROL_CHARACTER)
    else:
        yield from _errors(path, _length(value))


def _in_tls(tls: TlsSettings, is_file: Callable[[str], bool]) -> Iterator[ValidationError]:
    certificate, key = tls.certificate_file, tls.key_file
    for name, file in (
        ("ca_file", tls.ca_file),
        ("certificate_file", certificate),
        ("key_file", key),
    ):
        if file and not is_file(file):
            yield ValidationError(f"tls.{name}", Problem.NO_FILE)
    if key and not certificate:
        yield ValidationError("tls.certificate_file", Problem.KEY_WITHOUT_CERTIFICATE)
    if key and certificate.lower().endswith(_PKCS12):
        yield ValidationError("tls.key_file", Problem.KEY_IN_PKCS12)
    if certificate and tls.certificate_password is None:
        yield ValidationError("tls.certificate_password", Problem.NOT_SAVED)
    sha256 = tls.trusted_sha256.replace(":", "").replace(" ", "")
    if sha256 and not _FINGERPRINT.fullmatch(sha256):
        yield ValidationError("tls.trusted_sha256", Problem.FINGERPRINT)


def _in_proxy(proxy: ProxySettings) -> Iterator[ValidationError]:
    if proxy.choice is not ProxyChoice.CUSTOM:
        return
    yield from _errors("proxy.address", _proxy_address(proxy.address.strip()))
    if not proxy.user and proxy.password != "":
        yield ValidationError("proxy.user", Problem.PASSWORD_WITHOUT_USER)
    if proxy.password is None:
        yield ValidationError("proxy.password", Problem.NOT_SAVED)


def _proxy_address(address: str) -> _Found:
    if not address:
        return Problem.PROXY_MISSING
    if without_credentials(address) != address:
        return Problem.PROXY_CREDENTIALS
    try:
        check_proxy(with_scheme(address))
    except ProxyError as error:
        scheme = error.scheme
        return (Problem.PROXY_UNKNOWN_SCHEME, scheme) if scheme else Problem.PROXY_HOST
    except ValueError:  # urlsplit raises it for brackets without an IPv6 address
        return Problem.PROXY_ADDRESS
    return _length(address)


def _in_reconnect(reconnect: Reconnect) -> Iterator[ValidationError]:
    if reconnect.enabled and reconnect.first_delay > reconnect.max_delay:
        yield ValidationError("reconnect.first_delay", Problem.DELAY_OVER_MAXIMUM)


def _errors(path: str, found: _Found, row: int | None = None) -> Iterator[ValidationError]:
    if isinstance(found, Problem):
        yield ValidationError(path, found, row)
    elif found:
        problem, detail = found
        yield ValidationError(path, problem, row, detail)


def _length(*texts: str) -> Problem | None:
    return Problem.TOO_LONG if any(len(text) > MAX_TEXT for text in texts) else None
