"""Recordings played to a real server."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

import pytest

from spacebeam.profiles.plan import plan_for
from spacebeam.profiles.profile import Profile, ProtocolSettings, SpokenProtocol
from spacebeam.protocol.batch import Direction, Kind
from spacebeam.protocol.endpoint import parse
from spacebeam.scenario.replay.comparing import PairVerdict
from spacebeam.scenario.replay.player import Pace, ReplayPlayer, ReplayResult, ReplaySettings
from spacebeam.scenario.replay.script import RecordedMessage, turns
from spacebeam.search.matching.matcher import Matcher
from spacebeam.search.parser import parse as parse_filter
from spacebeam.session.recorder import SessionRecorder
from tests.scenario.feed import feed
from tests.session.sessions import entry_texts
from tests.support.loop import run


@pytest.fixture(scope="module")
def host() -> Iterator[str]:
    with feed() as address:
        yield address


def played(
    host: str, lines: Sequence[tuple[str, object]], settings: ReplaySettings | None = None
) -> ReplayResult:
    """Play a conversation: lines of "<" or ">" and JSON, a tenth of a second apart."""
    directions = {"<": Direction.RECEIVED, ">": Direction.SENT}
    recorded = [
        RecordedMessage(
            number, number / 10, directions[sign], Kind.TEXT, json.dumps(value).encode()
        )
        for number, (sign, value) in enumerate(lines, 1)
    ]
    plan = plan_for(parse(f"ws://{host}/feed"), Profile())
    player = ReplayPlayer(turns(recorded), settings or ReplaySettings(timeout=5))
    return run(player.run(plan))


WELCOME = ("<", {"type": "welcome", "path": "/feed"})
SUB = (">", {"op": "sub", "id": 7})
SUBBED = ("<", {"type": "subscribed", "id": 7, "token": "t-7"})


@pytest.mark.parametrize("pace", [Pace.ANSWERS, Pace.RECORDED, Pace.AT_ONCE])
def test_the_same_server_gives_the_same_answers(host: str, pace: Pace) -> None:
    result = played(host, [WELCOME, SUB, SUBBED], ReplaySettings(pace, speed=10, timeout=5))
    assert result.is_equal
    assert result.count(PairVerdict.EQUAL) == 2


def test_a_new_token_takes_the_place_of_the_recorded(host: str) -> None:
    lines = [
        WELCOME,
        (">", {"op": "sub", "id": 8}),
        ("<", {"type": "subscribed", "id": 8, "token": "old-token"}),
        (">", {"op": "who", "id": 9, "token": "old-token"}),
        ("<", {"type": "you", "token": "t-8", "id": 9}),
    ]
    settings = ReplaySettings(timeout=5, captured=("token",), left_out=("token",))
    result = played(host, lines, settings)
    assert result.is_equal
    assert json.loads(str(result.turns[2].sent))["token"] == "t-8"
    assert not played(host, lines, ReplaySettings(timeout=5)).is_equal


def test_what_is_missing_and_what_is_more_is_told(host: str) -> None:
    lines = [
        WELCOME,
        (">", {"op": "sub", "id": 7, "ticks": 1}),
        SUBBED,
        ("<", {"type": "never"}),
    ]
    result = played(host, lines, ReplaySettings(timeout=0.5))
    assert [pair.verdict for pair in result.turns[1].pairs] == [
        PairVerdict.EQUAL,
        PairVerdict.MISSING,
        PairVerdict.MORE,
    ]


def test_only_what_a_filter_shows_is_compared(host: str) -> None:
    lines = [SUB, SUBBED]
    matcher = Matcher(parse_filter("json:type=subscribed"))
    assert played(host, lines, ReplaySettings(timeout=5, matcher=matcher)).is_equal


def test_an_end_that_comes_too_early_is_told(host: str) -> None:
    lines = [(">", {"op": "close", "code": 1001}), ("<", {"type": "bye"}), SUB, SUBBED]
    result = played(host, lines)
    assert result.unsent == 1
    assert result.close_reason is not None
    assert result.close_reason.code == 1001
    assert not result.is_equal


def test_a_protocol_is_not_spoken_beside_the_recorded_turns(host: str) -> None:
    profile = Profile(protocol=ProtocolSettings(SpokenProtocol.SIGNALR))
    plan = plan_for(parse(f"ws://{host}/feed"), profile)
    assert plan.spoken is not None
    recorder = SessionRecorder()
    turn = RecordedMessage(1, 0.0, Direction.SENT, Kind.TEXT, b"hello")
    player = ReplayPlayer(turns([turn]), ReplaySettings(timeout=1), recorder=recorder)
    run(player.run(plan))
    assert "protocol" not in " ".join(entry_texts(recorder.recording))
