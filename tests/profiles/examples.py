"""Profiles with a value in every field."""

from __future__ import annotations

from spacebeam.profiles.profile import (
    MIB,
    AwsForm,
    AwsSettings,
    ClientAuthentication,
    Limits,
    OAuthGrant,
    OAuthSettings,
    PingSettings,
    Profile,
    ProtocolSettings,
    ProxyChoice,
    ProxySettings,
    Reconnect,
    RequestSettings,
    SchemaFiles,
    SignIn,
    SignInMethod,
    SpokenProtocol,
    TlsSettings,
    TokenPlace,
    with_values,
)

# Every field but the secrets and cookies differs from its default.
CHANGED = Profile(
    request=RequestSettings(
        headers=(("X-Client", "mine"), ("Origin", "https://one.test")),
        query=(("symbol", "BTC"),),
        save_cookies=False,
        subprotocols=("chat", "graphql-ws"),
        compression=False,
        follow_redirects=False,
        max_redirects=3,
    ),
    sign_in=SignIn(SignInMethod.KEY_IN_QUERY, user="ada", key_name="api"),
    tls=TlsSettings(
        verify=False,
        ca_file="/tmp/ca.pem",
        trusted_sha256="ab" * 32,
        certificate_file="/tmp/own.p12",
        key_file="/tmp/own.key",
    ),
    proxy=ProxySettings(ProxyChoice.CUSTOM, "socks5://proxy:1080", user="grace"),
    limits=Limits(connect_timeout=30, close_timeout=2, max_message=128 * MIB, check_text=False),
    pings=PingSettings(answer=False, keepalive=True, interval=7, timeout=3),
    reconnect=Reconnect(enabled=True, attempts=4, first_delay=0.5, max_delay=90),
    schemas=SchemaFiles(
        "/work/feed.proto", ("sent:feed.v1.Request",), "/work/feed.avsc", "/work/feed.json"
    ),
    record=False,
    save_secrets=True,
    protocol=ProtocolSettings(SpokenProtocol.PHOENIX, topic="room:lobby"),
    oauth=OAuthSettings(
        OAuthGrant.DEVICE,
        issuer="https://auth.test",
        authorization_url="https://auth.test/in",
        token_url="https://auth.test/token",
        device_url="https://auth.test/device",
        client_id="spacebeam",
        authentication=ClientAuthentication.POST,
        scope="feed",
        audience="feeds",
        resource="https://feed.test",
        extra="prompt=login",
        redirect_url="http://127.0.0.1:8765/callback",
        place=TokenPlace.QUERY,
        parameter="token",
    ),
    aws=AwsSettings(
        "AKIDEXAMPLE", region="eu-west-1", service="iot", profile="work", form=AwsForm.HEADERS
    ),
)
SECRET = "hunter2"
WITH_SECRETS = with_values(
    CHANGED,
    {
        "request.headers": (
            ("Authorization", SECRET),
            ("X-Other", f"Bearer {SECRET}"),
            ("X-API-Key", SECRET),
        ),
        "request.query": (("access_token", SECRET), ("symbol", "BTC")),
        "request.cookies": (("id", SECRET),),
        "sign_in.password": SECRET,
        "sign_in.token": SECRET,
        "sign_in.key_value": SECRET,
        "aws.secret_key": SECRET,
        "aws.session_token": SECRET,
        "oauth.client_secret": SECRET,
        "oauth.refresh_token": SECRET,
        "protocol.auth": SECRET,
        "tls.certificate_password": SECRET,
        "proxy.address": f"http://ada:{SECRET}@proxy:3128",
        "proxy.password": SECRET,
    },
)
