"""Variables in texts and profiles."""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Mapping

import pytest

from spacebeam.profiles.collection import Variable
from spacebeam.profiles.made_values import MadeValues
from spacebeam.profiles.profile import Profile, RequestSettings, SignIn, SignInMethod
from spacebeam.profiles.variables import Place, Resolver, TooLongError, has_variables, places


def resolver(environ: Mapping[str, str] | None = None, /, **values: str) -> Resolver:
    made = MadeValues(environ or {}, lambda: 1700000000.25, random.Random(1))
    return Resolver({name: Variable(name, value) for name, value in values.items()}, made)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("wss://{{host}}/a", "wss://example.com/a"),
        ("{{ host }}:{{port}}", "example.com:8080"),
        ("{{base}}", "wss://example.com:8080"),
        ("{{host", "{{host"),
        ("{{}}", "{{}}"),
        ("{{{host}}}", "{example.com}"),
        ("{{#each items}}{{this}}{{/each}}", "{{#each items}}{{this}}{{/each}}"),
        ("{{HOST}}", "{{HOST}}"),
        (r"\{{host}}", "{{host}}"),
        ("{{ ключ }}", "значение"),
        ("{{$timestamp}}", "1700000000"),
        ("{{$isoTimestamp}} {{$isoTime}}", "2023-11-14T22:13:20.250Z 2023-11-14T22:13:20.250Z"),
        ("{{$seq}} {{$seq}}", "1 2"),
        ("{{$randomInt 7 7}}{{$random.integer(7,7)}}", "77"),
        ("{{$env HOME}}{{process.env.HOME}}{{$dotenv HOME}}", "/h/h/h"),
        ("{{$env NONE}}", "{{$env NONE}}"),
        ("{{$randomInt 9 1}}{{$uuid 4}}{{$nothing}}", "{{$randomInt 9 1}}{{$uuid 4}}{{$nothing}}"),
    ],
)
def test_a_text_is_resolved(text: str, expected: str) -> None:
    found = resolver(
        {"HOME": "/h"},
        host="example.com",
        port="8080",
        base="wss://{{host}}:{{port}}",
        ключ="значение",
    )
    assert found.text(text) == expected


def test_uuids_and_random_numbers_are_made_anew_for_each_place() -> None:
    first, second = resolver().text("{{$uuid}} {{$guid}}").split()
    assert first != second
    assert len(first) == 36
    assert first[14] == "4"
    numbers = {resolver().text("{{$randomInt}}") for _ in range(3)}
    assert all(0 <= int(one) <= 1000 for one in numbers)


def test_what_is_unknown_is_told_in_its_order() -> None:
    found = resolver(a="{{b}}")
    assert found.text("{{z}} {{a}} {{z}}") == "{{z}} {{b}} {{z}}"
    assert list(found.unresolved.unknown) == ["z", "b"]


def test_a_variable_that_holds_itself_is_told() -> None:
    found = resolver(a="<{{b}}>", b="{{a}}")
    assert found.text("{{a}}") == "<{{a}}>"
    assert list(found.unresolved.circular) == ["a"]


def test_a_secret_that_is_in_no_file_is_told_and_a_used_one_is_known() -> None:
    variables = {
        "token": Variable("token", "abc", is_secret=True),
        "key": Variable("key", None, is_secret=True),
    }
    found = Resolver(variables)
    assert found.text("{{token}} {{key}}") == "abc {{key}}"
    assert found.secrets == {"abc"}
    assert list(found.unresolved.missing_secrets) == ["key"]


@pytest.mark.parametrize("value", ['"', "\\", "\n", "\t", 'a"b\\c'])
def test_in_a_json_message_a_value_is_escaped(value: str) -> None:
    found = resolver(a=value)
    assert '"x' in found.message('{"k": "x{{a}}"}')
    assert json.loads(found.message('{"k": "x{{a}}"}')) == {"k": "x" + value}
    assert found.message("say {{a}}") == "say " + value
    assert found.message('{"k": {{a}}}') == '{"k": ' + value + "}"


def test_the_texts_of_a_profile_are_resolved() -> None:
    profile = Profile(
        request=RequestSettings(
            headers=(("X-{{n}}", "{{v}}"), ("Empty", None)), subprotocols=("{{v}}",)
        ),
        sign_in=SignIn(SignInMethod.BEARER, token="{{v}}"),
        other_sign_ins=(SignIn(SignInMethod.PASSWORD, user="{{n}}", password=None),),
    )
    found = resolver(n="Name", v="value").profile(profile)
    assert found.request.headers == (("X-Name", "value"), ("Empty", None))
    assert found.request.subprotocols == ("value",)
    assert found.sign_in == SignIn(SignInMethod.BEARER, token="value")
    assert found.other_sign_ins == (SignIn(SignInMethod.PASSWORD, user="Name", password=None),)


def test_the_work_and_the_size_are_bounded() -> None:
    names = [f"v{number}" for number in range(17)]
    doubled = {a: f"{{{{{b}}}}}" * 40 for a, b in itertools.pairwise(names)}
    with pytest.raises(TooLongError):
        resolver(**doubled, v16="").text("{{v0}}")
    with pytest.raises(TooLongError):
        resolver(a="x" * 1024 * 1024).text("{{a}}" * 17)


def test_the_places_of_variables_are_found() -> None:
    text = r"a{{b}} \{{c}} {{ $seq }}"
    assert places(text) == [Place(1, 6, "b"), Place(14, 24, "$seq")]
    assert has_variables(text)
    assert not has_variables("{{}} {")
