"""The opening handshake, with all its redirects and its sign-in.

It runs on a thread that lives as long as the handshake, with a GLib.MainContext of its own. The
stream is then ours to read: nothing of GLib reads ahead.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from gi.repository import Gio, GLib

from spacebeam.net import diagnosis
from spacebeam.net.answer_text import body_text
from spacebeam.net.aws import AwsError, AwsSigner, signer
from spacebeam.net.certificates import CertificateFileError
from spacebeam.net.cookie_rules import HandshakeCookies
from spacebeam.net.failures import Failure, FailureCause, FailureHint, FailureKind, HandshakeStep
from spacebeam.net.greeting import MAX_GREETING, is_http
from spacebeam.net.handshake_trace import HandshakeTrace
from spacebeam.net.http_answer import AnswerError, AnswerFault, AnswerReader
from spacebeam.net.names import addresses, is_not_found
from spacebeam.net.options import HandshakeOptions, with_query
from spacebeam.net.proxy import Proxy
from spacebeam.net.redirect import RedirectError, is_redirect, options_for, target, too_many
from spacebeam.net.report import HandshakeReport, HttpExchange
from spacebeam.net.report_secrets import failure_without_secrets, without_its_secrets
from spacebeam.net.request_rules import ProxyError
from spacebeam.net.sign_in import Authenticator, Credentials
from spacebeam.net.tls import TlsClient
from spacebeam.net.transport import Route, Transport, connect
from spacebeam.net.tunnel import choose, place_of
from spacebeam.net.upgrade import METHOD, UpgradeError, as_bytes, request, sent_host, upgrade
from spacebeam.protocol.deflate import Agreement
from spacebeam.protocol.endpoint import Endpoint
from spacebeam.protocol.secrets import without_secrets

_log = logging.getLogger(__name__)
Result = TypeVar("Result")

MAX_BODY = 64 * 1024  # bytes of a refusal's body; the rest is left out
_CUT_MARK = "\n[...]"
MAX_CONCURRENT_HANDSHAKES = 64
# Steps in which a proxy is waited for.
_PROXY_STEPS = (HandshakeStep.LOOKUP, HandshakeStep.CONNECTING, HandshakeStep.PROXY)
_GREETING_TIMEOUT_S = 0.2  # for the rest of a greeting's line
_GREETING_ALONE_TIMEOUT_S = 1  # for each step to a greeting without a request
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
    unread: bytes = b""  # came with the answer: the first frames


async def open_stream(endpoint: Endpoint, options: HandshakeOptions) -> OpenedStream:
    """Connect to `endpoint`, following redirects, within `options.time_limit`.

    Raise HandshakeError. Cancelling the task cancels the handshake.
    """
    handshake = Handshake(endpoint, options)
    return await in_thread(handshake, handshake.opened_stream)


async def in_thread(handshake: Handshake, work: Callable[[], Result]) -> Result:
    """Run `work` of a handshake in a thread, within its time limit. Raise HandshakeError."""
    time_limit = handshake.options.time_limit
    worker = asyncio.get_running_loop().run_in_executor(_THREADS, handshake.run, work)
    worker.add_done_callback(handshake.save_cookies)  # before the caller continues
    try:
        async with asyncio.timeout(time_limit):
            return await asyncio.shield(worker)
    except TimeoutError:
        handshake.cancellable.cancel()
        await asyncio.wait({worker})
        raise HandshakeError(handshake.timed_out(), handshake.report()) from None
    finally:
        handshake.cancellable.cancel()
        worker.add_done_callback(_forget_outcome)


def _forget_outcome(worker: asyncio.Future[Any]) -> None:
    """Retrieve the outcome of an abandoned handshake; its stream is closed with it."""
    if not worker.cancelled():
        worker.exception()


class Handshake:
    """One handshake with all its redirects."""

    def __init__(self, endpoint: Endpoint, options: HandshakeOptions) -> None:
        self.cancellable = Gio.Cancellable()
        self._endpoint = endpoint
        self.options = options
        self._secret_names = options.secret_names
        self._limit = options.max_redirects
        self._address: Gio.InetSocketAddress | None = None  # to connect to, in place of a name's
        self._trace = HandshakeTrace()
        self._jar = options.cookie_jar
        self._cookies = HandshakeCookies(() if self._jar is None else self._jar.all())
        self._body = b""  # of the request
        self._sign_in = Authenticator(None)
        self._signer: AwsSigner | None = None
        self._proxy: Proxy | None = None

    def report(self) -> HandshakeReport:
        """Return the report without secrets: it is shown, printed and recorded."""
        return without_its_secrets(self._whole_report())

    def _whole_report(self) -> HandshakeReport:
        report = self._trace.report(self._endpoint.url)
        return replace(report, secret_names=self._secret_names)

    def save_cookies(self, worker: asyncio.Future[Any]) -> None:
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
            seconds=self.options.time_limit,
            step=step,
        )

    def run(self, work: Callable[[], Result]) -> Result:
        """Run `work` on this thread, with its own main context. Raise HandshakeError."""
        context = GLib.MainContext.new()
        context.push_thread_default()
        try:
            return work()
        except RedirectError as error:
            raise self.failed(error.failure) from None
        except AwsError as error:
            raise self.failed(Failure(error.cause, detail=error.detail)) from None
        except ProxyError as error:
            cause, source = FailureCause.PROXY_ADDRESS, error.source
            failure = Failure(cause, detail=error.scheme, proxy_source=source)
            raise self.failed(failure) from None
        except CertificateFileError as error:
            failure = Failure(error.cause, detail=error.detail, path=error.path)
            raise self.failed(failure) from None
        except AnswerError as error:
            failure = diagnosis.without_answer(error, self._endpoint, self._trace)
            raise self.failed(failure) from None
        except GLib.Error as error:
            raise self.failed(self._diagnosed(error)) from None
        finally:
            context.pop_thread_default()

    def _diagnosed(self, error: GLib.Error) -> Failure:
        failure = diagnosis.diagnose(error, self._endpoint, self._trace, self._proxy)
        has_no_tls = FailureHint.NO_TLS in failure.hints
        if has_no_tls or failure.cause is FailureCause.CLOSED:
            greeting = self._greeting_alone(is_tls=self._endpoint.is_secure and not has_no_tls)
            if greeting and not is_http(greeting):
                return diagnosis.other_protocol(greeting, self._endpoint)
        return failure

    def _greeting_alone(self, *, is_tls: bool) -> bytes:
        """Connect again, send nothing, and return the server's greeting; empty without one.

        A reset connection or a TLS handshake may have lost it. HTTP servers do not speak first.
        """
        trace = HandshakeTrace()
        try:
            tls = TlsClient(self._endpoint, self.options.tls, trace) if is_tls else None
            transport = connect(
                self._endpoint, tls, self._route, trace, self.cancellable, _GREETING_ALONE_TIMEOUT_S
            )
        except (GLib.Error, CertificateFileError):
            return b""
        greeting = _greeting(transport, transport.receive())
        transport.close()
        return greeting

    def failed(self, failure: Failure) -> HandshakeError:
        """Return the error of a failure, with the report of how far the handshake went."""
        failure = failure_without_secrets(failure, self._whole_report())
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
        if self.options.is_private:
            return "(private)"
        return without_secrets(address, self._secret_names)

    def opened_stream(self) -> OpenedStream:
        """Make the handshake; to be called by `run`."""
        for followed in range(self._limit + 1):
            answer, transport, unread = self._signed_in()
            if answer.status == 101:
                return self._opened(answer, transport, unread)
            if not is_redirect(answer):
                raise self.failed(diagnosis.refused(answer, self._endpoint))
            there = target(self._endpoint, answer)
            if followed == self._limit:
                failure = too_many(self._endpoint, there, self._limit)
                raise RedirectError(failure)
            shown = self._where, answer.status, self._loggable(there.url)
            _log.debug("%s: redirected (%d) to %s", *shown)
            self.options = options_for(self.options, self._endpoint, there)
            self._endpoint = there
            self._trace.begin(there)
        raise AssertionError("the last redirect was followed or refused")

    def _opened(self, answer: HttpExchange, transport: Transport, unread: bytes) -> OpenedStream:
        try:
            agreed = upgrade(answer)
        except UpgradeError as error:
            transport.close()
            failure = diagnosis.not_opened(error, answer, self._endpoint)
            raise self.failed(failure) from None
        self._trace.opened(agreed.subprotocol, agreed.extensions)
        report = self.report()
        # Both are the peer's text.
        agreed_on = (report.subprotocol, agreed.extensions)
        _log.debug("%s: opened, subprotocol %.200r, extensions %.200r", self._where, *agreed_on)
        return OpenedStream(transport.stream, report, agreed.agreement, unread)

    def _signed_in(self) -> tuple[HttpExchange, Transport, bytes]:
        """Return the answer, after each request again that a server with a sign-in asks for.

        Each request has its own connection: the server may close one that it refused on.
        """
        credentials = _credentials(self._endpoint, self.options)
        if credentials != self._sign_in.credentials:
            self._sign_in = Authenticator(credentials)
        aws = self.options.aws
        self._signer = None if aws is None else signer(aws, self._endpoint.host)
        while True:
            transport = self._connected()
            try:
                answer, unread = self._exchange(transport)
            except BaseException:
                transport.close()
                raise
            if answer.status == 101:
                return answer, transport, unread
            transport.close()
            if not self._sign_in.accepts(answer):
                return answer, transport, unread

    def _connected(self) -> Transport:
        """Connect, if need be to addresses that the system finds and GLib does not."""
        self._proxy = proxy = choose(self._endpoint, self.options.proxy, self.cancellable)
        self._trace.proxy = proxy.shown if proxy else ""
        self._trace.proxy_source = proxy.source if proxy else ""
        through = self._loggable(self._trace.proxy) if proxy else "no proxy"
        _log.debug("%s: connecting through %s", self._where, through)
        self._address, self._trace.is_address_known = None, False
        tls = TlsClient(self._endpoint, self.options.tls, self._trace)
        try:
            return self._connect(tls)
        except GLib.Error as error:
            if self._trace.was_connected or self._endpoint.socket_path is not None:
                raise
            failed = error
        place = place_of(proxy) if proxy else (self._endpoint.host, self._endpoint.port)
        known = addresses(*place, self.cancellable)
        for address in [one for one in known if not self._trace.was_tried(one)]:
            self._address, self._trace.is_address_known = address, True
            try:
                return self._connect(tls)
            except GLib.Error as error:
                if self._trace.was_connected:
                    raise
                failed = error if is_not_found(failed) else failed
        raise failed

    @property
    def _route(self) -> Route:
        return Route(self._proxy, self._address)

    def _connect(self, tls: TlsClient) -> Transport:
        self._trace.begin(self._endpoint)
        used = tls if self._endpoint.is_secure else None
        return connect(self._endpoint, used, self._route, self._trace, self.cancellable)

    def _exchange(self, transport: Transport) -> tuple[HttpExchange, bytes]:
        """Send the request; return its answer, and what came after a 101."""
        head = self._request()
        self._trace.note(Gio.SocketClientEvent.COMPLETE)
        transport.send(as_bytes(head) + self._body)
        self._trace.requested(head)

        def receive() -> bytes:
            piece = transport.receive()
            self._trace.received(len(piece))
            return piece

        reader = AnswerReader(receive)
        answer = self._answer(reader, transport)
        if answer.status == 101:
            return answer, reader.unread
        body = reader.body(answer, MAX_BODY + 1)
        text = body_text(body[:MAX_BODY], answer.header("Content-Type")).removesuffix("\n")
        text += _CUT_MARK * (len(body) > MAX_BODY)
        return self._trace.answered_with_body(text), b""

    def _answer(self, reader: AnswerReader, transport: Transport) -> HttpExchange:
        """Return the answer after all informational ones."""
        while True:
            try:
                answer = self._trace.answered(*reader.head())
            except AnswerError as error:
                if error.fault is AnswerFault.CUT_OFF and transport.error is not None:
                    raise transport.error from None
                if error.fault is AnswerFault.NOT_HTTP:
                    error.start = _greeting(transport, error.start)
                raise
            self._cookies.store(self._endpoint, answer.headers("Set-Cookie"))
            if answer.status == 101 or answer.status >= 200:
                return answer

    def _request(self) -> str:
        endpoint = with_query(self._endpoint, self.options.secret_query)
        authorization = self._sign_in.header(METHOD, endpoint.resource)
        cookies = self._cookies.header(self._endpoint, self.options)
        further = [("Authorization", authorization or ""), ("Cookie", cookies)]
        if self._signer is not None:
            query, headers = self._signer.sign(sent_host(endpoint, self.options), endpoint.resource)
            endpoint = with_query(endpoint, query)
            further += headers
        return request(endpoint, self.options, [one for one in further if one[1]])


def _greeting(transport: Transport, start: bytes) -> bytes:
    """Return a greeting that has begun, up to its first line's end."""
    while start and len(start) < MAX_GREETING and b"\n" not in start:
        if not transport.has_more(_GREETING_TIMEOUT_S) or not (piece := transport.receive()):
            break
        start += piece
    return start[:MAX_GREETING]


def _credentials(endpoint: Endpoint, options: HandshakeOptions) -> Credentials | None:
    """Return the credentials of the address, or else of the options.

    None without a user, or with a header of the person's own, or a signature, in their place.
    """
    if options.aws is not None:
        return None
    if any(name.lower() == "authorization" for name, _value in options.headers):
        return None
    if endpoint.user is not None:
        return Credentials(endpoint.user, endpoint.password or "")
    return None if options.user is None else Credentials(options.user, options.password or "")
