"""The opening handshake, by libsoup.

libsoup brings name lookup, TLS, proxies, redirects and HTTP authentication. It runs the handshake
to its end in a GLib.MainContext of its own, on a thread that lives as long as the handshake.
Nothing iterates that context afterwards, so libsoup's own frame reader stays asleep and the stream
is ours to read. The `Soup.WebsocketConnection` is kept as long as the stream: its disposal closes
the stream.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import cast

from gi.repository import Gio, GLib, Soup

from spacebeam.wire.deflate import Agreement, agreed
from spacebeam.wire.ending import Failure, FailureKind
from spacebeam.wire.endpoint import Endpoint
from spacebeam.wire.failures import explain
from spacebeam.wire.recorder import HandshakeRecorder
from spacebeam.wire.report import Report

USER_AGENT = "Spacebeam"


@dataclass(frozen=True, slots=True)
class Options:
    """How to connect."""

    headers: tuple[tuple[str, str], ...] = ()
    subprotocols: tuple[str, ...] = ()
    time_limit: float = 10.0  # for the whole handshake, in seconds
    ca_file: str | None = None  # certificates to trust instead of the system's, PEM
    proxy: str | None = None  # an http:// or socks5:// address instead of the system's proxy
    compression: bool = True  # offer permessage-deflate


class HandshakeError(Exception):
    """No connection came about; `failure` says why, `report` how far it went."""

    def __init__(self, failure: Failure, report: Report) -> None:
        super().__init__(str(failure))
        self.failure = failure
        self.report = report


@dataclass(frozen=True, slots=True)
class Opened:
    """An open WebSocket whose first frame has not been read."""

    stream: Gio.IOStream
    report: Report
    agreement: Agreement | None
    keep: object  # what must live as long as the stream


async def shake_hands(endpoint: Endpoint, options: Options) -> Opened:
    """Connect to `endpoint`; ends within the time limit.

    Raises HandshakeError. Cancelling the task cancels the handshake.
    """
    attempt = _Attempt(endpoint, options)
    worker = asyncio.create_task(asyncio.to_thread(attempt.run))
    try:
        async with asyncio.timeout(options.time_limit):
            return await asyncio.shield(worker)
    except TimeoutError:
        attempt.cancellable.cancel()
        await asyncio.wait({worker})
        raise HandshakeError(attempt.timed_out(), attempt.report()) from None
    finally:
        attempt.cancellable.cancel()
        worker.add_done_callback(_forget_outcome)


def _forget_outcome(worker: asyncio.Task[Opened]) -> None:
    """Take the outcome of a handshake nobody waits for; a stream in it is closed with it."""
    if not worker.cancelled():
        worker.exception()


class _Attempt:
    """One handshake, from a request to a stream or a failure."""

    def __init__(self, endpoint: Endpoint, options: Options) -> None:
        self.cancellable = Gio.Cancellable()
        self._endpoint = endpoint
        self._options = options
        self._recorder = HandshakeRecorder()

    def report(self) -> Report:
        return self._recorder.report(self._endpoint.url)

    def timed_out(self) -> Failure:
        limit = f"{self._options.time_limit:g} s"
        return Failure(
            FailureKind.TIMED_OUT,
            f"{self._endpoint.display_host} did not answer within {limit}: "
            f"it ran out {self._recorder.stage}.",
            "Check the address and the network, or allow more time.",
        )

    def run(self) -> Opened:
        """Runs on its own thread, with a main context of its own."""
        context = GLib.MainContext.new()
        context.push_thread_default()
        try:
            return self._run(context)
        except GLib.Error as error:
            failure = explain(error, self._endpoint, self._recorder, self._options.proxy)
            raise HandshakeError(failure, self.report()) from None
        finally:
            context.pop_thread_default()

    def _run(self, context: GLib.MainContext) -> Opened:
        session = _session(self._options)
        message = _message(self._endpoint, self._options)
        self._recorder.watch(session, message)
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
        connection = session.websocket_connect_finish(results[0])
        headers = message.get_response_headers()
        self._recorder.opened(connection.get_protocol() or "")
        return Opened(
            connection.get_io_stream(),
            self.report(),
            agreed(headers.get_list("Sec-WebSocket-Extensions") or ""),
            (session, message, connection, context),
        )


def _session(options: Options) -> Soup.Session:
    # One session a handshake: a shared one allows two connections to a host.
    session = Soup.Session()
    if options.compression:
        session.add_feature_by_type(Soup.WebsocketExtensionManager)
    if options.ca_file is not None:
        database = Gio.TlsFileDatabase.new(options.ca_file)
        session.set_tls_database(cast("Gio.TlsDatabase", database))
    if options.proxy is not None:
        session.set_proxy_resolver(Gio.SimpleProxyResolver.new(options.proxy, None))
    return session


def _message(endpoint: Endpoint, options: Options) -> Soup.Message:
    uri = GLib.Uri.parse(
        endpoint.url_with_user,
        GLib.UriFlags.HAS_PASSWORD | GLib.UriFlags.ENCODED_PATH | GLib.UriFlags.ENCODED_QUERY,
    )
    message = Soup.Message.new_from_uri("GET", uri)
    headers = message.get_request_headers()
    headers.append("User-Agent", USER_AGENT)  # a session's own would win over the person's
    for name, value in options.headers:
        if name.lower() in ("host", "origin", "user-agent"):
            headers.replace(name, value)
        else:
            headers.append(name, value)
    return message
