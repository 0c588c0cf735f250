"""The opening handshake, by libsoup.

libsoup brings name lookup, TLS, proxies, redirects and HTTP authentication. It runs the handshake
to its end in a GLib.MainContext of its own, on a thread that lives as long as the handshake.
Nothing iterates that context afterwards, so libsoup's own frame reader stays asleep and the stream
is ours to read. The `Soup.WebsocketConnection` is kept as long as the stream: its disposal closes
the stream.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from gi.repository import Gio, GLib

from spacebeam.net.certificates import (
    CertificateFileError,
    authorities,
    is_trusted_anyway,
    own_certificate,
)
from spacebeam.net.close_reason import Failure, FailureKind
from spacebeam.net.cookie_rules import HandshakeCookies
from spacebeam.net.failures import explain
from spacebeam.net.handshake_trace import HandshakeTrace
from spacebeam.net.options import HandshakeOptions, with_query
from spacebeam.net.redirect import RedirectError, is_redirect, options_for, target, too_many
from spacebeam.net.report import HandshakeReport
from spacebeam.net.soup import Soup
from spacebeam.net.tunnel import ProxyError, choose, resolver_for, without_credentials
from spacebeam.protocol.deflate import Agreement, agreed
from spacebeam.protocol.endpoint import Endpoint

USER_AGENT = "Spacebeam"
# Of their own: handshakes that wait for a server would keep all of asyncio's few threads.
_THREADS = ThreadPoolExecutor(64, "handshake")


class HandshakeError(Exception):
    """No connection came about; `failure` says why, `report` how far it went."""

    def __init__(self, failure: Failure, report: HandshakeReport) -> None:
        super().__init__(str(failure))
        self.failure = failure
        self.report = report


@dataclass(frozen=True, slots=True)
class OpenedStream:
    """An open WebSocket whose first frame has not been read."""

    stream: Gio.IOStream
    report: HandshakeReport
    agreement: Agreement | None
    keep: object  # what must live as long as the stream


async def open_stream(endpoint: Endpoint, options: HandshakeOptions) -> OpenedStream:
    """Connect to `endpoint`, or to where it redirects; ends within the time limit.

    Raises HandshakeError. Cancelling the task cancels the handshake.
    """
    attempts = _Attempts(endpoint, options)
    worker = asyncio.get_running_loop().run_in_executor(_THREADS, attempts.run)
    worker.add_done_callback(attempts.keep_cookies)  # before anyone who waits goes on
    try:
        async with asyncio.timeout(options.time_limit):
            return await asyncio.shield(worker)
    except TimeoutError:
        attempts.cancellable.cancel()
        await asyncio.wait({worker})
        raise HandshakeError(attempts.timed_out(), attempts.report()) from None
    finally:
        attempts.cancellable.cancel()
        worker.add_done_callback(_forget_outcome)


def _forget_outcome(worker: asyncio.Future[OpenedStream]) -> None:
    """Take the outcome of a handshake nobody waits for; a stream in it is closed with it."""
    if not worker.cancelled():
        worker.exception()


class _Attempts:
    """One handshake, over all its redirects, to a stream or a failure."""

    def __init__(self, endpoint: Endpoint, options: HandshakeOptions) -> None:
        self.cancellable = Gio.Cancellable()
        self._first = self._endpoint = endpoint
        self._options = options
        self._secret_names = options.secret_names
        self._limit = options.max_redirects
        self._recorder = HandshakeTrace(self.cancellable.cancel)
        self._jar = options.cookie_jar
        self._cookies = HandshakeCookies(() if self._jar is None else self._jar.all())

    def report(self) -> HandshakeReport:
        report = self._recorder.report(self._endpoint.url)
        return replace(report, secret_names=self._secret_names)

    def keep_cookies(self, worker: asyncio.Future[OpenedStream]) -> None:
        """Put what servers set into the jar, however the handshake ended."""
        if self._jar is not None and not worker.cancelled():
            self._jar.merge(*self._cookies.changes())

    def timed_out(self) -> Failure:
        limit = f"{self._options.time_limit:g} s"
        return Failure(
            FailureKind.TIMED_OUT,
            f"{self._endpoint.display_host} did not answer within {limit}: "
            f"it ran out {self._recorder.stage}.",
            "Check the address and the network, or allow more time.",
        )

    def run(self) -> OpenedStream:
        """Runs on its own thread, with a main context of its own."""
        context = GLib.MainContext.new()
        context.push_thread_default()
        try:
            return self._run(context)
        except RedirectError as error:
            raise HandshakeError(error.failure, self.report()) from None
        except (ProxyError, CertificateFileError) as error:
            kind = FailureKind.PROXY if isinstance(error, ProxyError) else FailureKind.TLS
            raise HandshakeError(Failure(kind, str(error)), self.report()) from None
        except GLib.Error as error:
            failure = explain(error, self._endpoint, self._recorder, self._options.proxy)
            raise HandshakeError(failure, self.report()) from None
        finally:
            context.pop_thread_default()

    def _run(self, context: GLib.MainContext) -> OpenedStream:
        for followed in range(self._limit + 1):
            try:
                return self._attempt(context)
            except GLib.Error:
                answer = self._recorder.last
                if answer is None or not is_redirect(answer):
                    raise
                if followed == self._limit:
                    raise RedirectError(too_many(self._endpoint, self._limit)) from None
                there = target(self._endpoint, answer)
                self._options = options_for(self._options, self._endpoint, there)
                self._endpoint = there
        raise AssertionError("the last redirect was followed or refused")

    def _attempt(self, context: GLib.MainContext) -> OpenedStream:
        proxy = choose(self._endpoint, self._options.proxy, self.cancellable)
        self._recorder.proxy = without_credentials(proxy) if proxy else ""
        session = _session(self._endpoint, self._options, proxy)
        self._recorder.watch(session)
        self._recorder.begin(
            self._endpoint, lambda shown: is_trusted_anyway(self._options.tls, shown)
        )
        try:
            message, connection = self._connect(context, session)
        except GLib.Error:
            if not self._is_worth_repeating():
                raise
            message, connection = self._connect(context, session)
        extensions = message.get_response_headers().get_list("Sec-WebSocket-Extensions") or ""
        self._recorder.opened(connection.get_protocol() or "", extensions)
        return OpenedStream(
            connection.get_io_stream(),
            self.report(),
            agreed(extensions),
            (session, message, connection, context),
        )

    def _is_worth_repeating(self) -> bool:
        """Whether the server asked for a user and then closed the connection.

        libsoup, told nothing of the closing, sends the answer to nobody.
        """
        last = self._recorder.last
        has_user = (self._endpoint.user or self._options.user) is not None
        return has_user and last is not None and last.status == 0 and self._recorder.was_asked

    def _connect(
        self, context: GLib.MainContext, session: Soup.Session
    ) -> tuple[Soup.Message, Soup.WebsocketConnection]:
        message = _message(self._endpoint, self._options)
        self._cookies.follow(message, self._endpoint, self._options)
        self._recorder.follow(message)
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
            context.iteration(True)
        return message, session.websocket_connect_finish(results[0])


def _session(endpoint: Endpoint, options: HandshakeOptions, proxy: str | None) -> Soup.Session:
    # One session a handshake: a shared one allows two connections to a host.
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
    headers.append("User-Agent", USER_AGENT)  # a session's own would win over the person's
    for name, value in options.headers:
        if name.lower() in ("host", "origin", "user-agent"):
            headers.replace(name, value)
        elif name.lower() != "cookie":  # there is one such header, and the jar's part is in it
            headers.append(name, value)
    user, password = _credentials(endpoint, options)
    if user is not None:
        message.connect("authenticate", _on_message_authenticate, user, password or "")
    certificate = own_certificate(options.tls)
    if certificate is not None:
        message.set_tls_client_certificate(certificate)
    return message


def _credentials(endpoint: Endpoint, options: HandshakeOptions) -> tuple[str | None, str | None]:
    """The address's own user and password, or else the options'."""
    if endpoint.user is not None:
        return endpoint.user, endpoint.password
    return options.user, options.password


def _on_message_authenticate(
    _message: Soup.Message, auth: Soup.Auth, is_retrying: bool, user: str, password: str
) -> bool:
    """Answer a server that asks who is there, once (Basic and Digest; RFC 7617, RFC 7616)."""
    if is_retrying or auth.is_for_proxy():
        return False
    auth.authenticate(user, password)
    return True
