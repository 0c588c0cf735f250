"""A session that speaks MQTT 5 with Mosquitto."""

from __future__ import annotations

from spacebeam.net.connection import ConnectionState
from spacebeam.profiles.profile import (
    Profile,
    ProtocolSettings,
    SignIn,
    SignInMethod,
    SpokenProtocol,
)
from tests.session.sessions import close_session, entry_texts, opened, recorded_session
from tests.support.mosquitto import mosquitto
from tests.support.waiting import eventually

SIGN_IN = SignIn(SignInMethod.PASSWORD, user="ada", password="s3same")
PROFILE = Profile(sign_in=SIGN_IN, protocol=ProtocolSettings(SpokenProtocol.MQTT_5))


async def test_pings_follow_the_keep_alive_of_the_server() -> None:
    with mosquitto("max_keepalive 10") as port:  # it takes no shorter one
        session = recorded_session()
        await opened(session, f"ws://127.0.0.1:{port}", PROFILE)
        await session.speech.until_ready()
        assert session.speech.speaker is not None
        assert session.speech.speaker.heartbeat == 5
        await eventually(lambda: "RECEIVED \ufffd\0" in entry_texts(session))  # PINGRESP
        assert session.state is ConnectionState.OPEN
        await close_session(session)
