"""A shared room: other computers join once the person has allowed it, and never before.

Addresses of loopback stand for other computers: a client at 127.0.0.2 is another one.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import pytest

from spacebeam.net.failures import FailureCause
from spacebeam.protocol.batch import split_close
from spacebeam.protocol.frame_decoder import FrameDecoder
from spacebeam.protocol.frames import Opcode, Role, encode
from spacebeam.server.local_chat import LocalChat
from spacebeam.server.room_protocol import Joined, Said, Waiting, Welcome, room_event
from spacebeam.server.shared_room import MAX_CONNECTIONS, MAX_QUESTIONS
from tests.support.clients import connected, refusal
from tests.support.entries import MASK, PlainEntry, Sink, received
from tests.support.processes import LOOPBACK, free_port
from tests.support.serving import read_head, request
from tests.support.waiting import eventually, settled

ELSEWHERE = "127.0.0.3"  # the address at which the room is shared


class Person:
    """Is asked about computers, and answers them in any order."""

    def __init__(self) -> None:
        self.questions: dict[str, asyncio.Future[bool]] = {}
        self.asked: list[str] = []

    async def ask(self, remote: str) -> bool:
        self.asked.append(remote)
        future: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self.questions[remote] = future
        try:
            return await future
        finally:
            del self.questions[remote]

    async def answer(self, remote: str, is_allowed: bool) -> None:
        await eventually(lambda: remote in self.questions)
        self.questions[remote].set_result(is_allowed)


class Computer:
    """A client at an address of its own, with the frames that it received."""

    def __init__(self, client: socket.socket) -> None:
        self._client = client
        self._data = b""

    async def say(self, text: str) -> None:
        frame = encode(Opcode.TEXT, text.encode(), MASK)
        await asyncio.get_running_loop().sock_sendall(self._client, frame)

    async def read(self) -> list[PlainEntry]:
        """Read what there is, and return all entries so far."""
        try:
            self._data += self._client.recv(65536)
        except BlockingIOError:
            await asyncio.sleep(0.05)
        return received(FrameDecoder(Role.CLIENT), self._data)

    async def hears(self, *expected: object) -> None:
        for _ in range(200):
            found = [room_event(payload) for _kind, payload in await self.read()]
            if found[-len(expected) :] == list(expected):
                return
        raise AssertionError(f"never heard: {expected}; heard: {found}")


@contextlib.asynccontextmanager
async def computer(url: str, address: str = "127.0.0.2") -> AsyncIterator[Computer]:
    """Connect from an address."""
    server = urlsplit(url)
    with socket.socket() as client:
        client.bind((address, 0))
        await asyncio.to_thread(client.connect, (server.hostname, server.port))
        client.sendall(request(server.path, host=server.netloc))
        head = await asyncio.to_thread(read_head, client)
        assert head.startswith("HTTP/1.1 101 "), head
        client.setblocking(False)
        yield Computer(client)


@contextlib.asynccontextmanager
async def local_room() -> AsyncIterator[LocalChat]:
    chat = LocalChat(free_port())
    chat.address()
    try:
        yield chat
    finally:
        await chat.stop()


async def test_no_other_computer_can_join_before_the_room_is_shared() -> None:
    async with local_room() as chat:
        assert chat.shared_urls == []
        error = await refusal(chat.url.replace(LOOPBACK, ELSEWHERE))
        assert error.failure.cause is FailureCause.REFUSED


async def test_a_newcomer_hears_and_says_nothing_before_it_is_allowed() -> None:
    person, inside = Person(), Sink()
    async with local_room() as chat, connected(chat.url, inside) as friend:
        chat.share(person.ask, [ELSEWHERE])
        (url,) = chat.shared_urls
        async with computer(url) as newcomer:
            await newcomer.hears(Waiting())
            await newcomer.say("let me in")
            await friend.send("a secret")
            await settled(lambda: len(inside))
            assert len(await newcomer.read()) == 1
            assert len(inside.received()) == 1
            await person.answer("127.0.0.2", True)
            await newcomer.hears(Welcome("Guest 2", ("Guest 1", "Guest 2")))
            await eventually(lambda: len(inside.received()) == 3)
            heard = [room_event(payload) for _kind, payload in inside.received()]
            assert heard[1:] == [Joined("Guest 2"), Said("Guest 2", "let me in")]
            await friend.send("welcome")
            await newcomer.hears(Said("Guest 1", "welcome"))


async def test_a_refused_newcomer_is_disconnected_and_not_asked_about_again() -> None:
    person = Person()
    async with local_room() as chat:
        chat.share(person.ask, [ELSEWHERE])
        (url,) = chat.shared_urls
        for attempt in range(2):
            async with computer(url) as newcomer:
                if attempt == 0:
                    await person.answer("127.0.0.2", False)
                for _ in range(100):
                    *_, (_kind, payload) = await newcomer.read()
                    if split_close(payload)[0] == 1008:
                        break
                else:
                    pytest.fail("it was not disconnected")
        assert person.asked == ["127.0.0.2"]


async def test_a_computer_is_asked_about_once() -> None:
    person = Person()
    async with local_room() as chat:
        chat.share(person.ask, [ELSEWHERE])
        (url,) = chat.shared_urls
        async with computer(url) as first, computer(url) as second:
            await person.answer("127.0.0.2", True)
            await first.hears(Waiting(), Welcome("Guest 1", ("Guest 1",)), Joined("Guest 2"))
            await second.hears(Welcome("Guest 2", ("Guest 1", "Guest 2")))
            async with computer(url) as third:
                await third.hears(Welcome("Guest 3", ("Guest 1", "Guest 2", "Guest 3")))
        async with computer(url, "127.0.0.4") as other:
            await eventually(lambda: "127.0.0.4" in person.questions)
            assert len(await other.read()) == 1
        assert person.asked == ["127.0.0.2", "127.0.0.4"]


async def test_the_question_is_withdrawn_when_the_newcomer_leaves() -> None:
    person = Person()
    async with local_room() as chat:
        chat.share(person.ask, [ELSEWHERE])
        (url,) = chat.shared_urls
        async with computer(url):
            await eventually(lambda: person.questions)
        await eventually(lambda: not person.questions)
        async with computer(url) as again:
            await person.answer("127.0.0.2", True)
            await again.hears(Welcome("Guest 1", ("Guest 1",)))


async def test_the_person_is_asked_about_a_few_computers_at_once() -> None:
    person = Person()
    async with local_room() as chat, contextlib.AsyncExitStack() as stack:
        chat.share(person.ask, [ELSEWHERE])
        (url,) = chat.shared_urls
        for number in range(MAX_QUESTIONS + 1):
            await stack.enter_async_context(computer(url, f"127.0.1.{number + 1}"))
        await eventually(lambda: len(person.questions) == MAX_QUESTIONS)
        await settled(lambda: len(person.asked))
        assert len(person.asked) == MAX_QUESTIONS


async def test_one_computer_cannot_fill_the_room() -> None:
    person = Person()
    async with local_room() as chat, contextlib.AsyncExitStack() as stack:
        chat.share(person.ask, [ELSEWHERE])
        (url,) = chat.shared_urls
        for _ in range(MAX_CONNECTIONS):
            await (await stack.enter_async_context(computer(url))).hears(Waiting())
        last = await stack.enter_async_context(computer(url))
        for _ in range(100):
            entries = await last.read()
            if entries:
                break
        assert split_close(entries[-1][1]) == (1013, "too many connections")


@pytest.mark.parametrize("path", ["/chat/lobby", "/echo", "/room/lobby", "/chat/", "/flood"])
async def test_nothing_but_the_room_is_shared_and_only_at_its_secret_path(path: str) -> None:
    person = Person()
    async with local_room() as chat:
        chat.share(person.ask, [ELSEWHERE])
        server = urlsplit(chat.shared_urls[0])
        error = await refusal(f"ws://{server.netloc}{path}")
        assert error.report.exchanges[-1].status == 404
    assert person.asked == []


async def test_another_sharing_has_another_address() -> None:
    person = Person()
    async with local_room() as chat:
        chat.share(person.ask, [ELSEWHERE])
        (before,) = chat.shared_urls
        await chat.stop_sharing()
        chat.share(person.ask, [ELSEWHERE])
        (after,) = chat.shared_urls
    assert urlsplit(before).path != urlsplit(after).path


async def test_stopping_disconnects_other_computers_and_leaves_this_one() -> None:
    person, inside = Person(), Sink()
    async with local_room() as chat, connected(chat.url, inside) as friend:
        chat.share(person.ask, [ELSEWHERE])
        (url,) = chat.shared_urls
        async with computer(url) as newcomer, computer(url, "127.0.0.4") as waiting:
            await person.answer("127.0.0.2", True)
            await eventually(lambda: len(inside.received()) == 2)
            await eventually(lambda: "127.0.0.4" in person.questions)
            await chat.stop_sharing()
            for one in (newcomer, waiting):
                assert split_close((await one.read())[-1][1])[0] == 1001
        assert not person.questions
        assert chat.shared_urls == []
        assert not friend.ended.done()
        error = await refusal(url)
        assert error.failure.cause is FailureCause.REFUSED
