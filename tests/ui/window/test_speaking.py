"""A tab whose connection speaks a protocol: the composer writes its calls."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from gi.repository import Gdk

from spacebeam.profiles.profile import (
    Profile,
    ProtocolSettings,
    SignIn,
    SignInMethod,
    SpokenProtocol,
)
from spacebeam.ui.composer.draft import PayloadFormat
from tests.support.listener import listener
from tests.support.mosquitto import mosquitto
from tests.support.node_peer import (
    graphql_server,
    graphql_ws_server,
    mqtt_server,
    signalr_message_pack_server,
    socketio_server,
)
from tests.support.waiting import eventually
from tests.ui.pageobjects.repeat import repeat_form
from tests.ui.pageobjects.tab import TabPage, opened_tab

SOCKET_IO = Profile(protocol=ProtocolSettings(SpokenProtocol.SOCKET_IO, '{"token": "s3same"}'))


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """Run a server of Socket.IO; yield its address as people type it."""
    with socketio_server() as port:
        yield f"ws://127.0.0.1:{port}"


def texts(tab: TabPage) -> list[str]:
    """Return the payloads of all entries."""
    recording = tab.recording
    return [
        bytes(recording.entry(one).payload).decode(errors="replace")
        for one in range(len(recording))
    ]


def is_joined(tab: TabPage) -> bool:
    """Return whether the server has accepted, and events can be written."""
    return tab.composer.call == ("Emit", "") and any("welcome" in one for one in texts(tab))


async def subscribe_to_home(tab: TabPage) -> None:
    """Subscribe to home/# once the broker has accepted."""
    await eventually(lambda: len(tab.recording) > 2)
    tab.composer.choose_call("Subscribe", "home/#")
    tab.composer.press_enter_in_name()
    await eventually(lambda: len(tab.recording) > 4)


async def ask_for_double(tab: TabPage, answer: str) -> None:
    """Send a query with the variables in the row, and recall it after its answer."""
    composer = tab.composer
    document = "query D($n: Int!) { double(n: $n) }"
    composer.type_message(document)
    composer.send()
    await eventually(lambda: answer in texts(tab))
    composer.choose_call("Call", "")
    composer.press_key(Gdk.KEY_Up)
    assert (composer.call, composer.typed) == (("Call", '{"n":21}'), document)


async def test_events_are_written_and_answers_are_paired(server: str) -> None:
    async with opened_tab() as tab:
        tab.connect_with(server, SOCKET_IO)
        composer = tab.composer
        await eventually(lambda: composer.call == ("Emit", "") and "welcome" in "".join(texts(tab)))
        composer.choose_call("Call", "sum")
        composer.type_message("[40, 2]")  # as JSON, which is the usual format of arguments
        composer.send()
        await eventually(lambda: "430[42]" in texts(tab))
        sent = texts(tab).index('420["sum",40,2]')
        await eventually(lambda: tab.timeline.length > sent)
        await tab.session_page.select(sent)
        row = tab.session_page.widget.inspector.counterpart_row
        answer = texts(tab).index("430[42]") + 1  # as it is counted on the screen
        await eventually(lambda: row.words.startswith(f"Answered by #{answer} after"))
        assert composer.call == ("Call", "sum")
        assert composer.typed == ""


async def test_an_event_needs_no_message_and_bytes_are_an_attachment(server: str) -> None:
    async with opened_tab() as tab:
        tab.connect_with(f"{server}/admin", SOCKET_IO)
        composer = tab.composer
        await eventually(lambda: is_joined(tab))
        assert not composer.can_send
        composer.choose_call("Emit", "chat")
        assert composer.can_send
        composer.press_enter_in_name()
        await eventually(lambda: texts(tab).count('42/admin,["chat"]') == 2)
        composer.choose_call("Call", "size")
        composer.type_message("00 ff", PayloadFormat.HEX)
        composer.send()
        await eventually(lambda: any(one.startswith("461-/admin,1[2,") for one in texts(tab)))


async def test_a_message_can_be_sent_as_it_is_and_an_event_is_recalled_as_one(server: str) -> None:
    async with opened_tab() as tab:
        tab.connect_with(server, SOCKET_IO)
        composer = tab.composer
        await eventually(lambda: is_joined(tab))
        composer.choose_call("Emit", "chat")
        composer.type_message('{"a": 1}')
        composer.send()
        await eventually(lambda: texts(tab).count('42["chat",{"a":1}]') == 2)
        composer.choose_call("Message")
        composer.type_message("2probe", PayloadFormat.TEXT)
        composer.send()
        await eventually(lambda: "2probe" in texts(tab))
        composer.press_key(Gdk.KEY_Up)
        assert (composer.call[0], composer.typed) == ("Message", "2probe")
        composer.press_key(Gdk.KEY_Up)
        assert (composer.call, composer.typed) == (("Emit", "chat"), '{"a":1}')


async def test_an_event_is_repeated(server: str) -> None:
    async with opened_tab() as tab:
        tab.connect_with(f"{server}/admin", SOCKET_IO)
        composer = tab.composer
        await eventually(lambda: is_joined(tab))
        composer.choose_call("Emit", "chat")
        composer.type_message('"tick"')
        tab.do("tab.repeat")
        form = repeat_form(tab.widget)
        form.enter("interval", 50)
        form.enter("times", 3)
        form.start()
        await eventually(lambda: texts(tab).count('42/admin,["chat","tick"]') == 6)


async def test_arguments_that_are_no_json_stay_in_the_field(server: str) -> None:
    async with opened_tab() as tab:
        tab.connect_with(server, SOCKET_IO)
        composer = tab.composer
        await eventually(lambda: is_joined(tab))
        composer.choose_call("Emit", "chat")
        composer.type_message("hello", PayloadFormat.JSON)
        composer.send()
        await eventually(lambda: composer.error.startswith("Not JSON:"))
        assert composer.typed == "hello"
        composer.choose_format(PayloadFormat.TEXT)
        composer.send()
        await eventually(lambda: texts(tab).count('42["chat","hello"]') == 2)


async def test_a_refusal_is_said(server: str) -> None:
    async with opened_tab() as tab:
        tab.connect_with(server, Profile(protocol=ProtocolSettings(SpokenProtocol.SOCKET_IO)))
        said = "The server refuses Socket.IO: not authorized."
        await eventually(lambda: tab.composer.error == said)
        tab.composer.choose_call("Emit", "chat")
        tab.composer.send()
        await eventually(lambda: tab.composer.error == said)


async def test_a_document_of_graphql_has_its_variables_beside_it() -> None:
    settings = ProtocolSettings(SpokenProtocol.GRAPHQL, '{"token": "s3same"}')
    with graphql_server() as port:
        async with opened_tab() as tab:
            tab.connect_with(f"ws://127.0.0.1:{port}", Profile(protocol=settings))
            composer = tab.composer
            await eventually(lambda: '{"type":"connection_ack"}' in texts(tab))
            composer.choose_call("Call", '{"n": 21}')
            assert not composer.can_send
            await ask_for_double(tab, '{"id":"1","type":"next","payload":{"data":{"double":42}}}')


async def test_the_older_graphql_is_written_likewise() -> None:
    settings = ProtocolSettings(SpokenProtocol.GRAPHQL_WS, '{"token": "s3same"}')
    with graphql_ws_server() as port:
        async with opened_tab() as tab:
            tab.connect_with(f"ws://127.0.0.1:{port}", Profile(protocol=settings))
            composer = tab.composer
            await eventually(lambda: texts(tab).count('{"type":"ka"}') > 1)
            composer.choose_call("Call", '{"n": 21}')
            await ask_for_double(tab, '{"type":"data","id":"1","payload":{"data":{"double":42}}}')


async def test_a_body_of_mqtt_is_published_to_a_topic() -> None:
    sign_in = SignIn(SignInMethod.PASSWORD, user="ada", password="s3same")
    profile = Profile(sign_in=sign_in, protocol=ProtocolSettings(SpokenProtocol.MQTT))
    with mqtt_server() as port:
        async with opened_tab() as tab:
            tab.connect_with(f"ws://127.0.0.1:{port}", profile)
            composer = tab.composer
            await subscribe_to_home(tab)
            composer.choose_call("Publish", "home/lamp")
            composer.type_message('{"on": true}', PayloadFormat.JSON)
            composer.send()
            packet = '\x00\thome/lamp{"on": true}'
            await eventually(lambda: sum(one.endswith(packet) for one in texts(tab)) == 2)


async def test_a_body_of_mqtt_5_is_published_and_recalled_as_one() -> None:
    sign_in = SignIn(SignInMethod.PASSWORD, user="ada", password="s3same")
    profile = Profile(sign_in=sign_in, protocol=ProtocolSettings(SpokenProtocol.MQTT_5))
    with mosquitto() as port:
        async with opened_tab() as tab:
            tab.connect_with(f"ws://127.0.0.1:{port}", profile)
            composer = tab.composer
            await subscribe_to_home(tab)
            composer.choose_call("Publish", "home/lamp")
            composer.type_message("on", PayloadFormat.TEXT)
            composer.send()
            packet = "\x00\thome/lamp\x00on"  # no properties
            await eventually(lambda: sum(one.endswith(packet) for one in texts(tab)) == 2)
            composer.choose_call("Subscribe", "")
            composer.press_key(Gdk.KEY_Up)
            assert (composer.call, composer.typed) == (("Publish", "home/lamp"), "on")


async def test_a_method_is_called_in_message_pack_and_recalled_as_one() -> None:
    profile = Profile(protocol=ProtocolSettings(SpokenProtocol.SIGNALR_MESSAGE_PACK))
    with signalr_message_pack_server() as port:
        async with opened_tab() as tab:
            tab.connect_with(f"ws://127.0.0.1:{port}/hub", profile)
            composer = tab.composer
            await eventually(lambda: any("Welcome" in one for one in texts(tab)))
            composer.choose_call("Call", "Add")
            composer.type_message("[40, 2]", PayloadFormat.JSON)
            composer.send()
            await eventually(lambda: "\x07\ufffd\x03\ufffd\ufffd0\x03*" in texts(tab))  # 42
            assert composer.typed == ""
            composer.choose_call("Emit", "")
            composer.press_key(Gdk.KEY_Up)
            assert (composer.call, composer.typed) == (("Call", "Add"), "[40,2]")


async def test_pings_of_the_protocol_are_no_new_messages(server: str) -> None:
    async with opened_tab() as tab:
        tab.connect_with(f"{server}/admin", SOCKET_IO)
        await eventually(lambda: "42/admin," in "".join(texts(tab)))
        received = tab.widget.conversation.session.received
        before = texts(tab).count("2")
        await eventually(lambda: texts(tab).count("2") > before + 1)
        assert tab.widget.conversation.session.received == received


async def test_without_a_protocol_there_are_no_calls() -> None:
    with listener() as peer:
        async with opened_tab() as tab:
            await tab.connect(peer.url)
            assert tab.composer.call == ("", "")
