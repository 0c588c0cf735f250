"""What of an address's secrets may be in a file."""

from __future__ import annotations

import pytest

from spacebeam.profiles.written_secrets import written_address, written_parameters


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("anna:s3cret@h.test/x", "anna:•••@h.test/x"),
        ("//anna:s3cret@h.test/x", "//anna:•••@h.test/x"),
        ("wss:anna:s3cret@h.test", "wss:anna:•••@h.test"),
        ("ws:/anna:s3cret@{{host}}", "ws:/anna:•••@{{host}}"),
        ("anna:12ab@{{host}}", "anna:•••@{{host}}"),
        ("anna:s3/c?ret@h.test/x", "anna:•••@h.test/x"),
        ("wss://anna:s3/c?ret@h.test/?a=b", "wss://anna:•••@h.test/?a=b"),
        ("“wss://anna:s3cret@h.test”", "wss://anna:•••@h.test"),
        ("gopher://anna:s3cret@h.test/", "gopher://anna:•••@h.test/"),
        ("wss://anna:s3cret@h.test:port/", "wss://anna:•••@h.test:port/"),
        ("wss://s3cret@h.test/", "wss://•••@h.test/"),
        ("anna:s3cret@{{host}}/?token=abc&x={{x}}", "anna:•••@{{host}}/?token=•••&x={{x}}"),
        ("{{user}}:s3cret@h.test", "{{user}}:•••@h.test"),
    ],
)
def test_secrets_are_left_out(typed: str, written: str) -> None:
    assert written_address(typed) == written
    assert written_address(written) == written


@pytest.mark.parametrize(
    "typed",
    [
        "{{base}}/feed",
        "{{user}}:{{password}}@h.test?token={{token}}",
        "wss://anna:{{password}}@h.test/",
        "wss://{{credentials}}@h.test/",
        "wss://{{host}}:{{port}}/?mail=anna@h.test",
        "{{host}}:80/anna@h.test",
        "h.test:80/anna@h.test",
        "ws+unix:/run/a:/b@c",
        "wss://:@h.test/",
    ],
)
def test_what_is_no_secret_stays(typed: str) -> None:
    assert written_address(typed) == typed


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("", ""),
        ("a=1&password=s3cret&client_assertion=x", "a=1&password=•••&client_assertion=•••"),
        ("pass%77ord=s3cret&flag", "pass%77ord=•••&flag"),
        ("password=&refresh_token={{token}}", "password=&refresh_token={{token}}"),
        ("password=%7B%7Bword%7D%7D", "password=%7B%7Bword%7D%7D"),
    ],
)
def test_secret_parameters_are_left_out(typed: str, written: str) -> None:
    assert written_parameters(typed) == written
