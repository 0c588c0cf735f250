"""A saved connection with its variables replaced, and its secrets hidden from then on."""

from __future__ import annotations

import pytest

from spacebeam.profiles.collection import MessageFormat, SavedConnection, SavedMessage, Variable
from spacebeam.profiles.made_values import MadeValues
from spacebeam.profiles.prepared import MessageError, Preparation
from spacebeam.profiles.profile import Profile, RequestSettings, SignIn, SignInMethod
from spacebeam.protocol.secrets import MASK, saved_address, without_secrets
from spacebeam.wording.variables import message_words


def preparation(connection: SavedConnection, **values: str) -> Preparation:
    variables = {
        name: Variable(name, value, is_secret=name.startswith("secret"))
        for name, value in values.items()
    }
    return Preparation(connection, variables, MadeValues({"HOST": "h", "API_TOKEN": "fr0m-env"}))


def test_variables_are_replaced_in_address_and_profile() -> None:
    profile = Profile(
        RequestSettings(headers=(("X", "{{a}}-{{b}}"),)),
        SignIn(SignInMethod.BEARER, token="{{secret}}"),
    )
    connection = SavedConnection("A", "wss://{{$env HOST}}/{{a}}", profile)
    found = preparation(connection, a="1", secret="t0ken").prepared()
    assert found.address == "wss://h/1"
    assert found.profile.request.headers == (("X", "1-{{b}}"),)
    assert found.profile.sign_in.token == "t0ken"
    assert list(found.unresolved.unknown) == ["b"]


def test_a_message_is_encoded_after_its_variables_are_replaced() -> None:
    message = SavedMessage("A", '{"a": {{a}}}', MessageFormat.JSON, encoding="CBOR")
    made = preparation(SavedConnection("A", "", messages=(message,)), a="1")
    with pytest.raises(MessageError):
        made.payload(message)  # never as another thing than it is
    made.encode = lambda text, name: f"{name} {text}".encode()
    assert made.payload(message) == b'CBOR {"a": 1}'
    assert made.with_variables({}).encode is made.encode
    assert not made.trial(message).names


def test_what_cannot_be_encoded_says_why_unless_a_variable_is_missing() -> None:
    def encode(text: str, name: str) -> bytes:
        raise ValueError(f"{text} is not {name}")

    message = SavedMessage("A", "{{a}}", MessageFormat.JSON, encoding="CBOR")
    made = preparation(SavedConnection("A", ""))
    made.encode = encode
    assert list(made.trial(message).names) == ["a"]
    made = preparation(SavedConnection("A", ""), a="x")
    made.encode = encode
    for method in (made.trial, made.payload):
        with pytest.raises(MessageError) as caught:
            method(message)
        assert caught.value.reason == "x is not CBOR"
        assert message_words(caught.value) == (
            "The message “A” cannot be sent as CBOR: x is not CBOR."
        )


@pytest.mark.parametrize(
    "template", ["wss://a.example/{{secret}}/x", "wss://a.example/?plain={{secret}}"]
)
@pytest.mark.parametrize("value", ["pl4in-words", "with space&more", "ümlaut"])
def test_a_secret_in_an_address_is_masked_wherever_it_is(template: str, value: str) -> None:
    address = preparation(SavedConnection("A", template), secret=value).prepared().address
    for shown in (without_secrets(address), saved_address(address)):
        assert value not in shown
        assert MASK in shown
    assert MASK not in saved_address("wss://a.example/?plain=other")


def test_a_secret_of_the_environment_is_masked_and_a_host_is_not() -> None:
    connection = SavedConnection("A", "wss://{{$env HOST}}x/{{process.env.API_TOKEN}}")
    address = preparation(connection).prepared().address
    assert address == "wss://hx/fr0m-env"
    assert saved_address(address) == f"wss://hx/{MASK}"


def test_a_short_secret_does_not_mask_half_of_everything() -> None:
    preparation(SavedConnection("A", "wss://h/{{secret}}"), secret="a").prepared()
    assert saved_address("wss://a.example/a") == "wss://a.example/a"


@pytest.mark.parametrize(
    ("text", "form", "payload"),
    [
        ("{{a}} {{b}}", MessageFormat.TEXT, "one\n {{b}}"),
        ('{"x": "{{a}}"}', MessageFormat.JSON, '{"x": "one\\n"}'),
        ("<a>{{a}}</a>", MessageFormat.XML, "<a>one\n</a>"),
        ("00 {{hex}}", MessageFormat.HEX, b"\x00\xff"),
        ("AAEC\n+vv/", MessageFormat.BASE64, b"\x00\x01\x02\xfa\xfb\xff"),
    ],
)
def test_a_message_is_sent_in_its_format(
    text: str, form: MessageFormat, payload: str | bytes
) -> None:
    found = preparation(SavedConnection("A", "ws://h"), a="one\n", hex="ff")
    assert found.payload(SavedMessage("M", text, form)) == payload


@pytest.mark.parametrize("form", [MessageFormat.HEX, MessageFormat.BASE64])
def test_a_message_that_is_not_in_its_format_is_an_error(form: MessageFormat) -> None:
    found = preparation(SavedConnection("A", "ws://h"))
    with pytest.raises(MessageError):
        found.payload(SavedMessage("M", "{{x}}", form))


def test_messages_on_connect_are_made_anew_each_time() -> None:
    messages = (
        SavedMessage("Login", "login {{$seq}}", on_connect=True),
        SavedMessage("Other", "other"),
        SavedMessage("Subscribe", "{{$seq}}", on_connect=True),
    )
    found = preparation(SavedConnection("A", "ws://h", messages=messages))
    assert found.on_connect() == ("login 1", "2")
    assert found.on_connect() == ("login 3", "4")
