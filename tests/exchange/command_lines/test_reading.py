"""Command lines of other programs are read as connections, and nothing is left out unsaid."""

from __future__ import annotations

import contextlib
import shlex
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacebeam.exchange.command_lines.pasted_connection import (
    MAX_SIZE,
    LeftOut,
    LeftOutKind,
    PastedConnection,
    PasteError,
    PasteProblem,
)
from spacebeam.exchange.command_lines.reading import is_pasted_connection, read
from spacebeam.profiles.profile import (
    AwsForm,
    AwsSettings,
    Profile,
    ProxyChoice,
    SignIn,
    SignInMethod,
)
from tests.support.cost import executed_lines

_SAMPLES = Path(__file__).with_name("samples")
_KEY = "-H 'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=='"


def taken(text: str) -> PastedConnection:
    found = read(text)
    assert found is not None
    return found


def kinds(pasted: PastedConnection) -> dict[LeftOutKind, list[str]]:
    found: dict[LeftOutKind, list[str]] = {}
    for one in pasted.left_out:
        found.setdefault(one.kind, []).append(one.name)
    return found


def profile_of(text: str) -> Profile:
    return taken(text).profile


CHROME_BASH = r"""curl --url 'ws://h.test/ws?say=%22hi%22&a=b^c&d=(e)|f' \
  -H 'Upgrade: websocket' \
  -H 'Origin: https://app.test' \
  -H 'Cache-Control: no-cache' \
  -b $'theme=dark; note=it\'s 100% "fine" \u0021x ^y $z `w`' \
  -H 'Connection: Upgrade' \
  -H 'Sec-WebSocket-Key: HLtn82eAPcLSprmGcVPN/g==' \
  -H 'User-Agent: Mozilla/5.0 (X11; Linux x86_64)' \
  -H 'Sec-WebSocket-Version: 13' \
  -H 'Sec-WebSocket-Protocol: chat.v1, chat.v2' \
  -H 'Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits'
"""
CHROME_CMD = (
    'curl --url ^"ws://h.test/ws?say=^%^22hi^%^22^&a=b^^c^&d=^(e^)^|f^" ^\n'
    '  -H ^"Upgrade: websocket^" ^\n'
    '  -H ^"Origin: https://app.test^" ^\n'
    '  -H ^"Cache-Control: no-cache^" ^\n'
    '  -b ^"theme=dark; note=it\'s 100^% ^\\^"fine^\\^" ^!x ^^y ^$z ^`w^`^" ^\n'
    '  -H ^"Connection: Upgrade^" ^\n'
    '  -H ^"Sec-WebSocket-Key: HLtn82eAPcLSprmGcVPN/g==^" ^\n'
    '  -H ^"User-Agent: Mozilla/5.0 ^(X11; Linux x86_64^)^" ^\n'
    '  -H ^"Sec-WebSocket-Version: 13^" ^\n'
    '  -H ^"Sec-WebSocket-Protocol: chat.v1, chat.v2^" ^\n'
    '  -H ^"Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits^"\n'
)
FIREFOX_BASH = r"""curl 'ws://h.test/ws?say=%22hi%22&a=b^c&d=(e)|f' \
  -H 'User-Agent: Mozilla/5.0 (X11; Linux x86_64)' \
  -H 'Accept-Encoding: gzip, deflate, br, zstd' \
  -H 'Sec-WebSocket-Version: 13' \
  -H 'Origin: https://app.test' \
  -H 'Sec-WebSocket-Protocol: chat.v1, chat.v2' \
  -H 'Sec-WebSocket-Extensions: permessage-deflate' \
  -H 'Sec-WebSocket-Key: cL6fMccMuMTR5kWFVDHUlg==' \
  -H 'Connection: Upgrade' \
  -H $'Cookie: theme=dark; note=it\'s 100% "fine" \041x ^y $z `w`' \
  -H 'Sec-Fetch-Dest: empty' \
  -H 'Cache-Control: no-cache' \
  -H 'Upgrade: websocket'
"""
POWER_SHELL = """$session = New-Object Microsoft.PowerShell.Commands.WebRequestSession
$session.UserAgent = "Mozilla/5.0 (X11; Linux x86_64)"
$session.Cookies.Add((New-Object System.Net.Cookie("theme", "dark", "/", "h.test")))
$session.Cookies.Add((New-Object System.Net.Cookie("note", "it's 100% `"fine`" !x ^y `$z ``w``",
 "/", "h.test")))
Invoke-WebRequest -UseBasicParsing -Uri "ws://h.test/ws?say=%22hi%22&a=b^c&d=(e)|f" `
-WebSession $session `
-Headers @{
"Upgrade"="websocket"
  "Origin"="https://app.test"
  "Cache-Control"="no-cache"
  "Sec-WebSocket-Key"="HLtn82eAPcLSprmGcVPN/g=="
  "Sec-WebSocket-Version"="13"
  "Sec-WebSocket-Protocol"="chat.v1, chat.v2"
  "Sec-WebSocket-Extensions"="permessage-deflate; client_max_window_bits"
}
""".replace('``",\n ', '``",')


@pytest.mark.parametrize(
    "text",
    [CHROME_BASH, CHROME_CMD, FIREFOX_BASH, POWER_SHELL, CHROME_CMD.replace("\n", "\r\n")],
    ids=["Chrome", "Chrome for cmd", "Firefox", "PowerShell", "cmd with CR LF"],
)
def test_what_a_browser_copies_is_the_connection_that_it_had(text: str) -> None:
    pasted = taken(text)
    request = pasted.profile.request
    assert pasted.address == "ws://h.test/ws?say=%22hi%22&a=b^c&d=(e)|f"
    assert dict(request.headers) == {
        "Origin": "https://app.test",
        "Cache-Control": "no-cache",
        "User-Agent": "Mozilla/5.0 (X11; Linux x86_64)",
    }
    assert request.cookies == (("theme", "dark"), ("note", 'it\'s 100% "fine" !x ^y $z `w`'))
    assert request.subprotocols == ("chat.v1", "chat.v2")
    assert request.compression
    assert set(kinds(pasted)) <= {LeftOutKind.OWN_HEADER, LeftOutKind.BROWSER_HEADER}
    assert "Sec-WebSocket-Key" in kinds(pasted)[LeftOutKind.OWN_HEADER]


def test_the_escapes_of_safari_are_code_points() -> None:
    pasted = taken(r"curl 'https://h.test/\[a\]\{b\}' -X 'GET' -H $'Cookie: n=Gr\xfc\xdfe \u20ac'")
    assert pasted.address == "wss://h.test/[a]{b}"
    assert pasted.profile.request.cookies == (("n", "Grüße €"),)
    assert not pasted.left_out


@pytest.mark.parametrize("file", sorted(_SAMPLES.iterdir()), ids=lambda file: file.name)
def test_recorded_commands_of_browsers_are_read(file: Path) -> None:
    pasted = taken(file.read_text(encoding="utf-8"))
    assert pasted.address.startswith("ws://127.0.0.1:8791/ws?")
    assert ("Origin", "http://127.0.0.1:8791") in pasted.profile.request.headers
    assert set(kinds(pasted)) <= {LeftOutKind.OWN_HEADER, LeftOutKind.BROWSER_HEADER}


def test_options_of_curl_are_fields_of_the_profile() -> None:
    profile = profile_of(
        "curl -sSk -Hx-test:1 -H 'Empty;' -u me:pw -x proxy:3128 -U a:b --cacert ca.pem "
        "-E c.pem:secret --key k.pem --connect-timeout 5 --max-redirs 3 -A agent https://h/"
    )
    assert profile.request.headers == (("x-test", "1"), ("Empty", ""), ("User-Agent", "agent"))
    assert (profile.sign_in.user, profile.sign_in.password) == ("me", "pw")
    assert not profile.tls.verify
    assert (profile.tls.ca_file, profile.tls.certificate_file) == ("ca.pem", "c.pem")
    assert (profile.tls.key_file, profile.tls.certificate_password) == ("k.pem", "secret")
    assert profile.proxy.choice is ProxyChoice.CUSTOM
    assert profile.proxy.address == "http://proxy:3128"
    assert (profile.proxy.user, profile.proxy.password) == ("a", "b")
    assert (profile.limits.connect_timeout, profile.request.max_redirects) == (5, 3)


@pytest.mark.parametrize(
    ("text", "left_out"),
    [
        ("curl ws://h -H @headers.txt", LeftOut(LeftOutKind.FILE, "--header")),
        ("curl ws://h -b jar.txt", LeftOut(LeftOutKind.FILE, "--cookie")),
        ("curl ws://h -d @body", LeftOut(LeftOutKind.FILE, "--data")),
        ("curl ws://h -K curlrc", LeftOut(LeftOutKind.FILE, "--config")),
        ("curl ws://h > out.txt", LeftOut(LeftOutKind.FILE)),
        ('curl ws://h -H "A: $TOKEN"', LeftOut(LeftOutKind.EXPANSION, "$TOKEN")),
        ('curl ws://h -H "A: $(cat secret)"', LeftOut(LeftOutKind.EXPANSION, "$(…)")),
        ("curl ws://h/$(rm -rf x)", LeftOut(LeftOutKind.EXPANSION, "$(…)")),
        ('curl ^"ws://h^" -H "A: %TOKEN%"', LeftOut(LeftOutKind.EXPANSION, "%TOKEN%")),
        ("curl -X POST https://h", LeftOut(LeftOutKind.METHOD, "POST")),
        ("curl ws://h#top", LeftOut(LeftOutKind.FRAGMENT)),
        ("curl ws://h | jq .", LeftOut(LeftOutKind.COMMAND, "jq")),
        ("curl ws://h --next ws://i", LeftOut(LeftOutKind.OPTION, "--next")),
        ("curl ws://h --resolve h:80:127.0.0.1", LeftOut(LeftOutKind.OPTION, "--resolve")),
        ("curl ws://h --unheard-of", LeftOut(LeftOutKind.OPTION, "--unheard-of")),
        ("curl ws://h -H 'Sec-CH-UA: x'", LeftOut(LeftOutKind.BROWSER_HEADER, "Sec-CH-UA")),
        (f"curl ws://h {_KEY}", LeftOut(LeftOutKind.OWN_HEADER, "Sec-WebSocket-Key")),
        ("curl ws://h -H 'Host: h'", LeftOut(LeftOutKind.OWN_HEADER, "Host")),
        ("wscat -c ws://h -w 5", LeftOut(LeftOutKind.OPTION, "--wait")),
        ("wsrepl ws://h -I messages.txt", LeftOut(LeftOutKind.FILE, "--initial-messages")),
    ],
)  # fmt: skip
def test_what_is_left_out_is_said(text: str, left_out: LeftOut) -> None:
    assert taken(text).left_out == (left_out,)


def test_nothing_is_said_of_a_value_that_may_be_secret() -> None:
    pasted = taken("curl ws://h -H 'Authorization: Bearer a' -H 'Authorization: Bearer geheim'")
    assert kinds(pasted) == {LeftOutKind.HEADER: ["Authorization"]}
    assert "geheim" not in repr(pasted.left_out)


@pytest.mark.parametrize(
    ("text", "method", "user", "secret"),
    [
        ("-H 'Authorization: Bearer t'", SignInMethod.BEARER, "", "t"),
        ("-H 'authorization: basic dXNlcjpwdw=='", SignInMethod.PASSWORD, "user", "pw"),
        ("-u user:pw:x", SignInMethod.PASSWORD, "user", "pw:x"),
        ("--oauth2-bearer t", SignInMethod.BEARER, "", "t"),
        ("-u a:b -H 'Authorization: Bearer t'", SignInMethod.BEARER, "", "t"),
    ],
)
def test_authorization_is_the_sign_in(
    text: str, method: SignInMethod, user: str, secret: str
) -> None:
    sign_in = profile_of(f"curl wss://h {text}").sign_in
    assert (sign_in.method, sign_in.user) == (method, user)
    assert secret == (sign_in.token if method is SignInMethod.BEARER else sign_in.password)


@pytest.mark.parametrize("value", ["Token abc", "Basic no-base64", "Bearer"])
def test_another_authorization_stays_a_header(value: str) -> None:
    profile = profile_of(f"curl wss://h -H 'Authorization: {value}'")
    assert profile.request.headers == (("Authorization", value),)
    assert profile.sign_in.method is SignInMethod.NONE


def test_curl_signs_for_aws() -> None:
    profile = profile_of(
        "curl https://h/ --user KEY:secret --aws-sigv4 'aws:amz:eu-west-1:execute-api' "
        "-H 'X-Amz-Security-Token: token' -H 'X-A: 1'"
    )
    assert profile.sign_in == SignIn(SignInMethod.AWS)
    aws = AwsSettings("KEY", "secret", "token", "eu-west-1", "execute-api", form=AwsForm.HEADERS)
    assert profile.aws == aws
    assert profile.request.headers == (("X-A", "1"),)
    asked = profile_of("curl --aws-sigv4 aws:amz -u KEY ws://h/").aws
    assert (asked.access_key, asked.secret_key) == ("KEY", None)


@pytest.mark.parametrize(
    "words", ["--aws-sigv4 goog:goog", "--aws-sigv4 aws:amz -H 'Authorization: x'"]
)
def test_another_signature_is_left_out(words: str) -> None:
    pasted = taken(f"curl ws://h/ {words}")
    assert pasted.left_out == (LeftOut(LeftOutKind.OPTION, "--aws-sigv4"),)
    assert pasted.profile.sign_in == SignIn()


def test_a_comment_above_a_command_is_skipped() -> None:
    assert taken("# Left out: the proxy.\n# curl is next\ncurl ws://h/x").address == "ws://h/x"


def test_data_are_messages_or_the_query() -> None:
    assert taken("curl wss://h -d '{\"a\":1}' --data-raw @b").messages == ('{"a":1}&@b',)
    assert (
        taken("curl -G https://h/?x=1 --data-urlencode 'q=a b'").address == "wss://h/?x=1&q=a%20b"
    )
    assert taken("wscat -c ws://h -x one -x two").messages == ("one", "two")


def test_of_several_commands_the_websocket_is_taken() -> None:
    pasted = taken("curl 'https://h/a.js' ;\ncurl 'wss://h/feed' -H 'A: b' ;\ncurl 'https://h/c'")
    assert pasted.address == "wss://h/feed"
    assert kinds(pasted) == {LeftOutKind.COMMAND: ["curl"]}


def test_a_unix_socket_is_part_of_the_address() -> None:
    pasted = taken("curl --unix-socket /run/a.sock http://api.test/x?y=1")
    assert pasted.address == "ws+unix:/run/a.sock:/x?y=1"
    assert pasted.profile.request.headers == (("Host", "api.test"),)


def test_websocat_is_read() -> None:
    pasted = taken(
        "websocat -k -H='X-Test: 1' --protocol a,b --origin https://o --basic-auth dXNlcjpwdw== "
        "--ping-interval 30 --socks5 127.0.0.1:1080 - autoreconnect:wss://h/ws"
    )
    profile = pasted.profile
    assert pasted.address == "wss://h/ws"
    assert profile.request.headers == (("X-Test", "1"), ("Origin", "https://o"))
    assert profile.request.subprotocols == ("a", "b")
    assert (profile.sign_in.user, profile.sign_in.password) == ("user", "pw")
    assert (profile.pings.keepalive, profile.pings.interval) == (True, 30)
    assert profile.proxy.address == "socks5://127.0.0.1:1080"
    assert profile.reconnect.enabled
    assert not profile.tls.verify
    assert not pasted.left_out


def test_websocat_signs_in_with_user_and_password_too() -> None:
    sign_in = profile_of("websocat --basic-auth user:p:w ws://h").sign_in
    assert (sign_in.user, sign_in.password) == ("user", "p:w")


def test_wscat_and_wsrepl_are_read() -> None:
    wscat = profile_of("npx -y wscat -n -c wss://h -H a:b -s x -s y -o https://o --auth u:p")
    assert wscat.request.headers == (("a", "b"), ("Origin", "https://o"))
    assert wscat.request.subprotocols == ("x", "y")
    assert (wscat.tls.verify, wscat.sign_in.user) == (False, "u")
    wsrepl = profile_of("$ wsrepl -u wss://h -b a=1 -A agent -p 127.0.0.1:8080 -k")
    assert wsrepl.request.cookies == (("a", "1"),)
    assert wsrepl.proxy.address == "http://127.0.0.1:8080"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("curl 'ws://h", PasteProblem.OPEN_QUOTE),
        ('curl "ws://h', PasteProblem.OPEN_QUOTE),
        ("curl $'ws://h", PasteProblem.OPEN_QUOTE),
        ('curl ^"ws://h', PasteProblem.OPEN_QUOTE),
        ('Invoke-WebRequest -Uri "ws://h', PasteProblem.OPEN_QUOTE),
        ("curl -H a:b", PasteProblem.NO_ADDRESS),
        ("wscat -l 8080", PasteProblem.LISTENS),
        ("websocat -s 1234", PasteProblem.LISTENS),
        ("curl ws://h " + "x" * MAX_SIZE, PasteProblem.TOO_LONG),
        ("curl " + "x " * 3000, PasteProblem.TOO_LONG),
    ],
)
def test_a_command_that_gives_no_connection_is_refused(text: str, problem: PasteProblem) -> None:
    with pytest.raises(PasteError) as refused:
        read(text)
    assert refused.value.problem is problem


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("GET /feed?a=1 HTTP/1.1\nHost: h.test:8443\nOrigin: https://h.test\nX-A: 1",
         "https://h.test:8443/feed?a=1"),
        (":authority: h.test\n:path: /x\n:scheme: https\nX-A: 1", "https://h.test/x"),
        ("Host: h.test\nX-A: 1", "h.test/"),
        ("X-A: 1\nCookie: a=b", ""),
    ],
)  # fmt: skip
def test_a_list_of_headers_is_read(text: str, address: str) -> None:
    pasted = taken(text)
    assert pasted.address == address.replace("https", "wss")
    assert ("X-A", "1") in pasted.profile.request.headers


@pytest.mark.parametrize(
    "text",
    ["", "curl", "curl:8000", "curl.example/x", "wss://curl ", "localhost:8000", "localhost:",
     "ws://h/?a: b", "[::1]:80", "http://h/curl ws://x", "wscat.example:1/a b"],
)  # fmt: skip
def test_an_address_is_no_command(text: str) -> None:
    assert not is_pasted_connection(text)
    assert read(text) is None


_TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=30)


@given(st.lists(_TEXT, max_size=5))
def test_values_come_back_as_a_shell_would_pass_them(values: list[str]) -> None:
    words = " ".join(f"-d {shlex.quote(one)}" for one in values if not one.startswith("@"))
    written = [one for one in values if not one.startswith("@")]
    pasted = taken(f"curl wss://h/ {words}")
    assert pasted.messages == (("&".join(written),) if written else ())


@given(st.text(max_size=200))
def test_no_text_breaks_the_reader(text: str) -> None:
    for start in (
        "curl ",
        "websocat ",
        'curl ^"ws://h^" ',
        "iwr ws://h -Headers @{",
        "A: b\n",
        "fetch('ws://h', {",
    ):
        read_quietly(start + text)


@pytest.mark.parametrize(
    "piece", ["$(", "'\\'", '"\\', "^^", "-H a:b ", "`", "\\\n", '@{"a"=', "{a:["]
)
def test_the_work_grows_with_the_length(piece: str) -> None:
    for start in ("curl ws://h ", 'curl ^"ws://h^" ', "iwr ws://h ", "fetch('ws://h', "):
        short, long = (
            executed_lines(lambda text=start + piece * count: read_quietly(text))  # type: ignore[misc]
            for count in (500, 1000)
        )
        assert long < 2.5 * short


def read_quietly(text: str) -> None:
    with contextlib.suppress(PasteError):
        read(text)
