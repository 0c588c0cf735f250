"""Pings and their pongs: which answers which, and how long it took."""

from __future__ import annotations

import asyncio

from spacebeam.protocol.lifecycle import RoundTrips


async def test_a_pong_ends_the_round_trip_of_its_ping() -> None:
    trips = RoundTrips()
    first, second = trips.sent(b"1", 10.0), trips.sent(b"2", 11.0)
    assert trips.answered(b"1", 10.25) == 0.25
    assert first.result() == 0.25
    assert not second.done()


async def test_a_pong_answers_the_pings_before_its_own_too() -> None:
    trips = RoundTrips()
    first, second = trips.sent(b"1", 10.0), trips.sent(b"2", 11.0)
    assert trips.answered(b"2", 13.0) == 2.0
    assert first.cancelled()
    assert second.result() == 2.0
    assert trips.answered(b"1", 14.0) is None


async def test_of_pings_with_the_same_payload_the_newest_is_answered() -> None:
    trips = RoundTrips()
    trips.sent(b"", 10.0)
    trips.sent(b"", 20.0)
    assert trips.answered(b"", 21.0) == 1.0
    assert trips.answered(b"", 22.0) is None


async def test_a_pong_nobody_waits_for_means_nothing() -> None:
    assert RoundTrips().answered(b"unasked", 1.0) is None


async def test_not_more_pings_wait_than_can_be_kept() -> None:
    trips = RoundTrips()
    waiting = [trips.sent(b"%d" % number, 0.0) for number in range(100)]
    assert sum(one.cancelled() for one in waiting) == 36
    trips.give_up()
    assert all(one.cancelled() for one in waiting)


async def test_who_stopped_waiting_does_no_harm() -> None:
    trips = RoundTrips()
    trips.sent(b"x", 1.0).cancel()
    await asyncio.sleep(0)
    assert trips.answered(b"x", 2.0) == 1.0
