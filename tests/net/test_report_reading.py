"""Handshake reports read from JSON, valid or not."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacebeam.net.report import Certificate, HandshakeReport, HttpExchange, TlsReport
from spacebeam.net.report_json import to_json
from spacebeam.net.report_reading import ReportError, from_json
from spacebeam.net.stages import HandshakeStage, StageSpan
from spacebeam.wording.report import report_sections, report_text
from tests.net.test_report_json import REPORT

T = TypeVar("T")


def _several(one: st.SearchStrategy[T]) -> st.SearchStrategy[tuple[T, ...]]:
    return st.lists(one, max_size=4).map(tuple)


_words = st.text(max_size=30)
_times = st.integers(0, 10**8).map(lambda thousandths: thousandths / 1000)
_names = st.text("abcxyz-_0129", min_size=1, max_size=12)
_headers = st.tuples(_names, st.text(max_size=20).map(str.strip)).map(
    lambda pair: f"{pair[0]}: {pair[1]}".replace("\n", " ")
)
_heads = st.builds(
    lambda line, headers: "\n".join((line, *headers)),
    st.text(max_size=30).map(lambda line: "GET " + line.replace("\n", "")),
    st.lists(_headers, max_size=4),
)
_exchanges = st.builds(
    HttpExchange, _words, _heads, _heads, st.integers(0, 999), _words, st.integers(0, 9)
) | st.builds(HttpExchange, _words, _heads)
_spans = st.builds(
    lambda stage, start, took, connection, is_over: StageSpan(
        stage, start, start + took, connection, is_over
    ),
    *(st.sampled_from(HandshakeStage), _times, _times, st.integers(0, 9), st.booleans()),
)
_certificates = st.builds(Certificate, *[_words] * 5)
_extensions = st.lists(
    st.builds(
        lambda name, parameters: "; ".join((name, *parameters)),
        _names,
        st.dictionaries(_names, st.none() | _names, max_size=3).map(
            lambda found: [
                name if value is None else f"{name}={value}" for name, value in found.items()
            ]
        ),
    ),
    max_size=3,
).map(", ".join)
REPORTS = st.builds(
    HandshakeReport,
    st.text(min_size=1, max_size=30),
    exchanges=_several(_exchanges),
    spans=_several(_spans),
    local_address=_words,
    remote_address=_words,
    proxy=_words,
    tls=st.none() | st.builds(TlsReport, _words, _words, _several(_certificates), _several(_words)),
    subprotocol=_words,
    extensions=_extensions,
    tried_addresses=_several(_words),
    began=st.floats(0, 1e10),
    total=_times,
    proxy_source=_words | st.sampled_from(["options", "system", "ALL_PROXY"]),
    proxy_status=st.integers(0, 999),
)


def test_a_report_is_read_back_completely() -> None:
    text = to_json(REPORT)
    assert to_json(from_json(text)) == text
    # Times are written in microseconds.
    exact = replace(REPORT, spans=(StageSpan(HandshakeStage.TCP, 1.0, 3.5),))
    assert from_json(to_json(exact)) == exact


@given(REPORTS)
def test_any_report_is_written_again_as_it_was_read(report: HandshakeReport) -> None:
    text = to_json(report)
    read = from_json(text)
    assert to_json(read) == text
    assert read.exchanges == report.exchanges
    assert (read.tls, read.extensions, read.began) == (report.tls, report.extensions, report.began)
    assert report_sections(read) == report_sections(report)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(sorted(json.loads(to_json(REPORT)))), inner, max_size=4)
    ),
    max_leaves=10,
)


@given(st.dictionaries(st.sampled_from(sorted(json.loads(to_json(REPORT)))), _JSON, max_size=6))
def test_any_changed_report_is_read_or_refused(changed: dict[str, Any]) -> None:
    text = json.dumps(json.loads(to_json(REPORT)) | changed)
    try:
        report = from_json(text)
    except ReportError:
        return
    assert from_json(to_json(report)).url == report.url
    assert report_text(report).encode()
    assert len(report.waterfall()) == len(report.spans)


@given(st.text())
def test_text_that_is_not_json_is_refused(text: str) -> None:
    with pytest.raises(ReportError):
        from_json(text)


def _with(**changed: Any) -> str:
    return json.dumps(json.loads(to_json(REPORT)) | changed)


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "{}",
        "[" * 100_000,
        "1" * 5000,
        "null" + " " * 2**23,
        _with(url=""),
        _with(url=7),
        _with(url="x" * 40_000),
        _with(began=float("nan")),
        _with(began=-1),
        _with(began=True),
        _with(began=1e300),
        _with(total_ms="1"),
        _with(timeline={}),
        _with(timeline=[{"stage": "tls", "connection": 0.5}]),
        _with(timeline=[{"stage": "tls"}] * 10_001),
        _with(exchanges=[None]),
        _with(exchanges=[{}]),
        _with(exchanges=[{"request": {"headers": [["a"]]}}]),
        _with(exchanges=[{"request": {"headers": [["a", 1]]}}]),
        _with(exchanges=[{"request": {}, "response": {"status": 1000}}]),
        _with(exchanges=[{"request": {}, "response": {"body": "x" * 300_000}}]),
        _with(tls=[]),
        _with(tls={"certificates": ["x"]}),
        _with(extensions=[{"name": "x", "parameters": {"a": 1}}]),
        _with(tried_addresses=[1]),
    ],
)
def test_an_invalid_value_is_refused(text: str) -> None:
    with pytest.raises(ReportError):
        from_json(text)


def test_unknown_keys_and_stages_are_ignored() -> None:
    text = _with(weather="fine", timeline=[{"stage": "quantum"}, {"stage": "tcp", "took_ms": 2}])
    assert from_json(text).spans == (StageSpan(HandshakeStage.TCP, 0, 2),)


def test_missing_keys_have_empty_values() -> None:
    assert from_json('{"url": "ws://h/"}') == HandshakeReport("ws://h/")


def test_a_lone_surrogate_is_replaced() -> None:
    report = from_json('{"url": "ws://h/", "proxy": "a\\ud800b", "subprotocol": "\\ud83d\\ude00"}')
    assert report.proxy.encode().decode() == report.proxy
    assert report.subprotocol == "😀"
