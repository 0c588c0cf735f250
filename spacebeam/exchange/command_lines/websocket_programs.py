"""The options of websocat, wscat and wsrepl."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from spacebeam.exchange.command_lines.connection_builder import ConnectionBuilder
from spacebeam.exchange.command_lines.options import OptionGrammar, dashed, letters, names
from spacebeam.exchange.command_lines.pasted_connection import (
    LeftOutKind,
    PasteError,
    PasteProblem,
)

_WSCAT = OptionGrammar(
    with_value=names("""
        connect header subprotocol origin execute wait auth ca cert key passphrase proxy
        max-redirects protocol host listen
    """),
    flags=names("no-check location slash show-ping-pong no-color help version"),
    short=letters(
        "c=connect H=header s=subprotocol o=origin x=execute w=wait n=no-check L=location "
        "p=protocol P=show-ping-pong l=listen h=help V=version"
    ),
)
_WEBSOCAT = OptionGrammar(
    with_value=names("""
        header protocol origin ping-interval ping-timeout basic-auth basic-auth-file
        close-status-code close-reason buffer-size socks5 socks5-destination
        socks5-bind-script client-pkcs12-der client-pkcs12-passwd ws-c-uri binary-prefix
        text-prefix queue-len restrict-uri server-protocol server-header static-file tls-domain
        websocket-version conncap max-messages max-messages-rev max-ws-frame-length
        max-ws-message-length preamble preamble-reverse prometheus request-header request-method
        request-uri autoreconnect-delay-millis
    """),
    flags=names("""
        insecure no-close one-message text binary base64 no-line linemode-strip-newlines
        exit-on-eof server-mode oneshot quiet unidirectional unidirectional-reverse jsonrpc
        async-stdio strict print-ping-rtts linemode-strip-zero-newlines
    """),
    short=letters(
        "H=header k=insecure n=no-close 1=one-message t=text b=binary B=buffer-size E=exit-on-eof "
        "s=server-mode q=quiet v=verbose u=unidirectional U=unidirectional-reverse S=strict"
    ),
)
_WSREPL = OptionGrammar(
    with_value=names("""
        url header cookie user-agent request origin headers-file proxy initial-messages plugin
        plugin-provided-url ping-interval ping-0x1-interval ping-0x1-payload pong-0x1-payload
        reconnect-interval heartbeet-interval
    """),
    flags=names("""
        insecure include silent compressed small verbose no-native-ping disable-auto-ping
        hide-ping-pong
    """),
    short=letters(
        "u=url H=header b=cookie A=user-agent X=request O=origin F=headers-file p=proxy "
        "I=initial-messages P=plugin k=insecure i=include s=silent S=small v=verbose"
    ),
)
_RECONNECTING = "autoreconnect:"
_LISTENING = ("ws-l:", "ws-listen:", "tcp-l:", "tcp-listen:")
_Take = Callable[[ConnectionBuilder, str], object]


def _listen(_builder: ConnectionBuilder, _value: str) -> None:
    raise PasteError(PasteProblem.LISTENS)


def _basic(builder: ConnectionBuilder, credentials: str) -> None:
    """Take `user:password`, or what some versions want: the same in Base64."""
    if ":" in credentials or not builder.basic(credentials):
        builder.user(credentials)


def _websocat_address(builder: ConnectionBuilder, value: str) -> None:
    if value.startswith(_RECONNECTING):
        builder.set("reconnect.enabled", True)
        value = value.removeprefix(_RECONNECTING)
    if value.startswith(_LISTENING):
        raise PasteError(PasteProblem.LISTENS)
    if builder.address and value.startswith(("ws-c:", "ws-connect:")):
        builder.leave_out(LeftOutKind.OPTION, value.partition(":")[0])
    elif "://" in value:
        builder.set_address(value)
    elif value not in ("-", ""):
        builder.leave_out(LeftOutKind.COMMAND)


_SHARED: dict[str, _Take] = {
    "": ConnectionBuilder.set_address,
    "header": ConnectionBuilder.header_line,
    "origin": lambda builder, value: builder.header("Origin", value),
    "insecure": lambda builder, _value: builder.set("tls.verify", False),
    "proxy": ConnectionBuilder.proxy,
    "ping-interval": ConnectionBuilder.ping_interval,
}
_TAKEN_BY_WSCAT: dict[str, _Take] = _SHARED | {
    "connect": ConnectionBuilder.set_address,
    "listen": _listen,
    "subprotocol": ConnectionBuilder.subprotocols,
    "execute": ConnectionBuilder.add_message,
    "auth": ConnectionBuilder.user,
    "no-check": _SHARED["insecure"],
    "ca": lambda builder, value: builder.set("tls.ca_file", value),
    "cert": lambda builder, value: builder.set("tls.certificate_file", value),
    "key": lambda builder, value: builder.set("tls.key_file", value),
    "passphrase": lambda builder, value: builder.set("tls.certificate_password", value),
    "host": lambda builder, value: builder.header("Host", value),
    "max-redirects": ConnectionBuilder.redirects,
    "location": lambda _builder, _value: None,  # the default
}
_TAKEN_BY_WEBSOCAT: dict[str, _Take] = _SHARED | {
    "": _websocat_address,
    "server-mode": _listen,
    "ws-c-uri": ConnectionBuilder.set_address,
    "protocol": ConnectionBuilder.subprotocols,
    "basic-auth": _basic,
    "ping-timeout": lambda builder, value: builder.number("pings.timeout", value),
    "socks5": lambda builder, value: builder.proxy(value, "socks5"),
    "client-pkcs12-der": lambda builder, value: builder.set("tls.certificate_file", value),
    "client-pkcs12-passwd": lambda builder, value: builder.set("tls.certificate_password", value),
}
_TAKEN_BY_WSREPL: dict[str, _Take] = _SHARED | {
    "url": ConnectionBuilder.set_address,
    "cookie": ConnectionBuilder.cookies,
    "user-agent": lambda builder, value: builder.header("User-Agent", value),
    "request": ConnectionBuilder.method,
}
_FILES = names("headers-file initial-messages plugin basic-auth-file static-file")


def read_wscat(builder: ConnectionBuilder, words: Sequence[str]) -> None:
    """Read the words after `wscat`. Raise PasteError for a server."""
    _read(builder, _WSCAT.options(words), _TAKEN_BY_WSCAT)


def read_websocat(builder: ConnectionBuilder, words: Sequence[str]) -> None:
    """Read the words after `websocat`. Raise PasteError for a server."""
    _read(builder, _WEBSOCAT.options(words), _TAKEN_BY_WEBSOCAT)


def read_wsrepl(builder: ConnectionBuilder, words: Sequence[str]) -> None:
    """Read the words after `wsrepl`."""
    _read(builder, _WSREPL.options(words), _TAKEN_BY_WSREPL)


def _read(
    builder: ConnectionBuilder, options: Iterable[tuple[str, str]], taken: Mapping[str, _Take]
) -> None:
    for name, value in options:
        if name in taken:
            taken[name](builder, value)
        else:
            kind = LeftOutKind.FILE if name in _FILES else LeftOutKind.OPTION
            builder.leave_out(kind, dashed(name))
