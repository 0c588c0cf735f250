"""JSON values are compared as JSON, and the search for their bytes passes over no match."""

from __future__ import annotations

import pytest

from spacebeam.decode.registry import REGISTRY, Registry
from spacebeam.search.matching import payload_values
from spacebeam.search.matching.matcher import Matcher
from spacebeam.search.parser import parse
from tests.decode.test_registry import OddDecoder
from tests.support.filtering import texts

DEPTH = 100_000


def matches(term: str, payload: str | bytes) -> bool:
    """Return whether a payload matches, among others without the term's keys."""
    data = payload.encode() if isinstance(payload, str) else payload
    filter = parse(term)
    assert not filter.errors
    block = texts(*[b'"hay"'] * 40, data, *[b"[]"] * 40)
    found = list(Matcher(filter).matches(block))
    assert found in ([], [40])
    return found == [40]


@pytest.mark.parametrize(
    ("term", "payload"),
    [
        ("json:price=10", '{"price":10}'),
        ("json:price=10", ' {"price": 10.0}\r\n'),
        ("json:price=10", '{"price":1e1}'),
        ("json:price=10", '{"price":"10"}'),
        ('json:price="10"', '{"price":"10"}'),
        ("json:ok=true", '{"ok":true}'),
        ("json:ok=true", '{"ok":"true"}'),
        ("json:ok=true", '{"ok":"\\u0074rue"}'),
        ("json:a=é", '{"a":"\\u00e9"}'),
        ("json:a=é", '{"\\u0061":"é"}'),
        ("json:a=[1,2]", '{"a":[1, 2.0]}'),
        ('json:a={"b":1}', '{"a":{"b":1}}'),
        ("json:a~eed", '{"a":"needle"}'),
        ("json:a~eed", '{"a":"ne\\u0065dle"}'),
        ("json:a~eed", '{"a":{"b":["needle"]}}'),
        ("json:a~[1,2]", '{"a":[1, 2]}'),
        ("json:a~Infin", '{"a":1e999}'),
        ("json:a~e+", '{"a":10000000000000000000000.0}'),
        ('json:a~"two words"', '{"a":"the two words"}'),
        ("json:a", '{"a":0}'),
        ("json:a", '{"a":false}'),
        ("json:a", '{"a":null}'),
        ("json:a=null", '{"a":null}'),
        ("json:contains(tags,'x')=true", '{"tags":["x"]}'),
        ("json:(price>`10`)=true", '{"price":11}'),
        ("json:type(price)=number", '{"price":11}'),
        ("json:[price,price]=[11,11]", '{"price":11}'),
        ("json:items[*].id=4", '{"items":[{"id":3},{},{"id":4}]}'),
        ("json:items[*].id~e", '{"items":[{"id":"x"},{"id":"e"}]}'),
        ("json:price>10", '{"price":10.5}'),
        ("json:price>10", '{"price":"10.5"}'),
        ("json:price>=10", '{"price":10}'),
        ("json:price<-1", '{"price":-1.5}'),
        ("json:price<=1e2", '{"price":100}'),
        ("json:price>9", '{"price":10}'),
        ("json:price>9", '{"price":%s}' % ("9" * 5000)),
        ("json:price<0.3", '{"price":"0.29999"}'),
        ("json:at>=2026-11-29", '{"at":"2026-11-29T12:00:00Z"}'),
        ('json:price>"10"', '{"price":"9"}'),
        ("json:length(items)>1", '{"items":[1,2]}'),
        ("json:items[*].id>3", '{"items":[{"id":3},{},{"id":4}]}'),
        ("json:state!=ok", '{"state":"down"}'),
        ("json:state!=ok", '{"state":null}'),
        ("json:state!=1", '{"state":true}'),
        ("json:items[*].id!=3", '{"items":[{"id":3},{"id":4}]}'),
        ('json:items[?id==`4`].name="x"', '{"items":[{"id":4,"name":"x"}]}'),
        ("json:[0].a=1", '[{"a":1}]'),
        ("json:a", '\ufeff{"a":1}'),
        ("json:a=1e1000000", '{"a":1e1000000}'),
    ],
)
def test_a_value_matches(term: str, payload: str) -> None:
    assert matches(term, payload)
    without = Matcher(parse(f"-{term}"))
    assert list(without.matches(texts(b"hay", payload.encode()))) == [0]


@pytest.mark.parametrize(
    ("term", "payload"),
    [
        ("json:price=10", '{"price":11}'),
        ("json:price>10", '{"price":10}'),
        ("json:price>0", '{"price":true}'),
        ("json:price>0", '{"price":null}'),
        ("json:price>0", '{"price":[1]}'),
        ("json:price>0", '{"price":"many"}'),
        ("json:price>0", '{"price":"NaN"}'),
        ("json:price>0", '{"price":"%s"}' % ("9" * 65)),
        ("json:price>0", '{"cost":1}'),
        ('json:price>"10"', '{"price":11}'),
        ("json:price>x", '{"price":11}'),
        ("json:state!=ok", '{"state":"ok"}'),
        ("json:state!=1", '{"state":1.0}'),
        ("json:state!=ok", '{"other":"down"}'),
        ("json:price=1", '{"price":true}'),
        ("json:price=true", '{"price":1}'),
        ('json:price="10"', '{"price":10}'),
        ("json:a=null", '{"b":null}'),
        ("json:a=null", '{"a":"nul"}'),
        ("json:a", '{"b":{"a":1}}'),
        ("json:a", '{"a":1} {"a":1}'),
        ("json:a", '{"a":1'),
        ("json:a", b'{"a":"\xff"}'),
        ("json:a", ""),
        ("json:a", '{"a":' * 100_000),
        ("json:a[*].b", '{"a":[{"b":null},{}]}'),
        ("json:a[*].b", '{"a":[]}'),
        ("json:a=[1]", '{"a":[true]}'),
        ("json:a~x", '{"a":"y","b":"x"}'),
    ],
)
def test_a_value_does_not_match(term: str, payload: str | bytes) -> None:
    assert not matches(term, payload)


def test_deep_and_long_values_are_searched() -> None:
    deep = '{"a":' * DEPTH + '"needle"' + "}" * DEPTH
    assert matches("json:a.a.a", deep)
    assert matches("json:a~eedl", deep)
    opening, closing = "[" * DEPTH, "]" * DEPTH
    assert matches(f"json:b={opening}1{closing}", f'{{"b":{opening}1.0{closing}}}')
    assert not matches(f"json:b={opening}1{closing}", f'{{"b":{opening}2{closing}}}')
    assert matches(f"json:b={'7' * 5000}", f'{{"b": {"7" * 5000}, "c": {deep}}}')
    assert not matches(f"json:b={'7' * 5000}", f'{{"b": {"7" * 5001}}}')
    assert matches("json:b~777", f'{{"b": {"7" * 5000}}}')


def test_values_too_deep_for_an_expression_are_counted() -> None:
    deep = f'{{"a":{"[" * DEPTH}{"]" * DEPTH}}}'.encode()
    block = texts(deep, b'{"a":[]}', b"hay", deep, b"[" * DEPTH)
    matcher = Matcher(parse("json:to_string(a)=[] json:(a==a)=true"))
    assert list(matcher.matches(block)) == [1]
    assert matcher.unsearched == 2
    matcher.matches(block, 3)
    assert matcher.unsearched == 3


def test_large_and_deep_values_are_counted() -> None:
    level = 600_000
    deep = f'{{"a":{"[" * level}{"]" * level}}}'.encode()
    matcher = Matcher(parse("-json:a"))
    assert list(matcher.matches(texts(deep, b'{"a":1}', b"[" * 3 * level))) == [0, 2]
    assert matcher.unsearched == 1


def test_values_of_other_formats_are_matched(monkeypatch: pytest.MonkeyPatch) -> None:
    """A payload of another format need not contain the key as JSON writes it."""
    registry = Registry((OddDecoder(), *REGISTRY.decoders))
    monkeypatch.setattr(payload_values, "REGISTRY", registry)
    found = texts(*[b"[]"] * 40, b"\xff\x00", b'{"length":2}', b"\xff\x00\x00")
    assert list(Matcher(parse("json:length=2")).matches(found)) == [40, 41]


@pytest.mark.parametrize(
    ("term", "payload", "does_match"),
    [
        ('json:"1"=7', b"\x08\x07", False),  # too short to be guessed
        ('decode:form json:a="1"', b"a=1", True),  # one field is text, unless it is asked for
        ('json:a="1"', b"a=1", False),
        ("decode:text json:a", b'{"a":1}', False),
        ("decode:json json:a", b'{"a":1}', True),
        ("decode:json decode:text json:a", b'{"a":1}', False),  # the last one counts
        ("decode:stomp json:a", b'{"a":1}', True),  # it is none, so the best format is used
    ],
)
def test_a_filter_chooses_the_format_of_values(term: str, payload: bytes, does_match: bool) -> None:
    assert matches(term, payload) is does_match
