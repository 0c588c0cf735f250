"""Each problem is found at its field, and fields that are not in use are not checked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from spacebeam.profiles.profile import (
    DEFAULTS,
    MAX_PAIRS,
    MAX_TEXT,
    Profile,
    ProxyChoice,
    SignIn,
    SignInMethod,
    TlsSettings,
    with_values,
)
from spacebeam.profiles.validation import Problem, ValidationError, validate
from spacebeam.wording.validation import validation_words

PASSWORD = {"sign_in.method": SignInMethod.PASSWORD}
BEARER = {"sign_in.method": SignInMethod.BEARER}
KEY_IN_HEADER = {"sign_in.method": SignInMethod.KEY_IN_HEADER, "sign_in.key_value": "k"}
KEY_IN_QUERY = {"sign_in.method": SignInMethod.KEY_IN_QUERY, "sign_in.key_value": "k"}
PROXY = {"proxy.choice": ProxyChoice.CUSTOM, "proxy.address": "http://p:1"}
PROXY_CHOICE = {"proxy.choice": ProxyChoice.CUSTOM}
HEADERS, QUERY, COOKIES = "request.headers", "request.query", "request.cookies"
SUBPROTOCOLS = "request.subprotocols"


def found(values: dict[str, Any]) -> tuple[ValidationError, ...]:
    profile = with_values(Profile(), values)
    return validate(profile, lambda path: not path.startswith("/missing"))


@pytest.mark.parametrize(
    "values",
    [
        {},
        {HEADERS: (("A", "b"), ("Cookie", "a=b"), ("Authorization", "x"))},
        {QUERY: (("a b", "ü"),), COOKIES: (("a", "b"),), SUBPROTOCOLS: ("a", "b")},
        {**PASSWORD, "sign_in.user": "ada", "sign_in.password": ""},
        {**PASSWORD, "sign_in.user": "", "sign_in.password": "token"},
        {**BEARER, "sign_in.token": "t", "sign_in.password": None},
        {**KEY_IN_QUERY, "sign_in.key_name": "any name"},
        {"sign_in.token": None, "sign_in.key_value": None, "sign_in.key_name": ""},
        {
            "tls.ca_file": "/ca.pem",
            "tls.certificate_file": "/own.pem",
            "tls.key_file": "/own.key",
        },
        {"tls.certificate_password": None},
        {"tls.trusted_sha256": "AB" * 32},
        {"tls.trusted_sha256": ":".join(["ab"] * 32)},
        {"proxy.address": "nonsense", "proxy.password": None},
        {"proxy.choice": ProxyChoice.NONE, "proxy.address": "nonsense"},
        {**PROXY, "proxy.user": "ada", "proxy.password": ""},
        {"reconnect.first_delay": 99},
        {
            "reconnect.enabled": True,
            "reconnect.first_delay": 30.0,
            "reconnect.max_delay": 30,
        },
    ],
)
def test_a_valid_profile_has_no_errors(values: dict[str, Any]) -> None:
    assert found(values) == ()


@pytest.mark.parametrize(
    ("values", "row", "problem"),
    [
        ({HEADERS: (("A", "b"), ("a b", "c"))}, 1, Problem.HEADER_NAME),
        ({HEADERS: (("", "b"),)}, 0, Problem.NAME_MISSING),
        ({HEADERS: (("A", None),)}, 0, Problem.NOT_SAVED),
        ({HEADERS: (("A", "b\n"),)}, 0, Problem.VALUE_CONTROL),
        ({HEADERS: (("A", "b" * (MAX_TEXT + 1)),)}, 0, Problem.TOO_LONG),
        ({HEADERS: (("Upgrade", "b"),)}, 0, Problem.HEADER_OF_HANDSHAKE),
        ({HEADERS: (("sec-websocket-protocol", "b"),)}, 0, Problem.SUBPROTOCOL_HEADER),
        ({HEADERS: (("A", "b"),) * (MAX_PAIRS + 1)}, MAX_PAIRS, Problem.TOO_MANY),
        ({QUERY: (("a", None),)}, 0, Problem.NOT_SAVED),
        ({QUERY: (("a", "•••"),)}, 0, Problem.NOT_SAVED),
        ({HEADERS: (("A", "Bearer •••"),)}, 0, Problem.NOT_SAVED),
        ({QUERY: (("a", "\x1b"),)}, 0, Problem.CONTROL_CHARACTER),
        ({COOKIES: (("a", "b;c"),)}, 0, Problem.COOKIE_SEMICOLON),
        ({SUBPROTOCOLS: ("a", "b c")}, None, Problem.SUBPROTOCOL_NAME),
        ({SUBPROTOCOLS: ("bearer", "•••")}, None, Problem.NOT_SAVED),
        ({SUBPROTOCOLS: ("a", "a")}, None, Problem.DUPLICATE),
        (
            {SUBPROTOCOLS: tuple(f"a{number}" for number in range(MAX_PAIRS + 1))},
            None,
            Problem.TOO_MANY,
        ),
        ({HEADERS: (("cookie", "a=b"),), COOKIES: (("c", "d"),)}, 0, Problem.COOKIES_SENT),
        (
            {HEADERS: (("authorization", "x"),), **BEARER, "sign_in.token": "t"},
            0,
            Problem.TOKEN_SENT,
        ),
        (
            {HEADERS: (("Authorization", "x"),), **PASSWORD, "sign_in.user": "a"},
            0,
            Problem.PASSWORD_SENT,
        ),
        ({HEADERS: (("x-api-KEY", "x"),), **KEY_IN_HEADER}, 0, Problem.KEY_SENT),
        ({"sign_in.user": "", **PASSWORD}, None, Problem.MISSING),
        (
            {"sign_in.password": None, "sign_in.user": "a", **PASSWORD},
            None,
            Problem.NOT_SAVED,
        ),
        ({"sign_in.token": "", **BEARER}, None, Problem.MISSING),
        ({"sign_in.token": None, **BEARER}, None, Problem.NOT_SAVED),
        ({"sign_in.token": "•••", **BEARER}, None, Problem.NOT_SAVED),
        ({"sign_in.token": "a\nb", **BEARER}, None, Problem.CONTROL_CHARACTER),
        ({"sign_in.token": "a" * (MAX_TEXT + 1), **BEARER}, None, Problem.TOO_LONG),
        (
            {"sign_in.key_value": "", "sign_in.method": SignInMethod.KEY_IN_HEADER},
            None,
            Problem.MISSING,
        ),
        ({"sign_in.key_name": "a b", **KEY_IN_HEADER}, None, Problem.HEADER_NAME),
        ({"sign_in.key_name": "", **KEY_IN_QUERY}, None, Problem.MISSING),
        ({"tls.ca_file": "/missing.pem"}, None, Problem.NO_FILE),
        ({"tls.certificate_file": "/missing.pem"}, None, Problem.NO_FILE),
        (
            {"tls.key_file": "/own.key", "tls.certificate_file": "/own.P12"},
            None,
            Problem.KEY_IN_PKCS12,
        ),
        (
            {"tls.certificate_password": None, "tls.certificate_file": "/own.p12"},
            None,
            Problem.NOT_SAVED,
        ),
        ({"tls.trusted_sha256": "abc"}, None, Problem.FINGERPRINT),
        ({"tls.trusted_sha256": "xy" * 32}, None, Problem.FINGERPRINT),
        ({"proxy.address": "", **PROXY_CHOICE}, None, Problem.PROXY_MISSING),
        ({"proxy.address": "http://p:65536", **PROXY_CHOICE}, None, Problem.PROXY_HOST),
        ({"proxy.address": ":3128", **PROXY_CHOICE}, None, Problem.PROXY_HOST),
        ({"proxy.address": "ftp://p:1", **PROXY_CHOICE}, None, Problem.PROXY_UNKNOWN_SCHEME),
        ({"proxy.address": "http://", **PROXY_CHOICE}, None, Problem.PROXY_HOST),
        ({"proxy.address": "http://[p", **PROXY_CHOICE}, None, Problem.PROXY_ADDRESS),
        ({"proxy.address": "http://a:b@p:1", **PROXY_CHOICE}, None, Problem.PROXY_CREDENTIALS),
        (
            {"proxy.password": None, "proxy.user": "a", **PROXY},
            None,
            Problem.NOT_SAVED,
        ),
        (
            {
                "reconnect.first_delay": 31.0,
                "reconnect.enabled": True,
                "reconnect.max_delay": 30,
            },
            None,
            Problem.DELAY_OVER_MAXIMUM,
        ),
    ],
)
def test_a_problem_is_found_at_its_field(
    values: dict[str, Any], row: int | None, problem: Problem
) -> None:
    """The first of the values is the invalid one."""
    (error,) = found(values)
    assert (error.path, error.row, error.problem) == (next(iter(values)), row, problem)
    assert error.path in DEFAULTS
    assert validation_words(error)


@pytest.mark.parametrize(
    ("values", "path", "problem"),
    [
        (
            {"tls.key_file": "/own.key"},
            "tls.certificate_file",
            Problem.KEY_WITHOUT_CERTIFICATE,
        ),
        ({**PROXY, "proxy.password": "p"}, "proxy.user", Problem.PASSWORD_WITHOUT_USER),
    ],
)
def test_a_missing_value_is_reported_at_the_field_that_needs_it(
    values: dict[str, Any], path: str, problem: Problem
) -> None:
    (error,) = found(values)
    assert (error.path, error.problem) == (path, problem)


def test_further_credentials_are_checked() -> None:
    others = (SignIn(SignInMethod.BEARER, token="t"), SignIn(SignInMethod.BEARER))
    values = {**BEARER, "sign_in.token": "t", "other_sign_ins": others}
    (error,) = found(values)
    assert (error.path, error.problem) == ("sign_in.token", Problem.MISSING)
    (_, error) = found({**values, HEADERS: (("Authorization", "x"),)})[::-1]
    assert (error.path, error.problem) == (HEADERS, Problem.TOKEN_SENT)


def test_a_value_over_the_limit_has_other_errors_too() -> None:
    (error,) = found({HEADERS: (("A", "b"),) * MAX_PAIRS + (("A", "b\r\nC: d"),)})
    assert (error.row, error.problem) == (MAX_PAIRS, Problem.VALUE_CONTROL)
    (error,) = found({SUBPROTOCOLS: ("a" * (MAX_TEXT + 1), "b c")})
    assert error.problem is Problem.SUBPROTOCOL_NAME


@pytest.mark.parametrize(
    ("values", "part"),
    [
        ({HEADERS: (("a b", "c"),)}, "“a b”"),
        ({HEADERS: (("Upgrade", "c"),)}, "“Upgrade”"),
        ({SUBPROTOCOLS: ("a", "b c")}, "“b c”"),
        ({SUBPROTOCOLS: ("a", "Bearer s3cret")}, "“Bearer •••”"),
        ({**PROXY, "proxy.address": "ftp://p:1"}, "“ftp”"),
    ],
)
def test_the_sentence_names_what_is_invalid(values: dict[str, Any], part: str) -> None:
    (error,) = found(values)
    assert part in validation_words(error)


def test_files_have_to_exist(tmp_path: Path) -> None:
    path = tmp_path / "ca.pem"
    profile = Profile(tls=TlsSettings(ca_file=str(path)))
    assert validate(profile)
    path.touch()
    assert not validate(profile)
