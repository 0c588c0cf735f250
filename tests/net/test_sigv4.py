"""AWS's signature, against AWS's own test suite and library."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import parse_qsl, quote

import pytest
from botocore.auth import SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from hypothesis import given
from hypothesis import strategies as st

from spacebeam.net.sigv4 import (
    IOT,
    AwsCredentials,
    AwsScope,
    scope_of,
    signed_headers,
    signed_query,
)

# AWS's test suite: the secret key is in all of its documents.
KEY = AwsCredentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
SCOPE = AwsScope("us-east-1", "service")
NOW = datetime(2015, 8, 30, 12, 36, tzinfo=UTC)
HOST = "example.amazonaws.com"
UNRESERVED = "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
VANILLA = "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"
SUITE = {
    "/": VANILLA,
    "//": VANILLA,
    "/./": VANILLA,
    "/example/..": VANILLA,
    "/example1/example2/../..": VANILLA,
    "/./example": "ef75d96142cf21edca26f06005da7988e4f8dc83a165a80865db7089db637ec5",
    "//example//": "9a624bd73a37c9a373b5312afbebe7a714a789de108f0bdfe846570885f57e84",
    "/example space/": "652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741",
    "/example/$delete": "a853c9b21b528b19643d00910d35b83a10c366a10833ceefb45edd6c80e40f27",
    "/ሴ": "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85",
    f"/{UNRESERVED}": "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f",
    f"/?{UNRESERVED}={UNRESERVED}": (
        "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197"
    ),
    "/?Param1=value1": "a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb",
    "/?Param1=value2&Param1=Value1": (
        "eedbc4e291e521cf13422ffca22be7d2eb8146eecf653089df300a15b2382bd1"
    ),
    "/?Param1=value2&Param1=value1": (
        "5772eed61e12b33fae39ee5e7012498b51d56abc0abb7c60486157bd471c4694"
    ),
    "/?Param2=value2&Param1=value1": (
        "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"
    ),
    "/?ሴ=bar": "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04",
    "/?Param-3=Value3&Param=Value2&%E1%88%B4=Value1": (
        "371d3713e185cc334048618a97f809c9ffe339c62934c032af5a0e595648fcac"
    ),
}

_WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=8)
_PATHS = st.lists(st.one_of(_WORDS, st.sampled_from(["", ".", ".."])), max_size=4)
_QUERIES = st.lists(st.tuples(_WORDS, _WORDS), max_size=4, unique_by=lambda one: one[0])
_TOKENS = st.sampled_from(["", "to+k/en=="])


@pytest.mark.parametrize(("resource", "signature"), SUITE.items())
def test_the_headers_are_those_of_the_test_suite(resource: str, signature: str) -> None:
    headers = dict(signed_headers(HOST, resource, KEY, SCOPE, NOW))
    assert headers == {
        "X-Amz-Date": "20150830T123600Z",
        "Authorization": "AWS4-HMAC-SHA256 "
        "Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
        f"SignedHeaders=host;x-amz-date, Signature={signature}",
    }


def resource(path: list[str], query: list[tuple[str, str]]) -> str:
    """Return the path and query as they are sent."""
    sent = "/" + "/".join(quote(one, safe="") for one in path)
    pairs = "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in query)
    return f"{sent}?{pairs}" if pairs else sent


def request_of_aws(target: str) -> AWSRequest:
    return AWSRequest("GET", f"https://{HOST}{target}", headers={"Host": HOST})


def keys_of_aws(token: str) -> Credentials:
    return Credentials(KEY.access_key, KEY.secret_key, token or None)


def key(token: str) -> AwsCredentials:
    return AwsCredentials(KEY.access_key, KEY.secret_key, token)


@given(_PATHS, _QUERIES, _TOKENS)
def test_the_headers_are_those_of_the_library_of_aws(
    path: list[str], query: list[tuple[str, str]], token: str
) -> None:
    target = resource(path, query)
    request = request_of_aws(target)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("botocore.auth.get_current_datetime", lambda: NOW)
        SigV4Auth(keys_of_aws(token), SCOPE.service, SCOPE.region).add_auth(request)
    ours = dict(signed_headers(HOST, target, key(token), SCOPE, NOW))
    assert ours == {name: value for name, value in request.headers.items() if name != "Host"}


@given(_PATHS, _QUERIES, _TOKENS)
def test_the_query_is_that_of_the_library_of_aws(
    path: list[str], query: list[tuple[str, str]], token: str
) -> None:
    target = resource(path, query)
    request = request_of_aws(target)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("botocore.auth.get_current_datetime", lambda: NOW)
        SigV4QueryAuth(keys_of_aws(token), SCOPE.service, SCOPE.region, 300).add_auth(request)
    theirs = dict(parse_qsl(request.url.partition("?")[2], keep_blank_values=True))
    ours = signed_query(HOST, target, key(token), SCOPE, NOW)
    assert {**dict(query), **dict(ours)} == theirs


def test_the_token_of_iot_is_not_signed_and_comes_last() -> None:
    scope = AwsScope("eu-west-1", IOT)
    without = signed_query(HOST, "/mqtt", KEY, scope, NOW)
    with_token = signed_query(HOST, "/mqtt", key("token"), scope, NOW)
    assert with_token == (*without, ("X-Amz-Security-Token", "token"))


@pytest.mark.parametrize(
    ("host", "scope"),
    [
        ("abc123.execute-api.eu-central-1.amazonaws.com", ("eu-central-1", "execute-api")),
        ("ABC123.Execute-API.eu-central-1.amazonaws.com", ("eu-central-1", "execute-api")),
        ("abc123.execute-api.cn-north-1.amazonaws.com.cn", ("cn-north-1", "execute-api")),
        ("a1b2-ats.iot.us-east-1.amazonaws.com", ("us-east-1", IOT)),
        ("a1b2.iot.us-gov-west-1.amazonaws.com", ("us-gov-west-1", IOT)),
        ("transcribestreaming.us-west-2.amazonaws.com", ("us-west-2", "transcribe")),
        ("db.cluster-1.eu-west-1.neptune.amazonaws.com", ("eu-west-1", "neptune-db")),
        ("chat.example.com", ("", "")),
        ("x.execute-api.eu-central-1.amazonaws.com.evil.test", ("", "")),
    ],
)
def test_a_host_tells_service_and_region(host: str, scope: tuple[str, str]) -> None:
    assert scope_of(host) == AwsScope(*scope)


def test_no_secret_is_in_what_is_logged() -> None:
    shown = repr(AwsCredentials("AKID", "hunter2", "t0ken"))
    assert "hunter2" not in shown
    assert "t0ken" not in shown
