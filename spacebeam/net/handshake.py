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
from spacebeam.net.diagnosis import diagnose
from spacebeam.net.failures import Failure, FailureCause
from spacebeam.net.handshake_trace import HandshakeTrace
from spacebeam.net.options import HandshakeOptions, with_query
from spacebeam.net.redirect import RedirectError, is_redirect, options_for, target, too_many
from spacebeam.net.report import HandshakeReport
from spacebeam.net.request_rules import ProxyError
from spacebeam.net.soup import Soup
from spacebeam.net.tunnel import choose, resolver_for, without_credentials
from spacebeam.protocol.deflate import Agreement, agreed
from spacebeam.protocol.endpoint import Endpoint
from spacebeam.protocol.secrets import without_secrets

_log = logging.getLogger(__name__)

USER_AGENT = "Spacebeam"
MAX_CONCURRENT_HANDSHAKES = 64
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
        self._trace = HandshakeTrace(self.cancellable.cancel)
        self._jar = options.cookie_jar
        self._cookies = HandshakeCookies(() if self._jar is None else self._jar.all())

    def report(self) -> HandshakeReport:
        report = self._trace.report(self._endpoint.url)
        return replace(report, secret_names=self._secret_names)

    def save_cookies(self, worker: asyncio.Future[OpenedStream]) -> None:
        """Save the cookies that servers set in the jar, also after a failure."""
        if self._jar is not None and not worker.cancelled():
            self._jar.merge(*self._cookies.changes())

    def timed_out(self) -> Failure:
        return Failure(
            FailureCause.TIME_LIMIT,
            self._endpoint.display_host,
            status=self._trace.answer_status,
            seconds=self._options.time_limit,
            step=self._trace.step,
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
            failure = Failure(FailureCause.PROXY_ADDRESS, detail=error.scheme)
            raise self._failed(failure) from None
        except CertificateFileError as error:
            failure = Failure(FailureCause.CERTIFICATE_FILE, detail=error.detail, path=error.path)
            raise self._failed(failure) from None
        except GLib.Error as error:
            failure = diagnose(error, self._endpoint, self._trace, self._options.proxy)
            raise self._failed(failure) from None
        finally:
            context.pop_thread_default()

    def _failed(self, failure: Failure) -> HandshakeError:
        _log.debug("%s: failed: %s", self._where, failure.cause.value)
        return HandshakeError(failure, self.report())

    @property
    def _where(self) -> str:
        """The address to be logged."""
        return without_secrets(self._endpoint.url, self._secret_names)

    def _run(self, context: GLib.MainContext) -> OpenedStream:
        for followed in range(self._limit + 1):
            try:
                return self._attempt(context)
            except GLib.Error:
                answer = self._trace.last
                if answer is None or not is_redirect(answer):
                    raise
                if followed == self._limit:
                    raise RedirectError(too_many(self._endpoint, self._limit)) from None
                there = target(self._endpoint, answer)
                shown = without_secrets(there.url, self._secret_names)
                _log.debug("%s: redirected (%d) to %s", self._where, answer.status, shown)
                self._options = options_for(self._options, self._endpoint, there)
                self._endpoint = there
        raise AssertionError("the last redirect was followed or refused")

    def _attempt(self, context: GLib.MainContext) -> OpenedStream:
        proxy = choose(self._endpoint, self._options.proxy, self.cancellable)
        self._trace.proxy = without_credentials(proxy) if proxy else ""
        shown = without_secrets(self._trace.proxy, self._secret_names) or "no proxy"
        _log.debug("%s: connecting through %s", self._where, shown)
        session = _session(self._endpoint, self._options, proxy)
        self._trace.watch(session)
        self._trace.begin(self._endpoint, lambda shown: is_trusted_anyway(self._options.tls, shown))
        try:
            message, connection = self._connect(context, session)
        except GLib.Error:
            if not self._is_worth_repeating():
                raise
            message, connection = self._connect(context, session)
        extensions = message.get_response_headers().get_list("Sec-WebSocket-Extensions") or ""
        self._trace.opened(connection.get_protocol() or "", extensions)
        # Both are the peer's text.
        agreed_on = (connection.get_protocol(), extensions)
        _log.debug("%s: opened, subprotocol %.200r, extensions %.200r", self._where, *agreed_on)
        return OpenedStream(
            connection.get_io_stream(),
            self.report(),
            agreed(extensions),
            (session, message, connection, context),
        )

    def _is_worth_repeating(self) -> bool:
        """Whether the server asked for credentials and then closed the connection.

        libsoup does not notice the close and sends the credentials on the closed connection.
        """
        last = self._trace.last
        has_user = (self._endpoint.user or self._options.user) is not None
        return has_user and last is not None and last.status == 0 and self._trace.was_asked

    def _connect(
        self, context: GLib.MainContext, session: Soup.Session
    ) -> tuple[Soup.Message, Soup.WebsocketConnection]:
        message = _message(self._endpoint, self._options)
        self._cookies.follow(message, self._endpoint, self._options)
        self._trace.follow(message)
        results: list[Gio.AsyncResult] = []
        session.websocket_connect_async(
            message,
            None,
            list(self._options.subprotocols) or None,
            GLib.PRIORITY_DEFAULT,
            self.cancellable,
            lambda _session, result: results.append(result),
        )
        while not results:
            # PyGObject's override would make an asyncio loop for the context, and leak both.
            super(GLib.MainContext, context).iteration(True)  # type: ignore[misc]  # not in its stub
        return message, session.websocket_connect_finish(results[0])


def _session(endpoint: Endpoint, options: HandshakeOptions, proxy: str | None) -> Soup.Session:
    # One session for each handshake: a shared one allows only two connections to a host.
    if endpoint.socket_path is None:
        session = Soup.Session()
    else:
        address = Gio.UnixSocketAddress.new(endpoint.socket_path)
        session = Soup.Session(remote_connectable=address)
    session.set_proxy_resolver(resolver_for(proxy))
    if options.compression:
        session.add_feature_by_type(Soup.WebsocketExtensionManager)
    database = authorities(options.tls)
    if database is not None:
        session.set_tls_database(database)
    return session


def _message(endpoint: Endpoint, options: HandshakeOptions) -> Soup.Message:
    asked = with_query(endpoint, options.secret_query)
    address = f"{asked.scheme}://{asked.authority}{asked.resource}"
    uri = GLib.Uri.parse(address, GLib.UriFlags.ENCODED_PATH | GLib.UriFlags.ENCODED_QUERY)
    message = Soup.Message.new_from_uri("GET", uri)
    message.add_flags(Soup.MessageFlags.NO_REDIRECT)
    headers = message.get_request_headers()
    headers.append("User-Agent", USER_AGENT)  # a session's would override the person's header
    for name, value in options.headers:
        if name.lower() in ("host", "origin", "user-agent"):
            headers.replace(name, value)
        elif name.lower() != "cookie":  # HandshakeCookies joins it with the jar's cookies
            headers.append(name, value)
    user, password = _credentials(endpoint, options)
    if user is not None:
        message.connect("authenticate", _on_message_authenticate, user, password or "")
    certificate = client_certificate(options.tls)
    if certificate is not None:
        message.set_tls_client_certificate(certificate)
    return message


def _credentials(endpoint: Endpoint, options: HandshakeOptions) -> tuple[str | None, str | None]:
    """Return the user and password of the address, or else of the options."""
    if endpoint.user is not None:
        return endpoint.user, endpoint.password
    return options.user, options.password


def _on_message_authenticate(
    _message: Soup.Message, auth: Soup.Auth, is_retrying: bool, user: str, password: str
) -> bool:
    """Send the credentials once to a server that asks (Basic and Digest; RFC 7617, RFC 7616)."""
    if is_retrying or auth.is_for_proxy():
        return False
    auth.authenticate(user, password)
    return True
