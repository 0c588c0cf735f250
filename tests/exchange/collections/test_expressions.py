"""Variables of other programs become ours where they mean the same."""

from __future__ import annotations

import pytest

from spacebeam.exchange.collections.importers import expressions
from spacebeam.exchange.collections.importers.expressions import Translate
from spacebeam.exchange.losses import Loss, NamedLosses

SAME = [
    (expressions.braces, "{{host}} {{fo/o}} {{Global Foo}}", "{{host}} {{fo/o}} {{Global Foo}}"),
    (expressions.braces, "{{$guid}} {{$randomUUID}}", "{{$guid}} {{$randomUUID}}"),
    (expressions.braces, "{{process.env.TOKEN}}", "{{process.env.TOKEN}}"),
    (expressions.insomnia, "{{ _.host }} {{host}} {{ _.a.b }}", "{{host}} {{host}} {{a.b}}"),
    (expressions.insomnia, "{{ _['a-b'] }} {{ _[\"c\"] }}", "{{a-b}} {{c}}"),
    (expressions.insomnia, "{% uuid 'v4' %}{% uuid %}", "{{$uuid}}{{$uuid}}"),
    (expressions.insomnia, "{% now 'iso-8601', '' %}", "{{$isoTime}}"),
    (expressions.insomnia, '{% timestamp "unix" %}', "{{$timestamp}}"),
    (expressions.yaak, "${[ host ]}${[a]}", "{{host}}{{a}}"),
    (expressions.yaak, "${[ uuid.v4() ]} ${[ timestamp.unix() ]}", "{{$uuid}} {{$timestamp}}"),
    (expressions.yaak, "${[ random.range(min=0,max=9) ]}", "{{$randomInt 0 9}}"),
    (expressions.yaak, "Dear {{name}}", "Dear \\{{name}}"),
    (expressions.hoppscotch, "<<host>>/<<$guid>>", "{{host}}/{{$guid}}"),
    (
        expressions.http_file,
        "{{$uuid}} {{$random.integer(1, 9)}}",
        "{{$uuid}} {{$random.integer(1, 9)}}",
    ),
    (
        expressions.http_file,
        "{{$randomInt 1 9}} {{$processEnv X}}",
        "{{$randomInt 1 9}} {{$processEnv X}}",
    ),
    (expressions.http_file, "\\{\\{literal\\}\\}", "\\{{literal}}"),
    (expressions.plain, "{{mustache}}", "\\{{mustache}}"),
]
COMPUTED = [
    (expressions.braces, "{{vault:key}}", "vault"),
    (expressions.braces, "{{$randomFirstName}}", "$randomFirstName"),
    (expressions.braces, "{{?ask the person}}", "?ask the person"),
    (expressions.insomnia, "{% base64 'encode', 'user:password' %}", "base64"),
    (expressions.insomnia, "{{ _.name | upper }}", "_.name"),
    (expressions.yaak, "${[ prompt.text(label='Your key') ]}", "prompt.text"),
    (expressions.http_file, "{{new Date().getTime()}}", "new"),
    (expressions.http_file, "{{$random.email}}", "$random.email"),
]


@pytest.mark.parametrize(("translate", "theirs", "ours"), SAME)
def test_what_means_the_same_is_translated(translate: Translate, theirs: str, ours: str) -> None:
    losses = NamedLosses()
    assert translate(theirs, losses) == ours
    assert not losses


@pytest.mark.parametrize(("translate", "theirs", "name"), COMPUTED)
def test_what_is_computed_stays_and_is_listed_without_its_arguments(
    translate: Translate, theirs: str, name: str
) -> None:
    losses = NamedLosses()
    assert translate(theirs, losses) == theirs
    assert losses == {Loss.EXPRESSIONS: 1}
    assert list(losses.names[Loss.EXPRESSIONS]) == [name]
