"""The options of curl."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from urllib.parse import quote

from spacebeam.exchange.command_lines.connection_builder import ConnectionBuilder
from spacebeam.exchange.command_lines.options import OptionGrammar, dashed, letters, names
from spacebeam.exchange.command_lines.pasted_connection import LeftOutKind

_GRAMMAR = OptionGrammar(
    with_value=names("""
        abstract-unix-socket alt-svc aws-sigv4 cacert capath cert cert-type ciphers config
        connect-timeout connect-to continue-at cookie cookie-jar create-file-mode crlfile curves
        data data-ascii data-binary data-raw data-urlencode delegation dns-interface dns-ipv4-addr
        dns-ipv6-addr dns-servers doh-url dump-header ech egd-file engine etag-compare etag-save
        expect100-timeout form form-string ftp-account ftp-alternative-to-user ftp-method ftp-port
        ftp-ssl-ccc-mode happy-eyeballs-timeout-ms haproxy-clientip header hostpubmd5
        hostpubsha256 hsts interface ip-tos ipfs-gateway json keepalive-cnt keepalive-time key
        key-type krb libcurl limit-rate local-port login-options mail-auth mail-from mail-rcpt
        max-filesize max-redirs max-time netrc-file noproxy oauth2-bearer output output-dir
        parallel-max parallel-max-host pass pinnedpubkey preproxy proto proto-default proto-redir
        proxy proxy-cacert proxy-capath proxy-cert proxy-cert-type proxy-ciphers proxy-crlfile
        proxy-header proxy-key proxy-key-type proxy-pass proxy-pinnedpubkey proxy-service-name
        proxy-tls13-ciphers proxy-tlsauthtype proxy-tlspassword proxy-tlsuser proxy-user proxy1.0
        pubkey quote random-file range rate referer request request-target resolve retry
        retry-delay retry-max-time sasl-authzid service-name sigalgs socks4 socks4a socks5
        socks5-gssapi-service socks5-hostname speed-limit speed-time stderr telnet-option
        tftp-blksize time-cond tls-max tls13-ciphers tlsauthtype tlspassword tlsuser trace
        trace-ascii trace-config unix-socket upload-file url url-query user user-agent variable
        vlan-priority write-out
    """),
    flags=names("""
        anyauth basic compressed digest fail get globoff head http0.9 http1.0 http1.1 http2 http3
        include insecure ipv4 ipv6 location location-trusted negotiate netrc next no-buffer
        no-progress-meter ntlm parallel progress-bar proxy-insecure remote-name show-error silent
        ssl-no-revoke styled-output tcp-nodelay tlsv1 tlsv1.0 tlsv1.1 tlsv1.2 tlsv1.3 verbose
    """),
    short=letters("""
        a=append E=cert K=config C=continue-at b=cookie c=cookie-jar d=data q=disable
        D=dump-header f=fail F=form P=ftp-port G=get g=globoff I=head H=header h=help 0=http1.0
        i=include k=insecure 4=ipv4 6=ipv6 j=junk-session-cookies l=list-only L=location
        M=manual m=max-time n=netrc :=next N=no-buffer o=output Z=parallel #=progress-bar x=proxy
        U=proxy-user p=proxytunnel Q=quote r=range e=referer J=remote-header-name O=remote-name
        R=remote-time X=request S=show-error s=silent Y=speed-limit y=speed-time t=telnet-option
        z=time-cond 1=tlsv1 T=upload-file B=use-ascii u=user A=user-agent v=verbose V=version
        w=write-out
    """),
    allows_equals=False,
)
_Take = Callable[[ConnectionBuilder, str], object]
_DATA = names("data data-ascii data-binary data-raw data-urlencode json")
_FILES = names("config netrc netrc-file cookie-jar upload-file form capath crlfile")
# What a WebSocket client does anyway.
_IMPLIED = names("http1.1 basic digest anyauth location location-trusted")


def _header(builder: ConnectionBuilder, line: str) -> None:
    name, colon, value = line.partition(":")
    if line.startswith("@"):
        builder.leave_out(LeftOutKind.FILE, "--header")
    elif colon and not value.strip():
        builder.leave_out(LeftOutKind.OPTION, f"--header {name}:")  # curl sends none
    else:
        builder.header_line(line)


def _cookie(builder: ConnectionBuilder, value: str) -> None:
    if "=" in value:
        builder.cookies(value)
    elif value:
        builder.leave_out(LeftOutKind.FILE, "--cookie")


def _no_proxy(builder: ConnectionBuilder, hosts: str) -> None:
    if hosts == "*":
        builder.proxy("")
    else:
        builder.leave_out(LeftOutKind.OPTION, "--noproxy")


_TAKEN: dict[str, _Take] = {
    "": ConnectionBuilder.set_address,
    "url": ConnectionBuilder.set_address,
    "header": _header,
    "cookie": _cookie,
    "user-agent": lambda builder, value: builder.header("User-Agent", value),
    "referer": lambda builder, value: builder.header("Referer", value.partition(";")[0]),
    "user": ConnectionBuilder.user,
    "oauth2-bearer": ConnectionBuilder.bearer,
    "request": ConnectionBuilder.method,
    "insecure": lambda builder, _value: builder.set("tls.verify", False),
    "cacert": lambda builder, value: builder.set("tls.ca_file", value),
    "cert": ConnectionBuilder.certificate,
    "key": lambda builder, value: builder.set("tls.key_file", value),
    "pass": lambda builder, value: builder.set("tls.certificate_password", value),
    "proxy": ConnectionBuilder.proxy,
    "proxy1.0": ConnectionBuilder.proxy,
    "socks4": lambda builder, value: builder.proxy(value, "socks4"),
    "socks4a": lambda builder, value: builder.proxy(value, "socks4a"),
    "socks5": lambda builder, value: builder.proxy(value, "socks5"),
    "socks5-hostname": lambda builder, value: builder.proxy(value, "socks5h"),
    "proxy-user": ConnectionBuilder.proxy_user,
    "noproxy": _no_proxy,
    "connect-timeout": lambda builder, value: builder.number("limits.connect_timeout", value),
    "max-redirs": ConnectionBuilder.redirects,
    **{name: lambda _builder, _value: None for name in _IMPLIED},
}


class CurlReader:
    """Reads the options of one curl command."""

    def __init__(self, builder: ConnectionBuilder) -> None:
        self._builder = builder
        self._data: list[str] = []
        self._socket = ""
        self._has_globs = True
        self._in_query = False
        self._aws: str | None = None

    def read(self, words: Sequence[str]) -> None:
        """Read the words after the program's name."""
        for name, value in _GRAMMAR.options(words):
            if name == "next":
                self._builder.leave_out(LeftOutKind.OPTION, "--next")
                break
            self._option(name, value)
        self._finish()

    def _option(self, name: str, value: str) -> None:
        if name in _TAKEN:
            _TAKEN[name](self._builder, value)
        elif name in _DATA:
            self._add_data(name, value)
        elif name == "globoff":
            self._has_globs = False
        elif name == "get":
            self._in_query = True
        elif name == "unix-socket":
            self._socket = value
        elif name == "aws-sigv4":
            self._aws = value
        else:
            kind = LeftOutKind.FILE if name in _FILES else LeftOutKind.OPTION
            self._builder.leave_out(kind, dashed(name))

    def _add_data(self, name: str, value: str) -> None:
        if name == "data-urlencode":
            key, equals, content = value.partition("=")
            if "@" in key or (not equals and "@" in value):
                self._builder.leave_out(LeftOutKind.FILE, "--data-urlencode")
                return
            encoded = quote(content if equals else value, safe="")
            self._data.append(f"{key}={encoded}" if equals and key else encoded)
        elif value.startswith("@") and name != "data-raw":
            self._builder.leave_out(LeftOutKind.FILE, f"--{name}")
        else:
            self._data.append(value)

    def _finish(self) -> None:
        builder = self._builder
        if self._has_globs:
            for mark in "[]{}":
                builder.address = builder.address.replace(f"\\{mark}", mark)
        data = "&".join(self._data)
        if self._in_query and data:
            address, mark, fragment = builder.address.partition("#")
            between = "&" if "?" in address else "?"
            builder.address = f"{address}{between}{data}{mark}{fragment}"
        elif self._data:
            builder.messages.append(data)
        if self._socket and builder.address:
            self._address_of_socket()
        if self._aws is not None:
            self._sign_for_aws(self._aws)

    def _sign_for_aws(self, scope: str) -> None:
        """Read `aws:amz[:REGION[:SERVICE]]`; other providers sign in another way."""
        provider, second, region, service, *rest = [*scope.split(":"), "", "", ""]
        if provider.lower() != "aws" or second.lower() not in ("amz", "") or any(rest):
            self._builder.leave_out(LeftOutKind.OPTION, "--aws-sigv4")
        else:
            self._builder.aws_signature(region, service)

    def _address_of_socket(self) -> None:
        """Make the address one of a Unix socket; its host becomes a header."""
        scheme, _, rest = self._builder.address.rpartition("://")
        host, slash, resource = rest.partition("/")
        secure = "s" if scheme in ("https", "wss") else ""
        self._builder.address = f"ws{secure}+unix:{self._socket}:{slash}{resource}"
        if host != "localhost":
            self._builder.header("Host", host.rpartition("@")[2])
