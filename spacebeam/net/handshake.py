"""The opening handshake, by libsoup.

libsoup does name lookup, TLS, proxies and HTTP authentication. The handshake runs to its end in its
own GLib.MainContext, on a thread that lives as long as the handshake. Nothing iterates that context
afterwards, so libsoup's frame reader never runs and the stream is ours to read. The
`Soup.WebsocketConnection` is retained as long as the stream: its disposal closes the stream.
"""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from gi.repository import Gio, GLib

from spacebeam.net.certificates import (
    CertificateFileError,
    authorities,
    client_certificate,
    is_trusted_anyway,
)
from spacebeam.net.cookie_rules import HandshakeCookies
from spacebeam.net.diagnosis import diagnose, may_greet, other_protocol
from spacebeam.net.failures import Failure, FailureCause, FailureKind, HandshakeStep
from spacebeam.net.greeting import is_http
from spacebeam.net.handshake_trace import HandshakeTrace
from spacebeam.net.listening import listen
from spacebeam.net.names import addresses, is_not_found, keep_identity, socket_address
from spacebeam.net.options import HandshakeOptions, with_query
from spacebeam.net.proxy import Proxy
from spacebeam.net.redirect import RedirectError, is_redirect, options_for, target, too_many
from spacebeam.net.report import HandshakeReport
from spacebeam.net.report_json import without_its_secrets
from spacebeam.net.request_rules import ProxyError
from spacebeam.net.sign_in import Authenticator, Credentials
from spacebeam.net.soup import Soup
from spacebeam.net.tunnel import choose, resolver_for
from spacebeam.net.uri import exact_uri, request_target
from spacebeam.protocol.deflate import Agreement, agreed
from spacebeam.protocol.endpoint import Endpoint
from spacebeam.protocol.secrets import without_secrets

_log = logging.getLogger(__name__)

USER_AGENT = "Spacebeam"
MAX_CONCURRENT_HANDSHAKES = 64
# Steps in which a proxy is waited for.
_PROXY_STEPS = (HandshakeStep.LOOKUP, HandshakeStep.CONNECTING, HandshakeStep.PROXY)
_STALL_MS = 300  # between two parts of an answer's head
# Not asyncio's own few threads: handshakes that wait for a server would occupy them all.
_THREADS = ThreadPoolExecutor(MAX_CONCURRENT_HANDSHAKES, "handshake")


class HandshakeError(Exception):
    """No connection could be made: `failure` says why, `report` how far the handshake went."""

    def __init__(self, failure: Failure, report: HandshakeReport) -> None:
        super().__init__(failure.cause.value)
        self.failure = failure
        self.report = report


@dataclass(frozen=True, slots=True)
class OpenedStream:
    """An open WebSocket whose first frame has not been read."""

    stream: Gio.IOStream
    report: HandshakeReport
    agreement: Agreement | None
    keep: object  # objects that must live as long as the stream


async def open_stream(endpoint: Endpoint, options: HandshakeOptions) -> OpenedStream:
    """Connect to `endpoint`, following redirects, within `options.time_limit`.

    Raise HandshakeError. Cancelling the task cancels the handshake.
    """
    handshake = _Handshake(endpoint, options)
    worker = asyncio.get_running_loop().run_in_executor(_THREADS, handshake.run)
    worker.add_done_callback(handshake.save_cookies)  # before the caller continues
    try:
        async with asyncio.timeout(options.time_limit):
            return await asyncio.shield(worker)
    except TimeoutError:
        handshake.cancellable.cancel()
        await asyncio.wait({worker})
        raise HandshakeError(handshake.timed_out(), handshake.report()) from None
    finally:
        handshake.cancellable.cancel()
        worker.add_done_callback(_forget_outcome)


def _forget_outcome(worker: asyncio.Future[OpenedStream]) -> None:
    """Retrieve the outcome of an abandoned handshake; its stream is closed with it."""
    if not worker.cancelled():
        worker.exception()


class _Handshake:
    """One handshake with all its redirects."""

    def __init__(self, endpoint: Endpoint, options: HandshakeOptions) -> None:
        self.cancellable = Gio.Cancellable()
        self._first = self._endpoint = endpoint
        self._options = options
        self._secret_names = options.secret_names
        self._limit = options.max_redirects
        self._address: Gio.SocketAddress | None = None  # to connect to, in place of a name's
        self._trace = HandshakeTrace(self.cancellable)
        self._jar = options.cookie_jar
        self._cookies = HandshakeCookies(() if self._jar is None else self._jar.all())
        self._sign_in = Authenticator(None)
        self._proxy: Proxy | None = None

    def report(self) -> HandshakeReport:
        """Return the report without secrets: it is shown, printed and recorded."""
        report = self._trace.report(self._endpoint.url)
        return without_its_secrets(replace(report, secret_names=self._secret_names))

    def save_cookies(self, worker: asyncio.Future[OpenedStream]) -> None:
        """Save the cookies that servers set in the jar, also after a failure."""
        if self._jar is not None and not worker.cancelled():
            self._jar.merge(*self._cookies.changes())

    def timed_out(self) -> Failure:
        step, where, source = self._trace.step, self._endpoint.display_host, ""
        if self._proxy is not None and step in _PROXY_STEPS:
            source = self._proxy.source
            where = where if step is HandshakeStep.PROXY else self._proxy.place
        return Failure(
            FailureCause.TIME_LIMIT,
            where,
            status=self._trace.answer_status,
            proxy_source=source,
            seconds=self._options.time_limit,
            step=step,
        )

    def run(self) -> OpenedStream:
        """Run the handshake on this thread, with its own main context. Raise HandshakeError."""
        context = GLib.MainContext.new()
        context.push_thread_default()
        try:
            return self._run(context)
        except RedirectError as error:
            raise self._failed(error.failure) from None
        except ProxyError as error:
            cause, source = FailureCause.PROXY_ADDRESS, error.source
            failure = Failure(cause, detail=error.scheme, proxy_source=source)
            raise self._failed(failure) from None
        except CertificateFileError as error:
            failure = Failure(error.cause, detail=error.detail, path=error.path)
            raise self._failed(failure) from None
        except GLib.Error as error:
            raise self._failed(self._diagnosed(error)) from None
        finally:
            self._trace.end()
            context.pop_thread_default()

    def _diagnosed(self, error: GLib.Error) -> Failure:
        failure = diagnose(error, self._endpoint, self._trace, self._proxy)
        if may_greet(failure, self._trace):
            greeting = self._listen(tls=failure.cause is not FailureCause.TLS)
            if greeting and not is_http(greeting):
                return other_protocol(greeting, self._endpoint)
        return failure

    def _listen(self, *, tls: bool) -> bytes:
        tls = tls and self._endpoint.is_secure
        return listen(self._endpoint, resolver_for(self._proxy), self.cancellable, tls=tls)

    def _failed(self, failure: Failure) -> HandshakeError:
        # The detail may be an address of a redirect.
        failure = replace(failure, detail=without_secrets(failure.detail, self._secret_names))
        _log.debug("%s: failed: %s", self._where, failure.cause.value)
        report = self.report()
        if failure.kind is FailureKind.PROXY:
            report = replace(report, proxy_status=failure.status)
        return HandshakeError(failure, report)

    @property
    def _where(self) -> str:
        """The address to be logged."""
        return self._loggable(self._endpoint.url)

    def _loggable(self, address: str) -> str:
        if self._options.is_private:
            return "(private)"
        return without_secrets(address, self._secret_names)

    def _run(self, context: GLib.MainContext) -> OpenedStream:
        for followed in range(self._limit + 1):
            try:
                return self._attempt_addresses(context)
            except GLib.Error:
                answer = self._trace.last
                if answer is None or not is_redirect(answer):
                    raise
                there = target(self._endpoint, answer, self._secret_names)
                if followed == self._limit:
                    failure = too_many(self._endpoint, there, self._limit, self._secret_names)
                    raise RedirectError(failure) from None
                shown = self._where, answer.status, self._loggable(there.url)
                _log.debug("%s: redirected (%d) to %s", *shown)
                self._options = options_for(self._options, self._endpoint, there)
                self._endpoint = there
                self._begin_trace()
        raise AssertionError("the last redirect was followed or refused")

    def _attempt_addresses(self, context: GLib.MainContext) -> OpenedStream:
        """Connect, if need be to addresses that the system finds and GLib does not."""
        self._address, self._trace.is_address_known = None, False
        try:
            return self._attempt(context)
        except GLib.Error as error:
            is_elsewhere = self._trace.proxy or self._endpoint.socket_path is not None
            if self._trace.was_connected or is_elsewhere:
                raise
            failed = error
        known = addresses(self._endpoint, self.cancellable)
        for address in [one for one in known if not self._trace.was_tried(one)]:
            self._address, self._trace.is_address_known = address, True
            try:
                return self._attempt(context)
            except GLib.Error as error:
                if self._trace.was_connected:
                    raise
                failed = error if is_not_found(failed) else failed
        raise failed

    def _attempt(self, context: GLib.MainContext) -> OpenedStream:
        self._proxy = proxy = choose(self._endpoint, self._options.proxy, self.cancellable)
        self._trace.proxy = proxy.shown if proxy else ""
        self._trace.proxy_source = proxy.source if proxy else ""
        through = self._loggable(self._trace.proxy) if proxy else "no proxy"
        _log.debug("%s: connecting through %s", self._where, through)
        session, message, connection = self._signed_in(context)
        extensions = message.get_response_headers().get_list("Sec-WebSocket-Extensions") or ""
        self._trace.opened(connection.get_protocol() or "", extensions)
        report = self.report()
        # Both are the peer's text.
        agreed_on = (report.subprotocol, extensions)
        _log.debug("%s: opened, subprotocol %.200r, extensions %.200r", self._where, *agreed_on)
        return OpenedStream(
            connection.get_io_stream(),
            report,
            agreed(extensions),
            (session, message, connection, context, self._trace),
        )

    def _signed_in(
        self, context: GLib.MainContext
    ) -> tuple[Soup.Session, Soup.Message, Soup.WebsocketConnection]:
        """Connect, again with each answer to a server that asks for user and password."""
        credentials = _credentials(self._endpoint, self._options)
        if credentials != self._sign_in.credentials:
            self._sign_in = Authenticator(credentials)
        while True:
            # Each request has its own connection: the server may close one that it refused on.
            session = _session(self._endpoint, self._options, self._proxy, self._address)
            self._trace.watch(session)
            self._begin_trace()
            try:
                return session, *self._connect(context, session)
            except GLib.Error:
                if not self._sign_in.accepts(self._trace.last):
                    raise

    def _begin_trace(self) -> None:
        self._trace.begin(self._endpoint, lambda shown: is_trusted_anyway(self._options.tls, shown))

    def _connect(
        self, context: GLib.MainContext, session: Soup.Session
    ) -> tuple[Soup.Message, Soup.WebsocketConnection]:
        message = _message(self._endpoint, self._options)
        method, target = message.get_method(), request_target(message.get_uri())
        authorization = self._sign_in.header(method, target)
        if authorization is not None:
            message.get_request_headers().append("Authorization", authorization)
        self._cookies.follow(message, self._endpoint, self._options)
        self._trace.follow(message)
        if self._address is not None:
            keep_identity(message, self._endpoint)
        results: list[Gio.AsyncResult] = []
        session.websocket_connect_async(
            message,
            None,
            list(self._options.subprotocols) or None,
            GLib.PRIORITY_DEFAULT,
            self.cancellable,
            lambda _session, result: results.append(result),
        )
        stall = GLib.timeout_source_new(_STALL_MS)
        stall.set_callback(self._on_stall_timeout, [0])
        stall.attach(context)
        while not results:
            # PyGObject's override would make an asyncio loop for the context, and leak both.
            super(GLib.MainContext, context).iteration(True)  # type: ignore[misc]  # not in its stub
        stall.destroy()
        return message, session.websocket_connect_finish(results[0])

    def _on_stall_timeout(self, before: list[int]) -> bool:
        """Listen once if a part of an answer came and then nothing more."""
        size = self._trace.answer_size
        if size == 0 or size != before[0] or self._trace.is_http:
            before[0] = size
            return True
        greeting = self._listen(tls=True)
        if greeting and not is_http(greeting):
            self._trace.greeting = greeting
            self.cancellable.cancel()
        return False


def _session(
    endpoint: Endpoint,
    options: HandshakeOptions,
    proxy: Proxy | None,
    address: Gio.SocketAddress | None,
) -> Soup.Session:
    if endpoint.socket_path is not None:
        address = Gio.UnixSocketAddress.new(endpoint.socket_path)
    address = address or socket_address(endpoint)
    # One session for each handshake: a shared one allows only two connections to a host.
    session = Soup.Session() if address is None else Soup.Session(remote_connectable=address)
    session.set_proxy_resolver(resolver_for(proxy))
    session.remove_feature_by_type(Soup.AuthManager)  # `sign_in` does its work
    if options.compression:
        session.add_feature_by_type(Soup.WebsocketExtensionManager)
    database = authorities(options.tls)
    if database is not None:
        session.set_tls_database(database)
    return session


def _message(endpoint: Endpoint, options: HandshakeOptions) -> Soup.Message:
    asked = with_query(endpoint, options.secret_query)
    message = Soup.Message.new_from_uri("GET", exact_uri(asked))
    message.add_flags(Soup.MessageFlags.NO_REDIRECT)
    headers = message.get_request_headers()
    headers.append("User-Agent", USER_AGENT)  # a session's would override the person's header
    for name, value in options.headers:
        if name.lower() in ("host", "origin", "user-agent"):
            headers.replace(name, value)
        elif name.lower() != "cookie":  # HandshakeCookies joins it with the jar's cookies
            headers.append(name, value)
    certificate = client_certificate(options.tls)
    if certificate is not None:
        message.set_tls_client_certificate(certificate)
    return message


def _credentials(endpoint: Endpoint, options: HandshakeOptions) -> Credentials | None:
    """Return the credentials of the address, or else of the options.

    None without a user, or with a header of the person's own in their place.
    """
    if any(name.lower() == "authorization" for name, _value in options.headers):
        return None
    if endpoint.user is not None:
        return Credentials(endpoint.user, endpoint.password or "")
    return None if options.user is None else Credentials(options.user, options.password or "")
