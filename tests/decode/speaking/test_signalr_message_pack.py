"""What a client of SignalR says in MessagePack, as the real one did."""

from __future__ import annotations

import pytest

from spacebeam.decode.decoder import Value
from spacebeam.decode.speaking.signalr_message_pack import SignalRMessagePackSpeaker
from spacebeam.decode.speaking.speaker import Call, Parameters, Verb
from tests.decode.speaking.reading import reactions, sent


def accepted() -> SignalRMessagePackSpeaker:
    """Return a speaker that a server has accepted."""
    speaker = SignalRMessagePackSpeaker(Parameters())
    speaker.opening()
    assert speaker.react(b"{}\x1e", is_text=True).is_ready
    return speaker


def test_a_client_shakes_hands_pings_and_invokes_as_the_real_one() -> None:
    speaker = SignalRMessagePackSpeaker(Parameters())
    assert speaker.opening() == (sent("signalr-msgpack")[0],)
    found = reactions(speaker, "signalr-msgpack")
    assert [one.is_ready for one in found[:3]] == [True, False, False]
    assert not any(one.answers for one in found)
    assert [one.refusal for one in found if one.refusal] == ["the server closes the connection"]
    assert found[-1].refusal
    assert speaker.beat() == sent("signalr-msgpack")[1]
    calls: list[tuple[Call, int]] = [
        (Call(Verb.CALL, "Add", (40, 2)), 0),
        (Call(Verb.CALL, "Nothing"), 2),
        (Call(Verb.EMIT, "Log", ("info", "fire and forget")), 0),
        (Call(Verb.SUBSCRIBE, "Counter", (3,)), 9),
    ]
    for call, number in calls:
        [written] = speaker.written(call, number)
        assert written in sent("signalr-msgpack")


def test_pings_are_the_protocol_s_own_and_other_messages_are_not() -> None:
    speaker = accepted()
    ping, item = b"\x02\x91\x06", b"\x06\x94\x02\x80\xa19\x00"
    assert speaker.react(ping * 2, is_text=False).is_own
    assert not speaker.react(ping + item, is_text=False).is_own
    assert not speaker.react(ping, is_text=True).is_own
    assert not speaker.react(b"", is_text=False).is_own


def test_messages_may_follow_the_answer_of_the_handshake() -> None:
    speaker = SignalRMessagePackSpeaker(Parameters())
    speaker.opening()
    reaction = speaker.react(b"{}\x1e\x02\x91\x06", is_text=False)
    assert (reaction.is_ready, reaction.is_own) == (True, True)
    speaker.opening()
    reaction = speaker.react(b"{}\x1e\x06\x94\x02\x80\xa19\x00", is_text=False)
    assert (reaction.is_ready, reaction.is_own) == (True, False)


@pytest.mark.parametrize(
    ("payload", "refusal"),
    [
        (b"\x05\x92\x07\xa2no", "no"),
        (b"\x06\x93\x07\xa2no\xc3", "no"),
        (b"\x02\x91\x06\x03\x92\x07\xc0", "the server closes the connection"),
        (b"\x05\x92\x07\xa3no", ""),  # cut
    ],
)
def test_a_close_message_is_a_refusal_with_its_reason(payload: bytes, refusal: str) -> None:
    assert accepted().react(payload, is_text=False).refusal == refusal


def test_a_server_without_message_pack_says_so() -> None:
    speaker = SignalRMessagePackSpeaker(Parameters())
    speaker.opening()
    reaction = speaker.react(b'{"error":"json only"}\x1e', is_text=True)
    assert (reaction.is_ready, reaction.refusal) == (False, "json only")


def test_bytes_and_long_arguments_are_a_call_again() -> None:
    speaker = accepted()
    values: tuple[Value, ...] = (b"\x00\xff", "ü" * 300, 1.5, -(2**63), 2**64 - 1)
    call = Call(Verb.CALL, "Echo", values)
    assert speaker.call_in(speaker.written(call, 3)[0]) == call
    with_headers = b"\x0d\x95\x01\x81\xa1a\xa1b\xa10\xa1m\x90"
    assert speaker.call_in(with_headers) is None
    assert speaker.call_in(b"\x02\x91\x06") is None


def test_numbers_that_message_pack_has_not_are_refused_in_words() -> None:
    with pytest.raises(ValueError, match="up to 64 bits"):
        accepted().written(Call(Verb.CALL, "Add", (2**64,)), 0)


@pytest.mark.parametrize(
    "payload",
    [
        *(b"\x80", b"\xff" * 9, b"\x00" * 999, b"\x01\x91", b"\x02\x91\x07", b"\x03\x92\x07\xc1"),
        *(b"\x02\x93\x07", b"\x02\x91\x06" * 999, b"\xe8\x07\x92\x07" + b"\x91" * 998),
    ],
)
def test_a_hostile_server_gets_no_exception(payload: bytes) -> None:
    accepted().react(payload, is_text=False)
    speaker = SignalRMessagePackSpeaker(Parameters())
    speaker.opening()
    speaker.react(b"{}\x1e" + payload, is_text=False)
